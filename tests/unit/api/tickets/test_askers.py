"""Whoever asked is listed once, with the place to answer them; the list has as many people as the draft counted."""

from collections.abc import Iterator

import pytest

from api.tickets.askers import as_csv, of_draft, of_ticket
from assistant.domain.draft import Draft
from assistant.errors import NotFound
from assistant.workbench import Workbench
from tests.support.mirrored import a_mirror, forget, link


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Workbench, Draft]]:
    bench, draft = a_mirror(tmp_path_factory.mktemp("mirror"))
    yield bench, draft
    bench.close()


@pytest.fixture
def mirror(opened: tuple[Workbench, Draft]) -> Iterator[tuple[Workbench, Draft]]:
    yield opened
    forget(opened[0])


def test_the_list_has_the_people_of_the_fact(mirror: tuple[Workbench, Draft]) -> None:
    bench, draft = mirror
    link(bench, draft, "US-1", "D-1")
    found = of_ticket(bench, "desk", "D-1")
    assert found == of_draft(bench, draft, "US-1")
    assert found.people == draft.facts["F1"].value
    assert found.agrees
    records = {place.record_id for one in found.askers for place in one.places}
    assert records == set(draft.selections["S1"].record_ids)


def test_a_list_that_differs_from_the_number_says_so(mirror: tuple[Workbench, Draft]) -> None:
    bench, draft = mirror
    more = draft.facts["F1"].model_copy(update={"value": 9})
    found = of_draft(bench, draft.model_copy(update={"facts": {**draft.facts, "F1": more}}), "US-1")
    assert not found.agrees
    assert (found.counted[0].said, found.counted[0].listed) == (9, 3)


def test_a_spreadsheet_gets_no_formula(mirror: tuple[Workbench, Draft]) -> None:
    bench, draft = mirror
    found = of_draft(bench, draft, "US-1")
    live = found.askers[0].model_copy(update={"accounts": ("=1+1",)})
    rows = as_csv(found.model_copy(update={"askers": (live,)})).decode("utf-8-sig").splitlines()
    assert rows[0].startswith("person,accounts,channel")
    assert ",'=1+1," in rows[1]


def test_what_nobody_heard_of_is_told(mirror: tuple[Workbench, Draft]) -> None:
    bench, draft = mirror
    with pytest.raises(NotFound):
        of_ticket(bench, "desk", "D-404")
    with pytest.raises(NotFound):
        of_draft(bench, draft, "FR-99")
