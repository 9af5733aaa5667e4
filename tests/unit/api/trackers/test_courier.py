"""What is to be sent arrives once and in order, whatever is lost on the way; what can't arrive is told, not lost."""

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from api.trackers.courier import Pace, deliver_all
from assistant.domain.ticket import (
    RETRY_AFTER,
    Action,
    Effect,
    EffectState,
    Link,
    Relation,
    Ticket,
    TicketChange,
    TicketText,
)
from assistant.errors import TrackerRateLimited, TrackerRefused, TrackerUnavailable
from assistant.stores.catalog import open_catalog
from assistant.stores.port import Catalog
from tests.support.memory_tracker import MemoryTracker

AT = datetime(2026, 2, 3, tzinfo=UTC)
LOST = TrackerUnavailable("No answer in time.")


class _Killed(BaseException):
    """Ends everything at once, as a kill does."""


@pytest.fixture
def catalog(tmp_path: Path) -> Iterator[Catalog]:
    opened = open_catalog(tmp_path / "catalog.sqlite3")
    yield opened
    opened.close()


def create(key: str = "make", **given: object) -> Effect:
    told = {
        "key": key, "connection": "desk", "action": Action.create, "subject": "FR-1", "made_at": AT,
        "text": TicketText(title="Exports", body="Body"), "draft_id": "dra_1", "item": "FR-1", "draft_version": 2, "relation": Relation.implements,
    }  # fmt: skip
    return Effect.model_validate(told | given)


def comment(text: str, key: str, **given: object) -> Effect:
    told = {
        "key": key, "connection": "desk", "action": Action.comment, "subject": "FR-1", "made_at": AT,
        "ticket": "effect:make", "comment": text, "draft_id": "dra_1", "item": "FR-1", "relation": Relation.implements,
    }  # fmt: skip
    return Effect.model_validate(told | given)


def deliver(catalog: Catalog, tracker: MemoryTracker) -> int:
    return asyncio.run(deliver_all(catalog, "default", "desk", tracker))


def at_once(catalog: Catalog, key: str) -> Effect:
    """The effect, made due now: time goes by."""
    held = catalog.effects.get("default", key)
    assert held is not None
    past = datetime.now(UTC) - timedelta(seconds=1)
    told = {"until": past} if held.state is EffectState.sending else {"not_before": None}
    if held.state is EffectState.sending:
        _set_until(catalog, held, past)
    else:
        catalog.effects.settle("default", held.model_copy(update=told))
    return held


def _set_until(catalog: Catalog, held: Effect, until: datetime) -> None:
    later = datetime.now(UTC) + timedelta(days=1)
    taken = catalog.effects.claim("default", held.connection, later, until - later)
    assert taken is not None
    assert taken.key == held.key


def test_what_is_made_is_linked_with_the_text_as_it_was_written(catalog: Catalog) -> None:
    tracker = MemoryTracker()
    catalog.effects.add("default", [create(), comment("12 people", "say")])
    assert deliver(catalog, tracker) == 2
    (link,) = catalog.links.of_draft("default", "dra_1")
    assert (link.item, link.ticket, link.base, link.version) == ("FR-1", "1", "Body", 2)
    assert (link.comment_id, link.comment) == ("c1", "12 people")
    assert tracker.tickets["1"].comments[0].text.startswith("12 people")


def test_an_answer_that_gets_lost_makes_no_second_ticket(catalog: Catalog) -> None:
    tracker = MemoryTracker(after=[LOST])
    catalog.effects.add("default", [create()])
    assert deliver(catalog, tracker) == 0
    assert at_once(catalog, "make").error == "No answer in time."
    assert deliver(catalog, tracker) == 1
    assert (len(tracker.tickets), tracker.writes) == (1, 1)
    assert [link.ticket for link in catalog.links.links("default")] == ["1"]


def test_a_kill_after_sending_makes_no_second_ticket_and_no_second_comment(catalog: Catalog) -> None:
    tracker = MemoryTracker(after=[_Killed(), _Killed()])
    catalog.effects.add("default", [create(), comment("12 people", "say")])
    for key in ("make", "say"):
        with pytest.raises(_Killed):
            deliver(catalog, tracker)
        assert deliver(catalog, tracker) == 0
        assert at_once(catalog, key).state is EffectState.sending
    deliver(catalog, tracker)
    assert [len(one.comments) for one in tracker.tickets.values()] == [1]
    assert [one.state for one in catalog.effects.page("default")] == [EffectState.done] * 2


def test_a_comment_that_is_there_is_edited_in_place(catalog: Catalog) -> None:
    tracker = MemoryTracker()
    catalog.effects.add("default", [create(), comment("12 people", "say")])
    deliver(catalog, tracker)
    catalog.effects.add("default", [comment("14 people", "say again", ticket="1")])
    deliver(catalog, tracker)
    (held,) = tracker.tickets["1"].comments
    assert held.text.startswith("14 people")


def test_a_comment_that_somebody_took_away_is_written_anew(catalog: Catalog) -> None:
    tracker = MemoryTracker()
    gone = Link(draft_id="dra_1", item="FR-1", connection="desk", ticket="1", comment_id="c9", at=AT)
    catalog.links.put("default", gone)
    catalog.effects.add("default", [create(), comment("14 people", "say", ticket="1")])
    deliver(catalog, tracker)
    assert [one.id for one in tracker.tickets["1"].comments] == ["c1"]
    assert catalog.links.links("default")[0].comment_id == "c1"


def test_a_limit_is_waited_for_as_long_as_it_says_and_counts_as_no_try(catalog: Catalog) -> None:
    tracker = MemoryTracker(before=[TrackerRateLimited("Slow down.", retry_after_s=3600)])
    catalog.effects.add("default", [create()])
    assert deliver(catalog, tracker) == 0
    held = catalog.effects.get("default", "make")
    assert held is not None
    assert held.not_before is not None
    assert held.not_before - datetime.now(UTC) > timedelta(minutes=59)
    assert held.tries == 0
    assert deliver(catalog, tracker) == 0


