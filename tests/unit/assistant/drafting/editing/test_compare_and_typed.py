"""What differs, said block by block; and what people type over what they see."""

from assistant.domain.draft import ClaimsBlock, Draft
from assistant.domain.edit import AddFailurePath, InsertClaim, Lock, Move, Remove, Replace, SplitStory, Unlock
from assistant.drafting.editing.apply import apply
from assistant.drafting.editing.compare import diff, pieces
from assistant.drafting.editing.settle import settled
from assistant.drafting.editing.typed import unfilled
from assistant.drafting.formats.tree import plain
from evals.sample import with_block
from tests.support.drafts import valid_draft


def told(draft: Draft, after: Draft) -> list[tuple[str, str]]:
    return [(one.type, one.target) for one in diff(draft, after).changes]


def test_each_change_is_told_once_and_at_its_place() -> None:
    draft = valid_draft()
    assert told(draft, draft) == []
    assert told(draft, apply(draft, [Replace(target="US-1.criteria.1.then.1", text="x")])) == [
        ("changed", "US-1.criteria.1.then.1")
    ]
    assert told(draft, apply(draft, [InsertClaim(after="C1", text="x")])) == [("added", "C6")]
    assert told(draft, apply(draft, [Move(target="FR-1", section="problem", after="C1")])) == [
        ("moved", "FR-1")
    ]
    assert told(draft, apply(draft, [AddFailurePath(target="US-2")])) == [("added", "US-2.criteria.3")]
    gone = told(draft, apply(draft, [Remove(target="US-1")]))
    assert gone == [
        ("changed", "US-2.depends_on"),
        ("changed", "FR-1.story_ids"),
        ("changed", "NFR-1.story_ids"),
        ("removed", "US-1"),
    ]


def test_words_are_compared_one_by_one_also_where_no_spaces_part_them() -> None:
    assert [(one.type, one.text) for one in pieces("a b c", "a x c")] == [
        ("same", "a "), ("gone", "b"), ("new", "x"), ("same", " c"),
    ]  # fmt: skip
    assert [one.type for one in pieces("看板を出す", "看板を書く")] == ["same", "gone", "new"]


def test_numbers_and_quotes_that_still_stand_become_placeholders_again() -> None:
    draft = valid_draft()
    claim = draft.claims["C1"].text
    shown = plain(draft, claim)
    assert unfilled(draft, claim, shown) == claim
    assert unfilled(draft, claim, f"Today, {shown}") == f"Today, {claim}"
    retyped = shown.replace("3 people", "30 people")
    after = apply(draft, [Replace(target="C1", text=retyped, filled=True)]).claims["C1"].text
    assert after.startswith("30 people in {F2} accounts")


def test_locks_follow_their_passage() -> None:
    draft = apply(valid_draft(), [Lock(target="section:problem.blocks.1"), Lock(target="US-2.criteria.2")])
    after = apply(
        draft, [Remove(target="US-2.criteria.1"), Move(target="section:problem.blocks.1", after="C1")]
    )
    assert after.locks == ("US-2.criteria.1", "section:problem.blocks.2")
    assert apply(after, [Unlock(target="section:problem"), Unlock(target="US-2")]).locks == ()


def test_a_redraft_that_counts_its_ids_otherwise_gets_those_of_its_parent() -> None:
    draft = valid_draft()
    mixed = apply(draft, [SplitStory(target="US-1", wants=("to see when it was refreshed", "to print it"))])
    assert settled(draft, draft) == draft
    again = settled(mixed, with_block(mixed, "US-1", id="US-9"))
    assert [one.id for one in again.blocks() if one.type == "story"] == ["US-1", "US-3", "US-2"]
    assert any(isinstance(one, ClaimsBlock) for one in again.blocks())
