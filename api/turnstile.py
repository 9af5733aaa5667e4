"""How many drafts are computed at once. Who waits for the words of a model computes nothing and holds no place.

Fifty threads that share the interpreter's lock each go a fiftieth as fast, and pay for passing it round: all surveys end at once, and
only then does the first model begin. A few at a time end one after the other, so that models word while the next survey runs. Those
whose model hasn't begun go before those whose model is done: the longest wait begins early.
"""

import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from assistant.domain.events import EventType
from assistant.drafting.pipeline import Emit
from assistant.jobs.port import Progress

AT_ONCE = 2
"""One holds the interpreter's lock; the other one computes in numpy, onnxruntime or SQLite, which don't."""
_WAITS = frozenset({"word", "judge"})
"""Steps of a draft in which a model is asked."""
_LOOK_EVERY_S = 3.0
"""Between two calls of its progress, by which one that waits hears that it is stopped. Each call is a write."""
_PATIENCE_S = 10.0
"""So long others go before one whose model is done; a steady flow of new drafts must not keep it for ever."""


class Turnstile:
    """Args: most: places."""

    def __init__(self, most: int = AT_ONCE) -> None:
        self._free = most
        self._unworded = 0
        """Drafts that wait for their first place."""
        self.waiting = 0
        """Drafts that wait for a place."""
        self._changed = threading.Condition()

    @contextmanager
    def place(self, progress: Progress) -> Iterator["Place"]:
        """A place for the writing of one draft. Args: progress: called while it is waited for; it may raise to end the wait."""
        place = Place(self, progress)
        place.take()
        try:
            yield place
        finally:
            place.leave()

    def enter(self, is_worded: bool, progress: Progress) -> None:
        """Wait for a free place and take it."""
        began = time.monotonic()

        def may_enter() -> bool:
            yields = is_worded and self._unworded and time.monotonic() - began < _PATIENCE_S
            return self._free > 0 and not yields

        with self._changed:
            self.waiting += 1
            self._unworded += not is_worded
        try:
            while not self._entered(may_enter):
                progress(0, None, "waiting for its turn")
        finally:
            with self._changed:
                self.waiting -= 1
                self._unworded -= not is_worded
                self._changed.notify_all()

    def _entered(self, may_enter: Callable[[], bool]) -> bool:
        with self._changed:
            entered = self._changed.wait_for(may_enter, _LOOK_EVERY_S)
            self._free -= entered
            return entered

    def leave(self) -> None:
        """Give a place back."""
        with self._changed:
            self._free += 1
            self._changed.notify_all()


class Place:
    """What one draft holds, and gives away while its model is asked."""

    def __init__(self, stile: Turnstile, progress: Progress) -> None:
        self._stile = stile
        self._progress = progress
        self._is_held = False
        self._is_worded = False

    def following(self, emit: Emit) -> Emit:
        """The callback of the draft's events, which this place follows from now on."""

        def told(event_type: EventType, data: dict[str, Any]) -> None:
            # Left before the event is stored: who is next doesn't wait for that.
            self.heed(event_type, data)
            emit(event_type, data)

        return told

    def heed(self, event_type: str, data: Mapping[str, Any]) -> None:
        """Follow the draft by its events: leave where a step of a model begins, take a place again where it ends."""
        if data.get("step") not in _WAITS:
            return
        if event_type == "step.started":
            self.leave()
        elif event_type == "step.completed":
            self._is_worded = True
            self.take()

    def take(self) -> None:
        """Wait for a place."""
        if not self._is_held:
            self._stile.enter(self._is_worded, self._progress)
            self._is_held = True

    def leave(self) -> None:
        """Give it back; without one, nothing."""
        if self._is_held:
            self._is_held = False
            self._stile.leave()
