"""What comes in is stored first and then given to a job: whoever was told that it is accepted loses nothing by a kill in between."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from weakref import WeakKeyDictionary

from assistant.domain.job import Job, JobState
from assistant.domain.ticket import Arrived, Delivery
from assistant.errors import Conflict, NotFound
from assistant.jobs.ledger import job_id
from assistant.jobs.port import Jobs
from assistant.stores.port import Catalog

KIND = "ticket"
_FORGET_AFTER = timedelta(days=30)
"""A tracker repeats a message for hours. A replay that is older changes nothing: by then its ticket has a newer version."""
_MOST_TRIES = 20


@dataclass(frozen=True)
class Accepted:
    """A message that is kept."""

    job: Job
    is_new: bool


def accept(catalog: Catalog, jobs: Jobs, workspace: str, arrived: Arrived, body_sha256: str) -> Accepted:
    """Keep a message and have it worked on. The same one again is kept once; its job is named again.

    Raises: Conflict where a message of that id was another one, StoreError.
    """
    is_new = keep(catalog, workspace, arrived, body_sha256)
    return Accepted(submit(jobs, workspace, arrived.connection, arrived.delivery_id, again=is_new), is_new)


def keep(catalog: Catalog, workspace: str, arrived: Arrived, body_sha256: str) -> bool:
    """Keep a message. Returns: whether it is new. Raises: Conflict where a message of that id was another one, StoreError."""
    now = datetime.now(UTC)
    delivery = Delivery(
        connection=arrived.connection, id=arrived.delivery_id, body_sha256=body_sha256, taken_at=now
    )
    known = catalog.deliveries.take(workspace, delivery, now - _FORGET_AFTER, arrived)
    if known is not None and known.body_sha256 != body_sha256:
        raise Conflict(
            "A message with this id came in before, and it was another one.", hint="This one is ignored."
        )
    return known is None


_newest: WeakKeyDictionary[Jobs, dict[tuple[str, str], str]] = WeakKeyDictionary()
"""Workspace and connection → the job that this process gave last for it."""


def submit(jobs: Jobs, workspace: str, connection: str, delivery_id: str, *, again: bool = True) -> Job:
    """The job that works on what waits: one that waits itself does so for all that is kept by now, however many come at once.

    Args:
        again: whether one that failed is followed by another.
    """
    newest = _newest.setdefault(jobs, {})
    if again and (known := newest.get((workspace, connection))) is not None:
        held = jobs.get(workspace, known)
        if held is not None and held.state is JobState.queued:
            return held
    job = _submit(jobs, workspace, connection, delivery_id, again=again)
    newest[workspace, connection] = job.id
    return job


def _submit(jobs: Jobs, workspace: str, connection: str, delivery_id: str, *, again: bool) -> Job:
    payload: Mapping[str, Any] = {"connection": connection, "delivery": delivery_id}
    key = f"{connection}/{delivery_id}"
    job = jobs.submit(workspace, KIND, payload, key=key)
    if not again:
        return job
    for attempt in range(1, _MOST_TRIES):
        if job.state in (JobState.queued, JobState.running):
            return job
        key = f"{connection}/{delivery_id}/{attempt}"
        held = jobs.get(workspace, job_id(workspace, KIND, key))
        job = held or jobs.submit(workspace, KIND, payload, key=key)
    if job.state not in (JobState.queued, JobState.running):
        raise NotFound(
            "This message was tried too often.", hint="The page of jobs says why; send the ticket again."
        )
    return job


def take_up(catalog: Catalog, jobs: Jobs) -> int:
    """Have worked on what waits without a job, in any workspace: of a process that died in between, or whose job failed.

    Returns: how many connections had something waiting.
    """
    waiting = catalog.deliveries.unfinished()
    for workspace, connection, delivery_id in waiting:
        submit(jobs, workspace, connection, delivery_id)
    return len(waiting)
