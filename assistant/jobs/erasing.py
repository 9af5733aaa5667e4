"""Taking erased words out of the table of jobs, whose payloads name files and briefs and whose results repeat rows."""

from collections.abc import Collection
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.engine import URL

from assistant.domain.erased_words import ErasedWords
from assistant.domain.job import JobState
from assistant.domain.redaction import without_words
from assistant.jobs.ledger import TERMINAL, jobs_table
from assistant.jobs.places import opened

_TEXTS = ("payload", "result", "error", "message")
_NO_WORDS = frozenset({"kind", "run", "draft_id", "parent", "verdict", "code", "language"})


def clean_jobs(
    place: Path | URL,
    workspace: str,
    words: ErasedWords,
    runs: Collection[str],
    uploads: Collection[str],
    *,
    dry_run: bool = False,
) -> dict[str, int]:
    """Redact the jobs of a workspace, and cancel imports that wait for files which are to go.

    Args:
        runs: jobs that wrote drafts over erased records; single words count in them.
        uploads: jobs whose uploaded files are removed.

    Returns: `jobs` that were redacted, `imports_cancelled`. Raises: StoreError.
    """
    counts = {"jobs": 0, "imports_cancelled": 0}
    jobs = opened(place)
    if not jobs.exists():
        return counts
    try:
        with jobs.translated(), jobs.engine.begin() as connection:
            if not sa.inspect(connection).has_table(jobs_table.name):
                return counts
            for row in connection.execute(
                sa.select(jobs_table).where(jobs_table.c.workspace == workspace)
            ).all():
                held = row._mapping
                changes = {
                    name: left
                    for name in _TEXTS
                    if (left := without_words(held[name], words, nearby=row.id in runs, skip=_NO_WORDS))
                    != held[name]
                }
                counts["jobs"] += bool(changes)
                if row.id in uploads and row.state not in {state.value for state in TERMINAL}:
                    counts["imports_cancelled"] += 1
                    changes |= {"state": JobState.cancelled.value, "cancel_requested": True}
                if changes and not dry_run:
                    connection.execute(
                        sa.update(jobs_table).where(jobs_table.c.id == row.id).values(**changes)
                    )
    finally:
        jobs.engine.dispose()
    return counts


def states(place: Path | URL, ids: Collection[str]) -> dict[str, str]:
    """Job → its state, of those that there are."""
    jobs = opened(place)
    if not ids or not jobs.exists():
        return {}
    try:
        with jobs.translated(), jobs.engine.connect() as connection:
            if not sa.inspect(connection).has_table(jobs_table.name):
                return {}
            query = sa.select(jobs_table.c.id, jobs_table.c.state).where(jobs_table.c.id.in_(list(ids)))
            return {row.id: row.state for row in connection.execute(query)}
    finally:
        jobs.engine.dispose()


def compact_jobs(place: Path | URL) -> None:
    """Write the table of a Postgres database anew, so that no changed row stays in its files. Of a file, its folder's owner does it."""
    if isinstance(place, Path):
        return
    jobs = opened(place)
    try:
        with (
            jobs.translated(),
            jobs.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection,
        ):
            if sa.inspect(connection).has_table(jobs_table.name):
                connection.exec_driver_sql(f"VACUUM (FULL) {jobs_table.name}")
    finally:
        jobs.engine.dispose()
