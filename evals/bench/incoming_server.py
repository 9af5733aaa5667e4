"""What a measurement of incoming tickets talks to: the service in a process that can be killed, and a stand-in for the issue system."""

import hashlib
import hmac
import json
import os
import re
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from evals.bench.incoming_data import CONNECTION, PROJECT

_SECRET = "what the webhooks of this measurement are signed with"
HOOK = f"/v1/webhooks/github/{CONNECTION}"


_LOOK_EVERY_S = 0.05
_WORKED_OUT = (
    "SELECT seq, key FROM tickets WHERE seq > ? AND EXISTS"
    " (SELECT 1 FROM triages WHERE triages.connection = tickets.connection AND ticket = key) ORDER BY seq"
)


class Served:
    """A started service; `url` is where it listens. Starting it again takes the same port."""

    def __init__(self, home: Path) -> None:
        self._home = home
        self._port = 0
        self.start()

    def start(self) -> None:
        """Begin to listen. Raises: RuntimeError with what it said where it doesn't."""
        own = {name: value for name, value in os.environ.items() if not name.startswith("VOXSPEC_")}
        environment = own | {
            "VOXSPEC_HOME": str(self._home),
            "BENCH_TOKEN": "of no account",
            "BENCH_SECRET": _SECRET,
        }
        command = [sys.executable, "-m", "api.cli.main", "serve", "--port", str(self._port)]
        self._child = subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True)
        assert self._child.stderr is not None
        said = []
        for line in self._child.stderr:
            said.append(line)
            if found := re.search(r"(http://\S+?:(\d+))/", line):
                self.url, self._port = found[1], int(found[2])
                break
        else:
            raise RuntimeError("".join(said))
        # What it says from here on is read by nobody, and a full pipe would stop it.
        threading.Thread(target=self._child.stderr.read, daemon=True).start()

    @property
    def pid(self) -> int:
        """Process id."""
        return self._child.pid

    def end(self, with_signal: signal.Signals) -> None:
        """Send it a signal and wait until it is gone."""
        with suppress(ProcessLookupError):
            self._child.send_signal(with_signal)
        self._child.wait(30)


@contextmanager
def served(home: Path) -> Iterator[Served]:
    """The service over that folder, ended afterwards."""
    started = Served(home)
    try:
        yield started
    finally:
        started.end(signal.SIGTERM)


class Watch:
    """Sees which tickets are worked out, in the catalog itself: asking the service took most of a core, which its work then lacked."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._last = self._looked_at = 0.0
        self._keys: set[str] = set()

    def has(self, number: int) -> bool:
        """Whether that ticket is; it is saved as the last thing. At most one question in 50 ms, however many ask."""
        if (now := time.monotonic()) >= self._looked_at + _LOOK_EVERY_S:
            self._looked_at = now
            for seq, key in self._connection.execute(_WORKED_OUT, (self._last,)):
                self._last = max(self._last, seq)
                self._keys.add(key)
        return str(number) in self._keys


@contextmanager
def watched(home: Path) -> Iterator[Watch]:
    """What becomes of the tickets of a service over that folder."""
    with closing(sqlite3.connect(f"file:{home / 'catalog.sqlite3'}?mode=ro", uri=True)) as connection:
        yield Watch(connection)


def message(number: int, title: str, body: str) -> tuple[bytes, dict[str, str]]:
    """A signed message that says that an issue was opened: body and headers."""
    now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    told = {
        "action": "opened",
        "issue": {
            "id": 7_000_000 + number,
            "number": number,
            "title": title,
            "body": body,
            "state": "open",
            "user": {"login": f"reporter-{number % 97}"},
            "created_at": now,
            "updated_at": now,
        },
        "repository": {"full_name": PROJECT},
        "sender": {"login": f"reporter-{number % 97}"},
    }
    content = json.dumps(told).encode()
    signed = hmac.new(_SECRET.encode(), content, hashlib.sha256).hexdigest()
    headers = {
        "content-type": "application/json",
        "x-github-event": "issues",
        "x-github-delivery": f"delivery-{number}",
        "x-hub-signature-256": f"sha256={signed}",
    }
    return content, headers


class _Desk(BaseHTTPRequestHandler):
    """Takes comments as GitHub does, and keeps none."""

    protocol_version = "HTTP/1.1"
    made = 0

    def do_POST(self) -> None:
        """A new comment."""
        type(self).made += 1
        self._answer(type(self).made)

    def do_PATCH(self) -> None:
        """A comment that is written anew."""
        self._answer(int(self.path.rpartition("/")[2]))

    def do_GET(self) -> None:
        """Whose token it is; else nothing."""
        self._send({"login": "voxspec-bot"} if self.path == "/user" else [])

    def log_message(self, *_: Any) -> None:
        """Nothing is written of requests."""

    def _answer(self, number: int) -> None:
        given = json.loads(self.rfile.read(int(self.headers["content-length"])))
        at = datetime.now(UTC).isoformat()
        self._send({"id": number, "body": given["body"], "user": {"login": "voxspec-bot"}, "created_at": at})

    def _send(self, told: Any) -> None:
        content = json.dumps(told).encode()
        self.send_response(200)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)


@contextmanager
def desk() -> Iterator[str]:
    """Address of an issue system that takes comments."""
    with ThreadingHTTPServer(("127.0.0.1", 0), _Desk) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
