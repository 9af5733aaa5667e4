"""Asking issue systems that send no webhooks what changed, and taking up what waits without a job: a thread of the service."""

import asyncio
import threading
import time
from datetime import UTC, datetime, timedelta

from api.pool import Benches
from api.tickets.inbox import keep, submit, take_up
from api.trackers.port import Tracker
from api.trackers.registry import kind_of, open_tracker
from assistant.domain.base import digest
from assistant.domain.ticket import Arrived, Connection, Ticket, TicketComment
from assistant.errors import VoxspecError
from assistant.jobs.port import Jobs
from assistant.stores.port import Catalog
from assistant.telemetry import get_logger

_OVERLAP = timedelta(minutes=1)
"""Clocks differ, and a change is listed a moment after it is made. What is known already is dropped by its version."""
_LOOK_EVERY_S = 1.0
_log = get_logger("trackers")


class Polls:
    """Asks until it is told to stop. Several processes may: a change that two of them hear of is one message.

    Args:
        home: a workspace whose catalog answers for all.
        every_s: seconds between two questions to one system.
    """

    def __init__(self, benches: Benches, jobs: Jobs, home: str, every_s: float) -> None:
        self._benches = benches
        self._jobs = jobs
        self._home = home
        self._every_s = every_s
        self._asked: dict[tuple[str, str], float] = {}
        """When each connection was asked last, by this process' clock: one that is away isn't asked more often."""
        self._taken_up = float("-inf")
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._go, name="asker", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """End after the question at hand."""
        self._stopping.set()
        self._thread.join()

    def _go(self) -> None:
        while not self._stopping.is_set():
            try:
                self._look()
            except VoxspecError as problem:
                _log.warning("Issue systems weren't asked.", problem=problem.code)
            self._stopping.wait(_LOOK_EVERY_S)

    def _look(self) -> None:
        with self._benches.use(self._home) as bench:
            catalog = bench.catalog
            if time.monotonic() - self._taken_up >= self._every_s:
                self._taken_up = time.monotonic()
                take_up(catalog, self._jobs)
            for workspace, connection in catalog.asked.everywhere():
                if self._stopping.is_set():
                    return
                if not sends_nothing(connection):
                    continue
                name = (workspace, connection.name)
                if time.monotonic() - self._asked.get(name, float("-inf")) < self._every_s:
                    continue
                self._asked[name] = time.monotonic()
                try:
                    asyncio.run(ask(catalog, self._jobs, workspace, connection))
                except VoxspecError as problem:
                    _log.warning("Not asked.", connection=connection.name, problem=problem.code)


def sends_nothing(connection: Connection) -> bool:
    """Whether a connection's system has no webhooks, so that it has to be asked."""
    try:
        return kind_of(connection.tracker).webhook is None
    except (VoxspecError, ImportError):
        # An adapter that isn't installed here any more.
        return False


async def ask(catalog: Catalog, jobs: Jobs | None, workspace: str, connection: Connection) -> int:
    """Ask what changed since the last time, and keep it for the job. The first time, everything that there is becomes known.

    Args:
        jobs: None where the caller works on what came in himself.

    Returns: messages that are new. Raises: TrackerError, UsageError where the connection lacks something.
    """
    began = datetime.now(UTC)
    known = catalog.asked.until(workspace, connection.name)
    since = known - _OVERLAP if known else None
    new, cursor = 0, None
    async with open_tracker(connection) as tracker:
        while True:
            page = await tracker.list_since(since, cursor)
            kept = [
                message.delivery_id
                for ticket in page.tickets
                for message in await _messages(tracker, catalog, workspace, connection, ticket, since)
                if keep(catalog, workspace, message, digest(message.delivery_id))
            ]
            if kept and jobs is not None:
                # One job works on all that waits.
                submit(jobs, workspace, connection.name, kept[0])
            new += len(kept)
            cursor = page.cursor
            if cursor is None:
                break
    catalog.asked.keep(workspace, connection.name, began)
    return new


async def _messages(
    tracker: Tracker,
    catalog: Catalog,
    workspace: str,
    connection: Connection,
    listed: Ticket,
    since: datetime | None,
) -> list[Arrived]:
    """What a ticket of the list tells: itself, and what people wrote under it meanwhile."""
    held = catalog.tickets.get(workspace, connection.name, listed.key)
    if held is not None and (held.version == listed.version or held.order > listed.order):
        return []
    # A list leaves comments out, and who connects a tracker with 10,000 tickets doesn't ask for each.
    ticket = listed if since is None else await tracker.get(listed.key)
    told = [_message(ticket, f"{ticket.key}/{ticket.version}", is_old=since is None)]
    told += [
        _message(ticket, f"{ticket.key}/comment/{comment.id}", comment=comment)
        for comment in ticket.comments
        if since is not None and not comment.marker and comment.at is not None and comment.at >= since
    ]
    return told


def _message(
    ticket: Ticket, name: str, *, is_old: bool = False, comment: TicketComment | None = None
) -> Arrived:
    return Arrived(
        connection=ticket.connection,
        delivery_id=f"asked/{name}",
        happened="comment" if comment else "ticket",
        key=ticket.key,
        actor=comment.author if comment else "",
        ticket=ticket,
        comment=comment,
        is_old=is_old,
    )
