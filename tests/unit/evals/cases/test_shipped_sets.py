"""What the shipped sets hold: enough cases of each kind, over several products, of each sort that a draft can go wrong at."""

from collections import Counter

import pytest

from assistant.domain.record import RecordKind
from assistant.search.instructions import is_instruction_like
from evals.cases.case import EvalSet, load_set, shipped_sets

SETS = {name: load_set(folder) for name, folder in shipped_sets().items()}
LARGE = ("stories", "requirements", "insights")


def test_every_kind_has_forty_cases_over_three_products() -> None:
    cases: Counter[str] = Counter()
    for held in SETS.values():
        cases[held.spec.kind] += len(held.cases)
    assert min(cases[kind] for kind in ("user_stories", "prd", "insight_summary")) >= 40
    for name in LARGE:
        products = {case.scope.segments["product"] for case in SETS[name].cases}
        assert len(products) >= 3


@pytest.mark.parametrize("name", LARGE)
def test_a_set_asks_for_all_that_a_draft_can_go_wrong_at(name: str) -> None:
    held = SETS[name]
    expected = [case.expect for case in held.cases]
    assert sum(expect.abstain for expect in expected) >= 20
    assert sum(bool(expect.must_not_cite) for expect in expected) >= 40
    assert sum(bool(expect.nuggets) for expect in expected) >= 20
    assert len({case.scope.languages for case in held.cases if case.scope.languages}) >= 4
    assert all(case.about for case in held.cases)
    poisoned = {
        record.external_id
        for record in held.records
        if record.kind is RecordKind.customer and is_instruction_like(record.text)
    }
    assert len(poisoned) >= 12
    assert all(poisoned.isdisjoint(entry.split("|")) for expect in expected for entry in expect.must_cite)


def test_no_case_expects_what_it_forbids() -> None:
    for held in SETS.values():
        for case in held.cases:
            cited = {name for entry in case.expect.must_cite for name in entry.split("|")}
            assert cited.isdisjoint(case.expect.must_not_cite), case.id
            assert not (case.expect.abstain and (cited or case.expect.themes)), case.id


def test_whoever_must_be_cited_is_in_the_scope_of_the_case() -> None:
    for name in LARGE:
        held: EvalSet = SETS[name]
        by_id = {record.external_id: record for record in held.records}
        for case in held.cases:
            for entry in case.expect.must_cite:
                inside = [
                    record
                    for record in map(by_id.__getitem__, entry.split("|"))
                    if all(
                        record.segments.get(segment) in values
                        for segment, values in case.scope.segments.items()
                    )
                    and (not case.scope.languages or (record.language or "en") in case.scope.languages)
                ]
                assert inside, (case.id, entry)
