"""One run of a kind at a time in a workspace: side by side they would overwrite or count twice what the other one stores."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from assistant.jobs.port import Progress

Take = Callable[[str, str], Callable[[], None] | None]
"""`Turns.take` of the stores: what and workspace → what gives the turn back, None where another one has it."""
_POLL_S = 0.2
_never = threading.Event()


@contextmanager
def own_turn(take: Take, workspace: str, progress: Progress, *, of: str, told: str) -> Iterator[None]:
    """Wait until no other process or thread does the same in this workspace, and keep the others waiting.

    A process that is killed loses its turn.

    Args:
        take: of the catalog's turns.
        progress: told of the waiting; it may raise `Cancelled`.
        of: what takes turns, the name of a folder, for example `imports`.
        told: who is waited for, for example `another import`.
    """
    while (give_back := take(of, workspace)) is None:
        progress(0, None, f"waiting for {told} of this workspace")
        _never.wait(_POLL_S)
    try:
        yield
    finally:
        give_back()
