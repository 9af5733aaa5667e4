"""Writes a stored draft's request again and says whether the same bytes come out, and if not, why."""

import json
from dataclasses import dataclass, replace
from typing import Literal

from assistant.domain.base import canonical_json
from assistant.domain.draft import Draft, Provenance
from assistant.domain.request import answered_by
from assistant.errors import UsageError
from assistant.workbench import Workbench
from evals.differences import in_words
from evals.gate import write_and_check
from evals.json_diff import Json, differences
from evals.opinion import without_opinion
from evals.release import unjudged

Cause = Literal[
    "corpus changed",
    "prompt changed",
    "settings changed",
    "writer changed",
    "judge answers otherwise",
    "text differs",
]
_APART = ("id", "version", "parent_version", "status")
"""What a person or the store sets, and the id: a hash of the request's wording, not of what was written."""
_MOST_PATHS = 200


@dataclass(frozen=True)
class Replay:
    """The outcome of writing a draft again."""

    same: bool
    causes: tuple[Cause, ...] = ()
    """Why it differs. `text differs` alone means that nothing known changed: law 8 is broken."""
    paths: tuple[str, ...] = ()
    """Where it differs, for example `claims.C3.text`; at most 200."""
    summary: tuple[str, ...] = ()
    """What differs, a line for each kind of difference."""


def replay(bench: Workbench, draft: Draft) -> Replay:
    """Write the same request again and compare canonical JSON, report included. Nothing is saved.

    Raises: UsageError: a person edited this version; UnknownKind, ModelError, StoreError.
    """
    notes = bench.catalog.history.notes(bench.workspace, draft.id)
    if any(note.version == draft.version for note in notes):
        raise UsageError(
            f"Version {draft.version} of {draft.id} is the work of a person; only what the product wrote can be written again.",
            hint=f"voxspec versions {draft.id} says which versions that is.",
        )
    again = write_and_check(bench, answered_by(draft))
    outcome = compare(draft, again)
    return outcome if outcome.same else replace(outcome, summary=in_words(bench, draft, again))


def compare(old: Draft, new: Draft) -> Replay:
    """Classify the differences of two writings of one request."""
    before, after = _written(old), _written(new)
    if canonical_json(before) == canonical_json(after):
        return Replay(same=True)
    causes = _causes(old.provenance, new.provenance)
    paths = differences(before, after)
    if (old.report and old.report.opinion) != (new.report and new.report.opinion):
        # Another judge, none, or one that was heard this time only: its findings are a report's, no words of the draft.
        causes = (*causes, "judge answers otherwise")
        text = differences(_written(_unheard(old)), _written(_unheard(new)))
    else:
        text = paths
    text = [path for path in text if not path.startswith("provenance")]
    return Replay(
        False, (*causes, *(("text differs",) if text or not causes else ())), tuple(paths[:_MOST_PATHS])
    )


def _unheard(draft: Draft) -> Draft:
    report = without_opinion(draft, draft.report) if draft.report else None
    return draft.model_copy(update={"report": report})


def _written(draft: Draft) -> dict[str, Json]:
    held: dict[str, Json] = json.loads(canonical_json(unjudged(draft)))
    return {name: value for name, value in held.items() if name not in _APART}


def _causes(old: Provenance, new: Provenance) -> tuple[Cause, ...]:
    changed: tuple[tuple[Cause, bool], ...] = (
        ("corpus changed", old.corpus != new.corpus),
        ("prompt changed", (old.prompt_id, old.prompt_sha256) != (new.prompt_id, new.prompt_sha256)),
        ("settings changed", (old.settings, old.parameters) != (new.settings, new.parameters)),
        ("writer changed", (old.writer, old.embedder) != (new.writer, new.embedder)),
    )
    return tuple(cause for cause, applies in changed if applies)
