"""Writes the event log of a draft or a turn: numbers the events, joins text deltas, and goes on where a killed worker stopped."""

import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Generic, Protocol, TypeVar
from weakref import WeakSet

from pydantic import ValidationError

from assistant.domain.events import PIECES, LoggedEvent

TERMINAL = frozenset({"draft.completed", "draft.failed"})
"""Types that end the log of a draft."""
TURN_OVER = frozenset({"turn.completed", "turn.failed"})
"""Types that end what a thread's log tells of one turn."""
_Event = TypeVar("_Event", bound=LoggedEvent)
_JOIN_S = 0.04
"""Pieces wait for each other, every other event is stored at once. What comes within this time of the last append of a burst is stored together, its text as one event: 25 frames a second look
fluent, cost little. What begins a burst, or comes after a pause, is stored at once: the first word of a model must not wait for
its second one (20 ms at 50 tokens a second)."""
_SHARE = 10
"""Where an append takes long, at most a tenth of the time goes to appends."""
_APPENDS_A_S = 150
"""Of all logs that this process writes together: each costs 1 to 2 ms of CPU, and fifty drafts would spend a whole processor on them."""
_bursting: "WeakSet[Recorder[Any]]" = WeakSet()
"""Those that are in the midst of pieces."""


class Log(Protocol[_Event]):
    """Where events are stored: `DraftStore` and `TurnStore` are logs."""

    def append_events(self, workspace: str, log_id: str, events: Sequence[_Event], /) -> None:
        """Append. An event whose `seq` is there already is left out."""
        ...

    def events(self, workspace: str, log_id: str, after_seq: int, /) -> list[_Event]:
        """Events with a greater `seq`, in order."""
        ...


class Recorder(Generic[_Event]):
    """The `emit` callback of the writing of one draft, or of the answer to one turn.

    A worker that takes over a killed one runs the writing again from its start; finished model calls come from the call
    cache. The events up to the last `step.completed` of the log are in it already and are skipped. The step that was cut
    off starts again with a fresh `step.started`: a reader drops what it had of that step.

    Args:
        event: the class of the log's events.
        ring: called with the log's id after each append.
        turn: the turn that is answered, in a log of many; it stands in each event's data.
    """

    def __init__(
        self,
        log: Log[_Event],
        workspace: str,
        log_id: str,
        *,
        event: type[_Event],
        ring: Callable[[str], None],
        turn: str = "",
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._log = log
        self._workspace = workspace
        self._log_id = log_id
        self._event = event
        self._ring = ring
        self._base = {"turn": turn} if turn else {}
        self._last = TURN_OVER if turn else TERMINAL
        self._clock = clock
        whole = log.events(workspace, log_id, 0)
        self._seq = whole[-1].seq if whole else 0
        stored = [one for one in whole if not turn or one.data.get("turn") == turn]
        self._over = any(one.type in self._last for one in stored)
        completed = [at for at, one in enumerate(stored) if one.type == "step.completed"]
        self._steps_to_skip = len(completed)
        tail = stored[completed[-1] + 1 :] if completed else stored
        # Outside of a step nothing is cut off: those events are matched one by one.
        cut = next((at for at, one in enumerate(tail) if one.type == "step.started"), len(tail))
        self._loose = [(one.type, one.data) for one in tail[:cut]]
        self._waiting: list[tuple[str, dict[str, Any]]] = []
        self._in_burst = False
        self._next_at = 0.0

    def emit(self, event_type: str, data: Mapping[str, Any]) -> None:
        """Append an event. Raises: ValueError for a type that `domain.events` doesn't know; Cancelled where the turn is over."""
        plain = {**self._base, **data}
        try:
            self._event.model_validate({"seq": 1, "type": event_type, "data": plain})
        except ValidationError as problem:
            raise ValueError(f"unknown event type {event_type}") from problem
        if self._over or self._is_known(event_type, plain):
            return
        self._add(event_type, plain)
        is_piece = event_type in PIECES
        if not (is_piece and self._in_burst) or self._clock() >= self._next_at:
            self.flush()
        self._in_burst = is_piece
        (_bursting.add if is_piece else _bursting.discard)(self)
        self._over = event_type in self._last

    def flush(self) -> None:
        """Append what waits, in one transaction."""
        if not self._waiting:
            return
        events = [
            self._event.model_validate({"seq": self._seq + place, "type": event_type, "data": data})
            for place, (event_type, data) in enumerate(self._waiting, start=1)
        ]
        began = self._clock()
        self._log.append_events(self._workspace, self._log_id, events)
        ended = self._clock()
        joined_s = max(_JOIN_S, len(_bursting) / _APPENDS_A_S)
        self._next_at = max(began + joined_s, ended + _SHARE * (ended - began))
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
