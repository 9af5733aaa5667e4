"""Every issue system does what the seam says: made once, found by its marker, edited in place, never over somebody's change."""

from datetime import timedelta
from itertools import count

import pytest

from api.trackers.port import Tracker
from assistant.domain.ticket import Ticket, TicketChange, TicketState, TicketText, marker
from assistant.errors import Conflict, NotFound
from tests.contract.trackers.conftest import Desk

_NUMBERS = count(1)
BODY = "First line\n\n- a list\n- with `code` and **bold**\n\nÄrger, 輸出, 🙂"


def fresh() -> str:
    """A marker that no other test used."""
    return marker(f"contract {next(_NUMBERS)}")


async def made(tracker: Tracker, marked: str, title: str = "Exports drop a column") -> Ticket:
    return await tracker.create(TicketText(title=title, body=BODY), marked, await tracker.reserve(marked))


def test_a_ticket_is_read_as_it_was_written(desk: Desk) -> None:
    marked = fresh()
    written = desk.ask(lambda tracker: made(tracker, marked))
    read = desk.ask(lambda tracker: tracker.get(written.key))
    assert (read.title, read.body, read.marker) == ("Exports drop a column", BODY, marked)
    assert read.state is TicketState.open
    assert read.version == written.version
    assert read.comments == ()


def test_it_is_found_by_its_marker_at_once_and_nothing_else_is(desk: Desk) -> None:
    marked = fresh()
    assert desk.ask(lambda tracker: tracker.find(marked)) is None
    written = desk.ask(lambda tracker: made(tracker, marked))
    found = desk.ask(lambda tracker: tracker.find(marked))
    assert found is not None
    assert found.key == written.key
    assert desk.ask(lambda tracker: tracker.find(fresh())) is None


def test_the_same_reservation_makes_no_second_ticket(desk: Desk) -> None:
    marked = fresh()

    async def twice(tracker: Tracker) -> tuple[Ticket, Ticket] | None:
        reserved = await tracker.reserve(marked)
        if not reserved:
            return None
        text = TicketText(title="Twice", body=BODY)
        return await tracker.create(text, marked, reserved), await tracker.create(text, marked, reserved)

    pair = desk.ask(twice)
    if pair is None:
        assert desk.name in ("memory", "github", "gitlab", "jira", "redmine"), "it offers none"
        return
    assert pair[0].key == pair[1].key


def test_a_change_touches_what_it_names(desk: Desk) -> None:
    written = desk.ask(lambda tracker: made(tracker, fresh()))
    change = TicketChange(body="Another body", version=written.version)
    changed = desk.ask(lambda tracker: tracker.update(written.key, change))
    assert (changed.title, changed.body, changed.state) == (written.title, "Another body", written.state)
    assert changed.marker == written.marker
    titled = desk.ask(lambda tracker: tracker.update(written.key, TicketChange(title="Another title")))
    assert (titled.title, titled.body) == ("Another title", "Another body")


def test_a_change_for_another_version_is_refused_and_nothing_is_written(desk: Desk) -> None:
    written = desk.ask(lambda tracker: made(tracker, fresh()))
    desk.ask(lambda tracker: tracker.update(written.key, TicketChange(title="By somebody")))
    late = TicketChange(title="Too late", body="Too late", version=written.version)
    with pytest.raises(Conflict):
        desk.ask(lambda tracker: tracker.update(written.key, late))
    held = desk.ask(lambda tracker: tracker.get(written.key))
    assert (held.title, held.body) == ("By somebody", BODY)


def test_a_text_that_somebody_changed_is_not_written_over(desk: Desk) -> None:
    written = desk.ask(lambda tracker: made(tracker, fresh()))
    desk.ask(lambda tracker: tracker.update(written.key, TicketChange(body="By somebody")))
    late = TicketChange(body="Too late", version=written.version)
    with pytest.raises(Conflict):
        desk.ask(lambda tracker: tracker.update(written.key, late))
    assert desk.ask(lambda tracker: tracker.get(written.key)).body == "By somebody"


def test_it_is_closed_and_opened_again(desk: Desk) -> None:
    written = desk.ask(lambda tracker: made(tracker, fresh()))

    async def turned(tracker: Tracker) -> list[TicketState]:
        states = (TicketState.closed, TicketState.open)
        return [(await tracker.update(written.key, TicketChange(state=state))).state for state in states]

    assert desk.ask(turned) == [TicketState.closed, TicketState.open]


def test_a_comment_is_written_once_and_edited_in_place(desk: Desk) -> None:
    written = desk.ask(lambda tracker: made(tracker, fresh()))
    marked = fresh()

    async def say(tracker: Tracker, text: str, comment_id: str) -> str:
        reserved = await tracker.reserve(marked)
        return (await tracker.comment(written.key, text, marked, comment_id, reserved)).id

    first = desk.ask(lambda tracker: say(tracker, "12 people ask for it", ""))
    again = desk.ask(lambda tracker: say(tracker, "14 people ask for it", first))
    assert first == again
    (held,) = desk.ask(lambda tracker: tracker.get(written.key)).comments
    assert (held.id, held.text, held.marker) == (first, "14 people ask for it", marked)


def test_a_ticket_or_comment_that_is_not_there_is_said_so(desk: Desk) -> None:
    written = desk.ask(lambda tracker: made(tracker, fresh()))
    with pytest.raises(NotFound):
        desk.ask(lambda tracker: tracker.get("999999"))
    with pytest.raises(NotFound):
        desk.ask(lambda tracker: tracker.get("no such key"))
    with pytest.raises(NotFound):
        desk.ask(lambda tracker: tracker.comment(written.key, "text", fresh(), "999999", ""))


def test_what_changed_is_listed_in_the_order_of_change(desk: Desk) -> None:
    first = desk.ask(lambda tracker: made(tracker, fresh(), "one"))
    second = desk.ask(lambda tracker: made(tracker, fresh(), "two"))
    assert first.updated_at is not None
    since = first.updated_at - timedelta(seconds=1)

    async def all_since(tracker: Tracker) -> list[str]:
        keys: list[str] = []
        cursor: str | None = None
        while True:
            page = await tracker.list_since(since, cursor)
            keys += [one.key for one in page.tickets]
            if (cursor := page.cursor) is None:
                return keys

    keys = desk.ask(all_since)
    assert keys.index(first.key) < keys.index(second.key)
