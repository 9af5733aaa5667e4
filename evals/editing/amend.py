"""Editing a stored draft: edits are made, graded and kept as the next version; undone and redone the same way.

History only grows. Whoever edits names the version they saw; what another one changed meanwhile is merged where the blocks differ.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from assistant.domain.draft import Draft, DraftStatus
from assistant.domain.draft_diff import Cause, DraftDiff, VersionNote
from assistant.domain.edit import Edit
from assistant.domain.finding import Verdict
from assistant.drafting.editing.apply import apply
from assistant.drafting.editing.compare import diff
from assistant.drafting.editing.merge import disturbed, merged
from assistant.drafting.staleness.mark import mark
from assistant.errors import Conflict, UsageError
from assistant.workbench import Workbench
from evals.check import check
from evals.editing.history import history, version_of
from evals.editing.resolve import resolved

_TRIES = 5


@dataclass(frozen=True)
class Amended:
    """What came of it."""

    draft: Draft
    """The new version with its report; where nothing was to be kept, the version that would be."""
    diff: DraftDiff
    """Against the version before it."""
    kept: bool
    merged: bool = False
    """Whether somebody else made versions since the one that the person saw."""


@dataclass(frozen=True)
class Stale:
    """The version that the person saw isn't the newest, and both changed the same."""

    newest: int
    changed: tuple[str, ...]
    """What changed since, by target; empty for undo and redo, which are about the newest version alone."""
    diff: DraftDiff
    """From the version that the person saw to the newest."""


def amend(
    bench: Workbench,
    draft_id: str,
    edits: Sequence[Edit],
    *,
    version: int,
    by: str,
    dry_run: bool = False,
) -> Amended | Stale:
    """Make edits over a version, grade the outcome, keep it.

    Args:
        version: the one that the person saw.
        dry_run: nothing is kept.

    Returns: the new version, or what stands in the way. Edits that change nothing make no version.
    Raises: NotFound; UsageError; Conflict (a `before` that isn't there any more); StoreError.
    """
    base = version_of(bench, draft_id, version)
    for _ in range(_TRIES):
        newest = newest_of(bench, draft_id)
        made = tuple(resolved(base, edits))
        if newest.version != version:
            rebased = merged(base, newest, made)
            if rebased is None:
                return stale(base, newest)
            made = rebased
        changed = apply(newest, made)
        if same_text(changed, newest):
            return Amended(newest, diff(newest, newest), kept=False)
        note = VersionNote(
            version=changed.version, cause=Cause.edit, by=by, at=now(), edits=made, base=version
        )
        kept = keep(bench, newest, graded(bench, changed), note, dry_run=dry_run)
        if kept is not None:
            return kept
    return stale(base, version_of(bench, draft_id))


def undo(bench: Workbench, draft_id: str, *, version: int, by: str, again: bool = False) -> Amended | Stale:
    """Go back to what stood before the last thing that was done and not undone.

    Args:
        version: the newest one, as the person sees it.
        again: the other way: do again what was undone last.

    Returns: a new version whose document is the former one's, report included.
    Raises: NotFound; Conflict: there is nothing to undo or redo.
    """
    newest = version_of(bench, draft_id)
    told = history(bench, draft_id)
    if newest.version != version:
        return stale(version_of(bench, draft_id, version), newest)
    if again:
        goal = told.undone[-1] if told.undone else None
    else:
        goal = told.done[-2] if len(told.done) > 1 else None
    if goal is None:
        raise Conflict(
            f"There is nothing to {'redo' if again else 'undo'} in {draft_id[:60]}.",
            hint="An undo can be redone until something else is edited."
            if again
            else "This is the first version.",
        )
    former = version_of(bench, draft_id, goal)
    restored = former.model_copy(update={"version": newest.version + 1, "parent_version": newest.version})
    note = VersionNote(
        version=restored.version,
        cause=Cause.redo if again else Cause.undo,
        by=by,
        at=now(),
        base=version,
        restores=goal,
    )
    done = keep(bench, newest, restored, note, dry_run=False)
    return done or stale(newest, version_of(bench, draft_id))


def graded(bench: Workbench, draft: Draft) -> Draft:
    """The draft with the report of a check over the records of now, and the status that follows from it."""
    report = check(bench, draft)
    status = DraftStatus.ready if report.verdict is Verdict.ready else DraftStatus.draft
    return draft.model_copy(update={"report": report, "status": status})


def same_text(one: Draft, other: Draft) -> bool:
    """Whether two versions say the same and have the same locks."""
    return (one.title, one.sections, one.claims, one.locks) == (
        other.title,
        other.sections,
        other.claims,
        other.locks,
    )


def now() -> datetime:
    """When something is done, UTC."""
    return datetime.now(UTC)


def newest_of(bench: Workbench, draft_id: str) -> Draft:
    """The version to edit. Raises: NotFound; UsageError: what it rested on was erased."""
    draft = version_of(bench, draft_id)
    if draft.stale_reason:
        raise UsageError(
            f"The draft {draft.id} is stale: {draft.stale_reason}", hint="Write it again, and edit that."
        )
    return draft


def keep(
    bench: Workbench, before: Draft, after: Draft, note: VersionNote, *, dry_run: bool
) -> Amended | None:
    """Keep a version with how it came about. Args: dry_run: nothing is kept. Returns: None where somebody made one of that number meanwhile."""
    told = Amended(after, diff(before, after, [note]), kept=not dry_run, merged=note.base != note.version - 1)
    if dry_run:
        return told
    try:
        bench.catalog.history.append(after, note)
    except Conflict:
        if version_of(bench, after.id).version < after.version:
            raise
        return None
    mark(bench)
    return told


def stale(base: Draft, newest: Draft) -> Stale:
    """What is said where the newest version isn't the one that the person saw."""
    return Stale(newest.version, tuple(sorted(disturbed(base, newest))), diff(base, newest))
