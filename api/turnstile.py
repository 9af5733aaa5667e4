"""How many drafts are computed at once. Who waits for the words of a model computes nothing and holds no place.

Fifty threads that share the interpreter's lock each go a fiftieth as fast, and pay for passing it round: all surveys end at once, and
only then does the first model begin. A few at a time end one after the other, so that models word while the next survey runs.
"""

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from assistant.domain.events import EventType
from assistant.drafting.pipeline import Emit
from assistant.jobs.port import Progress

AT_ONCE = 2
"""One holds the interpreter's lock; the other one computes in numpy, onnxruntime or SQLite, which don't."""
_WAITS = frozenset({"word", "judge"})
"""Steps of a draft in which a model is asked."""
_LOOK_EVERY_S = 1.0
"""Between two calls of its progress, by which one that waits hears that it is stopped."""


class Turnstile:
    """Args: most: places."""

    def __init__(self, most: int = AT_ONCE) -> None:
        self._places = threading.Semaphore(most)

    @contextmanager
    def place(self, progress: Progress) -> Iterator["Place"]:
        """A place for the writing of one draft. Args: progress: called while it is waited for; it may raise to end the wait."""
        place = Place(self._places, progress)
        place.take()
        try:
            yield place
        finally:
            place.leave()


class Place:
    """What one draft holds, and gives away while its model is asked."""

    def __init__(self, places: threading.Semaphore, progress: Progress) -> None:
        self._places = places
        self._progress = progress
        self._is_held = False

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
            self.take()

    def take(self) -> None:
        """Wait for a place."""
        while not self._is_held:
            self._is_held = self._places.acquire(timeout=_LOOK_EVERY_S)
            if not self._is_held:
                self._progress(0, None, "waiting for its turn")

    def leave(self) -> None:
        """Give it back; without one, nothing."""
        if self._is_held:
            self._is_held = False
            self._places.release()
