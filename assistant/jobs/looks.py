"""When a worker looks into its queues: when it hears of a job, else each second.

A look of dbos costs 4 ms of CPU, found or not. Looks at fixed times, ten a second for the first draft to begin soon, took a sixth of a
busy worker's time and 8 % of a processor from an idle one.
"""

import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager

Loop = Callable[[threading.Event, str], None]
"""Takes jobs of a queue until the event is set, at which it waits between two looks."""

_QUIET_S = 1.0
"""Between two looks into a queue of which nothing was heard: a job that another process submitted comes this late at most."""
_END_S = 10.0


class _Bell(threading.Event):
    """What dbos' loop of one queue waits at: set where the loop is to end, rung where there may be a job to take.

    Args: places: jobs of this queue at a time. is_told: jobs that come are heard of.
    """

    def __init__(self, places: int, is_told: bool) -> None:
        super().__init__()
        self._places = places
        self._is_told = is_told
        self._rung = threading.Event()
        # What came before this worker did was told to nobody.
        self._rung.set()
        self._lock = threading.Lock()
        self._running = 0
        self._full_until = 0.0

    def set(self) -> None:
        """End the loop."""
        super().set()
        self._rung.set()

    def ring(self) -> None:
        """There may be a job."""
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
        self._rung.wait(timeout)
        if not self.is_set():
            self._rung.clear()
        return self.is_set()


class Looks:
    """The loops of the queues of one worker.

    Args: loop: of one queue. places: queue → jobs of it at a time. is_told: `ring` is called for whatever other processes submit.
    """

    def __init__(self, loop: Loop, places: Mapping[str, int], *, is_told: bool) -> None:
        self._bells = {name: _Bell(most, is_told) for name, most in places.items()}
        self._threads = [
            threading.Thread(target=loop, args=(bell, name), name=f"queue {name}", daemon=True)
            for name, bell in self._bells.items()
        ]

    def start(self) -> None:
        """Look from now on."""
        for thread in self._threads:
            thread.start()

    def ring(self, names: Iterable[str] | None = None) -> None:
        """Look now. Args: names: of queues; those that aren't looked into here are passed over. None: all."""
        for name in self._bells if names is None else names:
            if (bell := self._bells.get(name)) is not None:
                bell.ring()

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
