"""What every store in a SQLite file shares: its errors as a person understands them."""

import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import exc

from assistant.errors import DiskFull, StoreCorrupt, StoreError, UsageError

_ROOM_TO_WRITE = 1 << 20


@contextmanager
def translated(path: Path, what: str) -> Iterator[None]:
    """Errors of a file as ours. Args: what: it holds. Raises: StoreError, DiskFull, StoreCorrupt, UsageError."""
    try:
        yield
    except exc.DBAPIError as problem:
        raise as_store_error(problem.orig, path, what) from problem
    except exc.TimeoutError as problem:
        raise StoreError(f"The {what} {path} is busy.", hint="Try again in a moment.") from problem


def as_store_error(origin: BaseException | None, path: Path, what: str) -> Exception:
    """The error of our tree for one of SQLite's. Args: what: the file holds, for a person."""
    # The low byte is the primary code, see https://sqlite.org/rescode.html
    code = getattr(origin, "sqlite_errorcode", 0) & 0xFF
    where = f"{what} {path}"
    if code == sqlite3.SQLITE_FULL or (code == sqlite3.SQLITE_IOERR and _is_full(path)):
        return DiskFull(
            f"No space left for the {where}; what came last was not saved.",
            hint="Free some space and do the same again: what was saved before is kept.",
        )
    if code in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
        return StoreCorrupt(
            f"The {where} is damaged or is not a database.",
            hint="Restore it from a backup, or move it away to start with an empty one.",
        )
    return _OTHERS.get(code, _unavailable)(where, origin)


def _is_full(path: Path) -> bool:
    return shutil.disk_usage(path.parent).free < _ROOM_TO_WRITE


def _busy(where: str, _origin: BaseException | None) -> Exception:
    return StoreError(f"Another process is writing to the {where}.", hint="Try again when it has finished.")


def _not_writable(where: str, _origin: BaseException | None) -> Exception:
    return UsageError(
        f"The {where} can't be opened for writing.",
        hint="Check the permissions of the folder, or set VOXSPEC_HOME to another one.",
    )


def _unavailable(where: str, origin: BaseException | None) -> Exception:
    return StoreError(f"The {where} can't serve: {origin}.", hint="Run 'voxspec doctor'.")


_OTHERS: dict[int, Callable[[str, BaseException | None], Exception]] = {
    sqlite3.SQLITE_BUSY: _busy,
    sqlite3.SQLITE_LOCKED: _busy,
    sqlite3.SQLITE_READONLY: _not_writable,
    sqlite3.SQLITE_CANTOPEN: _not_writable,
    sqlite3.SQLITE_PERM: _not_writable,
}
