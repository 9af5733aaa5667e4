"""A tracker that sends nothing is asked: all that is there becomes known, and what changes after that is worked on once."""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest

from api.tickets.inbox import Accepted, accept
from api.tickets.incoming import Parts, Worked, work_through
from api.trackers.polls import ask, sends_nothing
from assistant.domain.ticket import Arrived, Connection, Ticket, TicketComment
from assistant.jobs.dbos_jobs import DbosJobs
from assistant.stores.port import Catalog
from assistant.workbench import Workbench
from tests.support.kanbo_workspace import Kanbo
from tests.support.signed_tracker import KIND, install

POLLED = Connection(name="polled", tracker="signed", comment_at=1)
EXPORT = "Exporting a large board to CSV takes forever, and then it fails."


@dataclass
class Desk:
    bench: Workbench
    queue: DbosJobs

    @property
    def catalog(self) -> Catalog:
        return self.bench.catalog

    def asked(self) -> int:
        return asyncio.run(ask(self.catalog, None, "default", POLLED))

    def worked(self) -> Worked:
        return work_through(self.bench, "polled", Parts(self.queue), lambda *_: None)

    def has(self, key: str, **told: object) -> None:
        now = datetime.now(UTC)
        held = {"connection": "polled", "key": key, "title": f"Ticket {key}", "author": f"author {key}"}
        KIND.tickets[key] = Ticket.model_validate(
            held | {"version": now.isoformat(), "updated_at": now} | told
        )


@pytest.fixture
def desk(
    kanbo: Kanbo, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Desk]:
    monkeypatch.syspath_prepend(install(tmp_path_factory.mktemp("installed")))
    kanbo.bench.catalog.connections.put("default", POLLED)
    KIND.tickets.clear()
    queue = DbosJobs(tmp_path_factory.mktemp("jobs"))
    yield Desk(kanbo.bench, queue)
    queue.close()
    kanbo.bench.catalog.connections.remove("default", "polled")


def test_what_was_there_is_known_and_what_comes_after_is_judged_once(desk: Desk) -> None:
    old = TicketComment(id="c1", text="/evidence", at=datetime.now(UTC))
    desk.has("1", title="CSV export hangs", body=EXPORT, comments=(old,))
    assert desk.asked() == 1
    assert desk.worked() == Worked(tickets=1, records=1, comments=0)
    assert (desk.asked(), desk.worked()) == (0, Worked())
    desk.has("2", title="CSV export hangs for me, too", body=EXPORT)
    assert desk.asked() == 1
    assert desk.worked() == Worked(tickets=1, records=1, comments=1)
    assert desk.asked() == 0


def test_a_command_under_a_ticket_that_is_asked_for_is_answered_once(desk: Desk) -> None:
    desk.has("3", title="CSV export hangs again", body=EXPORT)
    desk.asked()
    desk.worked()
    said = TicketComment(id="c7", text="/evidence", at=datetime.now(UTC), author="ana")
    desk.has("3", title="CSV export hangs again", body=EXPORT, comments=(said,))
    assert desk.asked() == 2
    assert desk.worked().comments == 2
    desk.has("3", title="CSV export hangs again", body=EXPORT, comments=(said,), labels=("seen",))
    desk.asked()
    desk.worked()
    answers = [
        one for one in desk.catalog.effects.page("default", limit=500) if one.key == "command/polled/3/c7"
    ]
    assert len(answers) == 1


def test_a_flood_is_one_job_until_that_begins_or_is_over(desk: Desk) -> None:
    def comes(number: int) -> Accepted:
        desk.has(f"f{number}", title=f"Flood {number}")
        told = {"connection": "polled", "delivery_id": f"flood/{number}", "happened": "ticket"}
        arrived = Arrived.model_validate(told | {"key": f"f{number}", "ticket": KIND.tickets[f"f{number}"]})
        return accept(desk.catalog, desk.queue, "default", arrived, "hash")

    flood = [comes(number) for number in range(5)]
    assert {one.job.id for one in flood} == {flood[0].job.id}
    assert all(one.is_new for one in flood)
    desk.queue.cancel("default", flood[0].job.id)
    later = comes(5)
    assert later.job.id != flood[0].job.id
    assert not comes(5).is_new
    assert desk.worked().tickets == 6
    assert desk.catalog.deliveries.unfinished() == []


def test_a_system_without_webhooks_is_asked_and_one_that_is_gone_is_not() -> None:
    assert sends_nothing(Connection(name="desk", tracker="roundup"))
    assert not sends_nothing(Connection(name="desk", tracker="nothing-of-that-name"))
