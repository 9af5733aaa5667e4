"""Durable background work, as others see it."""

from enum import StrEnum
from typing import Any

from pydantic import AwareDatetime, Field

from assistant.domain.base import Frozen


class JobState(StrEnum):
    """Where a job stands."""

    queued = "queued"
    running = "running"
    done = "done"
    failed = "failed"
    cancelled = "cancelled"


class Job(Frozen):
    """A piece of work with its progress."""

    id: str
    workspace: str
    kind: str
    """`ingest`, `draft`, `themes`, `themes-shard`, `rebuild-index`, `turn`, `ticket`."""
    state: JobState
    done: int = 0
    total: int | None = None
    message: str = ""
    result: dict[str, Any] = Field(default_factory=dict)
    error: dict[str, Any] | None = None
    """`{code, message, hint, retryable}` where it failed."""
    created_at: AwareDatetime | None = None
