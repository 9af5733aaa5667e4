"""What mends a finding that code can't: a model's wording of the passage, held to the evidence, graded, and shown before anybody takes it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.domain.draft import Draft
from assistant.domain.draft_diff import DraftDiff
from assistant.domain.edit import Edit, Reword, Style
from assistant.domain.finding import Finding, finding_key
from assistant.drafting.editing.addresses import addresses
from assistant.drafting.editing.proposals import ask_for_wording
from assistant.errors import NotFound, UsageError
from assistant.settings import Settings
from assistant.workbench import Workbench
from evals.editing.amend import Stale, amend
from evals.editing.history import version_of
from evals.editing.rehearse import passages
from evals.release import unjudged

_REPEATED = re.compile(r"['‘“]([^'‘’“”]+)['’”]")
"""What a finding's message repeats of the text."""
_MOST_ASKED = 3
"""Passages that a model is asked to word, one after the other: a finding about a story or section doesn't say which of its texts."""


@dataclass(frozen=True)
class Suggestion:
    """A wording that somebody may take; without edits, why there is none."""

    by: str
    """The model's name."""
    edits: tuple[Edit, ...] = ()
    diff: DraftDiff | None = None
    refused: tuple[str, ...] = ()
    """Wordings that couldn't stand, and why."""


def can_suggest(settings: Settings) -> bool:
    """Whether there is a model to ask."""
    return settings.model != "extractive"


def has_words(draft: Draft, finding: Finding) -> bool:
    """Whether a finding is about a text that can be worded otherwise."""
    return bool(_targets(draft, finding))


def suggest(bench: Workbench, draft_id: str, key: str, *, version: int, by: str) -> Suggestion | Stale:
    """Ask the model for a wording with which the finding is gone. Nothing is kept.

    Args: key: of a finding of that version's report (`finding_key`).
    Raises: NotFound: no such finding; UsageError: no model is set, or the finding is about no text; ModelError; StoreError.
    """
    if bench.model is None:
        raise UsageError(
            "There is no language model to suggest a wording.",
            hint="Set VOXSPEC_MODEL, for example openai:NAME with OPENAI_BASE_URL, and start the service again; or type over it.",
        )
    draft = unjudged(version_of(bench, draft_id, version))
    held = draft.report.findings if draft.report else ()
    finding = next((one for one in held if finding_key(one) == key), None)
    if finding is None:
        raise NotFound(
            f"Version {version} of {draft_id} has no finding '{key[:40]}'.",
            hint=f"voxspec check {draft_id} lists its findings with their keys.",
        )
    targets = _targets(draft, finding)
    if not targets:
        raise UsageError("This finding is about no text.", hint="Mend what it names, or overrule it.")
    refused: list[str] = []
    for target in targets:
        told = ask_for_wording(
            bench.model,
            draft,
            Reword(target=target, style=Style.shorter),
            show_personal=bench.settings.show_personal_data,
            problem=finding.message,
        )
        if told.edit is None:
            refused.append(f"{target}: {told.refused}")
            continue
        outcome = amend(bench, draft_id, [told.edit], version=version, by=by, dry_run=True)
        if isinstance(outcome, Stale):
            return outcome
        left = outcome.draft.report.findings if outcome.draft.report else ()
        if key not in {finding_key(one) for one in left} and _stops_less(left, held):
            return Suggestion(bench.model.name, (told.edit,), outcome.diff, tuple(refused))
        refused.append(f"{target}: with “{told.after}” the check finds as much fault as before.")
    return Suggestion(bench.model.name, refused=tuple(refused))


def _stops_less(after: Sequence[Finding], before: Sequence[Finding]) -> bool:
    """Whether no more findings block than before: a wording that mends one thing and breaks another is no fix."""
    stops = [sum(one.severity == "block" for one in held) for held in (after, before)]
    return stops[0] <= stops[1]


def _targets(draft: Draft, finding: Finding) -> list[str]:
    """The texts that a finding may be about: the one it names; of a block or section, those that hold the words it repeats, else all."""
    texts = {name: text for name, text in addresses(draft) if text}
    if finding.target in texts:
        return [finding.target]
    wish = Reword(target=finding.target, style=Style.shorter)
    inside = [
        one.target for one in passages(draft, [wish]) if isinstance(one, Reword) and one.target in texts
    ]
    inside = inside or [
        one for one in texts if one.startswith(f"section:{finding.target}.") and not one.endswith(".title")
    ]
    repeated = _REPEATED.findall(finding.message)
    named = [one for one in inside if any(words in texts[one] for words in repeated)]
    return (named or inside)[:_MOST_ASKED]
