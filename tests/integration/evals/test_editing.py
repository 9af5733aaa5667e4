"""Drafts that people edit: every edit is a version, nothing is lost, and everything comes back."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.domain.base import canonical_json
from assistant.domain.comment import SectionApproval
from assistant.domain.draft import Draft, DraftStatus, Stance, TextBlock
from assistant.domain.edit import Edit, InsertBlock, InsertClaim, Lock, Remove, Replace
from assistant.domain.finding import Finding, Severity, Verdict
from assistant.drafting.revise import revise
from assistant.errors import Conflict, NotFound, UsageError
from assistant.workbench import Workbench
from evals.editing.amend import Amended, Stale, amend, undo
from evals.editing.comments import add_comment, comments_on, resolve_comment
from evals.editing.fixes import fix, fixes
from evals.editing.history import diff_of, history, version_of
from evals.editing.sections import approvals, approve_section, withdraw
from evals.gate import produce
from evals.release import Refusal
from evals.replay import replay
from tests.support.flawed_draft import REQUEST, laneway

STORY = "to open the timetable anywhere"


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Workbench]:
    with laneway(tmp_path / "home", tmp_path) as opened:
        produce(opened, REQUEST)
        yield opened


@pytest.fixture
def draft(bench: Workbench) -> Draft:
    return bench.catalog.drafts.newest("default", None, 1)[0]


def edited(bench: Workbench, draft: Draft, *edits: Edit, version: int | None = None) -> Amended:
    told = amend(bench, draft.id, edits, version=version or version_of(bench, draft.id).version, by="Ann")
    assert isinstance(told, Amended)
    return told


def document(draft: Draft) -> str:
    """The draft's bytes but for the number of its version."""
    return canonical_json(draft.model_copy(update={"version": 0, "parent_version": None}))


def test_an_edit_is_a_version_that_was_graded(bench: Workbench, draft: Draft) -> None:
    told = edited(bench, draft, Replace(target="US-1.want", text=f"{STORY} within 97 s"))
    assert (told.kept, told.draft.version, told.draft.parent_version) == (True, 2, 1)
    assert told.draft == version_of(bench, draft.id)
    assert told.draft.report is not None
    assert told.draft.report.verdict is Verdict.needs_fixes
    assert [one.target for one in told.diff.check.raised] == ["US-1"]
    assert told.draft.status is DraftStatus.draft
    assert told.draft.locks == ("US-1.want",)


def test_undo_and_redo_give_the_bytes_back_and_history_only_grows(
    tmp_path: Path, draft: Draft, bench: Workbench
) -> None:
    first = edited(bench, draft, Replace(target="US-1.want", text=STORY)).draft
    second = edited(bench, draft, Replace(target="section:stories.title", text="Wishes")).draft
    with laneway(tmp_path / "home", tmp_path) as other:
        # As after a restart, and in another tab: what can be undone is known from the store alone.
        for version, again, expected in (
            (3, False, first),
            (4, False, draft),
            (5, True, first),
            (6, True, second),
        ):
            told = undo(other, draft.id, version=version, by="Bo", again=again)
            assert isinstance(told, Amended)
            assert document(version_of(other, draft.id)) == document(expected)
            assert told.draft.report == expected.report
        with pytest.raises(Conflict, match="nothing to redo"):
            undo(other, draft.id, version=7, by="Bo", again=True)
    edited(bench, draft, Lock(target="C1"))
    assert history(bench, draft.id).versions == tuple(range(1, 9))
    assert document(version_of(bench, draft.id, 3)) == document(second)


def test_two_who_edit_other_blocks_are_merged_and_two_who_edit_the_same_are_told(
    bench: Workbench, draft: Draft
) -> None:
    edited(bench, draft, Replace(target="US-1.want", text=STORY))
    told = edited(bench, draft, Replace(target="section:stories.title", text="Wishes"), version=1)
    assert told.merged
    story = next(block for block in told.draft.blocks() if block.type == "story")
    assert story.want == STORY
    assert "Wishes" in {section.title for section in told.draft.sections}
    late = amend(bench, draft.id, [Replace(target="US-1.role", text="teacher")], version=1, by="Cy")
    assert isinstance(late, Stale)
    assert (late.newest, late.changed) == (3, ("US-1", "section:stories.title"))
    assert [one.why for one in diff_of(bench, draft.id, 1).changes] == ["typed over by Ann"] * 2


def test_a_dry_run_and_an_edit_of_nothing_keep_nothing(bench: Workbench, draft: Draft) -> None:
    shown = amend(bench, draft.id, [Remove(target="US-1")], version=1, by="Ann", dry_run=True)
    assert isinstance(shown, Amended)
    assert shown.diff.changes
    assert not shown.kept
    same = edited(bench, draft, Replace(target="draft.title", text=draft.title, before=draft.title))
    assert history(bench, draft.id).versions == (1, 2)
    assert same.draft.locks == ("draft.title",)
    assert not edited(bench, draft, Lock(target="draft.title")).kept


def test_words_beyond_the_evidence_are_called_an_assumption_and_typed_numbers_block(
    bench: Workbench, draft: Draft
) -> None:
    claim = next(one for one in draft.claims.values() if one.stance is Stance.supported)
    told = edited(bench, draft, Replace(target=claim.id, text="97 teachers in Berlin cry about it."))
    assert told.draft.claims[claim.id].stance is Stance.assumption
    assert ("numbers_bound", claim.id) in {(one.grader, one.target) for one in told.diff.check.raised}


