"""What servers that the tests start have in common."""

import ctypes
import signal
import socket
from collections.abc import Callable

_PARENT_DIED = 1
"""prctl's PR_SET_PDEATHSIG."""


def free_port() -> int:
    """A port of 127.0.0.1 that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        return int(listening.getsockname()[1])


def end_with_parent(with_signal: signal.Signals) -> Callable[[], None]:
    """What a child runs before its program, so that it ends when the tests are killed."""

    def ask() -> None:
        ctypes.CDLL(None).prctl(_PARENT_DIED, with_signal)

    return ask
