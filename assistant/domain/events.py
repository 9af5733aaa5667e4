"""What happens while a draft is written or a turn is answered, as a stored and numbered log."""

from collections.abc import Iterable
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
ThreadEventType = Literal[
    EventType,
    "turn.started",
    "turn.text.delta",
    "turn.citation.added",
    "turn.question",
    "turn.proposal",
    "turn.completed",
    "turn.failed",
]

PIECES = frozenset({"draft.text.delta", "draft.citation.added", "turn.text.delta", "turn.citation.added"})
"""Types that come in bursts while something is written. A run that begins again tells them again, word for word."""


class LoggedEvent(Frozen):
    """One event of a log; `seq` counts from 1 without gaps in one log."""

    seq: int
    type: str
    data: dict[str, Any] = Field(default_factory=dict)


def all_pieces(events: Iterable[LoggedEvent]) -> bool:
    """Whether nothing but pieces of what is being written is in them."""
    return all(event.type in PIECES for event in events)


class DraftEvent(LoggedEvent):
    """An event of the writing of one draft."""

    type: EventType


class ThreadEvent(LoggedEvent):
    """An event of a thread: of a turn, or of the draft that a turn writes. `data.turn` names the person's turn."""

    type: ThreadEventType