def test_what_is_refused_is_dead_with_the_reason_and_so_is_what_rests_on_it(catalog: Catalog) -> None:
    tracker = MemoryTracker(before=[TrackerRefused("No rights.", hint="Ask for them.")])
    catalog.effects.add("default", [create(), comment("12 people", "say")])
    assert deliver(catalog, tracker) == 2
    made, said = (catalog.effects.get("default", key) for key in ("make", "say"))
    assert made is not None
    assert said is not None
    assert (made.state, made.error, made.hint) == (EffectState.dead, "No rights.", "Ask for them.")
    assert said.state is EffectState.dead
    assert "could not be made" in said.error


def test_it_is_given_up_after_the_last_pause(catalog: Catalog) -> None:
    tracker = MemoryTracker(before=[LOST] * (len(RETRY_AFTER) + 2))
    catalog.effects.add("default", [create()])
    tries = 0
    while (held := catalog.effects.get("default", "make")) and held.state is not EffectState.dead:
        deliver(catalog, tracker)
        tries += 1
        held = catalog.effects.get("default", "make")
        if held is not None and held.state is EffectState.waiting:
            at_once(catalog, "make")
    assert tries == len(RETRY_AFTER) + 1
    assert tracker.tickets == {}


def test_a_change_for_another_version_is_not_written(catalog: Catalog) -> None:
    tracker = MemoryTracker()
    catalog.effects.add("default", [create()])
    deliver(catalog, tracker)
    seen = tracker.tickets["1"].version
    tracker.edit("1", body="by hand")
    change = TicketChange(body="by Voxspec", version=seen)
    told = {"key": "change", "action": Action.update, "text": None, "change": change, "ticket": "1"}
    catalog.effects.add("default", [create().model_copy(update=told)])
    deliver(catalog, tracker)
    assert tracker.tickets["1"].body == "by hand"
    assert [one.key for one in catalog.effects.page("default", states=[EffectState.dead])] == ["change"]


def test_a_change_whose_answer_was_lost_is_done_and_not_somebody_elses(catalog: Catalog) -> None:
    tracker = MemoryTracker(after=[None, LOST])
    catalog.effects.add("default", [create()])
    deliver(catalog, tracker)
    change = TicketChange(body="by Voxspec", version=tracker.tickets["1"].version)
    told = {"key": "change", "action": Action.update, "text": None, "change": change, "ticket": "1"}
    catalog.effects.add("default", [create().model_copy(update=told)])
    deliver(catalog, tracker)
    at_once(catalog, "change")
    assert deliver(catalog, tracker) == 1
    held = catalog.effects.get("default", "change")
    assert held is not None
    assert (held.state, held.result_ticket) == (EffectState.done, "1")
    assert tracker.tickets["1"].body == "by Voxspec"


def test_after_a_limit_it_is_looked_up_too(catalog: Catalog) -> None:
    tracker = MemoryTracker(after=[TrackerRateLimited("Slow down.")])
    catalog.effects.add("default", [create()])
    deliver(catalog, tracker)
    at_once(catalog, "make")
    assert deliver(catalog, tracker) == 1
    assert (len(tracker.tickets), tracker.writes) == (1, 1)


def test_waiting_for_another_ticket_is_no_try(catalog: Catalog) -> None:
    tracker = MemoryTracker(before=[LOST])
    catalog.effects.add("default", [create(), comment("12 people", "say", subject="another")])
    assert deliver(catalog, tracker) == 0
    held = catalog.effects.get("default", "say")
    assert held is not None
    assert (held.state, held.tries) == (EffectState.waiting, 0)
    assert "isn't made yet" in held.error


def test_a_try_ends_before_its_lease_does(catalog: Catalog) -> None:
    class Slow(MemoryTracker):
        async def create(self, text: TicketText, marker: str, reserved: str) -> Ticket:
            await asyncio.Event().wait()
            raise AssertionError

    catalog.effects.add("default", [create()])
    short = Pace(lease=timedelta(milliseconds=100))
    asyncio.run(deliver_all(catalog, "default", "desk", Slow(), short))
    held = catalog.effects.get("default", "make")
    assert held is not None
    assert (held.state, held.error) == (EffectState.waiting, "All requests together took too long.")


def test_an_answer_that_makes_no_sense_ends_its_effect_and_no_other(catalog: Catalog) -> None:
    class Odd(MemoryTracker):
        async def create(self, text: TicketText, marker: str, reserved: str) -> Ticket:
            if text.title == "Exports":
                raise KeyError("issue")
            return await super().create(text, marker, reserved)

    other = create("other", subject="FR-2", text=TicketText(title="Imports"))
    catalog.effects.add("default", [create(), other])
    assert asyncio.run(deliver_all(catalog, "default", "desk", Odd())) == 2
    states = {one.key: one.state for one in catalog.effects.page("default")}
    assert states == {"make": EffectState.dead, "other": EffectState.done}


def test_two_workspaces_that_send_the_same_never_take_each_others_tickets(
    tmp_path: Path, catalog: Catalog
) -> None:
    tracker = MemoryTracker(before=[None, LOST])
    elsewhere = open_catalog(tmp_path / "elsewhere.sqlite3")
    for one in (catalog, elsewhere):
        one.effects.add("default", [create()])
        deliver(one, tracker)
    at_once(elsewhere, "make")
    deliver(elsewhere, tracker)
    assert [one.ticket for one in elsewhere.links.links("default")] == ["2"]
    assert len(tracker.tickets) == 2
    elsewhere.close()
