"""What every store on Postgres shares: connections, locks that go with their holder, and errors as a person understands them.

The driver is psycopg 3, which dbos brings and needs. Other drivers are refused: only this one is tested.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from hashlib import blake2b

import sqlalchemy as sa
from sqlalchemy import exc
from sqlalchemy.engine import URL, make_url

from assistant.errors import DiskFull, StoreCorrupt, StoreError, UsageError

_DRIVERS = ("postgresql", "postgresql+psycopg")
_CONNECT_TIMEOUT_S = 10
_KEEPALIVE_S = 5
"""Seconds of silence after which either side asks whether the other is there, three times."""
_SPEAK_EVERY_S = 5.0
_SILENT_MS = 15_000
"""After so long without a word from its holder a session ends. Keepalives don't tell: the system of a frozen process answers them."""
_IDLE_INSIDE_MS = 20_000
"""A writer that is silent so long inside its transaction doesn't come back, and others wait for its locks."""
_SETTINGS = " ".join(
    f"-c {name}={value}"
    for name, value in {
        # A machine that vanished without a word holds its locks until the server notices: by default after two hours.
        "tcp_keepalives_idle": _KEEPALIVE_S,
        "tcp_keepalives_interval": _KEEPALIVE_S,
        "tcp_keepalives_count": 2,
    }.items()
)


def checked_url(url: str, setting: str) -> URL:
    """The URL of a Postgres database, with the driver in it. Raises: UsageError that names the setting, never the password."""
    hint = f"Set {setting} to postgresql://USER:PASSWORD@HOST:5432/DATABASE, or leave it out for a file in VOXSPEC_HOME."
    try:
        parsed = make_url(url)
    except exc.ArgumentError as problem:
        raise UsageError(f"{setting} is no URL of a database.", hint=hint) from problem
    if parsed.drivername not in _DRIVERS:
        raise UsageError(f"{setting} names '{parsed.drivername[:40]}', which isn't supported.", hint=hint)
    if not parsed.database:
        raise UsageError(f"{setting} names no database.", hint=hint)
    return parsed.set(drivername="postgresql+psycopg")


def told(url: URL) -> str:
    """The database as messages name it: without user and password."""
    host = url.host or str(url.query.get("host", "the local socket"))
    return f"Postgres database '{url.database}' on {host}" + (f":{url.port}" if url.port else "")


def open_engine(url: URL, *, pool_size: int = 8, max_overflow: int = 56) -> sa.Engine:
    """An engine whose connections notice within seconds that the server, or its network, is gone."""
    return sa.create_engine(
        url,
        pool_size=pool_size,
        max_overflow=max_overflow,
        pool_timeout=30,
        pool_pre_ping=True,
        connect_args={
            "connect_timeout": _CONNECT_TIMEOUT_S,
            "application_name": "voxspec",
            "keepalives_idle": _KEEPALIVE_S,
            "keepalives_interval": _KEEPALIVE_S,
            "keepalives_count": 2,
            "options": f"{url.query.get('options', '')} {_SETTINGS}".strip(),
        },
    )


def lock_key(*names: str) -> int:
    """The 64-bit number of an advisory lock."""
    said = "\0".join(("voxspec", *names)).encode()
    return int.from_bytes(blake2b(said, digest_size=8).digest(), "big", signed=True)


def lock_for_transaction(connection: sa.Connection, *names: str) -> None:
    """Wait for a lock that ends with the connection's transaction, and with a holder that falls silent."""
    connection.execute(_LOCK, {"key": lock_key(*names), "ms": str(_IDLE_INSIDE_MS)})


