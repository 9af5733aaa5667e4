"""The seam to durable background work."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from assistant.domain.job import Job

Progress = Callable[[int, int | None, str], None]
"""Called with done, total (None where unknown) and a short message. Raises Cancelled once a person stopped the job."""

Handler = Callable[[str, Mapping[str, Any], Progress], Mapping[str, Any]]
"""`(workspace, payload, progress) -> result`. Runs again from its start after a crash, so it must be idempotent:
finished work is found in the catalog (checkpoints, call cache) and not repeated."""


@dataclass(frozen=True)
class JobTally:
    """How much work there was and is."""

    states: Mapping[tuple[str, str], int]
    """Kind and state → how many."""
    oldest_queued_at: datetime | None
    """Since when the one that waits longest waits; None: nothing does."""


class CountedJobs(Protocol):
    """A queue that tells how full it is."""

    def tally(self, workspace: str | None) -> JobTally:
        """Count now. Args: workspace: None: all of them, which only who runs the server may ask. Raises: StoreError."""
        ...


class Jobs(Protocol):
    """Queue of durable work. A killed worker's jobs are taken over within 30 s."""

    def submit(self, workspace: str, kind: str, payload: Mapping[str, Any], *, key: str | None = None) -> Job:
        """Enqueue. The same key gives the same job. The payload holds ids and paths, never bulk data."""
        ...

    def get(self, workspace: str, job_id: str) -> Job | None: ...

    def newest(self, workspace: str, limit: int, after: str | None = None) -> list[Job]:
        """Newest first, after that job id; none after an id that isn't there."""
        ...

    def cancel(self, workspace: str, job_id: str) -> Job | None: ...

    def start(self, handlers: Mapping[str, Handler], *, takes_long: bool = True) -> None:
        """Begin to work: recover what a killed process left, then take from the queues.

        Args: takes_long: whether imports and runs of themes are done here, too.
        """
        ...

    def close(self) -> None:
        """Stop taking work and give back what runs."""
        ...
