"""One database file: connections, transactions, its schema, and errors as a person understands them.

Durability: a committed transaction survives a power cut. WAL with `synchronous=FULL` syncs the log on each commit;
NORMAL would sync at checkpoints only and could lose what was acknowledged. It costs one fsync a commit, so callers commit batches.
"""

import shutil
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

from sqlalchemy import Connection, Engine, create_engine, event, exc, inspect, text
from sqlalchemy.engine import URL

from assistant.errors import DiskFull, InputRejected, StoreCorrupt, StoreError, UsageError
from assistant.stores.rewriting import rewrite
from assistant.stores.tables import REVISIONS

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
_ROOM_TO_WRITE = 1 << 20


class _DbapiConnection(Protocol):
    isolation_level: str | None

    def execute(self, sql: str) -> object: ...


class Database:
    """An opened catalog file. Threads share it: readers run side by side, writers one after the other."""

    def __init__(self, engine: Engine, path: Path) -> None:
        self._engine = engine
        self._path = path
        self._writing = threading.Lock()

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A connection whose statements all see the same state."""
        with self._translated(), self._engine.connect() as connection:
            yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """A transaction: everything or nothing is kept. It takes the write lock at once, so it can't fail half-way for it."""
        with self._translated(), self._writing, self._engine.connect() as plain:
            connection = plain.execution_options(voxspec_writes=True)
            with connection.begin():
                yield connection

    def compact_log(self) -> None:
        """Move the write-ahead log into the database file, so that no copy of deleted content stays in it."""
        with self._translated(), self._writing, self._engine.connect() as connection:
            raw = connection.connection.driver_connection
            if raw is not None and self._engine.dialect.name == "sqlite":
                raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def rewrite(self) -> None:
        """Write the file anew and empty its log: only what is in a table now is then in either.

        Raises: StoreError where another process reads or writes meanwhile; DiskFull: it needs the file's size once more.
        """
        with self._translated(), self._writing, self._engine.connect() as connection:
            raw = connection.connection.driver_connection
            if raw is not None and self._engine.dialect.name == "sqlite":
                rewrite(raw)

    def close(self) -> None:
        """Close all connections. Closing twice does nothing."""
        self._engine.dispose()

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except (exc.DBAPIError, sqlite3.Error) as problem:
            origin = problem.orig if isinstance(problem, exc.DBAPIError) else problem
            raise _as_store_error(origin, self._path) from problem
        except exc.TimeoutError as problem:
            raise StoreError("The catalog is busy.", hint="Try again in a moment.") from problem
        except UnicodeEncodeError as problem:
            raise InputRejected(
                "A text holds half of a surrogate pair, which no database can store.",
                hint="Save the source again as valid UTF-8.",
            ) from problem


def open_database(path: Path) -> Database:
    """Open or create a catalog file, and bring it to the revision of this version.

    Raises: UsageError where a newer version wrote it, or the folder can't be written; StoreCorrupt where it is no catalog; DiskFull; StoreError.
    """
    engine = create_engine(
        URL.create("sqlite", database=str(path)), pool_size=8, max_overflow=56, pool_timeout=30
    )
    event.listen(engine, "connect", _configure)
    event.listen(engine, "begin", _begin)
    database = Database(engine, path)
    try:
        with database.read() as connection:
            found = _revision(connection)
        if found != REVISIONS[-1]:
            _bring_up(database, path)
    except BaseException:
        database.close()
        raise
    return database


def _bring_up(database: Database, path: Path) -> None:
    with database.write() as connection:
        found = _revision(connection)
        if found == REVISIONS[-1]:
            return
        if found is None and inspect(connection).get_table_names():
            raise StoreCorrupt(
                f"{path} is a database, but not a Voxspec catalog.",
                hint="Point VOXSPEC_HOME at another folder, or move the file away.",
            )
        if found is not None and found not in REVISIONS:
            raise UsageError(
                f"{path} was written by a newer version of Voxspec (catalog revision {found}, this version knows {REVISIONS[-1]}).",
                hint="Upgrade Voxspec, or point VOXSPEC_HOME at another folder.",
            )
        # Imported late: alembic costs ten times the open of a catalog that is up to date.
        from assistant.stores.upgrade import upgrade

        upgrade(connection)


def _revision(connection: Connection) -> str | None:
    table = text("SELECT count(*) FROM sqlite_master WHERE name = 'alembic_version'")
    if not connection.execute(table).scalar():
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


def _configure(connection: _DbapiConnection, _record: object) -> None:
    # Transactions are begun by `_begin`; sqlite3's own implicit ones don't cover reads and DDL.
    connection.isolation_level = None
    for pragma in _PRAGMAS:
        connection.execute(pragma)


def _begin(connection: Connection) -> None:
    writes = connection.get_execution_options().get("voxspec_writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _as_store_error(origin: BaseException | None, path: Path) -> Exception:
    # The low byte is the primary code, see https://sqlite.org/rescode.html
    code = getattr(origin, "sqlite_errorcode", 0) & 0xFF
    if code == sqlite3.SQLITE_FULL or (code == sqlite3.SQLITE_IOERR and _is_full(path)):
        return DiskFull(
            f"No space left for the catalog {path}; the last batch was not saved.",
            hint="Free some space and run the same command again: it continues where it stopped.",
        )
    if code in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
        return StoreCorrupt(
            f"The catalog {path} is damaged or is not a database.",
            hint="Restore it from a backup, or move it away to start with an empty one.",
        )
    return _OTHERS.get(code, _unavailable)(path, origin)


def _is_full(path: Path) -> bool:
    return shutil.disk_usage(path.parent).free < _ROOM_TO_WRITE


def _busy(path: Path, _origin: BaseException | None) -> Exception:
    return StoreError(
        f"Another process is writing to the catalog {path}.", hint="Try again when it has finished."
    )


def _not_writable(path: Path, _origin: BaseException | None) -> Exception:
    return UsageError(
        f"The catalog {path} can't be opened for writing.",
        hint="Check the permissions of the folder, or set VOXSPEC_HOME to another one.",
    )


def _unavailable(path: Path, origin: BaseException | None) -> Exception:
    return StoreError(f"The catalog {path} can't serve: {origin}.", hint="Run 'voxspec doctor'.")


_OTHERS: dict[int, Callable[[Path, BaseException | None], Exception]] = {
    sqlite3.SQLITE_BUSY: _busy,
    sqlite3.SQLITE_LOCKED: _busy,
    sqlite3.SQLITE_READONLY: _not_writable,
    sqlite3.SQLITE_CANTOPEN: _not_writable,
    sqlite3.SQLITE_PERM: _not_writable,
}
