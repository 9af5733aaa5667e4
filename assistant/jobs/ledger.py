"""The table of jobs as others see them: state, progress, result, error. The queue itself is the engine's."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from assistant.domain.base import digest
from assistant.domain.job import Job, JobState
from assistant.jobs.places import Place
from assistant.jobs.port import JobTally
from assistant.postgres import lock_for_transaction

TERMINAL = (JobState.done, JobState.failed, JobState.cancelled)
"""States that a job never leaves."""

MAX_STARTS = 10
"""A job whose process was killed this often is failed: it is most likely what kills it."""

_metadata = sa.MetaData()
_jobs = sa.Table(
    "voxspec_jobs",
    _metadata,
    sa.Column("id", sa.String, primary_key=True),
    sa.Column("workspace", sa.String, nullable=False),
    sa.Column("kind", sa.String, nullable=False),
    sa.Column("payload", sa.JSON, nullable=False),
    sa.Column("state", sa.String, nullable=False),
    sa.Column("done", sa.Integer, nullable=False, default=0),
    sa.Column("total", sa.Integer),
    sa.Column("message", sa.String, nullable=False, default=""),
    sa.Column("result", sa.JSON, nullable=False),
    sa.Column("error", sa.JSON),
    sa.Column("cancel_requested", sa.Boolean, nullable=False, default=False),
    sa.Column("starts", sa.Integer, nullable=False, default=0),
    sa.Column("created_at", sa.String, nullable=False),
    sa.Index("voxspec_jobs_newest", "workspace", "created_at", "id"),
)

jobs_table = _jobs
"""For an erasure, which changes rows of jobs that are over."""


def job_id(workspace: str, kind: str, key: str) -> str:
    """Id of the job that `Jobs.submit` gives for a key."""
    return "job_" + digest(workspace, kind, key, size=10)


class Ledger:
    """Rows of the jobs table. Every method but `add` is one short transaction. Raises: StoreError where a server can't serve."""

    def __init__(self, place: Place) -> None:
        self._place = place
        with self._begin() as connection:
            if connection.dialect.name == "postgresql":
                # Two that start at once would both find no table.
                lock_for_transaction(connection, "jobs", "schema")
            _metadata.create_all(connection)

    def add(
        self, connection: sa.Connection, job: str, workspace: str, kind: str, payload: Mapping[str, Any]
    ) -> bool:
        """Insert inside the caller's transaction. Returns False where the id is known already."""
        made = connection.execute(
            _insert(connection)
            .values(
                id=job,
                workspace=workspace,
                kind=kind,
                payload=dict(payload),
                state=JobState.queued.value,
                result={},
                error=sa.null(),
                created_at=datetime.now(UTC).isoformat(timespec="microseconds"),
            )
            .on_conflict_do_nothing()
            .returning(_jobs.c.id)
        )
        return made.first() is not None

    def get(self, workspace: str, job: str) -> Job | None:
        """The job, if it is of this workspace."""
        with self._begin() as connection:
            row = connection.execute(
                sa.select(_jobs).where(_jobs.c.workspace == workspace, _jobs.c.id == job)
            ).first()
        return _to_job(row) if row else None

    def newest(self, workspace: str, limit: int, after: str | None = None) -> list[Job]:
        """Newest first, after that job id; none after an id that isn't there."""
        query = sa.select(_jobs).where(_jobs.c.workspace == workspace)
        if after is not None:
            made = (
                sa.select(_jobs.c.created_at)
                .where(_jobs.c.workspace == workspace, _jobs.c.id == after)
                .scalar_subquery()
            )
            later = sa.and_(_jobs.c.created_at == made, _jobs.c.id > after)
            query = query.where(sa.or_(_jobs.c.created_at < made, later))
        with self._begin() as connection:
            rows = connection.execute(
                query.order_by(_jobs.c.created_at.desc(), _jobs.c.id).limit(limit)
            ).all()
        return [_to_job(row) for row in rows]

    def tally(self, workspace: str | None) -> JobTally:
        """How many by kind and state, of all workspaces where none is named."""
        mine = _jobs.c.workspace == workspace if workspace is not None else sa.true()
        oldest = sa.func.min(_jobs.c.created_at)
        query = sa.select(_jobs.c.kind, _jobs.c.state, sa.func.count(), oldest).where(mine)
        with self._begin() as connection:
            rows = connection.execute(query.group_by(_jobs.c.kind, _jobs.c.state)).all()
        since = min((at for _, state, _, at in rows if state == JobState.queued.value), default=None)
        return JobTally(
            states={(kind, state): count for kind, state, count, _ in rows},
            oldest_queued_at=datetime.fromisoformat(since) if since else None,
        )

    def begin(self, job: str) -> tuple[str, str, dict[str, Any], int] | None:
        """Mark as running and count the start.

        Returns: workspace, kind, payload and how often it was started, by which what follows knows its own start;
        None where there is nothing left to do.
        """
        with self._begin() as connection:
            row = connection.execute(
                sa.update(_jobs)
                .where(_jobs.c.id == job, _jobs.c.state.not_in([state.value for state in TERMINAL]))
                .values(state=JobState.running.value, starts=_jobs.c.starts + 1)
                .returning(_jobs.c.workspace, _jobs.c.kind, _jobs.c.payload, _jobs.c.starts)
            ).first()
        return (row.workspace, row.kind, row.payload, row.starts) if row else None

    def progress(self, job: str, start: int, done: int, total: int | None, message: str) -> bool | None:
        """Save the progress. Returns True once a person asked to stop, None where another worker started the job again."""
        with self._begin() as connection:
            row = connection.execute(
                sa.update(_jobs)
                .where(_jobs.c.id == job, *_is_of(start))
                .values(done=done, total=total, message=message)
                .returning(_jobs.c.cancel_requested)
            ).first()
        return bool(row.cancel_requested) if row else None

    def end(
        self,
        job: str,
        start: int,
        state: JobState,
        *,
        result: Mapping[str, Any] | None = None,
        error: Mapping[str, Any] | None = None,
        reached: tuple[int, int | None, str] | None = None,
    ) -> bool:
        """Save the outcome. An outcome that is there already stays.

        Returns: False where another worker started the job again: its outcome counts.

        Args:
            reached: the last progress of a finished job. Where its total was never known, it is what was done, and the
                message, which says what the job is at, goes.
        """
        finished: dict[str, object] = {}
        if reached is not None:
            done, total, message = reached
            finished = {"done": done, "total": done if total is None else total}
            finished["message"] = "" if total is None else message
        return self._set(
            job,
            start,
            state=state.value,
            result=dict(result or {}),
            error=dict(error) if error is not None else sa.null(),
            **finished,
        )

    def give_back(self, job: str, start: int) -> None:
        """Mark as waiting again: this process stops before the job is finished, which is no start to count."""
        self._set(job, start, state=JobState.queued.value, starts=_jobs.c.starts - 1)

    def request_cancel(self, workspace: str, job: str) -> Job | None:
        """Cancel at once what waits; ask what runs to stop; leave what is over."""
        with self._begin() as connection:
            mine = (_jobs.c.workspace == workspace, _jobs.c.id == job)
            connection.execute(
                sa.update(_jobs)
                .where(*mine, _jobs.c.state == JobState.queued.value)
                .values(state=JobState.cancelled.value, cancel_requested=True)
            )
            connection.execute(
                sa.update(_jobs)
                .where(*mine, _jobs.c.state == JobState.running.value)
                .values(cancel_requested=True)
            )
        return self.get(workspace, job)

    @contextmanager
    def _begin(self) -> Iterator[sa.Connection]:
        with self._place.translated(), self._place.engine.begin() as connection:
            yield connection

    def _set(self, job: str, start: int, **values: object) -> bool:
        with self._begin() as connection:
            mine = connection.execute(
                sa.select(_jobs.c.id).where(_jobs.c.id == job, *_is_of(start)).with_for_update()
            ).first()
            connection.execute(
                sa.update(_jobs)
                .where(_jobs.c.id == job, *_is_of(start))
                .where(_jobs.c.state.not_in([state.value for state in TERMINAL]))
                .values(**values)
            )
        return mine is not None


def _is_of(start: int) -> tuple[sa.ColumnElement[bool], ...]:
    """Still that start of the job: not begun again since, nor waiting to be."""
    return _jobs.c.starts == start, _jobs.c.state != JobState.queued.value


def _insert(connection: sa.Connection) -> "sqlite.Insert | postgresql.Insert":
    if connection.dialect.name == "postgresql":
        return postgresql.insert(_jobs)
    return sqlite.insert(_jobs)


def _to_job(row: sa.Row[Any]) -> Job:
    return Job(
        id=row.id,
        workspace=row.workspace,
        kind=row.kind,
        state=JobState(row.state),
        done=row.done,
        total=row.total,
        message=row.message,
        result=row.result,
        error=row.error,
        created_at=datetime.fromisoformat(row.created_at),
    )
