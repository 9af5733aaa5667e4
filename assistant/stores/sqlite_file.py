"""The catalog in a SQLite file: connections, the write lock, and errors as a person understands them.

Durability: a committed transaction survives a power cut. WAL with `synchronous=FULL` syncs the log on each commit;
NORMAL would sync at checkpoints only and could lose what was acknowledged. It costs one fsync a commit (4 ms at the median on a
busy disk), so callers commit batches, and what may be lost with the power, pieces of a text that is being written, waits for none.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Protocol

from sqlalchemy import Connection, create_engine, event, text
from sqlalchemy.engine import URL

from assistant.sqlite import as_store_error
from assistant.stores.rewriting import rewrite

_PRAGMAS = (
    "PRAGMA busy_timeout = 15000",
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = FULL",
    # Only macOS tells the two apart: there, a plain fsync leaves the data in the drive's cache.
    "PRAGMA fullfsync = ON",
    "PRAGMA foreign_keys = ON",
    "PRAGMA secure_delete = ON",
    "PRAGMA cache_size = -16384",
    "PRAGMA journal_size_limit = 67108864",
)
_TABLES = text("SELECT name FROM sqlite_master WHERE type = 'table'")


class _DbapiConnection(Protocol):
    isolation_level: str | None

    def execute(self, sql: str) -> object: ...


class SqliteFile:
    """The `Backend` of a file."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.where = str(path)
        self.identity = str(path.absolute())
        self.elsewhere = "Point VOXSPEC_HOME at another folder"
        self.engine = create_engine(
            URL.create("sqlite", database=str(path)), pool_size=8, max_overflow=56, pool_timeout=30
        )
        event.listen(self.engine, "connect", _configure)
        event.listen(self.engine, "begin", _begin)
        self.reading = self.engine
        self._writing = threading.Lock()

    @contextmanager
    def write(self, workspace: str, *, synced: bool) -> Iterator[Connection]:
        """A transaction that holds the lock of the whole file, of all workspaces."""
        with self._writing, self.engine.connect() as plain:
            connection = plain.execution_options(voxspec_writes=True)
            with nullcontext() if synced else _unsynced(connection), connection.begin():
                yield connection

    def tables(self, connection: Connection) -> set[str]:
        """Names of the tables that are there."""
        return set(connection.execute(_TABLES).scalars())

    def finish_upgrade(self, connection: Connection) -> None:
        """Nothing: columns are as they should be."""

    def compact_log(self) -> None:
        """Move the write-ahead log into the database file, so that no copy of deleted content stays in it."""
        with self._writing, self.engine.connect() as connection:
            raw = connection.connection.driver_connection
            if raw is not None:
                raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def rewrite(self) -> None:
        """Write the file anew and empty its log. Raises: StoreError where another process reads or writes meanwhile."""
        with self._writing, self.engine.connect() as connection:
            raw = connection.connection.driver_connection
            if raw is not None:
                rewrite(raw)

    def as_store_error(self, origin: BaseException | None) -> Exception:
        """The error of our tree."""
        return as_store_error(origin, self._path, "catalog")


def _configure(connection: _DbapiConnection, _record: object) -> None:
    # Transactions are begun by `_begin`; sqlite3's own implicit ones don't cover reads and DDL.
    connection.isolation_level = None
    for pragma in _PRAGMAS:
        connection.execute(pragma)


@contextmanager
def _unsynced(connection: Connection) -> Iterator[None]:
    """Commits of this connection go to the kernel and no further."""
    raw = connection.connection.driver_connection
    if raw is None:
        yield
        return
    raw.execute("PRAGMA synchronous = NORMAL")
    try:
        yield
    finally:
        raw.execute("PRAGMA synchronous = FULL")


def _begin(connection: Connection) -> None:
    writes = connection.get_execution_options().get("voxspec_writes", False)
    raw = connection.connection.driver_connection
    assert raw is not None
    # Not through SQLAlchemy, which takes ten times as long to make a result of it.
    raw.execute("BEGIN IMMEDIATE" if writes else "BEGIN")
