"""Findings that code can mend: the edits that would do it, made alone and graded again."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from assistant.domain.draft import Draft, Stance
from assistant.domain.draft_diff import Cause, VersionNote
from assistant.domain.edit import Edit, Remove, Replace, SetStance
from assistant.domain.finding import Finding, finding_key
from assistant.drafting.editing.addresses import addresses, parse
from assistant.drafting.editing.apply import apply
from assistant.drafting.editing.merge import merged
from assistant.errors import NotFound, UsageError, VoxspecError
from assistant.workbench import Workbench
from evals.check import check
from evals.editing.amend import Amended, Stale, graded, keep, newest_of, now, same_text, stale
from evals.editing.history import version_of
from evals.graders.hidden_characters import find_hidden
from evals.release import judged

_ROUNDS = 5
_STEPS = frozenset({"given", "when", "then"})


@dataclass(frozen=True)
class Fix:
    """A finding that code can mend, and how."""

    key: str
    finding: Finding
    edits: tuple[Edit, ...]
    is_a_choice: bool = False
    """It takes something away or labels it: made where a person asks for this one, never together with all."""


def fixes(draft: Draft, findings: Iterable[Finding]) -> list[Fix]:
    """Which findings code can mend, in their order."""
    texts = list(addresses(draft))
    found = []
    for one in findings:
        edits, is_a_choice = _edits(draft, one, texts)
        if edits:
            found.append(Fix(finding_key(one), one, edits, is_a_choice))
    return found


def fix(
    bench: Workbench,
    draft_id: str,
    *,
    version: int,
    by: str,
    key: str | None = None,
    dry_run: bool = False,
) -> Amended | Stale:
    """Mend one finding of the newest version, or all that code can mend without a choice. A person asks for it, so locks don't hold.

    Args:
        version: the newest one, as the person sees it.
        key: of the finding (`finding_key`); None: all.

    Returns: the new version; where nothing could be mended, the same version, not kept.
    Raises: NotFound: no such finding; UsageError: code can't mend it; StoreError.
    """
    base, newest = version_of(bench, draft_id, version), newest_of(bench, draft_id)
    if newest.version != version:
        return stale(base, newest)
    chosen, changed = _chosen(bench, newest, key)
    if same_text(changed, newest):
        return Amended(newest, stale(newest, newest).diff, kept=False)
    after = graded(bench, changed)
    left = {finding_key(one) for one in after.report.findings} if after.report else set()
    note = VersionNote(
        version=after.version,
        cause=Cause.fix,
        by=by,
        at=now(),
        edits=tuple(edit for one in chosen for edit in one.edits),
        base=version,
        solved=tuple(one.key for one in chosen if one.key not in left),
    )
    return keep(bench, newest, after, note, dry_run=dry_run) or stale(newest, newest_of(bench, draft_id))


def _chosen(bench: Workbench, draft: Draft, key: str | None) -> tuple[list[Fix], Draft]:
    """What is mended, and the draft with it. Two findings about one text are mended one after the other."""
    if key is not None:
        # The stored report first: grading takes half of the 300 ms that a click may take.
        for reported in (True, False):
            possible = fixes(draft, _standing(bench, draft, reported=reported))
            if one := next((one for one in possible if one.key == key), None):
                return [one], _mended(draft, [one])
        raise _refused(bench, draft, key)
    chosen: list[Fix] = []
    held = draft
    for _ in range(_ROUNDS):
        more = [one for one in fixes(held, _standing(bench, held)) if not one.is_a_choice]
        if not more:
            break
        again = _mended(held, more).model_copy(
            update={"version": draft.version, "parent_version": draft.parent_version}
        )
        if same_text(again, held):
            break
        chosen, held = [*chosen, *more], again
    if held is draft:
        return [], draft
    return chosen, held.model_copy(update={"version": draft.version + 1, "parent_version": draft.version})


def mended(draft: Draft, findings: Iterable[Finding]) -> Draft:
    """The draft with everything mended that code can mend without a choice; the same draft where there is nothing."""
    changed = _mended(draft, [one for one in fixes(draft, findings) if not one.is_a_choice])
    return draft if same_text(changed, draft) else changed


def _mended(draft: Draft, chosen: Sequence[Fix]) -> Draft:
    """Each over what the ones before it left; the first of two that change the same stays."""
    held = draft
    for one in chosen:
        rebased = merged(draft, held, one.edits) if held is not draft else one.edits
        if rebased is not None:
            held = apply(held, rebased, locking=False).model_copy(
                update={"version": draft.version, "parent_version": draft.parent_version}
            )
    if held is draft:
        return draft
    return held.model_copy(update={"version": draft.version + 1, "parent_version": draft.version})


def _standing(bench: Workbench, draft: Draft, *, reported: bool = False) -> list[Finding]:
    """What a check finds now, and nobody overruled. Args: reported: what the one found that is stored with the draft."""
    report = draft.report if reported else check(bench, draft)
    shown = judged(bench, draft.model_copy(update={"report": report}))
    return [one for one in shown.report.findings if one.overruled is None] if shown.report else []


def _refused(bench: Workbench, draft: Draft, key: str) -> VoxspecError:
    for one in _standing(bench, draft):
        if finding_key(one) == key:
            return UsageError(
                f"Code can't mend this finding: {one.message}",
                hint=one.fix or "Edit the passage, or overrule the finding with a reason.",
            )
    return NotFound(
        f"Version {draft.version} of {draft.id} has no standing finding '{key[:40]}'.",
        hint=f"voxspec check {draft.id} lists its findings with their keys.",
    )


def _edits(draft: Draft, one: Finding, texts: Sequence[tuple[str, str]]) -> tuple[tuple[Edit, ...], bool]:
    mine = [(name, text) for name, text in texts if _is_in(name, one.target)]
    if one.edit is not None:
        field, before = one.edit.field, one.edit.before
        places = [name for name, text in mine if text == before and _is_field(name, field)]
        return tuple(Replace(target=name, text=one.edit.after, before=before) for name in places), False
    if one.grader == "hidden_characters":
        return _without_hidden(mine), False
    if one.grader == "numbers_bound" and one.span is not None:
        return _bound(draft, one, mine), False
    claim = draft.claims.get(one.target)
    if one.grader == "claims_supported" and claim is not None and claim.stance is Stance.supported:
        return (SetStance(target=claim.id, stance=Stance.assumption),), True
    if one.grader == "claims_used" and claim is not None:
        return (Remove(target=claim.id),), True
    return (), False


def _is_in(address: str, target: str) -> bool:
    if target == "draft":
        return address == "draft.title"
    return address == target or address.startswith((f"{target}.", f"section:{target}."))


def _is_field(address: str, field: str) -> bool:
    path = parse(address).path
    if field == "criterion":
        return len(path) > 1 and path[0] == "criteria" and path[-2] in _STEPS
    return path == (field,)


def _without_hidden(mine: Sequence[tuple[str, str]]) -> tuple[Edit, ...]:
    edits = []
    for name, text in mine:
        hidden = {spot.start for spot in find_hidden(text) if spot.end == spot.start + 1}
        if hidden:
            left = "".join(one for at, one in enumerate(text) if at not in hidden)
            edits.append(Replace(target=name, text=left, before=text))
    return tuple(edits)


def _bound(draft: Draft, one: Finding, mine: Sequence[tuple[str, str]]) -> tuple[Edit, ...]:
    """The placeholder of a number that the claim itself counts, where somebody typed its characters in its place."""
    claim = draft.claims.get(one.target)
    if claim is None or one.span is None:
        return ()
    start, end = one.span
    typed = claim.text[start:end]
    same = [name for name in claim.fact_ids if name in draft.facts and draft.facts[name].display == typed]
    unshown = [name for name in same if f"{{{name}}}" not in claim.text]
    if len(unshown) != 1:
        return ()
    text = f"{{{unshown[0]}}}"
    return (Replace(target=claim.id, text=text, span=one.span, before=claim.text),)
