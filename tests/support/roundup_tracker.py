"""A real Roundup with an empty tracker, in a process of its own, on a free port of this machine.

Its own server refuses to run as root, as continuous integration does; so its WSGI application is served here.
"""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from socketserver import ThreadingMixIn
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import httpx

from tests.support.ports import end_with_parent, free_port
from tests.support.waiting import until

USER, PASSWORD = "voxspec", "secret of a test"
_TEMPLATE = Path(sys.prefix) / "share" / "roundup" / "templates" / "classic"
_MAIL = ("nosyreaction.py", "newissuecopy.py")
_SERVE = "from tests.support.roundup_tracker import serve; serve()"


@dataclass(frozen=True)
class Roundup:
    """A running tracker."""

    url: str
    """Base address, with a slash at its end."""
    pid: int

    def client(self) -> httpx.Client:
        """Somebody else's hands: the tracker's administrator."""
        return httpx.Client(
            base_url=f"{self.url}rest/data/",
            auth=("admin", PASSWORD),
            headers={"x-requested-with": "rest", "origin": self.url.rstrip("/"), "referer": self.url},
            trust_env=False,
        )


@contextmanager
def roundup(home: Path) -> Iterator[Roundup]:
    """Serve an empty tracker until the block ends. Args: home: an empty folder for it."""
    port = free_port()
    url = f"http://127.0.0.1:{port}/"
    with (home / "server.log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-W", "ignore", "-c", _SERVE, str(home / "desk"), url],
            stdout=log,
            stderr=log,
            env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
            preexec_fn=end_with_parent(signal.SIGKILL),
        )
    try:
        until(lambda: _answers(url, process))
        yield Roundup(url, process.pid)
    finally:
        process.kill()
        process.wait()


def serve() -> None:
    """What the process does: make the tracker, then serve it. Arguments: folder and address."""
    # Only here: the tests' own process has no use for it.
    from roundup import configuration, init, instance, password
    from roundup.cgi.wsgi_handler import RequestDispatcher

    home, url = Path(sys.argv[1]), sys.argv[2]
    init.install(str(home), str(_TEMPLATE))
    config = configuration.CoreConfig()
    told = {
        "TRACKER_HOME": str(home),
        "TRACKER_WEB": url,
        "MAIL_DOMAIN": "localhost",
        "RDBMS_BACKEND": "sqlite",
        # Each request hashes the password: with the default, that is 185 of its 190 ms.
        "PASSWORD_PBKDF2_DEFAULT_ROUNDS": "1000",
    }
    for name, value in told.items():
        config[name] = value
    config.save(str(home / "config.ini"))
    for name in _MAIL:
        (home / "detectors" / name).unlink(missing_ok=True)
    tracker = instance.open(str(home))
    tracker.init(password.Password(PASSWORD, config=config))
    held = tracker.open("admin")
    held.user.create(username=USER, password=password.Password(PASSWORD, config=config), roles="User")
    held.commit()
    held.close()
    port = httpx.URL(url).port or 0
    make_server("127.0.0.1", port, RequestDispatcher(str(home)), _Server, _Quiet).serve_forever()


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class _Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        pass


def _answers(url: str, process: "subprocess.Popen[bytes]") -> bool:
    assert process.poll() is None, "Roundup ended; see server.log"
    try:
        return httpx.get(f"{url}rest/", trust_env=False).status_code < 500
    except httpx.HTTPError:
        return False
