"""Writing a SQLite file anew, so that nothing stays in it but what is in its tables."""

import sqlite3
from contextlib import closing
from pathlib import Path

from assistant.errors import StoreError

_WAIT_S = 30


def rewrite(connection: sqlite3.Connection) -> None:
    """VACUUM, then move the write-ahead log into the file and cut it to nothing.

    `secure_delete` overwrites deleted rows, but a page that was split or merged may keep a copy.
    Raises: StoreError where another process is in the way; sqlite3.Error.
    """
    connection.execute("VACUUM")
    for _ in range(3):
        busy, _log, _moved = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        if not busy:
            return
    raise StoreError(
        "Another process is reading the database, so its log can't be emptied.",
        hint="Run the same command again when that process has finished.",
    )


def rewrite_file(path: Path) -> None:
    """The same for a file that nobody here has open. Raises: StoreError."""
    try:
        with closing(sqlite3.connect(path, timeout=_WAIT_S, isolation_level=None)) as connection:
            rewrite(connection)
    except sqlite3.Error as problem:
        raise StoreError(
            f"{path} can't be written anew: {problem}.",
            hint="Stop what uses it, and run the same command again.",
        ) from problem
