"""Why a version differs from an earlier one, in words."""

from collections.abc import Sequence

from assistant.domain.draft import Draft, Provenance
from assistant.domain.draft_diff import Cause, Change, VersionNote
from assistant.domain.edit import Edit, InsertBlock, InsertClaim, Remove

_DONE = {
    "replace": "typed over",
    "insert": "added",
    "insert_claim": "added",
    "remove": "removed",
    "move": "moved",
    "split_story": "split",
    "add_failure_path": "given a failure path",
    "set_priority": "given a priority",
    "set_target": "given a target",
    "set_stance": "labelled",
    "lock": "locked",
    "unlock": "unlocked",
    "reword": "worded anew",
}
_MOST_NAMED = 5


def reasons(before: Draft, after: Draft, notes: Sequence[VersionNote]) -> tuple[str, ...]:
    """What was done in between, oldest first, then what a redraft had otherwise: brief, scope, evidence, prompt, settings, writer."""
    return (*(_told(note) for note in notes), *_written_otherwise(before, after))


def reason_of(change: Change, notes: Sequence[VersionNote]) -> str:
    """Why one text or block differs: the last edit that names it, or the removal of what it referred to; empty where neither is known."""
    for note in reversed(notes):
        for edit in reversed(note.edits):
            if _names(edit, change) and edit.type == "replace" and change.target.endswith(".stance"):
                return f"the words that {note.by} typed go beyond its evidence"
            if _names(edit, change):
                return f"{_DONE[edit.type]} by {note.by}" + _wished(edit)
        if note.cause is Cause.fix:
            return f"a finding was mended by {note.by}"
        if note.cause is Cause.refresh:
            return "its evidence changed"
        if note.cause in (Cause.undo, Cause.redo):
            return f"{note.cause.value} by {note.by}"
        for edit in note.edits:
            gone = edit.target if isinstance(edit, Remove) else ""
            if gone and gone in change.before and gone not in change.after:
                return f"{gone} was removed by {note.by}"
    return ""


def _names(edit: Edit, change: Change) -> bool:
    if isinstance(edit, InsertBlock):
        return change.type == "added" and change.section == edit.section.removeprefix("section:")
    if isinstance(edit, InsertClaim):
        return change.type == "added" and change.block == "claim"
    target = edit.target.removesuffix(".text") if change.block == "claim" else edit.target
    if target == "draft":
        target = "draft.title"
    return (
        change.target == target
        or change.target.startswith(f"{target}.")
        or target.startswith(f"{change.target}.")
    )


def _wished(edit: Edit) -> str:
    return f" ({edit.style.value.replace('_', ' ')})" if edit.type == "reword" else ""


def _told(note: VersionNote) -> str:
    if note.cause in (Cause.undo, Cause.redo):
        return f"version {note.version}: {note.cause.value} by {note.by}, back to version {note.restores}"
    if note.cause is Cause.fix:
        return f"version {note.version}: {len(note.solved)} finding{'s' * (len(note.solved) != 1)} mended by {note.by}"
    if note.cause is Cause.refresh:
        return f"version {note.version}: what no longer held was written again for {note.by}"
    named = dict.fromkeys(f"{_where(edit)} {_DONE[edit.type]}" for edit in note.edits)
    more = f" and {len(named) - _MOST_NAMED} more" if len(named) > _MOST_NAMED else ""
    merged = f", merged over version {note.base}" if note.base and note.base < note.version - 1 else ""
    return f"version {note.version}: {', '.join(list(named)[:_MOST_NAMED])}{more} by {note.by}{merged}"


def _where(edit: Edit) -> str:
    if isinstance(edit, InsertBlock):
        return f"a {edit.block.type} in {edit.section.removeprefix('section:')}"
    return f"a claim after {edit.after}" if isinstance(edit, InsertClaim) else edit.target


def _written_otherwise(before: Draft, after: Draft) -> tuple[str, ...]:
    old, new = before.provenance, after.provenance
    told = (
        ("another brief", before.brief != after.brief),
        ("another scope", before.scope != after.scope),
        ("at most another number of items", before.max_items != after.max_items),
        ("other evidence: the records changed", old.corpus != new.corpus),
        ("another prompt", (old.prompt_id, old.prompt_sha256) != (new.prompt_id, new.prompt_sha256)),
        ("other settings", _settings(old) != _settings(new)),
        ("another writer", old.writer != new.writer),
    )
    return tuple(why for why, applies in told if applies)


def _settings(provenance: Provenance) -> tuple[object, ...]:
    return provenance.settings, provenance.embedder, provenance.parameters
