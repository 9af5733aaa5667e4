"""When a worker looks into its queues, and how much it takes: when it hears of a job, that one; else each second, all that there is.

A look of dbos costs 4 ms of CPU, found or not. Looks at fixed times, ten a second for the first draft to begin soon, took a sixth of a
busy worker's time and 8 % of a processor from an idle one.
"""

import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial

Loop = Callable[[threading.Event, str], None]
"""Takes jobs of a queue until the event is set, at which it waits between two looks."""
Bound = Callable[[str, int | None], None]
"""Bounds the next look into a queue to so many jobs; None: to its places."""

_QUIET_S = 1.0
"""Between two looks into a queue of which nothing was heard: a job that another process submitted comes this late at most."""
_END_S = 10.0


class _Bell(threading.Event):
    """What dbos' loop of one queue waits at: set where the loop is to end, rung where there may be a job to take.

    Args: places: jobs of this queue at a time. is_told: jobs that come are heard of. bound: the next look.
    """

    def __init__(self, places: int, is_told: bool, bound: Callable[[int | None], None]) -> None:
        super().__init__()
        self._places = places
        self._is_told = is_told
        self._bound = bound
        self._rung = threading.Event()
        # What came before this worker did was told to nobody.
        self._rung.set()
        self._told: int | None = None
        self._lock = threading.Lock()
        self._running = 0
        self._full_until = 0.0

    def set(self) -> None:
        """End the loop."""
        super().set()
        self._rung.set()

    def ring(self, jobs: int | None) -> None:
        """There may be so many jobs; None: nobody knows."""
        with self._lock:
            self._told = None if jobs is None or self._told is None else self._told + jobs
        self._rung.set()

    def begun(self) -> None:
        """A job of this queue is being done."""
        with self._lock:
            self._running += 1

    def ended(self) -> None:
        """One is over. Nobody tells of the next one that waited for its place, and dbos gives the place back a moment later."""
        with self._lock:
            if self._running >= self._places:
                self._full_until = time.monotonic() + _QUIET_S
            self._running -= 1

    def wait(self, timeout: float | None = None) -> bool:
        """Wait for the time of the next look. Returns: whether the loop is to end."""
        with self._lock:
            waits_for_place = self._running >= self._places or time.monotonic() < self._full_until
        if timeout is not None and self._is_told and not waits_for_place:
            timeout = max(timeout, _QUIET_S)
        is_rung = self._rung.wait(timeout)
        if not self.is_set():
            self._rung.clear()
            with self._lock:
                told, self._told = self._told, 0
            # Others heard of the rest: who took all that waits would leave them idle.
            self._bound(told if is_rung and self._is_told and not waits_for_place else None)
        return self.is_set()


class Looks:
    """The loops of the queues of one worker.

    Args:
        loop: of one queue.
        bound: called before each look.
        places: queue → jobs of it at a time.
        is_told: `ring` is called for whatever other processes submit.
    """

    def __init__(self, loop: Loop, bound: Bound, places: Mapping[str, int], *, is_told: bool) -> None:
        self._bells = {name: _Bell(most, is_told, partial(bound, name)) for name, most in places.items()}
        self._threads = [
            threading.Thread(target=loop, args=(bell, name), name=f"queue {name}", daemon=True)
            for name, bell in self._bells.items()
        ]

    def start(self) -> None:
        """Look from now on."""
        for thread in self._threads:
            thread.start()

    def ring(self, name: str) -> None:
        """Take a job of that queue now, if it is looked into here."""
        if (bell := self._bells.get(name)) is not None:
            bell.ring(1)

    def ring_all(self) -> None:
        """Look into all queues now."""
        for bell in self._bells.values():
            bell.ring(None)

    @contextmanager
    def doing(self, name: str) -> Iterator[None]:
        """A job of that queue is being done while the block runs."""
        bell = self._bells.get(name)
        if bell is None:
            yield
            return
        bell.begun()
        try:
            yield
        finally:
            bell.ended()

    def close(self) -> None:
        """Take no more."""
        for bell in self._bells.values():
            bell.set()
        for thread in self._threads:
            thread.join(_END_S)
