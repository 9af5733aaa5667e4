"""Changes of a draft that a chat offers, and the taking of them."""

from typing import Any

from pydantic import AwareDatetime

from api.shown import shown_diff, shown_offer
from assistant.chat.outcomes import Propose, Take
from assistant.domain.draft import Draft
from assistant.domain.draft_diff import Cause
from assistant.settings import Settings
from assistant.workbench import Workbench
from evals.editing.amend import Amended, amend
from evals.editing.rehearse import Rehearsal, overtaken

_NOTHING_YET = "This is what would change. Nothing has yet: say “apply” to take it."
_MOST_NAMED = 5


def offer_of(proposed: Propose, found: Rehearsal) -> dict[str, Any]:
    """What a turn keeps of a proposal."""
    return {
        "draft_id": proposed.draft_id,
        "version": proposed.version,
        "edits": [one.model_dump(mode="json") for one in found.edits],
        "wishes": [one.model_dump(mode="json") for one in found.wishes],
    }


def told_offer(settings: Settings, offer: dict[str, Any], found: Rehearsal) -> dict[str, Any]:
    """A proposal as its event tells it: with what it changes, and what the check says then."""
    assert found.diff is not None
    diff = shown_diff(settings, found.diff).model_dump(mode="json")
    verdict = found.report.verdict.value if found.report else ""
    return {**shown_offer(settings, offer), "diff": diff, "verdict": verdict}


def words_of(proposed: Propose, found: Rehearsal) -> str:
    """What is said of a proposal."""
    parts = [proposed.note]
    if found.problem is not None:
        parts += [found.problem.message, found.problem.hint or ""]
    else:
        parts.append(_NOTHING_YET)
        if found.left:
            more = " …" if len(found.left) > _MOST_NAMED else ""
            named = ", ".join(found.left[:_MOST_NAMED])
            parts.append(f"No wording that says the same was found for {named}{more}.")
        if found.report is not None:
            parts.append(f"Checked with it: {found.report.verdict.value.replace('_', ' ')}.")
    if found.refused:
        parts.append(" ".join(found.refused[:_MOST_NAMED]))
    return " ".join(part for part in parts if part)


def take(bench: Workbench, wanted: Take, *, by: str, since: AwareDatetime) -> tuple[Draft, bool]:
    """Make the edits, once: a turn that is answered again after a crash finds the version that it made.

    Args:
        since: when the person said so.

    Returns: the newest version, and whether it is a new one.
    Raises: NotFound; UsageError; Conflict: somebody else changed the same passage; StoreError.
    """
    for note in bench.catalog.history.notes(bench.workspace, wanted.draft_id):
        if (note.cause, note.by, note.base) == (Cause.edit, by, wanted.version) and note.at >= since:
            held = bench.catalog.drafts.get(bench.workspace, wanted.draft_id, note.version)
            if held is not None:
                return held, True
    outcome = amend(bench, wanted.draft_id, wanted.edits, version=wanted.version, by=by)
    if not isinstance(outcome, Amended):
        raise overtaken(outcome)
    return outcome.draft, outcome.kept
