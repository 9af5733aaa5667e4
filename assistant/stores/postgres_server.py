"""The catalog in a Postgres database: connections, a write lock per workspace, and columns that hold what SQLite's do."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, Engine, text
from sqlalchemy.engine import URL

from assistant.errors import UsageError
from assistant.postgres import as_store_error, lock_for_transaction, open_engine, told
from assistant.stores.tables import (
    metadata,
    outbox,
    passages,
    postings,
    records,
    sketches,
    vectors,
    wordings,
    workspaces,
)

_DATABASE = text(
    "SELECT current_setting('server_encoding'), system_identifier,"
    " (SELECT oid FROM pg_database WHERE datname = current_database()) FROM pg_control_system()"
)
_TABLES = text("SELECT table_name FROM information_schema.tables WHERE table_schema = current_schema()")
_UNSYNCED = text("SET LOCAL synchronous_commit = off")
_OTHERS = frozenset({"voxspec_jobs"})
"""Tables of ours that may lie in the same database beside the catalog."""
_COLUMNS = text(
    """
    SELECT table_name, column_name, data_type FROM information_schema.columns
    WHERE table_schema = current_schema() AND table_name = ANY(:tables)
      AND (data_type = 'integer' OR (data_type = 'text' AND collation_name IS DISTINCT FROM 'C'))
    ORDER BY table_name, column_name
    """
)
_SEQUENCES = text(
    "SELECT sequence_name FROM information_schema.sequences"
    " WHERE sequence_schema = current_schema() AND data_type = 'integer' ORDER BY sequence_name"
)


_ANALYZE = "ANALYZE " + ", ".join(
    table.name for table in (workspaces, records, passages, vectors, postings, outbox, sketches, wordings)
)


class PostgresServer:
    """The `Backend` of a Postgres database."""

    def __init__(self, url: URL) -> None:
        self._url = url
        self.where = told(url)
        self.identity = ""
        self.elsewhere = "Point VOXSPEC_CATALOG_URL at another database"
        self._writes = 0
        self.engine: Engine = open_engine(url)
        self.reading: Engine = self.engine.execution_options(
            isolation_level="REPEATABLE READ", postgresql_readonly=True
        )

    @contextmanager
    def write(self, workspace: str, *, synced: bool) -> Iterator[Connection]:
        """A transaction that waits for the workspace's other writers, of all processes, and then sees what they wrote."""
        with self.engine.connect() as plain:
            connection = plain.execution_options(isolation_level="READ COMMITTED")
            with connection.begin():
                if not synced:
                    connection.execute(_UNSYNCED)
                lock_for_transaction(connection, "catalog", workspace)
                yield connection
        self._count_anew()

    def tables(self, connection: Connection) -> set[str]:
        """Names of the tables that are there. Raises: UsageError where the database can't hold every character."""
        encoding, cluster, database = connection.execute(_DATABASE).one()
        # Not host and port, by which the same server has many names.
        self.identity = f"{cluster}/{database}"
        if encoding != "UTF8":
            raise UsageError(
                f"The {self.where} holds {encoding}, not UTF8.",
                hint=f"Make it anew: createdb --encoding UTF8 --template template0 {self._url.database}",
            )
        return set(connection.execute(_TABLES).scalars()) - _OTHERS

    def finish_upgrade(self, connection: Connection) -> None:
        """Make the columns that migrations added what `columns.py` says: texts sorted by bytes, 64 bits."""
        ours = {"tables": sorted(metadata.tables)}
        quoted = connection.dialect.identifier_preparer.quote
        for table, column, kind in connection.execute(_COLUMNS, ours).all():
            to = "bigint" if kind == "integer" else 'text COLLATE "C"'
            connection.exec_driver_sql(f"ALTER TABLE {quoted(table)} ALTER COLUMN {quoted(column)} TYPE {to}")
        for sequence in connection.execute(_SEQUENCES).scalars().all():
            connection.exec_driver_sql(f"ALTER SEQUENCE {quoted(sequence)} AS bigint")

    def compact_log(self) -> None:
        """Nothing: a server's log is the server's."""

    def rewrite(self) -> None:
        """Write the tables anew, so that no deleted row stays in their files. The server's own log and backups aren't in reach."""
        with self.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            quoted = connection.dialect.identifier_preparer.quote
            for name in sorted(metadata.tables):
                connection.exec_driver_sql(f"VACUUM (FULL, ANALYZE) {quoted(name)}")
            # The planner's figures hold frequent texts and words. The database's owner may write them anew.
            connection.exec_driver_sql("VACUUM (FULL) pg_catalog.pg_statistic")

    def as_store_error(self, origin: BaseException | None) -> Exception:
        """The error of our tree."""
        return as_store_error(origin, self._url)

    def _count_anew(self) -> None:
        """After the 1st, 2nd, 4th, 8th … write, tell the planner how much there is.

        The server does so by itself, but only a minute later: until then it reads a table that it takes for empty from end to end,
        which made an import of 20,000 records ten times slower.
        """
        self._writes += 1
        if self._writes & (self._writes - 1) == 0:
            with self.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                connection.exec_driver_sql(_ANALYZE)
