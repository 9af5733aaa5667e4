"""The job `ticket`: what came in becomes a record, is judged, and gets its comment with evidence; commands in comments are answered.

Messages of one connection are worked on in the order in which they came, by one worker at a time. A ticket is kept as the last thing:
a job that is killed before finds the old version and does all of it again, and every part of it is the same when it is done twice.
"""

import asyncio
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from api.pool import Benches
from api.tickets.commands import Asked, answer
from api.tickets.evidence_comment import comment_on
from api.tickets.follow import ask_to_follow
from api.tickets.inbox import submit
from api.trackers.registry import open_tracker
from assistant.domain.record import Record
from assistant.domain.ticket import Arrived, Connection, Ticket, TicketComment, TicketState
from assistant.domain.triage import Triage
from assistant.errors import NotFound
from assistant.jobs.port import Handler, Jobs, Progress
from assistant.jobs.turns import own_turn
from assistant.workbench import Workbench
from ingest.tickets import bring_in, record_of, take_out

_AT_ONCE = 64
NO_TRACKER = ""
"""`Connection.tracker` of tickets that come by requests alone: nothing can be written to where they are from."""

Triager = Callable[[Workbench, Ticket, Record], Triage]


@dataclass
class Worked:
    """What became of some messages."""

    tickets: int = 0
    """That are new or changed."""
    records: int = 0
    comments: int = 0
    """To be written: comments with evidence, and answers to commands."""
    removed: int = 0

    def told(self) -> dict[str, Any]:
        """As the result of a job."""
        return dict(vars(self))


@dataclass
class Parts:
    """What the work needs beside the workspace.

    Args:
        triage: None where nothing judges tickets.
        imported: called with a workspace whose records changed, where another process keeps its index.
        sent: called when there is something to send.
    """

    jobs: Jobs
    triage: Triager | None = None
    imported: Callable[[str], None] | None = None
    sent: Callable[[], None] | None = None


@dataclass
class _Batch:
    """Messages, put together: of each ticket only what it is now."""

    tickets: dict[str, Ticket] = field(default_factory=dict)
    old: set[str] = field(default_factory=set)
    """Keys of tickets that were there before anybody connected: they are known, and nothing is written under them."""
    removed: dict[str, None] = field(default_factory=dict)
    asked: list[tuple[str, TicketComment]] = field(default_factory=list)


def ticket_handler(benches: Benches, parts: Parts) -> Handler:
    """What works on messages. Its payload names the connection; it works on what waits there, and leaves what is more to a next job."""

    def run(workspace: str, payload: Mapping[str, Any], progress: Progress) -> Mapping[str, Any]:
        name = str(payload["connection"])
        with benches.use(workspace) as bench:
            worked = work_through(bench, name, parts, progress, most=_AT_ONCE)
            # A flood into one workspace lets the tickets of others come in between.
            for one in bench.catalog.deliveries.waiting(workspace, name, 1):
                submit(parts.jobs, workspace, name, one.delivery_id)
        return worked.told()

    return run


def work_through(
    bench: Workbench, name: str, parts: Parts, progress: Progress, *, most: int | None = None
) -> Worked:
    """Work on what waits at a connection. Args: most: messages, about; None: all of them.

    Raises: StoreError, TrackerError, Cancelled; what waits still waits then.
    """
    worked, seen = Worked(), 0
    with own_turn(bench.catalog.turns.take, bench.workspace, progress, of="tickets", told="other tickets"):
        while (most is None or seen < most) and (
            waiting := bench.catalog.deliveries.waiting(bench.workspace, name, _AT_ONCE)
        ):
            progress(worked.tickets, None, "working on tickets")
            connection = connection_of(bench, name)
            batch = _folded(bench, connection, waiting)
            _work(bench, connection, batch, parts, worked)
            bench.catalog.deliveries.finish(bench.workspace, [one.seq for one in waiting])
            seen += len(waiting)
    return worked


def connection_of(bench: Workbench, name: str) -> Connection:
    """The connection, or one that stands for tickets that come by requests alone or whose connection is gone."""
    try:
        return bench.catalog.connections.get(bench.workspace, name)
    except NotFound:
        return Connection(name=name, tracker=NO_TRACKER)


