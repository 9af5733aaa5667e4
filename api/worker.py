"""A worker: it does the jobs of the queue and serves nobody."""

import os
import signal
import sys
import threading
from functools import partial
from types import FrameType

from api.bus import Bus
from api.hooks.telling import listening
from api.own_worker import Attended
from api.pool import Benches
from api.work import handlers
from assistant.errors import StoreError
from assistant.jobs.dbos_jobs import DbosJobs
from assistant.jobs.places import jobs_place
from assistant.settings import Settings
from assistant.wiring import open_workbench

_LOOK_EVERY_S = 0.5


def work(settings: Settings, server: Attended | None = None, *, takes_long: bool = True) -> int:
    """Work on jobs until SIGTERM or SIGINT, then give back what runs.

    Args:
        server: whose worker this is, and who owns the vector indexes; None: nobody's.
        takes_long: whether it takes imports and runs of themes, too.

    Returns: 0 after SIGTERM.

    Raises:
        UsageError, StoreError: the default workspace or the queue can't be opened, or another worker took this one's place.
        KeyboardInterrupt: after SIGINT, when everything is closed.
    """
    stopping = threading.Event()

    def stop(_signal: int, _frame: FrameType | None) -> None:
        stopping.set()

    before = signal.signal(signal.SIGTERM, stop)
    # An index in a folder has one owner, and searches are answered by the server.
    indexed = server is None or settings.chroma_url is not None
    benches = Benches(settings, listening(partial(open_workbench, indexed=indexed)))
    jobs = DbosJobs(jobs_place(settings), is_told=server is not None)
    try:
        # So that a broken store is heard of at the start.
        with benches.use(settings.workspace) as bench:
            bench.catalog.records.snapshot(settings.workspace)
        if server is None:
            jobs.start(handlers(benches, Bus().ring, jobs))
            sys.stderr.write("Voxspec works on jobs; SIGTERM or Ctrl-C ends it.\n")
            sys.stderr.flush()
        else:
            server.hear(jobs.look)
            jobs.start(handlers(benches, server.ring, jobs, imported=server.imported), takes_long=takes_long)
        while not stopping.wait(_LOOK_EVERY_S) and not jobs.lost.is_set():
            pass
    finally:
        jobs.close()
        benches.close()
        signal.signal(signal.SIGTERM, before)
        end_what_goes_on()
    if jobs.lost.is_set():
        raise StoreError(
            "Another worker took this one's place, because the database of jobs couldn't be reached from here for a while.",
            hint="Start the worker again.",
        )
    return 0


def end_what_goes_on() -> None:
    """End the process where a thread would hold it."""
    others = [thread for thread in threading.enumerate() if thread is not threading.main_thread()]
    if any(not thread.daemon for thread in others):
        # A job that doesn't come to its next progress call would hold the process. It is durable: it runs again.
        sys.stderr.flush()
        os._exit(130 if isinstance(sys.exception(), KeyboardInterrupt) else 0)
