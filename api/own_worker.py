"""The server's own worker: a process beside the server that does its jobs, so that requests don't wait for their computing.

Both hold an end of one line. Through it the worker says which log grew and which workspace's records changed, the server which queue
holds a new job; when the server is gone, the line ends, and the worker ends with it. A worker that dies is started again and goes on
with its jobs.
"""

import os
import select
import signal
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from multiprocessing import get_context
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from typing import Protocol

from assistant.errors import VoxspecError
from assistant.jobs.queues import LONG
from assistant.settings import Settings
from assistant.telemetry import configure_logs, get_logger

_NICE = 10
"""Where processors are short, requests come first."""
_END_S = 6.0
"""A worker gives back its jobs within 3 s, and is killed after this."""
_AGAIN_S = (0.2, 1.0, 2.0, 5.0, 10.0)
"""Waits before a worker that died is started again; the last one repeats."""
_LIVED_S = 60.0
"""After so long a life, the waits begin anew."""
_GREW, _IMPORTED = "grew", "imported"


class Attended(Protocol):
    """What a worker tells its server, and hears from it."""

    def ring(self, log_id: str) -> None:
        """That log grew."""
        ...

    def imported(self, workspace: str) -> None:
        """Records of that workspace were saved."""
        ...

    def hear(self, submitted: Callable[[str], None]) -> None:
        """From now on, that is called with a queue that holds a new job."""
        ...


class OwnWorker:
    """Keeps one worker running from `start` to `close`.

    Args:
        ring: called with the id of a log that grew.
        imported: called with a workspace whose records changed. Both are called on a thread of this.
        takes_long: whether it takes imports and runs of themes, too.
    """

    def __init__(
        self,
        settings: Settings,
        ring: Callable[[str], None],
        imported: Callable[[str], None],
        *,
        takes_long: bool = True,
    ) -> None:
        self._settings = settings
        self._heard = {_GREW: ring, _IMPORTED: imported}
        self._changed = threading.Condition()
        self._process: BaseProcess | None = None
        self._line: Connection | None = None
        self._telling = threading.Lock()
        self.takes_long = takes_long
        self._pauses = 0
        self._over = threading.Event()
        self._watch = threading.Thread(target=self._keep, name="own worker", daemon=True)

    @property
    def pid(self) -> int | None:
        """The process that runs now."""
        process = self._process
        return process.pid if process else None

    def start(self) -> None:
        """Start it, without waiting until it works."""
        self._watch.start()

    def tell(self, queue: str) -> bool:
        """Say that a queue holds a new job; never waits. Returns: whether it was said, to a worker that may die before it looks."""
        with self._telling:
            if (line := self._line) is None:
                return False
            with suppress(OSError):
                room = select.poll()
                room.register(line, select.POLLOUT)
                if room.poll(0) == [(line.fileno(), select.POLLOUT)]:
                    line.send_bytes(queue.encode())
                    return True
        return False

    @contextmanager
    def paused(self) -> Iterator[None]:
        """No worker runs while the block does; its jobs are given back, and go on afterwards."""
        with self._changed:
            self._pauses += 1
            self._end()
        try:
            yield
        finally:
            with self._changed:
                self._pauses -= 1
                self._changed.notify_all()

    def ask_to_end(self) -> None:
        """Have it give back its jobs, and start no other. From a signal's handler: takes no lock."""
        self._over.set()
        if (process := self._process) is not None and process.is_alive():
            process.terminate()

    def close(self) -> None:
        """End it, within seconds. Closing twice does nothing."""
        self._over.set()
        with self._changed:
            self._changed.notify_all()
            self._end()
        if self._watch.is_alive():
            self._watch.join(_END_S)

    def _end(self) -> None:
        """Inside of the lock: ask, wait, kill."""
        if (process := self._process) is None:
            return
        process.terminate()
        if not self._changed.wait_for(lambda: self._process is not process, _END_S):
            process.kill()
            self._changed.wait_for(lambda: self._process is not process, _END_S)

    def _keep(self) -> None:
        died = 0
        while (started := self._started()) is not None:
            process, line = started
            with line:
                self._line = line
                self._listen(line)
                with self._telling:
                    self._line = None
            process.join(_LIVED_S if self._over.is_set() else None)
            with self._changed:
                self._process = None
                wanted = not (self._over.is_set() or self._pauses)
                self._changed.notify_all()
            if wanted:
                get_logger("jobs").warning(
                    "the server's worker ended and is started again", code=process.exitcode
                )
                died += 1
                self._over.wait(_AGAIN_S[min(died, len(_AGAIN_S)) - 1])

    def _started(self) -> tuple[BaseProcess, Connection] | None:
        with self._changed:
            self._changed.wait_for(lambda: self._over.is_set() or not self._pauses)
            if self._over.is_set():
                return None
            context = get_context("spawn")
            ours, its = context.Pipe()
            verbose = get_logger("jobs").is_enabled_for(10)
            process = context.Process(
                target=_attended, args=(self._settings, its, verbose, self.takes_long), name="voxspec-worker"
            )
            # Ctrl-C reaches every process of the terminal; the server ends its worker. The child keeps this thread's mask.
            before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
            try:
                process.start()
            finally:
                signal.pthread_sigmask(signal.SIG_SETMASK, before)
            its.close()
            self._process = process
            return process, ours

    def _listen(self, line: Connection) -> None:
        while True:
            try:
                what, _, name = line.recv_bytes().decode().partition(" ")
            except (EOFError, OSError):
                return
            self._heard[what](name)


class Crew:
    """Who of the server's workers is told of a new job: one after the other, so that each does its share. The others find it a second later."""

    def __init__(self, workers: Sequence[OwnWorker]) -> None:
        self._workers = list(workers)
        self._next = 0

    def tell(self, queue: str) -> None:
        """Tell the next one that does such jobs and can be told."""
        self._next += 1
        for place in range(len(self._workers)):
            worker = self._workers[(self._next + place) % len(self._workers)]
            if (worker.takes_long or queue != LONG) and worker.tell(queue):
                return


class _Line:
    """The worker's end."""

    def __init__(self, line: Connection) -> None:
        self._line = line
        self._lock = threading.Lock()
        self._submitted: Callable[[str], None] = lambda queue: None

    def ring(self, log_id: str) -> None:
        self._say(_GREW, log_id)

    def imported(self, workspace: str) -> None:
        self._say(_IMPORTED, workspace)

    def hear(self, submitted: Callable[[str], None]) -> None:
        self._submitted = submitted

    def end_with_the_server(self) -> None:
        """Hear what the server says; when it is gone, end."""
        with suppress(EOFError, OSError):
            while True:
                self._submitted(self._line.recv_bytes().decode())
        # At once, as by a kill: the jobs are durable, and another server may begin them in a moment.
        os._exit(0)

    def _say(self, what: str, name: str) -> None:
        # Where the server is gone, who waits there has gone, too.
        with suppress(OSError), self._lock:
            self._line.send_bytes(f"{what} {name}".encode())


def _attended(settings: Settings, connection: Connection, verbose: bool, takes_long: bool) -> None:
    """What the process runs."""
    os.nice(_NICE)
    configure_logs(verbose=verbose)
    line = _Line(connection)
    threading.Thread(target=line.end_with_the_server, name="server", daemon=True).start()
    from api.worker import work

    try:
        work(settings, line, takes_long=takes_long)
    except VoxspecError as problem:
        get_logger("jobs").error(problem.message, hint=problem.hint)
        raise SystemExit(3) from None
