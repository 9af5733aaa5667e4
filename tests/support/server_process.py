"""The service in a process of its own, on a free port."""

import os
import re
import signal
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from multiprocessing.connection import Connection
from pathlib import Path

from tests.support.forks import forks
from tests.support.ports import end_with_parent

_ROOT = Path(__file__).parents[2]
_START_S = 180.0


def _serve(home: Path, port: int, environment: Mapping[str, str], errors: Connection) -> None:
    """What the process runs."""
    end_with_parent(signal.SIGKILL)()
    os.dup2(errors.fileno(), 2)
    errors.close()
    os.chdir(_ROOT)
    os.environ.clear()
    os.environ.update(environment)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    from api.server import serve
    from assistant.settings import Settings

    try:
        sys.exit(serve(Settings.load(home=home, port=port)))
    except KeyboardInterrupt:
        sys.exit(130)


class ServerProcess:
    """A started server; `url` is where it listens: on a free port, or on VOXSPEC_PORT where that is given."""

    def __init__(self, home: Path, **environment: str) -> None:
        clean = {
            name: value for name, value in os.environ.items() if not name.startswith(("VOXSPEC_", "OPENAI_"))
        }
        told = clean | {"PYTHONPATH": os.pathsep.join([str(_ROOT), *sys.path])} | environment
        port = int(environment.get("VOXSPEC_PORT", "0"))
        self._errors, its = forks().Pipe(duplex=False)
        self._child = forks().Process(target=_serve, args=(home, port, told, its), name="voxspec-server")
        self._child.start()
        its.close()
        self.said: list[str] = []
        self._listening = threading.Event()
        self.url = ""
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        self._listening.wait(_START_S)
        assert self.url, "".join(self.said)

    @property
    def pid(self) -> int:
        """Process id."""
        assert self._child.pid is not None
        return self._child.pid

    def stop(self, with_signal: signal.Signals = signal.SIGTERM, *, timeout_s: float = 30.0) -> int:
        """Send a signal and wait for the end. Returns: the exit code."""
        if self._child.is_alive():
            os.kill(self.pid, with_signal)
        self._child.join(timeout_s)
        assert self._child.exitcode is not None, f"the server didn't end within {timeout_s} s"
        self._reader.join(5)
        return self._child.exitcode

    def _read(self) -> None:
        with os.fdopen(os.dup(self._errors.fileno()), encoding="utf-8", errors="replace") as lines:
            for line in lines:
                self.said.append(line)
                if found := re.search(r"http://\S+(?=/)", line):
                    self.url = found[0]
                    self._listening.set()
        self._listening.set()


@contextmanager
def server(home: Path, **environment: str) -> Iterator[ServerProcess]:
    """A server that is stopped at the end."""
    started = ServerProcess(home, **environment)
    try:
        yield started
    finally:
        started.stop(signal.SIGKILL)
