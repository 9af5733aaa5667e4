"""The event log of a draft as server-sent events, from the stored log, with resume by `Last-Event-ID`."""

import asyncio
import json
import time
from collections.abc import AsyncIterator
from http import HTTPStatus

from fastapi.sse import KEEPALIVE_COMMENT, format_sse_event
from starlette.concurrency import run_in_threadpool
from starlette.responses import StreamingResponse

from api.deps import Service
from api.errors import HttpProblem
from api.recorder import TERMINAL
from api.runs import final_event
from assistant.domain.events import DraftEvent
from assistant.domain.job import Job

_LOOK_EVERY_S = 1.0
"""The bus wakes a stream at once; this is for events that another process stored."""
_PING_EVERY_S = 15.0
_MAX_SEQ_DIGITS = 12


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


def respond(events: AsyncIterator[bytes]) -> StreamingResponse:
    """The streamed answer; proxies are told not to hold it back."""
    headers = {"Cache-Control": "no-cache", "X-Accel-Buffering": "no"}
    return StreamingResponse(events, media_type="text/event-stream", headers=headers)


def encode(event: DraftEvent) -> bytes:
    """One event on the wire: its id is its number, its data the whole event as JSON."""
    data = json.dumps({"seq": event.seq, **event.data}, ensure_ascii=False)
    return format_sse_event(data_str=data, event=event.type, id=str(event.seq))


def has_all(service: Service, workspace: str, log_id: str, after: int) -> bool:
    """Whether a run is over and its reader has the last event, or one that was never stored: there is nothing to come."""
    events, job = _read(service, workspace, log_id, after - 1)
    if events:
        return events[0].seq == after and events[0].type in TERMINAL
    if final_event(job):
        return True
    whole, _ = _read(service, workspace, log_id, 0)
    return any(event.type in TERMINAL for event in whole)


async def completed_only(draft_id: str) -> AsyncIterator[bytes]:
    """The stream of a draft that was written outside of the service."""
    yield encode(DraftEvent(seq=1, type="draft.completed", data={"draft_id": draft_id}))


async def follow(service: Service, workspace: str, log_id: str, after: int) -> AsyncIterator[bytes]:
    """Events after that number as they are stored, until the draft is completed or has failed, or the server stops."""
    service.metrics.move("event_streams", 1)
    sent_at = time.monotonic()
    try:
        with service.bus.listen(log_id) as grown:
            while not service.stopping.is_set():
                grown.clear()
                events, job = await run_in_threadpool(_read, service, workspace, log_id, after)
                for event in events:
                    yield encode(event)
                    after, sent_at = event.seq, time.monotonic()
                    if event.type in TERMINAL:
                        return
                if (end := final_event(job)) and not events:
                    if after and await run_in_threadpool(has_all, service, workspace, log_id, after):
                        return
                    yield encode(
                        DraftEvent.model_validate({"seq": after + 1, "type": end[0], "data": end[1]})
                    )
                    return
                if time.monotonic() - sent_at >= _PING_EVERY_S:
                    yield KEEPALIVE_COMMENT
                    sent_at = time.monotonic()
                await _first_of(grown, service.stopping)
    finally:
        service.metrics.move("event_streams", -1)


async def _first_of(grown: asyncio.Event, stopping: asyncio.Event) -> None:
    waits = [asyncio.ensure_future(grown.wait()), asyncio.ensure_future(stopping.wait())]
    try:
        await asyncio.wait(waits, timeout=_LOOK_EVERY_S, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for wait in waits:
            wait.cancel()


def _read(service: Service, workspace: str, log_id: str, after: int) -> tuple[list[DraftEvent], Job | None]:
    # The job first: if it is over now, the log that is read next is whole.
    job = service.jobs.get(workspace, log_id)
    with service.benches.use(workspace) as bench:
        return bench.catalog.drafts.events(workspace, log_id, after), job