class SessionLock:
    """A lock held through a connection of its own: the server gives it back when its holder dies or freezes, on whatever machine."""

    def __init__(self, engine: sa.Engine, *names: str) -> None:
        self._engine = engine
        self._key = {"key": lock_key(*names)}
        self._connection: sa.Connection | None = None
        self._changing = threading.RLock()
        self._released: threading.Event | None = None
        """Ends the thread that speaks for the holder."""

    def take(self) -> bool:
        """Become the holder if nobody else is. Returns whether that worked. Raises: StoreError."""
        with self._changing, translated(self._engine.url):
            if self._connection is not None:
                return True
            connection = self._engine.connect().execution_options(isolation_level="AUTOCOMMIT")
            try:
                taken = bool(connection.execute(_TRY, self._key).scalar())
                if taken:
                    connection.execute(_END_IN_SILENCE, {"ms": str(_SILENT_MS)})
            except BaseException:
                connection.invalidate()
                connection.close()
                raise
            if not taken:
                connection.close()
                return False
            self._connection = connection
            if self._released is None:
                self._released = threading.Event()
                threading.Thread(
                    target=self._speak, args=(self._released,), name="voxspec-lock", daemon=True
                ).start()
            return True

    def held(self) -> bool:
        """Whether the server still knows us as the holder. Where the connection was lost, take the lock again if it is free.

        Raises: StoreError where the server can't be asked; ask again.
        """
        with self._changing:
            if self._connection is not None:
                try:
                    self._connection.execute(sa.text("SELECT 1"))
                except exc.DBAPIError:
                    self._drop()
                else:
                    return True
            return self.take()

    def _speak(self, released: threading.Event) -> None:
        while not released.wait(_SPEAK_EVERY_S):
            with self._changing, suppress(StoreError):
                if not released.is_set():
                    self.held()

    def release(self) -> None:
        """Give the lock back. Releasing twice does nothing."""
        with self._changing:
            if self._released is not None:
                self._released.set()
                self._released = None
            if self._connection is None:
                return
            try:
                self._connection.execute(_UNLOCK, self._key)
                self._connection.execute(_STAY_IN_SILENCE)
            except exc.DBAPIError:
                self._drop()
            else:
                self._connection.close()
                self._connection = None

    def _drop(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            with suppress(exc.DBAPIError):
                connection.invalidate()
                connection.close()


_TRY = sa.text("SELECT pg_try_advisory_lock(:key)")
_UNLOCK = sa.text("SELECT pg_advisory_unlock(:key)")
_LOCK = sa.text(
    "SELECT set_config('idle_in_transaction_session_timeout', :ms, true), pg_advisory_xact_lock(:key)"
)
# From pg_settings, because Postgres has it since version 14.
_SILENCE = "FROM pg_settings WHERE name = 'idle_session_timeout'"
_END_IN_SILENCE = sa.text(f"SELECT set_config(name, :ms, false) {_SILENCE}")
_STAY_IN_SILENCE = sa.text(f"SELECT set_config(name, reset_val, false) {_SILENCE}")


@contextmanager
def translated(url: URL) -> Iterator[None]:
    """Errors of the database as ours. Raises: StoreError, DiskFull, StoreCorrupt, UsageError."""
    try:
        yield
    except exc.DBAPIError as problem:
        raise as_store_error(problem.orig, url) from problem
    except exc.TimeoutError as problem:
        raise StoreError(f"The {told(url)} is busy.", hint="Try again in a moment.") from problem


def _cause(text: str) -> str:
    """The cause in what the driver says, which is several lines where a connection fails."""
    lines = text.strip().splitlines() or [""]
    line = next((one for one in lines if "failed: " in one), lines[0])
    return line.rpartition("failed: ")[2].removeprefix("FATAL:").strip().rstrip(".")


def as_store_error(origin: BaseException | None, url: URL) -> Exception:
    """The error of our tree for one of the driver's. See https://www.postgresql.org/docs/current/errcodes-appendix.html"""
    code, where = getattr(origin, "sqlstate", None) or "", told(url)
    said = _cause(str(origin))
    # What fails before there is a session has no code, only the server's words.
    if code[:2] == "28" or "password authentication failed" in said or "no password supplied" in said:
        return UsageError(
            f"The {where} refuses the user or the password.",
            hint="Check the user and the password in its URL.",
        )
    if code == "3D000" or ('database "' in said and "does not exist" in said):
        return UsageError(f"There is no {where}.", hint=f"Make it: createdb {url.database}")
    if code == "53100" or "No space left on device" in said:
        return DiskFull(
            f"No space left for the {where}; the last batch was not saved.",
            hint="Free some space on its server and run the same command again: it continues where it stopped.",
        )
    if code == "42501":
        return UsageError(
            f"The user of the {where} may not do that: {said}.", hint="Make the user the database's owner."
        )
    if code[:2] == "XX" or code == "58030":
        return StoreCorrupt(f"The {where} is damaged: {said}.", hint="Restore it from a backup.")
    if code in ("40P01", "40001", "55P03", "53300") or "too many clients" in said:
        return StoreError(f"The {where} is busy: {said}.", hint="Try again in a moment.")
    return StoreError(
        f"The {where} can't serve: {said or type(origin).__name__}.",
        hint="Check that its server runs and can be reached, then run the same command again.",
    )