def test_a_finding_that_code_can_mend_goes_and_nothing_else_changes(bench: Workbench, draft: Draft) -> None:
    flawed = edited(
        bench, draft, Replace(target="US-1.want", text=f"{STORY} (see the minutes), if possible")
    ).draft
    assert flawed.report is not None
    offered = fixes(flawed, flawed.report.findings)
    assert {one.finding.grader for one in offered} >= {"wish_minimal", "escape_clauses"}
    told = fix(bench, draft.id, version=2, by="Ann", key=offered[0].key)
    assert isinstance(told, Amended)
    assert told.kept
    assert [one.target for one in told.diff.changes] == ["US-1.want"]
    assert offered[0].finding in told.diff.check.solved
    assert told.draft.locks == flawed.locks
    with pytest.raises(NotFound):
        fix(bench, draft.id, version=3, by="Ann", key=offered[0].key)


def test_quotes_numbers_and_unknown_places_are_refused_with_a_hint(bench: Workbench, draft: Draft) -> None:
    for target in (
        "Q1",
        "F1",
        "US-9.want",
        "section:nowhere.title",
        "C1.text.deep",
        "US-1.id",
        "US-1.criteria.0.title",
    ):
        with pytest.raises(UsageError) as caught:
            edited(bench, draft, Replace(target=target, text="x"))
        assert caught.value.hint
    for text in ("", " \u200b ", "a\x07b"):
        with pytest.raises(UsageError):
            edited(bench, draft, Replace(target="C1", text=text))
    assert history(bench, draft.id).versions == (1,)


def test_all_that_code_can_mend_is_mended_in_one_version(bench: Workbench, draft: Draft) -> None:
    edited(bench, draft, Replace(target="US-1.want", text=f"{STORY} (see the minutes), if possible"))
    told = fix(bench, draft.id, version=2, by="Ann")
    assert isinstance(told, Amended)
    assert next(one.want for one in told.draft.blocks() if one.type == "story") == STORY
    assert told.draft.version == 3
    assert {one.grader for one in told.diff.check.solved} >= {"wish_minimal", "escape_clauses"}


def test_what_a_person_typed_comes_through_a_redraft_and_the_rest_keeps_its_ids(
    bench: Workbench, draft: Draft
) -> None:
    made: tuple[Edit, ...] = (
        Replace(target="US-1.want", text=STORY),
        Replace(target="section:stories.title", text="Wishes"),
        InsertBlock(section="basis", block=TextBlock(text="Ask the pool first.")),
        InsertClaim(after="C1", text="Slow lines stay."),
    )
    told = edited(bench, draft, *made)
    again = produce(bench, REQUEST.model_copy(update={"parent": draft.id}))
    assert again.version == 3
    assert again.locks == told.draft.locks
    assert diff_of(bench, draft.id, 2).changes == ()
    # A model, or a check that takes out what it can't prove, leaves it as well.
    findings = [
        Finding(grader="x", severity=Severity.block, target=name, message="no") for name in ("US-1", "C1")
    ]
    left = revise(bench, again, findings)
    assert next(one.want for one in left.blocks() if one.type == "story") == STORY
    assert "C1" not in left.claims


def test_an_edited_version_is_not_written_again_as_if_it_were_the_products(
    bench: Workbench, draft: Draft
) -> None:
    edited(bench, draft, Replace(target="US-1.want", text=STORY))
    produced = produce(bench, REQUEST.model_copy(update={"parent": draft.id}))
    edited(bench, draft, Replace(target="US-1.want", text="to print it"))
    with pytest.raises(UsageError, match="work of a person"):
        replay(bench, version_of(bench, draft.id, 2))
    assert replay(bench, produced).same


def test_an_approval_holds_as_long_as_the_section_says_the_same(bench: Workbench, draft: Draft) -> None:
    assert isinstance(approve_section(bench, draft, "stories", by="Ida"), SectionApproval)
    other = edited(bench, draft, Replace(target="section:basis.title", text="Why")).draft
    assert approvals(bench, other)["stories"].by == "Ida"
    changed = edited(bench, draft, Replace(target="US-1.want", text=f"{STORY} within 97 s")).draft
    assert approvals(bench, changed) == {}
    refused = approve_section(bench, changed, "stories", by="Ida")
    assert isinstance(refused, Refusal)
    assert [one.target for one in refused.standing] == ["US-1"]
    undone = undo(bench, draft.id, version=3, by="Ann")
    assert isinstance(undone, Amended)
    assert approvals(bench, undone.draft)["stories"].version == 1
    assert withdraw(bench, undone.draft, "stories", by="Bo", reason="The want changed.")
    assert approvals(bench, undone.draft) == {}
    assert not withdraw(bench, undone.draft, "stories", by="Bo")
    told = [(one.question, one.rater) for one in bench.catalog.labels.labels("default", "section")]
    assert told == [("section", "Ida"), ("section-withdrawn", "Bo")]
    assert isinstance(approve_section(bench, undone.draft, "stories", by="Ida"), SectionApproval)
    assert approvals(bench, undone.draft)["stories"].by == "Ida"


def test_a_comment_stays_with_its_place(bench: Workbench, draft: Draft) -> None:
    for target in ("US-1.want", "section:basis.blocks.1", "Q1"):
        add_comment(bench, draft, target, "Why?", by="Bo")
    with pytest.raises(UsageError):
        add_comment(bench, draft, "US-9", "Why?", by="Bo")
    block = InsertBlock(section="basis", block=TextBlock(text="Ask the pool first."))
    moved = edited(bench, draft, block, Replace(target="US-1.want", text=STORY)).draft
    assert [where for _, where in comments_on(bench, moved)] == ["US-1.want", "section:basis.blocks.2", "Q1"]
    gone = edited(bench, draft, Remove(target="US-1")).draft
    first, place = comments_on(bench, gone)[0]
    assert place == ""
    assert resolve_comment(bench, draft.id, first.id, by="Ida").resolved_by == "Ida"
    assert comments_on(bench, gone)[0][0].resolved_at is not None
