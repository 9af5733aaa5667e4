"""Event logs as server-sent events, from the stored log, with resume by `Last-Event-ID`."""

import json
import time
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass
from http import HTTPStatus

from fastapi.sse import KEEPALIVE_COMMENT, format_sse_event
from starlette.concurrency import run_in_threadpool
from starlette.responses import StreamingResponse

from api.bus import rung
from api.deps import Service
from api.errors import HttpProblem
from api.recorder import TERMINAL
from api.runs import final_event
from assistant.domain.events import DraftEvent, LoggedEvent
from assistant.domain.job import Job

_LOOK_EVERY_S = 1.0
"""The bus wakes a stream at once; this is for events that another process stored."""
_PING_EVERY_S = 15.0
_MAX_SEQ_DIGITS = 12
_STREAMS = "event_streams"
_COME_BACK_MS = 1000


@dataclass(frozen=True)
class Heard:
    """What a log holds that its reader hasn't."""

    events: Sequence[LoggedEvent] = ()
    last: LoggedEvent | None = None
    """The event that ends a log which was cut off; it was never stored."""
    over: bool = False
    """The reader has everything."""


@dataclass(frozen=True)
class Feed:
    """A log as a stream follows it.

    Args:
        read: what came after that event; it blocks.
        ends: whether nothing comes after that event.
        patience_s: the longer nothing comes, the rarer the look, up to this.
    """

    log_id: str
    read: Callable[[int], Heard]
    ends: Callable[[LoggedEvent], bool]
    patience_s: float = _LOOK_EVERY_S


def last_event_id(header: str | None, query: str | None) -> int:
    """Number of the last event that the reader has; 0: none. Raises: HttpProblem for anything but a number."""
    given = (header or query or "0").strip()
    if not (given.isascii() and given.isdigit() and len(given) <= _MAX_SEQ_DIGITS):
        raise HttpProblem(
            HTTPStatus.BAD_REQUEST,
            "bad-last-event-id",
            "Last-Event-ID is not an event number of this stream.",
            "Send the id of the last event you have, or leave it out.",
        )
    return int(given)


def admit(service: Service) -> None:
    """Refuse one stream more than the server may carry. Raises: HttpProblem 429."""
    if service.metrics.value(_STREAMS) >= service.settings.max_streams:
        raise HttpProblem(
            HTTPStatus.TOO_MANY_REQUESTS,
            "too-many-streams",
            f"{service.settings.max_streams} event streams are open, which is the most this server carries.",
            "Come back in a moment, or close other tabs.",
            {"Retry-After": "5"},
        )


def respond(events: AsyncIterator[bytes]) -> StreamingResponse:
    """The streamed answer; proxies are told not to hold it back."""
    headers = {"Cache-Control": "no-cache", "X-Accel-Buffering": "no"}
    return StreamingResponse(events, media_type="text/event-stream", headers=headers)


def encode(event: LoggedEvent) -> bytes:
    """One event on the wire: its id is its number, its data the whole event as JSON."""
    data = json.dumps({"seq": event.seq, **event.data}, ensure_ascii=False)
    return format_sse_event(data_str=data, event=event.type, id=str(event.seq))


def stopping() -> bytes:
    """Tells a reader that the server stops, and when to come back. Without an id, so that the reader goes on where they were."""
    data = json.dumps({"retry_ms": _COME_BACK_MS, "hint": "Come back with Last-Event-ID; nothing is lost."})
    return format_sse_event(data_str=data, event="server.stopping", retry=_COME_BACK_MS)


def has_all(service: Service, workspace: str, log_id: str, after: int) -> bool:
    """Whether a run is over and its reader has the last event, or one that was never stored: there is nothing to come."""
    events, job = _read(service, workspace, log_id, after - 1)
    if events:
        return events[0].seq == after and events[0].type in TERMINAL
    if final_event(job):
        return True
    whole, _ = _read(service, workspace, log_id, 0)
    return any(event.type in TERMINAL for event in whole)


def of_draft(service: Service, workspace: str, log_id: str) -> Feed:
    """The log of a draft's run: it ends when the draft is completed or has failed."""

    def read(after: int) -> Heard:
        with service.benches.use(workspace) as bench:
            if grown := bench.catalog.drafts.events(workspace, log_id, after):
                return Heard(grown)
        events, job = _read(service, workspace, log_id, after)
        end = final_event(job)
        if events or end is None:
            return Heard(events)
        if after and has_all(service, workspace, log_id, after):
            return Heard(over=True)
        return Heard(last=DraftEvent.model_validate({"seq": after + 1, "type": end[0], "data": end[1]}))

    return Feed(log_id, read, lambda event: event.type in TERMINAL)


async def completed_only(draft_id: str) -> AsyncIterator[bytes]:
    """The stream of a draft that was written outside of the service."""
    yield encode(DraftEvent(seq=1, type="draft.completed", data={"draft_id": draft_id}))


async def follow(service: Service, feed: Feed, after: int) -> AsyncIterator[bytes]:
    """Events after that number as they are stored, until the log ends or the server stops."""
    service.metrics.move(_STREAMS, 1)
    sent_at = time.monotonic()
    wait_s = _LOOK_EVERY_S
    try:
        with service.bus.listen(feed.log_id, service.stopping) as grown:
            while not service.stopping.is_set():
                grown.clear()
                heard = await run_in_threadpool(feed.read, after)
                for event in heard.events:
                    yield encode(event)
                    after, sent_at = event.seq, time.monotonic()
                    if feed.ends(event):
                        return
                if heard.last is not None:
                    yield encode(heard.last)
                if heard.last is not None or heard.over:
                    return
                if time.monotonic() - sent_at >= _PING_EVERY_S:
                    yield KEEPALIVE_COMMENT
                    sent_at = time.monotonic()
                wait_s = _LOOK_EVERY_S if heard.events else min(wait_s * 1.5, feed.patience_s)
                await rung(grown, wait_s)
            yield stopping()
    finally:
        service.metrics.move(_STREAMS, -1)


def _read(service: Service, workspace: str, log_id: str, after: int) -> tuple[list[DraftEvent], Job | None]:
    # The job first: if it is over now, the log that is read next is whole.
    job = service.jobs.get(workspace, log_id)
    with service.benches.use(workspace) as bench:
        return bench.catalog.drafts.events(workspace, log_id, after), job
