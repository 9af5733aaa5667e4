"""What a person may go back to: the versions of a draft as a stack of what was done and undone."""

from dataclasses import dataclass

from assistant.domain.draft import Draft
from assistant.domain.draft_diff import Cause, DraftDiff, VersionNote
from assistant.drafting.editing.compare import diff
from assistant.errors import NotFound
from assistant.workbench import Workbench


@dataclass(frozen=True)
class History:
    """A draft's versions, read once."""

    versions: tuple[int, ...]
    notes: tuple[VersionNote, ...]
    done: tuple[int, ...]
    """Versions whose documents stand, the present one last; undoing goes back along it."""
    undone: tuple[int, ...]
    """Versions that were undone, the last undone last."""


def history(bench: Workbench, draft_id: str) -> History:
    """Read how a draft came to be what it is. Raises: NotFound."""
    versions = bench.catalog.history.versions(bench.workspace, draft_id)
    if not versions:
        raise NotFound(
            f"There is no draft '{draft_id[:60]}' in the workspace '{bench.workspace}'.",
            hint="Give the id that the list of drafts shows.",
        )
    notes = bench.catalog.history.notes(bench.workspace, draft_id)
    causes = {note.version: note.cause for note in notes}
    done: list[int] = []
    undone: list[int] = []
    for version in versions:
        cause = causes.get(version, Cause.written)
        if cause is Cause.undo and len(done) > 1:
            undone.append(done.pop())
        elif cause is Cause.redo and undone:
            done.append(undone.pop())
        else:
            done.append(version)
            undone.clear()
    return History(tuple(versions), tuple(notes), tuple(done), tuple(undone))


def version_of(bench: Workbench, draft_id: str, version: int | None = None) -> Draft:
    """A stored version, or the newest. Raises: NotFound."""
    found = bench.catalog.drafts.get(bench.workspace, draft_id, version)
    if found is None:
        which = "" if version is None else f"version {version} of "
        raise NotFound(
            f"There is no {which}draft '{draft_id[:60]}' in the workspace '{bench.workspace}'.",
            hint=f"voxspec versions {draft_id[:60]} lists what there is.",
        )
    return found


def diff_of(bench: Workbench, draft_id: str, before: int, after: int | None = None) -> DraftDiff:
    """What differs between two stored versions, with the reasons. Args: after: default the newest. Raises: NotFound."""
    old, new = version_of(bench, draft_id, before), version_of(bench, draft_id, after)
    notes = bench.catalog.history.notes(bench.workspace, draft_id)
    low, high = sorted((old.version, new.version))
    return diff(old, new, [note for note in notes if low < note.version <= high])
