"""The second pack of seeded defects on drafts of the shipped sets. What graders make of them is measured, not tested."""

from pathlib import Path
from random import Random

import pytest

from assistant.domain.draft import Draft
from assistant.domain.request import DraftRequest
from assistant.settings import Settings
from assistant.wiring import open_workbench
from evals.cases.case import load_set, shipped_sets
from evals.gate import write_and_check
from evals.judging.judge import Question
from evals.mutators.port import Mutator, Seeded
from evals.mutators.second import PACK
from evals.registry import graders
from evals.runs.run import bring_in
from tests.support.drafts import rebuilt, same_json

CASES = {"requirements": "rollbook-marking-1", "grove_summary": "all"}
"""Between them the drafts of these two have what each of the mutators changes."""
SEEDS = range(8)


@pytest.fixture(scope="module")
def clean(tmp_path_factory: pytest.TempPathFactory) -> list[Draft]:
    return [_written(name, case_id, tmp_path_factory.mktemp(name)) for name, case_id in CASES.items()]


def _written(name: str, case_id: str, home: Path) -> Draft:
    held = load_set(shipped_sets()[name])
    case = next(one for one in held.cases if one.id == case_id)
    with open_workbench(Settings.load(home=home, workspace="second", model="extractive")) as bench:
        bring_in(bench, held)
        request = DraftRequest(
            kind=held.spec.kind, brief=case.ask, scope=case.scope, max_items=case.max_items
        )
        return write_and_check(bench, request)


@pytest.mark.parametrize("one", PACK, ids=lambda one: one.name)
def test_a_mutator_changes_a_clean_draft_the_same_way_each_time_and_leaves_the_draft_alone(
    one: Seeded, clean: list[Draft]
) -> None:
    fitting = [draft for draft in clean if one.applies(draft)]
    assert fitting
    for draft in fitting:
        before = draft.model_dump_json()
        for seed in SEEDS:
            changed = one.mutate(draft, Random(seed))
            assert changed.model_dump_json() != before
            assert same_json(changed, one.mutate(rebuilt(draft), Random(seed)))
            assert same_json(changed, rebuilt(changed))
        assert draft.model_dump_json() == before


def test_a_mutator_finds_nothing_to_change_in_an_empty_draft(clean: list[Draft]) -> None:
    hollow = clean[0].model_copy(
        update={"sections": (), "claims": {}, "quotes": {}, "facts": {}, "brief": "", "selections": {}}
    )
    assert [one.name for one in PACK if one.applies(hollow)] == []


def test_names_are_unique_and_each_expects_graders_that_exist() -> None:
    known = {*graders(), *(f"judge_{question.value}" for question in Question)}
    assert len({one.name for one in PACK}) == len(PACK)
    assert all(isinstance(one, Mutator) and one.expected and one.about for one in PACK)
    assert {name for one in PACK for name in one.expected} - known == set()


def test_every_layer_has_its_share() -> None:
    kinds = [one.layer for one in PACK]
    assert sum(layer < 4 for layer in kinds) >= 60
    assert all(kinds.count(layer) >= 6 for layer in range(5))
