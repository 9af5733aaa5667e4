"""kill -9 of a `voxspec` command at moments spread over a run, and what a second connection sees right after it."""

import random
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from tests.support.command_line import CommandLine
from tests.support.forker import Forked, forker


@dataclass(frozen=True)
class Process:
    """A command in a process of its own, see `tests/support/forker.py`.

    Args:
        shell: where it runs.
        arguments: of `voxspec`.
        prepare: statements that come before it, for a test that needs it set up otherwise.
    """

    shell: CommandLine
    arguments: tuple[str, ...]
    prepare: str = ""

    def run(self, until: threading.Event | None = None) -> tuple[float, float]:
        """Run it to its end. Returns: seconds, and those until the event."""
        begun = time.monotonic()
        child = self._start()
        first_s = self._wait(child, until) - begun
        stderr = child.wait(120)
        child.close()
        assert child.returncode == 0, stderr[-3000:]
        return time.monotonic() - begun, first_s

    def kill_after(self, delay_s: float, *, since: threading.Event | None = None) -> bool:
        """Start it and kill it so long after the start, or after the event. Returns: whether it was still running."""
        child = self._start()
        self._wait(child, since)
        timer = threading.Timer(delay_s, child.kill)
        timer.start()
        child.wait(120)
        timer.cancel()
        timer.join()
        child.close()
        assert child.returncode is not None
        return child.returncode < 0

    def _wait(self, child: Forked, event: threading.Event | None) -> float:
        while event is not None and not child.is_over() and not event.wait(0.01):
            pass
        return time.monotonic()

    def _start(self) -> Forked:
        return forker(self.prepare).start(self.arguments, self.shell.folder, self.shell.environment)


@dataclass
class Aim:
    """Kills at random moments spread over a span of a command's life.

    Args:
        span_s: how long the span is, as a run that nobody disturbed took.
        since: what the span begins with; None: the start of the process.
    """

    span_s: float
    since: threading.Event | None = None

    def kills(self, count: int, begin: Callable[[], Process], seed: int) -> Iterator[Process]:
        """Kill so many processes, each in another part of the span, so that no phase is left out.

        A process that ended before it was killed doesn't count: this run was faster than the measured one, so the span is
        made shorter and another is begun.
        """
        chance = random.Random(seed)
        for part in range(count):
            share = (part + chance.random()) / count
            while not (process := begin()).kill_after(share * self.span_s, since=self.since):
                self.span_s *= 0.85
            yield process


def committed(home: Path, query: str) -> list[tuple[object, ...]]:
    """Rows of the catalog as a connection of its own sees them; none where the table wasn't made yet."""
    path = home / "catalog.sqlite3"
    if not path.exists():
        return []
    with closing(sqlite3.connect(path)) as connection:
        try:
            return connection.execute(query).fetchall()
        except sqlite3.OperationalError as problem:
            if "no such table" in str(problem):
                return []
            raise
