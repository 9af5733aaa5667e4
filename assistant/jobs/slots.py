"""Which workers live. A worker holds the lock of its slot; the kernel gives the lock back when it dies.

The slot's name is the worker's stable executor id, so whoever can take the lock of a slot knows that its worker is
gone, without clocks or heartbeats.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from assistant.errors import Conflict

MAX_WORKERS = 64


class Slot:
    """The slot of this worker, held until `release`."""

    def __init__(self, folder: Path) -> None:
        """Take the first free slot. Raises: Conflict where there is none."""
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        for number in range(MAX_WORKERS):
            self.name = f"worker-{number}"
            self._lock = FileLock(folder / f"{self.name}.lock")
            try:
                self._lock.acquire(timeout=0)
                return
            except Timeout:
                continue
        raise Conflict(
            f"{MAX_WORKERS} workers use {folder.parent} already.",
            hint="Stop one, or choose another VOXSPEC_HOME.",
        )

    @contextmanager
    def dead(self) -> Iterator[list[str]]:
        """Names of the slots whose workers are gone. No worker can take them while the block runs."""
        taken: dict[str, FileLock] = {}
        try:
            for path in sorted(self._folder.glob("worker-*.lock")):
                lock = FileLock(path)
                if path.stem == self.name:
                    continue
                try:
                    lock.acquire(timeout=0)
                except Timeout:
                    continue
                taken[path.stem] = lock
            yield list(taken)
        finally:
            for lock in taken.values():
                lock.release()

    def release(self) -> None:
        """Give the slot back."""
        self._lock.release()
