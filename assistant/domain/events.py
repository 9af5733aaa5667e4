"""What happens while a draft is written, as a stored and numbered log."""

from typing import Any, Literal

from pydantic import Field

from assistant.domain.base import Frozen

EventType = Literal[
    "draft.created",
    "step.started",
    "step.completed",
    "draft.text.delta",
    "draft.citation.added",
    "draft.check.completed",
    "draft.completed",
    "draft.failed",
]


class DraftEvent(Frozen):
    """One event; `seq` counts from 1 without gaps in one draft."""

    seq: int
    type: EventType
    data: dict[str, Any] = Field(default_factory=dict)
