"""Commands in processes of their own, forked from one that has imported what they import.

A command that is killed at two dozen moments would else import as often: most of its CPU time, in which nothing happens that a
kill could spoil. What one process imported until its end, the next ones have from their begin.
"""

import atexit
import json
import os
import select
import signal
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import suppress
from functools import cache
from importlib import import_module
from pathlib import Path

from tests.support.ports import end_with_parent

_ROOT = Path(__file__).parents[2]
_STARTS_THREADS = ("onnxruntime", "assistant.llm.minilm")
"""Their import starts a thread, which a fork would not take along."""


class Forked:
    """A started command."""

    def __init__(self, forker: "Forker", pid: int) -> None:
        self._forker = forker
        self._pid = pid
        self._ended = os.pidfd_open(pid)
        self.returncode: int | None = None

    def kill(self) -> None:
        """kill -9. Once it is over, this does nothing."""
        with suppress(ProcessLookupError):
            signal.pidfd_send_signal(self._ended, signal.SIGKILL)

    def is_over(self) -> bool:
        """Whether it ended."""
        return self._is_over_within(0)

    def wait(self, timeout_s: float) -> str:
        """Wait for its end. Returns: what it wrote to stderr. Raises: TimeoutError, after killing it."""
        in_time = self._is_over_within(timeout_s)
        if not in_time:
            self.kill()
        self.returncode = os.waitstatus_to_exitcode(self._forker.ask({}))
        assert in_time, f"process {self._pid} didn't end within {timeout_s} s"
        return self._forker.errors.read_text(encoding="utf-8", errors="replace")

    def close(self) -> None:
        """Nothing is killed after this."""
        os.close(self._ended)

    def _is_over_within(self, seconds: float) -> bool:
        return bool(select.select([self._ended], [], [], seconds)[0])


class Forker:
    """The process that forks, one command at a time."""

    def __init__(self, prepare: str) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="vox-forker-")
        self.errors = Path(self._folder.name, "errors")
        self._process = subprocess.Popen(
            [sys.executable, "-c", "from tests.support.forker import serve; serve()", prepare, self.errors],
            cwd=_ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            preexec_fn=end_with_parent(signal.SIGKILL),
        )

    def start(self, arguments: Sequence[str], folder: Path, environment: Mapping[str, str]) -> Forked:
        """Start `voxspec` with these arguments."""
        command = {"arguments": list(arguments), "folder": str(folder), "environment": dict(environment)}
        return Forked(self, self.ask(command))

    def ask(self, question: Mapping[str, object]) -> int:
        """Ask for a process, or, with nothing, for how the last one ended."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(question) + "\n")
        self._process.stdin.flush()
        return int(self._process.stdout.readline())

    def close(self) -> None:
        """End it."""
        self._process.communicate(timeout=30)
        self._folder.cleanup()


@cache
def forker(prepare: str) -> Forker:
    """The one of this test process for commands that begin with a few statements."""
    started = Forker(prepare)
    atexit.register(started.close)
    return started


def serve() -> None:
    """What the forking process does."""
    prepare, errors = sys.argv[1:]
    answers = os.fdopen(os.dup(1), "w")
    # What a command prints isn't an answer.
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    exec(prepare, {})
    for line in sys.stdin:
        command = json.loads(line)
        known, learned = os.pipe()
        pid = os.fork()
        if pid == 0:
            _become(command, errors, learned)
        os.close(learned)
        answers.write(f"{pid}\n")
        answers.flush()
        with os.fdopen(known) as names:
            imported = names.read().split()
        # Not before it is asked for: until then nobody else gets the number.
        sys.stdin.readline()
        _, status = os.waitpid(pid, 0)
        answers.write(f"{status}\n")
        answers.flush()
        for name in imported:
            with suppress(ImportError):
                import_module(name)


def _become(command: Mapping[str, object], errors: str, learned: int) -> None:
    """Be the command, in the process that was forked."""
    from api.cli.main import run

    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.dup2(os.open(errors, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), 2)
    os.chdir(str(command["folder"]))
    environment, arguments = command["environment"], command["arguments"]
    assert isinstance(environment, dict)
    assert isinstance(arguments, list)
    os.environ.clear()
    os.environ.update(environment)
    code = run(arguments)
    names = [name for name in sys.modules if not name.startswith((*_STARTS_THREADS, "__m"))]
    with os.fdopen(learned, "w") as told:
        told.write("\n".join(names))
    sys.exit(code)
