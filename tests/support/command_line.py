"""Running `voxspec` as a person does: its own folder and home, no settings of this machine."""

import io
import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from contextlib import chdir, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from unittest.mock import patch

from api.cli.main import run

VOXSPEC = str(Path(sys.executable).with_name("voxspec"))


@dataclass(frozen=True)
class Ended:
    """What a command left behind."""

    returncode: int
    stdout: bytes
    stderr: bytes


_TERMINAL = frozenset({"COLUMNS", "LINES"})
"""pytest-xdist tells its workers the size of a terminal that there isn't."""


@dataclass(frozen=True)
class CommandLine:
    """A folder to work in, and where the data go (None: wherever Voxspec puts them)."""

    folder: Path
    home: Path | None = None

    @property
    def environment(self) -> dict[str, str]:
        """An environment without settings of the machine that runs the tests."""
        kept = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("VOXSPEC_", "OPENAI_")) and name not in _TERMINAL
        }
        chosen = {"VOXSPEC_HOME": str(self.home)} if self.home else {}
        return kept | {"HOME": str(self.folder)} | chosen

    def run(self, *arguments: str, expect: int | None = None) -> Ended:
        """Run one command to its end, inside this process: the imports of each would take longer than the work."""
        out, err = _stream(), _stream()
        here = patch.dict(os.environ, self.environment, clear=True)
        with here, chdir(self.folder), redirect_stdout(out), redirect_stderr(err):
            code = run(arguments)
        out.flush()
        err.flush()
        return _expected(arguments, Ended(code, out.buffer.getvalue(), err.buffer.getvalue()), expect)

    def spawn(self, *arguments: str, expect: int | None = None, **environment: str) -> Ended:
        """Run one command to its end in a process of its own."""
        return self.shell([VOXSPEC, *arguments], expect=expect, environment=environment)

    def shell(
        self, command: list[str], *, expect: int | None = None, environment: Mapping[str, str] | None = None
    ) -> Ended:
        """Run any program in the folder."""
        done = subprocess.run(
            command,
            cwd=self.folder,
            env=self.environment | dict(environment or {}),
            capture_output=True,
            timeout=280,
            stdin=subprocess.DEVNULL,
        )
        return _expected(command, Ended(done.returncode, done.stdout, done.stderr), expect)

    def start(self, *arguments: str) -> subprocess.Popen[bytes]:
        """Start one command and leave it running."""
        return subprocess.Popen(
            [VOXSPEC, *arguments],
            cwd=self.folder,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            preexec_fn=hear_interrupts,
        )


def hear_interrupts() -> None:
    """Undo what a shell does to a job in the background: its children would never hear Ctrl-C."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


class _Captured(io.TextIOWrapper):
    buffer: io.BytesIO


def _stream() -> _Captured:
    return _Captured(io.BytesIO(), encoding="utf-8", write_through=True)


def _expected(command: object, ended: Ended, expect: int | None) -> Ended:
    if expect is not None:
        assert ended.returncode == expect, (
            command,
            ended.returncode,
            ended.stdout[-2000:],
            ended.stderr[-4000:],
        )
    return ended
