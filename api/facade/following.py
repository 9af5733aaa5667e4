"""The events of a run as they are stored, for readers that tell them in another protocol than `api/sse.py`."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass

from starlette.concurrency import run_in_threadpool

from api.bus import rung
from api.deps import Service
from api.runs import final_event
from api.threads import revived
from assistant.domain.events import DraftEvent, LoggedEvent
from assistant.workbench import Workbench

_LOOK_EVERY_S = 1.0
"""The bus wakes a reader at once; this is for events that another process stored."""
_READ_S = 0.01
"""Seconds between two reads of a log, for each other answer that is open: one alone is told at once, fifty readers look twice a
second each."""


@dataclass(frozen=True)
class Log:
    """A stored log that grows until one event ends it."""

    topic: str
    """On the bus."""
    read: Callable[[int], Sequence[LoggedEvent]]
    """What stands behind a number, in order."""
    done: str
    """Type of the event that ends it well."""
    failed: str


def log_of_run(service: Service, workspace: str, run: str) -> Log:
    """The log of a draft's run."""
    return Log(run, lambda after: _read(service, workspace, run, after), "draft.completed", "draft.failed")


def log_of_turn(service: Service, workspace: str, thread_id: str, turn: str) -> Log:
    """The events of one turn of a chat."""

    def read(after: int) -> Sequence[LoggedEvent]:
        with service.benches.use(workspace) as bench:
            held = _of_turn(bench, thread_id, turn, after)
            thread = None if held else bench.catalog.threads.get(workspace, thread_id)
            if thread is not None:
                # Its job may have been given up, or never have come.
                revived(service, bench, thread)
            return held

    return Log(thread_id, read, "turn.completed", "turn.failed")


def _of_turn(bench: Workbench, thread_id: str, turn: str, after: int) -> list[LoggedEvent]:
    events = bench.catalog.said.events(bench.workspace, thread_id, after)
    return [one for one in events if one.data.get("turn") == turn]


async def follow(service: Service, log: Log, *, ping_every_s: float) -> AsyncIterator[LoggedEvent | None]:
    """The events from the first to the one that ends it; None where nothing came for so long. Ends without an end where the server stops."""
    service.metrics.move("event_streams", 1)
    after, told_at = 0, time.monotonic()
    try:
        with service.bus.listen(log.topic, service.stopping) as grown:
            while not service.stopping.is_set():
                grown.clear()
                for event in await run_in_threadpool(log.read, after):
                    yield event
                    after, told_at = event.seq, time.monotonic()
                    if event.type in (log.done, log.failed):
                        return
                if time.monotonic() - told_at >= ping_every_s:
                    yield None
                    told_at = time.monotonic()
                await asyncio.sleep(_READ_S * max(0, service.answers.open - 1))
                await rung(grown, _LOOK_EVERY_S)
    finally:
        service.metrics.move("event_streams", -1)


def _read(service: Service, workspace: str, run: str, after: int) -> list[DraftEvent]:
    with service.benches.use(workspace) as bench:
        if grown := bench.catalog.drafts.events(workspace, run, after):
            return grown
        end = final_event(service.jobs.get(workspace, run))
        if end is None:
            return []
        # The job is over, so the log that is read now is whole.
        if rest := bench.catalog.drafts.events(workspace, run, after):
            return rest
    # The log was cut off: its last event was never stored.
    return [DraftEvent.model_validate({"seq": after + 1, "type": end[0], "data": end[1]})]
