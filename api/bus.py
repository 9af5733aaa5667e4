"""Wakes the streams of a draft when its log grows. What is sent is read from the catalog; here is only the bell."""

import asyncio
import threading
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

Ring = Callable[[str], None]
"""Called with the id of a log that grew."""
_Listener = tuple[asyncio.AbstractEventLoop, asyncio.Event]


class Bus:
    """Worker threads ring; streams on the event loop listen."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._listeners: dict[str, set[_Listener]] = defaultdict(set)

    @contextmanager
    def listen(self, log_id: str, stopping: asyncio.Event) -> Iterator[asyncio.Event]:
        """An event that is set whenever that log grew, and when the server stops; the listener clears it."""
        listener = (asyncio.get_running_loop(), asyncio.Event())
        # One task for the whole stream: two for each wait for either event took a tenth of the time of fifty streams.
        stop = asyncio.ensure_future(stopping.wait())
        stop.add_done_callback(lambda _: listener[1].set())
        with self._lock:
            self._listeners[log_id].add(listener)
        try:
            yield listener[1]
        finally:
            stop.cancel()
            with self._lock:
                self._listeners[log_id].discard(listener)
                if not self._listeners[log_id]:
                    del self._listeners[log_id]

    def ring(self, log_id: str) -> None:
        """Wake the listeners of that log. Callable from any thread."""
        with self._lock:
            for loop, event in self._listeners.get(log_id, ()):
                if not loop.is_closed():
                    loop.call_soon_threadsafe(event.set)


async def rung(grown: asyncio.Event, timeout_s: float) -> None:
    """Wait until it is set, or for so long."""
    with suppress(TimeoutError):
        async with asyncio.timeout(timeout_s):
            await grown.wait()
