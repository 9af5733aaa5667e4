"""Writes the event log of a draft: numbers the events, joins text deltas, and goes on where a killed worker stopped."""

import time
from collections.abc import Callable, Mapping
from typing import Any, get_args

from assistant.domain.events import DraftEvent, EventType
from assistant.stores.port import DraftStore

TERMINAL = frozenset({"draft.completed", "draft.failed"})
"""Types that end a log."""
_TYPES = frozenset(get_args(EventType))
_JOINED = frozenset({"draft.text.delta", "draft.citation.added"})
"""Types that come in bursts. They wait for each other, every other event is stored at once."""
_JOIN_S = 0.04
"""What comes in this time is stored together, and its text is one event: 25 frames a second look fluent, cost little."""


class Recorder:
    """The `emit` callback of one draft's writing.

    A worker that takes over a killed one runs the writing again from its start; finished model calls come from the call
    cache. The events up to the last `step.completed` of the log are in it already and are skipped. The step that was cut
    off starts again with a fresh `step.started`: a reader drops what it had of that step.

    Args:
        ring: called with the log's id after each append.
    """

    def __init__(
        self,
        drafts: DraftStore,
        workspace: str,
        log_id: str,
        *,
        ring: Callable[[str], None],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._drafts = drafts
        self._workspace = workspace
        self._log_id = log_id
        self._ring = ring
        self._clock = clock
        stored = drafts.events(workspace, log_id, 0)
        self._seq = stored[-1].seq if stored else 0
        self._over = any(event.type in TERMINAL for event in stored)
        completed = [at for at, event in enumerate(stored) if event.type == "step.completed"]
        self._steps_to_skip = len(completed)
        tail = stored[completed[-1] + 1 :] if completed else stored
        # Outside of a step nothing is cut off: those events are matched one by one.
        cut = next((at for at, event in enumerate(tail) if event.type == "step.started"), len(tail))
        self._loose = [(event.type, event.data) for event in tail[:cut]]
        self._waiting: list[tuple[str, dict[str, Any]]] = []
        self._waits_since = 0.0

    def emit(self, event_type: str, data: Mapping[str, Any]) -> None:
        """Append an event. Raises: ValueError for a type that `domain.events` doesn't know."""
        if event_type not in _TYPES:
            raise ValueError(f"unknown event type {event_type}")
        plain = dict(data)
        if self._over or self._is_known(event_type, plain):
            return
        now = self._clock()
        if not self._waiting:
            self._waits_since = now
        self._add(event_type, plain)
        if event_type not in _JOINED or now - self._waits_since >= _JOIN_S:
            self.flush()
        self._over = event_type in TERMINAL

    def flush(self) -> None:
        """Append what waits, in one transaction."""
        if not self._waiting:
            return
        events = [
            DraftEvent.model_validate({"seq": self._seq + place, "type": event_type, "data": data})
            for place, (event_type, data) in enumerate(self._waiting, start=1)
        ]
        self._drafts.append_events(self._workspace, self._log_id, events)
        self._seq = events[-1].seq
        self._waiting = []
        self._ring(self._log_id)

    def _add(self, event_type: str, data: dict[str, Any]) -> None:
        if event_type == "draft.text.delta" and self._waiting:
            last_type, last = self._waiting[-1]
            if last_type == event_type and {**last, "text": ""} == {**data, "text": ""}:
                self._waiting[-1] = (event_type, {**data, "text": f"{last['text']}{data['text']}"})
                return
        self._waiting.append((event_type, data))

    def _is_known(self, event_type: str, data: dict[str, Any]) -> bool:
        if self._steps_to_skip:
            if event_type == "step.completed":
                self._steps_to_skip -= 1
            return True
        if self._loose:
            if self._loose[0] == (event_type, data):
                self._loose.pop(0)
                return True
            self._loose = []
        return False
