"""A Chroma server of the tests' own: `chroma run` on a free port, gone with the process that started it."""

import atexit
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from tests.support.ports import end_with_parent, free_port
from tests.support.waiting import until

_CHROMA = str(Path(sys.executable).with_name("chroma"))


@dataclass
class RunningChroma:
    """A running server."""

    folder: Path
    port: int
    _process: "subprocess.Popen[bytes] | None" = None

    @property
    def url(self) -> str:
        """Where it is."""
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Start, and wait until it listens."""
        self._process = subprocess.Popen(
            [_CHROMA, "run", "--path", self.folder, "--host", "127.0.0.1", "--port", str(self.port)],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd=self.folder,
            preexec_fn=end_with_parent(signal.SIGKILL),
        )
        until(self._listens)

    def stop(self) -> None:
        """Kill it."""
        if self._process is not None:
            self._process.kill()
            self._process.wait(30)
            self._process = None

    def _listens(self) -> bool:
        assert self._process is not None
        assert self._process.poll() is None
        try:
            socket.create_connection(("127.0.0.1", self.port), 1).close()
        except OSError:
            return False
        return True


@cache
def chroma_server() -> RunningChroma:
    """The server of this process."""
    folder = Path(tempfile.mkdtemp(prefix="vox-chroma-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    server = RunningChroma(folder, free_port())
    server.start()
    atexit.register(server.stop)
    return server
