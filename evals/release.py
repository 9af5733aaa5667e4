"""What people decide about a checked draft: a finding is overruled, the draft is approved; and whether it may go out.

A decision is a Label of the workspace about one version. Stored drafts never change by it: `judged` shows both together.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from pydantic import ValidationError

from assistant.domain.draft import Draft, DraftStatus
from assistant.domain.finding import CheckReport, Finding, Overruling, finding_key
from assistant.domain.label import Label, LabelVerdict
from assistant.errors import InputRejected, NotFound, UsageError
from assistant.workbench import Workbench
from evals.check import check

ACCEPTED = "draft"
"""The question whose answer `right` approves a draft."""
_MOST_STAGES = 20


@dataclass(frozen=True)
class Refusal:
    """Why a draft may not go out."""

    message: str
    hint: str
    standing: tuple[Finding, ...] = ()
    """The blocking findings that nobody overruled."""


def may_publish(bench: Workbench, draft: Draft) -> Refusal | None:
    """Whether a version may leave for a tracker or be approved: it is checked again, against the records of now.

    Returns: None where it may; otherwise why not, with the blocking findings that nobody overruled.
    Raises: UnknownKind, UsageError, StoreError.
    """
    if draft.stale_reason:
        return Refusal(f"The draft {draft.id} is stale: {draft.stale_reason}", "Write it again.")
    standing = with_overrulings(bench, draft, check(bench, draft)).standing
    if not standing:
        return None
    number = f"{len(standing)} blocking finding{'' if len(standing) == 1 else 's'}"
    return Refusal(
        f"{number} of version {draft.version} of {draft.id} stand{'s' if len(standing) == 1 else ''}.",
        "Write the draft again, or overrule each with a reason: voxspec overrule DRAFT_ID KEY --reason '…'.",
        standing,
    )


def overrule(bench: Workbench, draft: Draft, key: str, *, reason: str, by: str) -> Finding:
    """Dismiss one finding of a version, of its stored report or of a check against the records of now.

    Returns: the finding, overruled.
    Raises: NotFound (no such finding), UsageError (no reason, or one that can't be kept; what was erased can't be overruled).
    """
    if draft.stale_reason:
        raise UsageError(
            "The draft is stale: what it rested on was erased.",
            hint="Write it again; there is nothing to overrule.",
        )
    finding = _find(bench, draft, key)
    if not reason.strip():
        raise UsageError("A finding is overruled with a reason.", hint="Say why it is wrong here.")
    label = _label(
        question=f"finding:{finding.grader}",
        item=f"{_version(draft)}#{finding.target[:300]}#{key}",
        verdict=LabelVerdict.wrong,
        rater=by.strip(),
        reason=reason.strip(),
        shown="\n".join(filter(None, (finding.message, finding.evidence)))[:20_000],
        record_ids=_records_of(draft, finding.target),
    )
    bench.catalog.labels.put(bench.workspace, label)
    return finding.model_copy(update={"overruled": _overruling(label)})


def approve(bench: Workbench, draft: Draft, *, by: str, reason: str = "") -> Draft | Refusal:
    """Accept a version, unless something stands against it.

    Returns: the draft as it is shown from now on, or why it isn't accepted.
    Raises: UsageError (a name or reason that can't be kept), StoreError.
    """
    refusal = may_publish(bench, draft)
    if refusal is not None:
        return refusal
    label = _label(
        question=ACCEPTED,
        item=f"{_version(draft)}#{ACCEPTED}",
        verdict=LabelVerdict.right,
        rater=by.strip(),
        reason=reason.strip(),
        shown=draft.title[:20_000],
        record_ids=_records_of(draft, ACCEPTED),
    )
    bench.catalog.labels.put(bench.workspace, label)
    return judged(bench, draft)


def judged(bench: Workbench, draft: Draft) -> Draft:
    """The draft with what people decided about it: findings overruled, by whom and why, and whether it is approved."""
    return _as_of(draft, _decisions(bench, draft))


def stages(bench: Workbench, draft: Draft) -> list[Draft]:
    """The draft as it was shown after each decision, the newest first: a file was written at one of these times."""
    told = _decisions(bench, draft)
    return [_as_of(draft, told[:number]) for number in range(len(told), -1, -1)][:_MOST_STAGES]


def unjudged(draft: Draft) -> Draft:
    """The draft as it was stored, without what people decided about its findings."""
    if draft.report is None or all(one.overruled is None for one in draft.report.findings):
        return draft
    bare = tuple(one.model_copy(update={"overruled": None}) for one in draft.report.findings)
    return draft.model_copy(update={"report": draft.report.model_copy(update={"findings": bare})})


def with_overrulings(bench: Workbench, draft: Draft, report: CheckReport) -> CheckReport:
    """A report about a version of a draft, with those findings marked that a person overruled."""
    return _marked(report, _decisions(bench, draft))


def approved_versions(bench: Workbench) -> frozenset[str]:
    """`<draft id>@<version>` of all that somebody accepted, for lists."""
    held = bench.catalog.labels.labels(bench.workspace, ACCEPTED)
    return frozenset(one.item.partition("#")[0] for one in held if _accepts(one))


def _decisions(bench: Workbench, draft: Draft) -> list[Label]:
    """The labels that decide something about this version, the oldest first."""
    here = f"{_version(draft)}#"
    held = bench.catalog.labels.labels(bench.workspace, "", here)
    return sorted((one for one in held if _accepts(one) or _dismisses(one)), key=lambda one: (one.at, one.id))


def _accepts(label: Label) -> bool:
    return label.question == ACCEPTED and label.verdict is LabelVerdict.right


def _dismisses(label: Label) -> bool:
    """A finding called wrong without a reason is an opinion; only a reason lets a draft go out."""
    return (
        label.question.startswith("finding:") and label.verdict is LabelVerdict.wrong and bool(label.reason)
    )


def _as_of(draft: Draft, decisions: Sequence[Label]) -> Draft:
    if draft.report is None or draft.stale_reason or not decisions:
        return draft
    report = _marked(draft.report, decisions)
    accepted = any(map(_accepts, decisions)) and not report.standing
    status = DraftStatus.approved if accepted else draft.status
    return draft.model_copy(update={"report": report, "status": status})


def _marked(report: CheckReport, decisions: Iterable[Label]) -> CheckReport:
    told: dict[str, Overruling] = {}
    for label in filter(_dismisses, decisions):
        told.setdefault(label.item.rpartition("#")[2], _overruling(label))
    if not told:
        return report
    findings = tuple(
        one.model_copy(update={"overruled": told.get(finding_key(one))}) for one in report.findings
    )
    return report.model_copy(update={"findings": findings})


def _overruling(label: Label) -> Overruling:
    return Overruling(by=label.rater, reason=label.reason, at=label.at)


def _find(bench: Workbench, draft: Draft, key: str) -> Finding:
    stored = draft.report.findings if draft.report else ()
    for held in (stored, check(bench, unjudged(draft)).findings):
        for finding in held:
            if finding_key(finding) == key:
                return finding
    raise NotFound(
        f"Version {draft.version} of {draft.id} has no finding '{key[:40]}'.",
        hint=f"voxspec check {draft.id} lists its findings with their keys.",
    )


def _records_of(draft: Draft, target: str) -> tuple[str, ...]:
    """The records whose words a finding about that target may repeat: the target's own, or all that the draft quotes."""
    claim = draft.claims.get(target)
    named = (
        (target,) if target in draft.quotes else (claim.quote_ids + claim.counter_quote_ids) if claim else ()
    )
    quotes = [draft.quotes[name] for name in named if name in draft.quotes] or draft.quotes.values()
    return tuple(sorted({quote.record_id for quote in quotes}))


def _version(draft: Draft) -> str:
    return f"{draft.id}@{draft.version}"


def _label(
    *,
    question: str,
    item: str,
    verdict: LabelVerdict,
    rater: str,
    reason: str,
    shown: str,
    record_ids: tuple[str, ...],
) -> Label:
    try:
        return Label(
            question=question,
            item=item,
            verdict=verdict,
            rater=rater,
            reason=reason,
            shown=shown,
            record_ids=record_ids,
            at=datetime.now(UTC),
        )
    except ValidationError as problem:
        first = problem.errors()[0]
        where = {"rater": "name of who decides"}.get(str(first["loc"][0]), str(first["loc"][0]))
        raise InputRejected(
            f"The {where} can't be kept: {first['msg'].lower()}.",
            hint="A name is 1 to 200 characters, a reason at most 2,000.",
        ) from problem
