"""Waiting for a draft's run: its steps are told as they come. The run goes on whatever becomes of who waits."""

import time

from starlette.concurrency import run_in_threadpool

from api import runs, sse
from api.bus import rung
from api.tools.caller import Caller
from assistant.domain.events import LoggedEvent
from assistant.domain.job import Job, JobState

_LOOK_EVERY_S = 1.0
"""The bus wakes at once; this is for events that another process stored."""


async def settled(caller: Caller, run_id: str, wait_s: float) -> None:
    """Return when the run is over, when the time is up, or when the service stops. An id that is no run's is over."""
    if wait_s <= 0 or not await run_in_threadpool(_goes_on, caller, run_id):
        return
    service = caller.service
    until = time.monotonic() + wait_s
    feed = sse.of_draft(service, caller.workspace, run_id)
    after, steps = 0, 0
    with service.bus.listen(run_id, service.stopping) as grown:
        while not service.stopping.is_set():
            grown.clear()
            heard = await run_in_threadpool(feed.read, after)
            for event in heard.events:
                after = event.seq
                steps += event.type == "step.completed"
                if event.type == "step.started":
                    await caller.report(steps, _said(event))
            if heard.over or heard.last is not None or any(map(feed.ends, heard.events)):
                return
            left = until - time.monotonic()
            if left <= 0:
                return
            await rung(grown, min(left, _LOOK_EVERY_S))


def _goes_on(caller: Caller, run_id: str) -> bool:
    job: Job | None = caller.service.jobs.get(caller.workspace, run_id)
    return job is not None and job.kind == runs.KIND and job.state in (JobState.queued, JobState.running)


def _said(event: LoggedEvent) -> str:
    return str(event.data.get("step", "writing"))[:200]
