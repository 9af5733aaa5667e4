"""Durable jobs on dbos 3.x with a SQLite file or a Postgres database. No admin server, no telemetry.

A job is one workflow of one step. Its row in the ledger and its place in the queue are written in one transaction.
dbos leaves the jobs of a killed worker pending until somebody recovers its executor id; every worker here looks each
few seconds for slots whose worker is gone (`slots.py`) and recovers them.
"""

import threading
import time
import uuid
from collections.abc import Callable, Mapping
from contextlib import nullcontext
from pathlib import Path
from typing import Any, TypeVar

from dbos import DBOS, DBOSClient, DBOSConfig, EnqueueOptions
from dbos._queue import queue_worker_thread
from dbos._serialization import DBOSPortableJSON
from sqlalchemy.engine import URL

from assistant.domain.job import Job, JobState
from assistant.errors import Cancelled, Conflict, NotFound, StoreError, VoxspecError
from assistant.jobs.ledger import MAX_STARTS, Ledger, job_id
from assistant.jobs.looks import Looks
from assistant.jobs.places import opened
from assistant.jobs.port import Handler, JobTally, Progress
from assistant.jobs.queues import LONG, QUEUES, queue_of
from assistant.jobs.slots import Slot
from assistant.telemetry import get_logger

_VERSION = "voxspec-1"
"""Fixed: with dbos' default, a hash of the source, an upgrade would strand the jobs of the version before."""
_WORKFLOW = "voxspec_job"
_PROGRESS_EVERY_S = 0.2
_SHARE = 10
"""Where saving takes long, since many jobs save, at most a tenth of a job's time goes to its progress."""
_LOOK_FOR_DEAD_S = 5.0
_TRY_AGAIN_S = 1.0
_STORE_WAITS_S = (1.0, 2.0, 4.0, 8.0, 16.0)
"""A server that is started again is back by then."""
_CLOSE_WAIT_S = 3.0
_LEFT_INSIDE_S = 15.0
"""A worker that froze while it took a job from the queue holds the row until then."""
_Reached = tuple[int, int | None, str]
"""Done, total, message."""
_T = TypeVar("_T")


class _GiveBack(BaseException):
    """Unwinds a handler when its worker stops, or another one does its job. No Exception: dbos would record the job as failed."""


