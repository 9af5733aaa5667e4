"""One catalog database: its connections, transactions and schema. What SQLite and Postgres differ in lies in their own modules."""

import sqlite3
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Protocol

from sqlalchemy import (
    Column,
    Connection,
    Engine,
    MetaData,
    PrimaryKeyConstraint,
    String,
    Table,
    exc,
    text,
)
from sqlalchemy.engine import URL

from assistant.errors import InputRejected, StoreCorrupt, StoreError, UsageError
from assistant.stores import (  # noqa: F401 - a new catalog has these tables, too
    counted_tables,
    hook_tables,
    staleness_tables,
    thread_tables,
    tracker_tables,
)
from assistant.stores.tables import REVISIONS, metadata

_VERSION = Table(
    "alembic_version",
    MetaData(),
    Column("version_num", String(32), nullable=False),
    PrimaryKeyConstraint("version_num", name="alembic_version_pkc"),
)
"""As Alembic makes it."""


class Backend(Protocol):
    """Where a catalog lies. `engine` makes its connections, `reading` those that only read."""

    engine: Engine
    reading: Engine
    where: str
    """As messages name it."""
    elsewhere: str
    """What to do to have another one."""
    identity: str
    """The same for all who open it, known once `tables` was asked for."""

    def write(self, workspace: str, *, synced: bool) -> AbstractContextManager[Connection]:
        """A transaction that holds the workspace's write lock from its begin. Args: synced: it survives a power cut."""
        ...

    def tables(self, connection: Connection) -> set[str]:
        """Names of the tables that are there."""
        ...

    def finish_upgrade(self, connection: Connection) -> None:
        """Bring columns that migrations added to what `columns.py` says."""
        ...

    def compact_log(self) -> None:
        """Leave no copy of deleted content in a log that is a file of ours."""
        ...

    def rewrite(self) -> None:
        """Leave nothing in the files but what is in a table."""
        ...

    def as_store_error(self, origin: BaseException | None) -> Exception:
        """The error of our tree for one of the driver's."""
        ...


class Database:
    """An opened catalog. Threads share it: readers run side by side, writers of a workspace one after the other."""

    def __init__(self, backend: Backend) -> None:
        self._backend = backend
        self.engine = backend.engine

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A connection whose statements all see the same state."""
        with self._translated(), self._backend.reading.connect() as connection:
            yield connection

    @contextmanager
    def write(self, workspace: str, *, synced: bool = True) -> Iterator[Connection]:
        """A transaction: everything or nothing is kept. It takes the workspace's write lock at once, so it can't fail half-way for it.

        Args:
            synced: on its end, what was written survives a power cut. Without, it survives the death of the process, and a power
                cut once a later transaction was synced; for what will be written again, the same, by who goes on.
        """
        with self._translated(), self._backend.write(workspace, synced=synced) as connection:
            yield connection

    def compact_log(self) -> None:
        """Leave no copy of deleted content in the database's log, where that is a file of ours."""
        with self._translated():
            self._backend.compact_log()

    def rewrite(self) -> None:
        """Write the database anew: only what is in a table now is then in its files.

        Raises: StoreError where another process reads or writes meanwhile; DiskFull: it needs the tables' size once more.
        """
        with self._translated():
            self._backend.rewrite()

    @property
    def identity(self) -> str:
        """Where the catalog lies, the same for all who open it."""
        return self._backend.identity

    def close(self) -> None:
        """Close all connections. Closing twice does nothing."""
        self._backend.engine.dispose()

    def bring_up(self) -> None:
        """Bring the schema to the revision of this version; see `open_database`."""
        with self.read() as connection:
            found = self._revision(connection)
        if found == REVISIONS[-1]:
            return
        with self.write("") as connection:
            found = self._revision(connection)
            if found == REVISIONS[-1]:
                return
            self._check(found)
            if found is None and connection.dialect.name == "sqlite":
                _create(connection)
            else:
                # Imported late: alembic costs ten times the open of a catalog that is up to date.
                from assistant.stores.upgrade import upgrade

                upgrade(connection)
            self._backend.finish_upgrade(connection)

    def _check(self, revision: str | None) -> None:
        if revision == "":
            raise StoreCorrupt(
                f"{self._backend.where} is a database, but not a Voxspec catalog.",
                hint=f"{self._backend.elsewhere}, or move it away.",
            )
        if revision is not None and revision not in REVISIONS:
            raise UsageError(
                f"{self._backend.where} was written by a newer version of Voxspec (catalog revision {revision}, this version knows {REVISIONS[-1]}).",
                hint=f"Upgrade Voxspec, or {self._backend.elsewhere[0].lower()}{self._backend.elsewhere[1:]}.",
            )

    def _revision(self, connection: Connection) -> str | None:
        """The catalog's revision; None in an empty database, "" in one of another program."""
        tables = self._backend.tables(connection)
        if "alembic_version" not in tables:
            return "" if tables else None
        return connection.execute(text("SELECT version_num FROM alembic_version")).scalar() or ""

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except (exc.DBAPIError, sqlite3.Error) as problem:
            origin = problem.orig if isinstance(problem, exc.DBAPIError) else problem
            raise self._backend.as_store_error(origin) from problem
        except exc.TimeoutError as problem:
            raise StoreError("The catalog is busy.", hint="Try again in a moment.") from problem
        except UnicodeEncodeError as problem:
            raise InputRejected(
                "A text holds half of a surrogate pair, which no database can store.",
                hint="Save the source again as valid UTF-8.",
            ) from problem


def _create(connection: Connection) -> None:
    """Make a file's tables in one step: over every revision the same ones take 0.3 CPU-seconds in a new process, not 0.02."""
    metadata.create_all(connection, checkfirst=False)
    _VERSION.create(connection)
    connection.execute(_VERSION.insert().values(version_num=REVISIONS[-1]))


def open_database(place: Path | URL) -> Database:
    """Open or create a catalog in a file or in a Postgres database, and bring it to the revision of this version.

    Raises: UsageError where a newer version wrote it, or it can't be written; StoreCorrupt where it is no catalog; DiskFull; StoreError.
    """
    if isinstance(place, URL):
        from assistant.stores.postgres_server import PostgresServer

        database = Database(PostgresServer(place))
    else:
        from assistant.stores.sqlite_file import SqliteFile

        database = Database(SqliteFile(place))
    try:
        database.bring_up()
    except BaseException:
        database.close()
        raise
    return database