def _folded(bench: Workbench, connection: Connection, messages: Iterable[Arrived]) -> _Batch:
    batch = _Batch()
    for one in messages:
        if one.happened == "removed":
            batch.removed[one.key] = None
            batch.tickets.pop(one.key, None)
            continue
        held = batch.tickets.get(one.key)
        ticket = one.ticket or held or _known(bench, connection, one)
        if ticket is None:
            continue
        if held is None or held.order <= ticket.order:
            batch.tickets[one.key] = ticket
        batch.removed.pop(one.key, None)
        if one.is_old:
            batch.old.add(one.key)
        elif one.comment is not None and not one.comment.marker:
            batch.asked.append((one.key, one.comment))
    return batch


def _known(bench: Workbench, connection: Connection, message: Arrived) -> Ticket | None:
    """The ticket of a message that doesn't tell it; None where its tracker has it no more. Raises: TrackerError."""
    if message.happened == "comment":
        known = bench.catalog.tickets.get(bench.workspace, connection.name, message.key)
        if known is not None:
            return known

    async def ask() -> Ticket | None:
        async with open_tracker(connection) as tracker:
            try:
                return await tracker.get(message.key)
            except NotFound:
                return None

    return asyncio.run(ask()) if connection.tracker else None


def _work(bench: Workbench, connection: Connection, batch: _Batch, parts: Parts, worked: Worked) -> None:
    workspace, catalog = bench.workspace, bench.catalog
    news = [ticket for ticket in batch.tickets.values() if _is_news(bench, ticket)]
    # What was made of a draft is no voice: it would count as one more who asks for what the draft says.
    voices = [ticket for ticket in news if not ticket.marker]
    changed = bring_in(bench, connection, voices)
    gone = take_out(bench, connection.name, batch.removed)
    if parts.imported is not None and (changed or gone):
        parts.imported(workspace)
    worked.records += changed
    for ticket in voices:
        if ticket.key not in batch.old:
            worked.comments += _judged(bench, connection, ticket, parts.triage)
    for ticket in news:
        worked.tickets += catalog.tickets.put(workspace, _with_comments(bench, ticket))
    for key in batch.removed:
        worked.removed += catalog.tickets.remove(workspace, connection.name, key)
    if voices or batch.removed:
        # Also where nothing changed: who died before this had saved the records. By a job of its own, for which no sender waits.
        come = [record_of(workspace, connection.name, one.key) for one in voices]
        ask_to_follow(bench, parts.jobs, None if batch.removed else come)
    for key, comment in batch.asked:
        if key in batch.tickets:
            ticket = catalog.tickets.get(workspace, connection.name, key) or batch.tickets[key]
            worked.comments += answer(bench, parts.jobs, Asked(connection, ticket, comment))
    if worked.comments and parts.sent is not None:
        parts.sent()


def _is_news(bench: Workbench, ticket: Ticket) -> bool:
    """Whether it says something else than is known, and isn't older. Versions of a second's precision can be the same for two texts."""
    known = bench.catalog.tickets.get(bench.workspace, ticket.connection, ticket.key)
    if known is None or known.order < ticket.order:
        return True
    bare: Mapping[str, Any] = {"comments": ()}
    return known.order == ticket.order and known.model_copy(update=bare) != ticket.model_copy(update=bare)


def _with_comments(bench: Workbench, ticket: Ticket) -> Ticket:
    """With the comments that are known, where it comes without any: webhooks and lists leave them out."""
    known = bench.catalog.tickets.get(bench.workspace, ticket.connection, ticket.key)
    if ticket.comments or known is None:
        return ticket
    return ticket.model_copy(update={"comments": known.comments})


def _judged(bench: Workbench, connection: Connection, ticket: Ticket, triage: Triager | None) -> int:
    """Judge a ticket, and have its comment with evidence written. Returns: comments to be written."""
    record_id = record_of(bench.workspace, connection.name, ticket.key)
    record = bench.catalog.records.get(bench.workspace, [record_id]).get(record_id)
    if record is None:
        # Of a person who was erased on request, or without a word.
        return 0
    if triage is not None:
        bench.catalog.tickets.judge(bench.workspace, triage(bench, ticket, record))
    if not connection.tracker or ticket.state is TicketState.closed:
        return 0
    effect = comment_on(bench, connection, ticket)
    if effect is None:
        return 0
    bench.catalog.effects.add(bench.workspace, [effect])
    return 1