class DbosJobs:
    """The queue of `<home>/jobs.sqlite3` or of a Postgres database. One started instance per process, because dbos is a singleton.

    Args:
        place: folder of the data, which is created if need be, or the URL of a Postgres database.
        look_for_dead_s: seconds between two looks for workers that were killed.
        close_wait_s: seconds that `close` waits for running jobs to reach their next progress call.
        is_told: whether `look` is called for what other processes submit, so that there is no need to look often.
    """

    def __init__(
        self,
        place: Path | URL,
        *,
        look_for_dead_s: float = _LOOK_FOR_DEAD_S,
        close_wait_s: float = _CLOSE_WAIT_S,
        is_told: bool = False,
    ) -> None:
        if isinstance(place, Path):
            place.mkdir(parents=True, exist_ok=True)
        self._place = opened(place)
        self._look_for_dead_s = look_for_dead_s
        self._close_wait_s = close_wait_s
        self._engine = self._place.engine
        with self._place.translated():
            # First, because dbos would make a database that isn't there.
            self._engine.connect().close()
            DBOS.migrate(self._place.url)
        self._ledger = Ledger(self._place)
        self._client = DBOSClient(
            system_database_engine=self._engine, serializer=DBOSPortableJSON, application_name="voxspec"
        )
        with self._place.translated():
            for name, (at_a_time, every_s) in QUEUES.items():
                self._client.register_queue(name, worker_concurrency=at_a_time, polling_interval_sec=every_s)
        self.submitted: Callable[[str], None] | None = None
        """Called with the queue of a job that was submitted, where others do the jobs."""
        self._is_told = is_told
        self._looks: Looks | None = None
        self._handlers: Mapping[str, Handler] = {}
        self._slot: Slot | None = None
        self._left_behind: Slot | None = None
        self._stopping = threading.Event()
        self.lost = threading.Event()
        """Set when another worker took this one's place; it does no more work, and its process should end."""
        self._idle = threading.Condition()
        self._running = 0
        self._watch: threading.Thread | None = None

    def submit(self, workspace: str, kind: str, payload: Mapping[str, Any], *, key: str | None = None) -> Job:
        """Enqueue; the same key gives the same job (`ledger.job_id`)."""
        job = job_id(workspace, kind, key) if key is not None else f"job_{uuid.uuid4().hex[:20]}"
        queue = queue_of(kind)
        options = EnqueueOptions(
            workflow_name=_WORKFLOW,
            queue_name=queue,
            workflow_id=job,
            app_version=_VERSION,
        )
        with self._place.translated(), self._engine.begin() as connection:
            if self._ledger.add(connection, job, workspace, kind, payload):
                self._client.enqueue_in_transaction(connection, options, job)
        self.look(queue)
        found = self._ledger.get(workspace, job)
        if found is None:
            raise NotFound(f"The job {job} is gone.", hint="Submit it again.")
        return found

    def look(self, queue: str) -> None:
        """There is a job in that queue: take it now, or say so to who does."""
        if (looks := self._looks) is not None:
            looks.ring(queue)
        elif self.submitted is not None:
            self.submitted(queue)

    def get(self, workspace: str, job_id: str) -> Job | None:
        """The job, if it is of this workspace."""
        return self._ledger.get(workspace, job_id)

    def newest(self, workspace: str, limit: int, after: str | None = None) -> list[Job]:
        """Newest first, after that job id; none after an id that isn't there."""
        return self._ledger.newest(workspace, limit, after)

    def tally(self, workspace: str | None) -> JobTally:
        """How much there was and is to do, of all workspaces where none is named."""
        return self._ledger.tally(workspace)

    def cancel(self, workspace: str, job_id: str) -> Job | None:
        """Cancel at once what waits, at its next progress call what runs. What is over stays as it is."""
        return self._ledger.request_cancel(workspace, job_id)

    def start(self, handlers: Mapping[str, Handler], *, takes_long: bool = True) -> None:
        """Recover what a killed process left, then take from the queues.

        Args: takes_long: whether imports and runs of themes are done here, too.
        Raises: Conflict if one is started already.
        """
        if self._slot is not None or not _only_one.acquire(blocking=False):
            raise Conflict("This process works on jobs already.", hint="Close the other one first.")
        self._handlers = handlers
        self._stopping.clear()
        try:
            self._slot = self._place.slot()
        except BaseException:
            _only_one.release()
            raise
        config = DBOSConfig(
            name="voxspec",
            system_database_url=self._place.url,
            application_version=_VERSION,
            executor_id=self._slot.name,
            log_level="ERROR",
            enable_otlp=False,
            use_listen_notify=False,
            sys_db_idle_transaction_timeout_sec=_LEFT_INSIDE_S,
            serializer=DBOSPortableJSON,
        )
        dbos = DBOS(config=config)

        def run(job: str) -> None:
            DBOS.run_step({"name": "run"}, self._run, job)

        DBOS.workflow(name=_WORKFLOW, max_recovery_attempts=None)(run)
        DBOS.listen_queues([])
        taken = {name: places for name, (places, _) in QUEUES.items() if takes_long or name != LONG}
        with self._place.translated():
            DBOS.launch()
            found = {name: queue for name in taken if (queue := DBOS.retrieve_queue(name)) is not None}
        for queue in found.values():
            # Else each look would read it anew, and what `bound` says would be lost.
            queue.database_backed_queue = False

        def bound(name: str, jobs: int | None) -> None:
            running = dbos._active_workflows_set.count_for_queue(name)
            found[name]._worker_concurrency = (
                taken[name] if jobs is None else min(taken[name], running + jobs)
            )

        self._looks = Looks(
            lambda bell, name: queue_worker_thread(bell, dbos, found[name]),
            bound,
            taken,
            is_told=self._is_told,
        )
        self._looks.start()
        self._watch = threading.Thread(target=self._take_over, name="voxspec-take-over", daemon=True)
        self._watch.start()

    def close(self) -> None:
        """Stop taking work and give back what runs, at its next progress call. Closing twice does nothing."""
        if self._slot is not None:
            self._stopping.set()
            if self._looks is not None:
                self._looks.close()
                self._looks = None
            DBOS.destroy(destroy_registry=True)
            if self._watch is not None:
                self._watch.join()
            with self._idle:
                idle = self._idle.wait_for(lambda: self._running == 0, timeout=self._close_wait_s)
                # A handler that goes on keeps the slot: no other worker may run its job beside it.
                if idle:
                    self._slot.release()
                else:
                    self._left_behind = self._slot
            self._slot = None
            _only_one.release()
        self._client.destroy()
        self._engine.dispose()

    def _run(self, job: str) -> None:
        with self._idle:
            if self._stopping.is_set():
                raise _GiveBack
            self._running += 1
        try:
            begun = self._insist(lambda: self._ledger.begin(job))
            looks = self._looks
            if begun is not None:
                with looks.doing(queue_of(begun[1])) if looks is not None else nullcontext():
                    self._work(job, *begun)
        finally:
            with self._idle:
                self._running -= 1
                self._idle.notify_all()
                if self._running == 0 and self._left_behind is not None:
                    self._left_behind.release()
                    self._left_behind = None

    def _work(self, job: str, workspace: str, kind: str, payload: dict[str, Any], starts: int) -> None:
        try:
            if starts > MAX_STARTS:
                raise Conflict(
                    f"The job was given up: its process died {MAX_STARTS} times.", hint="See the log for why."
                )
            handler = self._handlers.get(kind)
            if handler is None:
                raise NotFound(f"Nothing here can do a job of kind '{kind}'.", hint="Is the version too old?")
            reached: list[_Reached] = []
            result = self._result(handler, workspace, payload, self._progress_of(job, starts, reached))
            self._end(job, starts, JobState.done, result=result, reached=reached[-1] if reached else None)
        except _GiveBack:
            if not self.lost.is_set():
                self._ledger.give_back(job, starts)
            raise
        except Cancelled:
            self._end(job, starts, JobState.cancelled)
        except VoxspecError as problem:
            self._end(job, starts, JobState.failed, error=_told(problem))
        except Exception as problem:  # noqa: BLE001 - a bug in a handler fails its job and is logged; raised, it would run again for ever
            # The error's text may quote a record, so it isn't logged.
            get_logger("jobs").error(
                "job failed", job=job, kind=kind, error=type(problem).__name__, at=_where(problem)
            )
            self._end(job, starts, JobState.failed, error=_unforeseen(problem))

    def _result(
        self, handler: Handler, workspace: str, payload: Mapping[str, Any], progress: Progress
    ) -> Mapping[str, Any]:
        """What the handler gives; it begins again, as after a crash, where a store was away for a moment."""
        for wait_s in _STORE_WAITS_S:
            try:
                return handler(workspace, payload, progress)
            except StoreError as problem:
                # Not one of its kinds: a full disk or a foreign lock doesn't pass within seconds.
                if type(problem) is not StoreError:
                    raise
                get_logger("jobs").warning(
                    "a store can't serve; the job is tried again", reason=problem.message
                )
                if self._stopping.wait(wait_s):
                    raise _GiveBack from None
        return handler(workspace, payload, progress)

    def _end(self, job: str, start: int, state: JobState, **outcome: Any) -> None:
        if not self._insist(lambda: self._ledger.end(job, start, state, **outcome)):
            raise _superseded(job)

    def _insist(self, save: Callable[[], _T]) -> _T:
        """Save as soon as the database of jobs can be reached: work that is done must not be lost because it was away."""
        while True:
            try:
                return save()
            except StoreError:
                if self._stopping.wait(_TRY_AGAIN_S):
                    raise _GiveBack from None

    def _progress_of(self, job: str, start: int, reached: list[_Reached]) -> Progress:
        """What a handler tells its progress to. Calls in quick succession aren't saved; `reached` holds the last one."""
        next_at = 0.0
        last: _Reached | None = None

        def progress(done: int, total: int | None, message: str) -> None:
            nonlocal next_at, last
            reached[:] = [(done, total, message)]
            if self._stopping.is_set():
                raise _GiveBack
            now = time.monotonic()
            finished = total is not None and done >= total
            if now < next_at and not (finished and last != (done, total, message)):
                return
            last = (done, total, message)
            cancelled = self._insist(lambda: self._ledger.progress(job, start, done, total, message))
            ended = time.monotonic()
            next_at = max(now + _PROGRESS_EVERY_S, ended + _SHARE * (ended - now))
            if cancelled is None:
                raise _superseded(job)
            if cancelled:
                raise Cancelled(
                    "The job was stopped.", hint="What it had finished is kept; start it again to go on."
                )

        return progress

    def _take_over(self) -> None:
        while not self._stopping.wait(self._look_for_dead_s):
            try:
                if self._slot is None or not self._keeps_its_slot(self._slot):
                    return
                with self._place.translated(), self._slot.dead(self._busy) as names:
                    if names and not self._stopping.is_set():
                        DBOS._recover_pending_workflows(names)
                        if self._looks is not None:
                            self._looks.ring_all()
            except StoreError as problem:
                get_logger("jobs").warning("the database of jobs can't be reached", reason=problem.message)

    def _keeps_its_slot(self, slot: Slot) -> bool:
        if slot.held():
            return True
        get_logger("jobs").error("another worker took this one's place; it gives back its jobs and stops")
        self.lost.set()
        self._stopping.set()
        return False

    def _busy(self) -> list[str]:
        """Executors in whose name workflows run."""
        running = self._client.list_workflows(status="PENDING", load_input=False, load_output=False)
        return sorted({one.executor_id for one in running if one.executor_id})


_only_one = threading.Lock()


def _superseded(job: str) -> _GiveBack:
    """For a worker that was frozen or cut off so long that another one does its job: dbos must not note an end."""
    get_logger("jobs").warning("another worker does this job since; what was left of it stops here", job=job)
    return _GiveBack()


def _told(problem: VoxspecError) -> dict[str, Any]:
    return {
        "code": problem.code,
        "message": problem.message,
        "hint": problem.hint,
        "retryable": problem.retryable,
    }


def _unforeseen(problem: Exception) -> dict[str, Any]:
    return {
        "code": "internal",
        "message": f"The job stopped on an unexpected error ({type(problem).__name__}).",
        "hint": "What it had finished is kept. The server's log says where it happened.",
        "retryable": False,
    }


def _where(problem: Exception) -> str:
    trace = problem.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return f"{Path(trace.tb_frame.f_code.co_filename).name}:{trace.tb_lineno}" if trace else ""
