"""Where the queue lies: a SQLite file in the home folder, or a Postgres database. What only one of them does stands here."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol

import sqlalchemy as sa
from sqlalchemy.engine import URL

from assistant.jobs.slots import FileSlot, ServerSlot, Slot
from assistant.settings import Settings
from assistant.sqlite import translated

FILE = "jobs.sqlite3"
"""In VOXSPEC_HOME."""


class Place(Protocol):
    """The database of the queue."""

    engine: sa.Engine
    url: str
    """As dbos takes it, with the password."""

    def slot(self) -> Slot:
        """A place among the workers. Raises: Conflict where there is none left."""
        ...

    def exists(self) -> bool:
        """Whether there may be jobs in it."""
        ...

    @contextmanager
    def translated(self) -> Iterator[None]:
        """Errors of the database as ours."""
        ...


class JobsFile:
    """`jobs.sqlite3` in the home folder, which is created if need be."""

    def __init__(self, home: Path) -> None:
        self._home = home
        self.url = f"sqlite:///{home / FILE}"
        # Beyond the pool, each question opens a file: fifty drafts and their readers ask at once.
        self.engine = sa.create_engine(self.url, pool_size=32, max_overflow=32)
        sa.event.listen(self.engine, "connect", _prepare)

    def slot(self) -> Slot:
        """Held by a file's lock, which the kernel gives back."""
        return FileSlot(self._home / "workers")

    def exists(self) -> bool:
        """Whether the file is there."""
        return (self._home / FILE).exists()

    @contextmanager
    def translated(self) -> Iterator[None]:
        """See `assistant.sqlite`."""
        with translated(self._home / FILE, "queue of jobs"):
            yield


class JobsServer:
    """A Postgres database, which workers of several machines share."""

    def __init__(self, url: URL) -> None:
        from assistant.postgres import open_engine

        self._url = url
        self.url = url.render_as_string(hide_password=False)
        self.engine = open_engine(url)

    def slot(self) -> Slot:
        """Held by a session of the server, which gives it back."""
        return ServerSlot(self.engine)

    def exists(self) -> bool:
        """It always does."""
        return True

    @contextmanager
    def translated(self) -> Iterator[None]:
        """See `assistant.postgres`."""
        from assistant.postgres import translated as translated_of_a_server

        with translated_of_a_server(self._url):
            yield


def jobs_place(settings: Settings) -> Path | URL:
    """What `DbosJobs` takes. Raises: UsageError where `jobs_url` is no URL of a Postgres database."""
    if settings.jobs_url is None:
        return settings.home
    from assistant.postgres import checked_url

    return checked_url(settings.jobs_url.get_secret_value(), "VOXSPEC_JOBS_URL")


def opened(place: Path | URL) -> Place:
    """The database at a place, a home folder or a URL."""
    return JobsServer(place) if isinstance(place, URL) else JobsFile(place)


def _prepare(connection: Any, _record: object) -> None:
    # WAL lets progress be read while a job writes; IMMEDIATE and the long wait are what dbos does itself.
    connection.isolation_level = "IMMEDIATE"
    connection.execute("PRAGMA busy_timeout=30000")
    connection.execute("PRAGMA journal_mode=WAL")
