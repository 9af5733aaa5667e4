"""Coverage tells which requirement has no ticket, which ticket no requirement, and how far all of it is."""

from collections.abc import Iterator
from itertools import count

import pytest

from api.tickets.coverage import Coverage, Stand, coverage
from assistant.domain.draft import Draft
from assistant.domain.ticket import Relation, TicketState
from assistant.errors import NotFound
from assistant.workbench import Workbench
from tests.support.mirrored import a_mirror, a_ticket, forget, link, put

_numbers = count()
OPEN = TicketState.open


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Workbench, Draft]]:
    bench, draft = a_mirror(tmp_path_factory.mktemp("mirror"))
    yield bench, draft
    bench.close()


@pytest.fixture
def mirror(opened: tuple[Workbench, Draft]) -> Iterator[tuple[Workbench, Draft]]:
    """Without tickets; the draft is a new one of each test, with the items US-1, US-2, FR-1 (both stories) and NFR-1 (US-1)."""
    bench, draft = opened
    mine = draft.model_copy(update={"id": f"dra_{next(_numbers)}"})
    bench.catalog.drafts.save(mine)
    yield bench, mine
    forget(bench)


def stands(found: Coverage) -> dict[str, Stand]:
    return {one.item: one.stand for one in found.items}


def test_without_a_link_everything_is_missing(mirror: tuple[Workbench, Draft]) -> None:
    found = coverage(*mirror)
    assert set(stands(found).values()) == {Stand.missing}
    assert [one.item for one in found.missing] == ["US-1", "US-2", "FR-1", "NFR-1"]
    assert not found.is_whole
    assert (found.done, found.of) == (0, 4)


def test_a_requirement_is_covered_by_its_own_ticket_or_by_a_story_that_carries_it(
    mirror: tuple[Workbench, Draft],
) -> None:
    bench, draft = mirror
    put(bench, a_ticket("1", "Offline", state=OPEN), a_ticket("2", "Load time"))
    link(bench, draft, "US-1", "1")
    link(bench, draft, "NFR-1", "2")
    found = coverage(bench, draft)
    assert stands(found) == {"US-1": Stand.open, "US-2": Stand.missing, "FR-1": Stand.open, "NFR-1": Stand.done}  # fmt: skip
    through = {one.item: one.carried_by for one in found.items}
    assert (through["FR-1"], through["NFR-1"]) == (("US-1",), ())
    assert (found.done, found.of) == (1, 4)


def test_what_asks_for_an_item_does_not_do_it(mirror: tuple[Workbench, Draft]) -> None:
    bench, draft = mirror
    put(bench, a_ticket("1", "Please", state=OPEN))
    link(bench, draft, "US-1", "1", Relation.evidence)
    assert stands(coverage(bench, draft))["US-1"] is Stand.missing
    assert coverage(bench, draft).without_requirement == ()


def test_a_split_item_is_done_when_all_of_its_tickets_are(mirror: tuple[Workbench, Draft]) -> None:
    bench, draft = mirror
    put(bench, a_ticket("1", "One half"), a_ticket("2", "Other half", state=OPEN))
    link(bench, draft, "US-1", "1")
    link(bench, draft, "US-1", "2")
    assert stands(coverage(bench, draft))["US-1"] is Stand.open
    put(bench, a_ticket("2", "Other half", version="2"))
    assert stands(coverage(bench, draft))["US-1"] is Stand.done


def test_merged_items_are_done_with_their_one_ticket(mirror: tuple[Workbench, Draft]) -> None:
    bench, draft = mirror
    put(bench, a_ticket("1", "Both"))
    link(bench, draft, "US-1", "1")
    link(bench, draft, "US-2", "1")
    found = coverage(bench, draft)
    assert set(stands(found).values()) == {Stand.done}
    assert found.is_whole
    assert len(found.items[2].tickets) == 1


def test_a_ticket_that_was_closed_without_being_done_is_not_done(mirror: tuple[Workbench, Draft]) -> None:
    bench, draft = mirror
    put(bench, a_ticket("1", "No", status="Won't do"))
    link(bench, draft, "US-1", "1")
    link(bench, draft, "US-2", "9")
    found = stands(coverage(bench, draft))
    assert found["US-1"] is Stand.dropped
    assert found["US-2"] is Stand.unseen
    assert found["FR-1"] is Stand.unseen


def test_tickets_under_the_epic_that_nothing_is_linked_to_are_told(mirror: tuple[Workbench, Draft]) -> None:
    bench, draft = mirror
    put(
        bench,
        a_ticket("1", "Epic", state=OPEN),
        a_ticket("2", "Story", parent="1", state=OPEN),
        a_ticket("3", "Part of the story", parent="2", state=OPEN),
        a_ticket("4", "Sneaked in", parent="1", state=OPEN),
        a_ticket("5", "Dropped", parent="1", labels=("wontfix",)),
        a_ticket("6", "Somewhere else", state=OPEN),
        a_ticket("7", "Round", parent="8"),
        a_ticket("8", "And round", parent="7"),
    )
    link(bench, draft, "", "1")
    link(bench, draft, "US-1", "2")
    found = coverage(bench, draft)
    assert [one.key for one in found.without_requirement] == ["4"]
    everything = coverage(bench, draft, everything=True)
    assert [one.key for one in everything.without_requirement] == ["4", "6", "7", "8"]
    assert stands(found)["US-2"] is Stand.missing


def test_a_link_to_what_a_version_no_longer_holds_is_told(mirror: tuple[Workbench, Draft]) -> None:
    bench, draft = mirror
    put(bench, a_ticket("1", "Old wish of pia@berg.example", state=OPEN))
    link(bench, draft, "FR-9", "1")
    (lost,) = coverage(bench, draft).astray
    assert (lost.item, lost.ticket.key, lost.ticket.title) == ("FR-9", "1", "Old wish of [e-mail]")


def test_one_connection_can_be_asked_for(mirror: tuple[Workbench, Draft]) -> None:
    bench, draft = mirror
    link(bench, draft, "US-1", "1")
    assert coverage(bench, draft, connection="desk").connections == ("desk",)
    with pytest.raises(NotFound):
        coverage(bench, draft, connection="nowhere")
