"""Waiting for something that another thread or process does, with a limit."""

import threading
import time
from collections.abc import Callable


def until(condition: Callable[[], bool], *, timeout_s: float = 30.0) -> None:
    """Look every 20 ms until the condition holds. Raises: AssertionError after the limit."""
    deadline = time.monotonic() + timeout_s
    pause = threading.Event()
    while not condition():
        assert time.monotonic() < deadline, f"it did not happen within {timeout_s} s"
        pause.wait(0.02)
