"""One import of a workspace at a time: side by side they would each count as kept what the other one stores."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from ingest.options import Progress

_POLL_S = 0.2


@contextmanager
def own_turn(home: Path, workspace: str, progress: Progress) -> Iterator[None]:
    """Wait until no other process or thread imports into this workspace, and keep the others waiting.

    The system takes the turn from a process that is killed. Args: progress: told of the waiting; it may raise `Cancelled`.
    """
    folder = home / "imports"
    folder.mkdir(parents=True, exist_ok=True)
    lock = FileLock(folder / f"{workspace}.lock", is_singleton=False)
    while True:
        try:
            lock.acquire(timeout=_POLL_S)
        except Timeout:
            progress(0, None, "waiting for another import of this workspace")
        else:
            break
    try:
        yield
    finally:
        lock.release()
