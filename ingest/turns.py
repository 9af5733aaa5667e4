"""One import of a workspace at a time: side by side they would each count as kept what the other one stores."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from assistant.stores.port import Turns
from ingest.options import Progress

_POLL_S = 0.2
_never = threading.Event()


@contextmanager
def own_turn(turns: Turns, workspace: str, progress: Progress) -> Iterator[None]:
    """Wait until no other process or thread imports into this workspace, and keep the others waiting.

    A process that is killed loses its turn. Args: progress: told of the waiting; it may raise `Cancelled`.
    """
    while (give_back := turns.take("imports", workspace)) is None:
        progress(0, None, "waiting for another import of this workspace")
        _never.wait(_POLL_S)
    try:
        yield
    finally:
        give_back()
