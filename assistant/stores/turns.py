"""Locks by name that go with their holder: of a file where the catalog is one, of a session where a server keeps it."""

from collections.abc import Callable
from pathlib import Path

import sqlalchemy as sa
from filelock import FileLock, Timeout

from assistant.postgres import SessionLock


class FileTurns:
    """The `Turns` of one machine: `<home>/<what>/<workspace>.lock`."""

    def __init__(self, home: Path) -> None:
        self._home = home

    def take(self, what: str, workspace: str) -> Callable[[], None] | None:
        """Become the holder. The system takes the lock from a process that is killed."""
        folder = self._home / what
        folder.mkdir(parents=True, exist_ok=True)
        lock = FileLock(folder / f"{workspace}.lock", timeout=0, is_singleton=False)
        try:
            lock.acquire()
        except Timeout:
            return None
        return lock.release


class SessionTurns:
    """The `Turns` of all machines that share a Postgres database."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine

    def take(self, what: str, workspace: str) -> Callable[[], None] | None:
        """Become the holder. The server takes the lock from a process that is killed or can't be reached."""
        lock = SessionLock(self._engine, what, workspace)
        return lock.release if lock.take() else None
