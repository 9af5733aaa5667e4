"""The service in a process of its own, on a free port."""

import os
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.support.command_line import hear_interrupts

_ROOT = Path(__file__).parents[2]
_SERVE = """
import sys
from pathlib import Path
from api.server import serve
from assistant.settings import Settings

try:
    sys.exit(serve(Settings.load(home=Path(sys.argv[1]), port=int(sys.argv[2]))))
except KeyboardInterrupt:
    sys.exit(130)
"""
_START_S = 180.0


class ServerProcess:
    """A started server; `url` is where it listens: on a free port, or on VOXSPEC_PORT where that is given."""

    def __init__(self, home: Path, **environment: str) -> None:
        clean = {
            name: value for name, value in os.environ.items() if not name.startswith(("VOXSPEC_", "OPENAI_"))
        }
        self._child = subprocess.Popen(
            [sys.executable, "-c", _SERVE, str(home), environment.get("VOXSPEC_PORT", "0")],
            cwd=_ROOT,
            env=clean | {"PYTHONPATH": os.pathsep.join([str(_ROOT), *sys.path])} | environment,
            stderr=subprocess.PIPE,
            text=True,
            preexec_fn=hear_interrupts,
        )
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
        return self._child.pid

    def stop(self, with_signal: signal.Signals = signal.SIGTERM, *, timeout_s: float = 30.0) -> int:
        """Send a signal and wait for the end. Returns: the exit code."""
        if self._child.poll() is None:
            self._child.send_signal(with_signal)
        code = self._child.wait(timeout_s)
        self._reader.join(5)
        return code

    def _read(self) -> None:
        assert self._child.stderr is not None
        for line in self._child.stderr:
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
