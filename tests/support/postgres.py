"""A Postgres server of the tests' own: made in a temporary folder, gone with the process that started it."""

import atexit
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from itertools import count
from pathlib import Path

import psycopg
import pytest
from sqlalchemy.engine import URL

from assistant.jobs.dbos_jobs import DbosJobs
from assistant.stores.catalog import open_catalog
from tests.support.ports import end_with_parent, free_port
from tests.support.system import postgres_programs, why_not
from tests.support.waiting import until

USER, PASSWORD = "voxspec", "kept out of messages"
_NUMBERS = count()
_AUTHENTICATION = "local all all trust\nhost all all 127.0.0.1/32 scram-sha-256\n"


@dataclass
class PostgresServer:
    """A running server, reached through a socket in its folder or on 127.0.0.1 with a password."""

    folder: Path
    port: int
    programs: Path
    user: str | None
    """The system's user it runs as; None: ours."""
    _process: "subprocess.Popen[bytes] | None" = None
    _templates: dict[str, str] = field(default_factory=dict)

    def start(self) -> None:
        """Start, and wait until it answers."""
        # Not `fsync=on`: nothing here has to survive a power cut.
        settings = {"fsync": "off", "full_page_writes": "off", "max_connections": 200}
        settings |= {"port": self.port, "listen_addresses": "127.0.0.1"}
        options = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
        self._process = subprocess.Popen(
            [self.programs / "postgres", "-D", self.folder / "data", "-k", self.folder, *options],
            stdout=subprocess.DEVNULL,
            stderr=(self.folder / "log").open("ab"),
            user=self.user,
            group=self.user,
            extra_groups=() if self.user else None,
            preexec_fn=end_with_parent(signal.SIGQUIT),
        )
        until(self._answers)

    def stop(self) -> None:
        """End it at once, as a crash would."""
        if self._process is not None:
            self._process.send_signal(signal.SIGQUIT)
            self._process.wait(30)
            self._process = None

    def url(self, database: str) -> URL:
        """Through the socket, without a password."""
        return URL.create(
            "postgresql+psycopg",
            username=USER,
            database=database,
            query={"host": str(self.folder), "port": str(self.port)},
        )

    def tcp_url(self, database: str, password: str = PASSWORD) -> URL:
        """Over 127.0.0.1 with a password."""
        return URL.create("postgresql+psycopg", USER, password, "127.0.0.1", self.port, database)

    def new_database(self) -> URL:
        """An empty database."""
        name = f"d{next(_NUMBERS)}"
        self.run(
            f'CREATE DATABASE {name} OWNER {USER} LOCALE_PROVIDER icu ICU_LOCALE "en-US" TEMPLATE template0'
        )
        return self.url(name)

    def new_catalog(self) -> URL:
        """A database with an empty catalog in it, copied from one that was made once."""
        return self._copied("catalog", lambda url: open_catalog(url).close())

    def new_jobs(self) -> URL:
        """A database with an empty queue in it."""
        return self._copied("jobs", lambda url: DbosJobs(url).close())

    def _copied(self, what: str, make: Callable[[URL], None]) -> URL:
        if what not in self._templates:
            made = self.new_database()
            make(made)
            self._templates[what] = str(made.database)
        name = f"d{next(_NUMBERS)}"
        self.run(f"CREATE DATABASE {name} OWNER {USER} TEMPLATE {self._templates[what]}")
        return self.url(name)

    def run(self, *statements: str, database: str = "postgres") -> None:
        """Run statements as the server's own user."""
        dsn = f"host={self.folder} port={self.port} user=postgres dbname={database}"
        with psycopg.connect(dsn, autocommit=True) as connection:
            for statement in statements:
                connection.execute(statement)

    def _answers(self) -> bool:
        assert self._process is not None
        assert self._process.poll() is None, (self.folder / "log").read_text()
        try:
            self.run("SELECT 1")
        except psycopg.OperationalError:
            return False
        return True


@cache
def postgres_server() -> PostgresServer:
    """The server of this process. Skips the test, with the reason, where there can't be one."""
    programs = postgres_programs()
    if programs is None:
        pytest.skip(
            why_not("postgresql") or "postgresql is absent; python tests/support/system.py installs it"
        )
    user = None
    if os.geteuid() == 0:
        user = "postgres"
        try:
            pwd.getpwnam(user)
        except KeyError:
            pytest.skip("Postgres doesn't run as root, and there is no user 'postgres' to run it as")
    folder = Path(tempfile.mkdtemp(prefix="vox-pg-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    if user:
        shutil.chown(folder, user, user)
    options = ("-U", "postgres", "-E", "UTF8", "--locale", "C.UTF-8", "--auth", "trust", "--no-sync")
    subprocess.run(
        [programs / "initdb", "-D", folder / "data", *options],
        check=True,
        capture_output=True,
        cwd=folder,
        user=user,
        group=user,
        extra_groups=() if user else None,
    )
    (folder / "data" / "pg_hba.conf").write_text(_AUTHENTICATION)
    server = PostgresServer(folder, free_port(), programs, user)
    server.start()
    atexit.register(server.stop)
    server.run(f"CREATE ROLE {USER} LOGIN PASSWORD '{PASSWORD}'")
    return server


def oid_of(database: str) -> int:
    """Number of a database, by which its folder is called."""
    server = postgres_server()
    with psycopg.connect(f"host={server.folder} port={server.port} user=postgres") as connection:
        row = connection.execute("SELECT oid FROM pg_database WHERE datname = %s", (database,)).fetchone()
    assert row is not None
    return int(row[0])
