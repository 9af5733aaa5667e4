"""Which workers live. A worker holds the lock of its slot; whoever keeps the lock gives it back when the worker dies.

The slot's name is the worker's stable executor id, so whoever can take the lock of a slot knows that its worker is
gone, without clocks or heartbeats. On one machine the kernel keeps the locks, for several Postgres does.
"""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Protocol

import sqlalchemy as sa
from filelock import FileLock, Timeout

from assistant.errors import Conflict
from assistant.postgres import SessionLock

MAX_WORKERS = 64


class Slot(Protocol):
    """The slot of this worker, held until `release`."""

    name: str

    def held(self) -> bool:
        """Whether it is still ours. Raises: StoreError where that can't be told now."""
        ...

    @contextmanager
    def dead(self, busy: Callable[[], list[str]]) -> Iterator[list[str]]:
        """Names of slots whose workers are gone. No worker can take them while the block runs.

        Args:
            busy: names of the slots in whose name jobs run, asked where the keeper doesn't know the slots.
        """
        ...

    def release(self) -> None:
        """Give it back."""
        ...


class FileSlot:
    """A slot on this machine."""

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

    def held(self) -> bool:
        """Always: the lock of a file can't be lost."""
        return True

    @contextmanager
    def dead(self, busy: Callable[[], list[str]]) -> Iterator[list[str]]:
        """Slots that were ever taken and whose lock is free."""
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


class ServerSlot:
    """A slot among the workers of all machines that share a Postgres database."""

    def __init__(self, engine: sa.Engine) -> None:
        """Take the first free slot. Raises: Conflict where there is none; StoreError."""
        self._engine = engine
        self._free_before: frozenset[str] = frozenset()
        for number in range(MAX_WORKERS):
            self.name = f"worker-{number}"
            self._lock = SessionLock(engine, "worker", self.name)
            if self._lock.take():
                return
        raise Conflict(
            f"{MAX_WORKERS} workers use the database of jobs already.", hint="Stop one of them first."
        )

    def held(self) -> bool:
        """Whether the server knows us as the holder; a lost session is renewed where nobody took the slot meanwhile."""
        return self._lock.held()

    @contextmanager
    def dead(self, busy: Callable[[], list[str]]) -> Iterator[list[str]]:
        """Slots with jobs whose lock is free, and was free at the look before.

        Twice, because a server that was started again knows no sessions: its workers live, and take their slots again.
        """
        with ExitStack() as given_back:
            free: set[str] = set()
            for name in sorted(set(busy()) - {self.name}):
                lock = SessionLock(self._engine, "worker", name)
                if lock.take():
                    given_back.callback(lock.release)
                    free.add(name)
            before, self._free_before = self._free_before, frozenset(free)
            yield sorted(free & before)

    def release(self) -> None:
        """Give the slot back."""
        self._lock.release()
