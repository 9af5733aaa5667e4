"""Edits that somebody wishes for, worked out to be looked at: wordings found passage by passage, the whole graded, nothing kept."""

from collections.abc import Sequence
from dataclasses import dataclass

from assistant.domain.draft import Draft
from assistant.domain.draft_diff import DraftDiff
from assistant.domain.edit import Edit, Reword
from assistant.domain.finding import CheckReport
from assistant.drafting.editing.addresses import addresses, parse
from assistant.drafting.editing.proposals import Proposal
from assistant.errors import BudgetExceeded, Conflict, ModelError, UsageError, VoxspecError
from assistant.workbench import Workbench
from evals.editing.amend import Stale, amend
from evals.editing.history import version_of
from evals.editing.resolve import RULES, propose, propose_by_rules

_PROSE = ("text", "want", "benefit", "mitigation", "lead")
"""Texts of a block that are sentences; titles, names and units are none."""
_MOST_PASSAGES = 24


@dataclass(frozen=True)
class Rehearsal:
    """What would come of the wishes."""

    edits: tuple[Edit, ...] = ()
    """What takes it; empty where nothing could be done."""
    wishes: tuple[Edit, ...] = ()
    """The wish behind each edit."""
    diff: DraftDiff | None = None
    report: CheckReport | None = None
    """The check of the draft as it would be."""
    left: tuple[str, ...] = ()
    """Passages that no wording was found for."""
    refused: tuple[str, ...] = ()
    """Why a model's wording of a passage could not stand."""
    problem: VoxspecError | None = None


def rehearse(bench: Workbench, draft_id: str, version: int, wishes: Sequence[Edit], *, by: str) -> Rehearsal:
    """Work out edits over a version. What can't be worded is left out and told; the rest goes on.

    Several wishes for one passage are tried in turn. A model that can't serve is not asked again: rules word the rest.
    Raises: NotFound; StoreError.
    """
    draft = version_of(bench, draft_id, version)
    words = _Words(bench, draft)
    edits: list[Edit] = []
    meant: list[Edit] = []
    unworded: dict[str, None] = {}
    try:
        for wish in passages(draft, wishes):
            edit = words.of(wish) if isinstance(wish, Reword) else wish
            if edit is not None:
                edits.append(edit)
                meant.append(wish)
            elif isinstance(wish, Reword):
                unworded[wish.target] = None
    except UsageError as problem:
        return Rehearsal(problem=problem)
    left = [name for name in unworded if name not in words.found]
    refused = words.refused
    if not edits:
        return Rehearsal(left=tuple(left), refused=tuple(refused), problem=_nothing(left))
    try:
        outcome = amend(bench, draft_id, edits, version=version, by=by, dry_run=True)
    except (UsageError, Conflict) as problem:
        return Rehearsal(problem=problem)
    if isinstance(outcome, Stale):
        return Rehearsal(problem=overtaken(outcome))
    return Rehearsal(
        tuple(edits), tuple(meant), outcome.diff, outcome.draft.report, tuple(left), tuple(refused)
    )


class _Words:
    """Wordings of one draft's passages."""

    def __init__(self, bench: Workbench, draft: Draft) -> None:
        self._bench = bench
        self._draft = draft
        self._is_model_away = False
        self.found: set[str] = set()
        self.refused: list[str] = []

    def of(self, wish: Reword) -> Edit | None:
        """What words a passage anew; None where nothing does, or an earlier wish did."""
        if wish.target in self.found:
            return None
        told = self._proposed(wish)
        if told.refused and told.by != RULES:
            self.refused.append(f"{told.target}: {told.refused}")
        if told.edit is not None:
            self.found.add(wish.target)
        return told.edit

    def _proposed(self, wish: Reword) -> Proposal:
        if not self._is_model_away:
            try:
                return propose(self._bench, self._draft, wish)
            except (ModelError, BudgetExceeded) as problem:
                self._is_model_away = True
                self.refused.append(problem.message)
        return propose_by_rules(self._draft, wish)


def overtaken(stale: Stale) -> Conflict:
    """What is said where somebody else changed the same passage meanwhile."""
    return Conflict(
        f"Version {stale.newest} is the newest by now, and it changed what this is about.",
        hint="Look at it, and say it again.",
    )


def passages(draft: Draft, wishes: Sequence[Edit]) -> list[Edit]:
    """The wishes with a whole block's rewording made into one of each of its sentences."""
    texts = dict(addresses(draft))
    found: list[Edit] = []
    for wish in wishes:
        own = (
            [
                name
                for name, text in texts.items()
                if text
                and name.startswith(f"{wish.target}.")
                and parse(name).path in {(one,) for one in _PROSE}
            ]
            if isinstance(wish, Reword) and wish.target not in texts
            else []
        )
        found += [wish.model_copy(update={"target": name}) for name in own] or [wish]
    return found[:_MOST_PASSAGES]


def _nothing(left: Sequence[str]) -> UsageError:
    named = ", ".join(left[:5]) + (" …" if len(left) > 5 else "")
    return UsageError(
        f"There is no other wording of {named} that says the same.",
        hint="Type over it; with a language model (VOXSPEC_MODEL) there are more wordings.",
    )
