"""The dev pack: enough kinds, each does one thing to a draft, the same each time, and leaves it a draft."""

import re
from collections import Counter
from pathlib import Path
from random import Random

import pytest

from assistant.domain.base import canonical_json
from assistant.domain.draft import Draft
from evals.mutators.dev import PACK
from evals.mutators.port import Mutator, Seeded
from evals.sample import with_block, with_claim, with_fact
from evals.trust.changes import changes
from tests.support.drafts import rebuilt, valid_draft

DEFECTS = [one for one in PACK if one.expected]
FOLDER = Path(__file__).resolve().parents[4] / "evals" / "mutators"


def _rich() -> Draft:
    """The sample, with what some kinds need: two roles, an assumed wish, differing proofs."""
    draft = with_block(valid_draft(), "US-2", role="head of the school", assumptions=("benefit",))
    return with_claim(draft, "C4", text="People speak of slow lines; against it stands a share of everyone.")


DRAFTS = (valid_draft(), _rich())


def test_the_pack_is_as_large_as_it_says() -> None:
    layers = Counter(one.layer for one in DEFECTS)
    assert len({one.name for one in PACK}) == len(PACK)
    assert sum(layers[layer] for layer in range(4)) >= 50
    assert all(layers[layer] >= 10 for layer in range(4))
    assert layers[4] >= 6
    assert len(PACK) - len(DEFECTS) >= 12
    assert all(isinstance(one, Mutator) for one in PACK)


def test_each_kind_of_defect_says_what_goes_wrong_and_kinds_of_meaning_are_for_a_judge() -> None:
    assert [one.name for one in DEFECTS if not one.about.endswith(".")] == []
    assert {one.expected for one in DEFECTS if one.layer == 4} == {("judge",)}


def _struck(one: Seeded) -> list[tuple[Draft, Draft]]:
    held = [draft for draft in DRAFTS if one.applies(draft)]
    return [(draft, one.mutate(draft, Random(seed))) for draft in held for seed in range(4)]


@pytest.mark.parametrize("one", PACK, ids=lambda one: one.name)
def test_a_kind_changes_the_draft_the_same_each_time_and_leaves_it_a_draft(one: Seeded) -> None:
    first, again = _struck(one), _struck(one)
    assert [canonical_json(after) for _, after in first] == [canonical_json(after) for _, after in again]
    for _, after in first:
        assert canonical_json(rebuilt(after)) == canonical_json(after)
    if one.expected:
        assert all(changes(before, after) for before, after in first)


def test_the_sample_has_a_place_for_most_kinds() -> None:
    idle = [one.name for one in PACK if not any(one.applies(draft) for draft in DRAFTS)]
    assert len(idle) < len(PACK) / 8, idle


def test_no_kind_leans_on_a_grader() -> None:
    """What a pack shares with the graders, it can't put to the test."""
    imported = {
        name
        for path in FOLDER.glob("*.py")
        for name in re.findall(
            r"^from (evals\.[\w.]+) import", path.read_text(encoding="utf-8"), re.MULTILINE
        )
    }
    assert {name for name in imported if not name.startswith("evals.mutators")} == set()


def test_what_was_changed_is_told_around_the_difference_with_hidden_characters_named() -> None:
    before = valid_draft()
    after = with_claim(before, "C4", text=f"{'a' * 100}\u202eb")
    told = changes(with_claim(before, "C4", text="a" * 100), after)
    assert told == (f"claims.C4.text: …{'a' * 40} → …{'a' * 40}\\u202eb",)
    assert changes(before, before) == ()
    many = with_fact(with_fact(with_fact(before, "F1", value=9), "F2", value=9), "F5", value=9)
    many = with_fact(with_fact(many, "F4", value=9), "F6", value="9")
    assert changes(before, many)[-1] == "and 1 places more"
    turned = before.model_copy(update={"claims": dict(reversed(before.claims.items()))})
    assert changes(before, turned)[0].startswith("the order of claims")
