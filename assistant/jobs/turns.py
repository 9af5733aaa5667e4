"""One run of a kind at a time in a workspace: side by side they would overwrite or count twice what the other one stores."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from assistant.jobs.port import Progress

_POLL_S = 0.2


@contextmanager
def own_turn(home: Path, workspace: str, progress: Progress, *, of: str, told: str) -> Iterator[None]:
    """Wait until no other process or thread does the same in this workspace, and keep the others waiting.

    The system takes the turn from a process that is killed.

    Args:
        progress: told of the waiting; it may raise `Cancelled`.
        of: what takes turns, the name of a folder, for example `imports`.
        told: who is waited for, for example `another import`.
    """
    folder = home / of
    folder.mkdir(parents=True, exist_ok=True)
    lock = FileLock(folder / f"{workspace}.lock", is_singleton=False)
    while True:
        try:
            lock.acquire(timeout=_POLL_S)
        except Timeout:
            progress(0, None, f"waiting for {told} of this workspace")
        else:
            break
    try:
        yield
    finally:
        lock.release()
