"""Waiting for something that another thread or process does, with a limit."""

import threading
import time
from collections.abc import Callable

_SOON_S, _LATER_S = 0.02, 0.1


def until(condition: Callable[[], bool], *, timeout_s: float = 240.0) -> None:
    """Look again and again until the condition holds: after 20 ms at first, later every 100 ms. Raises: AssertionError after the limit.

    To look costs up to 10 ms of CPU time, which whoever is waited for could use. The limit is there for what hangs. What may take
    only so long is measured by who says so: a service's own worker gives way to all else, and on a busy machine waits for minutes.
    """
    begun = time.monotonic()
    pause = threading.Event()
    while not condition():
        waited = time.monotonic() - begun
        assert waited < timeout_s, f"it did not happen within {timeout_s} s"
        pause.wait(min(max(_SOON_S, waited / 5), _LATER_S))
