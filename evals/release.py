"""What people decide about a checked draft: a finding is overruled, the draft is approved; and whether it may go out.

A decision is a Label of the workspace about one version. Stored drafts never change by it: `judged` shows both together. A decision is
taken back by another label; none is removed.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from pydantic import ValidationError

from assistant.domain.draft import Draft, DraftStatus
from assistant.domain.finding import CheckReport, Finding, Overruling, Severity, finding_key
from assistant.domain.label import WITHDRAWN, Label, LabelVerdict
from assistant.domain.staleness import sentence
from assistant.drafting.staleness.mark import stale
from assistant.errors import InputRejected, NotFound, UsageError
from assistant.workbench import Workbench
from evals.check import check, with_findings
from evals.opinion import kept_opinion

ACCEPTED = "draft"
"""The question whose answer `right` approves a draft."""
_MOST_STAGES = 40
STALE = "stale"
"""Whose finding it is that a quote or number isn't any more what the draft holds."""


@dataclass(frozen=True)
class Refusal:
    """Why a draft may not go out."""

    message: str
    hint: str
    standing: tuple[Finding, ...] = ()
    """The blocking findings that nobody overruled."""


def may_publish(bench: Workbench, draft: Draft) -> Refusal | None:
    """Whether a version may leave for a tracker or be approved: it is checked again, against the records of now.

    What it quotes and counts must stand as it is shown: what went stale and no grader objects to is a blocking finding here. A number
    that moved by less than the text shows is none: no reader would see the difference.

    Returns: None where it may; otherwise why not, with the blocking findings that nobody overruled.
    Raises: UnknownKind, UsageError, StoreError.
    """
    if draft.stale_reason:
        return Refusal(f"The draft {draft.id} is stale: {draft.stale_reason}", "Write it again.")
    report = kept_opinion(bench, draft, _check_now(bench, draft))
    standing = with_overrulings(bench, draft, report).standing
    if not standing:
        return None
    number = f"{len(standing)} blocking finding{'' if len(standing) == 1 else 's'}"
    return Refusal(
        f"{number} of version {draft.version} of {draft.id} stand{'s' if len(standing) == 1 else ''}.",
        f"{_way_out(draft, standing)}, or overrule each with a reason: voxspec overrule DRAFT_ID KEY --reason '…'.",
        standing,
    )


def _way_out(draft: Draft, standing: Iterable[Finding]) -> str:
    if any(one.grader == STALE for one in standing):
        return (
            f"The evidence changed: refresh the draft on its page or with voxspec stale {draft.id} --refresh"
        )
    return "Write the draft again"


def _check_now(bench: Workbench, draft: Draft) -> CheckReport:
    """What the graders say, and what of the evidence moved that none of them objects to."""
    report = check(bench, draft)
    flagged = {one.target for one in report.blocking}
    moved = {one.id: one for claim in stale(bench, draft) for one in claim.moved}
    found = [
        Finding(
            grader=STALE,
            severity=Severity.block,
            target=name,
            message=sentence((one,)),
            fix=f"Refresh the draft: voxspec stale {draft.id} --refresh. What is locked stays as it is: edit it.",
        )
        for name, one in moved.items()
        if name not in flagged and not one.reads_the_same
    ]
    return with_findings(report, draft, found)


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
    label = decision(
        question=f"finding:{finding.grader}",
        item=f"{_version(draft)}#{finding.target[:300]}#{key}",
        verdict=LabelVerdict.wrong,
        rater=by.strip(),
        reason=reason.strip(),
        shown="\n".join(filter(None, (finding.message, finding.evidence)))[:20_000],
        record_ids=_records_of(draft, finding.target),
    )
    bench.catalog.labels.put(bench.workspace, later(label, _decisions(bench, draft)))
    return finding.model_copy(update={"overruled": _overruling(label)})


def withdraw(bench: Workbench, draft: Draft, key: str | None, *, reason: str, by: str) -> Draft:
    """Take a decision about a version back: that a finding was overruled, or, without a key, that the draft was approved.

    Whatever was approved before isn't any more: who approved it knew of another state. The decision itself stays among the labels,
    and the label that takes it back tells what it said.

    Returns: the draft as it is shown from now on.
    Raises: NotFound (nothing of it to take back), UsageError (no reason, or one that can't be kept).
    """
    told = _decisions(bench, draft)
    taken = _in_force(told, key)
    if taken is None:
        what = f"finding '{key[:40]}' isn't overruled" if key else "it isn't approved"
        raise NotFound(
            f"There is nothing to take back: in version {draft.version} of {draft.id} {what}.",
            hint=f"voxspec check {draft.id} shows what was decided.",
        )
    if not reason.strip():
        raise UsageError("A decision is taken back with a reason.", hint="Say why it doesn't hold.")
    label = decision(
        question=WITHDRAWN,
        item=f"{_version(draft)}#{key or ACCEPTED}#{taken.at.isoformat()}",
        verdict=LabelVerdict.wrong,
        rater=by.strip(),
        reason=reason.strip(),
        shown=f"{taken.question}, by {taken.rater} on {taken.at.isoformat()}: {taken.reason}"[:20_000],
        record_ids=taken.record_ids,
    )
    bench.catalog.labels.put(bench.workspace, later(label, told))
    # As it is stored: the draft at hand may be shown as approved.
    return judged(bench, bench.catalog.drafts.get(bench.workspace, draft.id, draft.version) or draft)


def approve(bench: Workbench, draft: Draft, *, by: str, reason: str = "") -> Draft | Refusal:
    """Accept a version, unless something stands against it.

    Returns: the draft as it is shown from now on, or why it isn't accepted.
    Raises: UsageError (a name or reason that can't be kept), StoreError.
    """
    refusal = may_publish(bench, draft)
    if refusal is not None:
        return refusal
    label = decision(
        question=ACCEPTED,
        item=f"{_version(draft)}#{ACCEPTED}",
        verdict=LabelVerdict.right,
        rater=by.strip(),
        reason=reason.strip(),
        shown=draft.title[:20_000],
        record_ids=_records_of(draft, ACCEPTED),
    )
    bench.catalog.labels.put(bench.workspace, later(label, _decisions(bench, draft)))
    return judged(bench, draft)


def judged(bench: Workbench, draft: Draft) -> Draft:
    """The draft with what people decided about it: findings overruled, by whom and why, and whether it is approved."""
    return marked(bench, _as_of(_of_now(bench, draft), _decisions(bench, draft)))


def marked(bench: Workbench, draft: Draft) -> Draft:
    """The draft as `stale` where a claim of this version was marked: that outweighs that it was ready, or approved."""
    claims = bench.catalog.staleness.claims(bench.workspace, draft.id)
    is_stale = any(one.version == draft.version for one in claims)
    return draft.model_copy(update={"status": DraftStatus.stale}) if is_stale else draft


def marked_all(bench: Workbench, drafts: Sequence[Draft]) -> list[Draft]:
    """The same of many, with one read."""
    stale = {(one.draft_id, one.version) for one in bench.catalog.staleness.claims(bench.workspace)}
    return [
        one.model_copy(update={"status": DraftStatus.stale}) if (one.id, one.version) in stale else one
        for one in drafts
    ]


def stages(bench: Workbench, draft: Draft) -> list[Draft]:
    """The draft as it was shown after each decision, the newest first: a file was written at one of these times."""
    told, now = _decisions(bench, draft), _of_now(bench, draft)
    forms = [draft] if now == draft else [now, draft]
    shown = [_as_of(one, told[:number]) for number in range(len(told), -1, -1) for one in forms]
    # Its evidence may have changed by then, and may hold again by now.
    both = [(one, one.model_copy(update={"status": DraftStatus.stale})) for one in shown]
    return [one for pair in both for one in pair][:_MOST_STAGES]


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
    held = [
        *bench.catalog.labels.labels(bench.workspace, ACCEPTED),
        *bench.catalog.labels.labels(bench.workspace, WITHDRAWN),
    ]
    by_version: dict[str, list[Label]] = {}
    for one in sorted(held, key=_when):
        by_version.setdefault(one.item.partition("#")[0], []).append(one)
    return frozenset(version for version, told in by_version.items() if _in_force(told, None))


def _decisions(bench: Workbench, draft: Draft) -> list[Label]:
    """The labels that decide something about this version, the oldest first."""
    here = f"{_version(draft)}#"
    held = bench.catalog.labels.labels(bench.workspace, "", here)
    return sorted((one for one in held if _accepts(one) or _dismisses(one) or _withdraws(one)), key=_when)


def _when(label: Label) -> tuple[datetime, str]:
    return label.at, label.id


def later(label: Label, told: Sequence[Label]) -> Label:
    """The label after all that was decided before, whatever the clock says."""
    last = max((one.at for one in told), default=label.at)
    return label if last < label.at else label.model_copy(update={"at": last + timedelta(microseconds=1)})


def _in_force(told: Iterable[Label], key: str | None) -> Label | None:
    """The decision that holds after all of these, the oldest first. Args: key: of a finding; None: the approval."""
    held: Label | None = None
    for one in told:
        if _withdraws(one):
            # Who takes an overruling back takes the ground from an approval, too.
            held = None if key in (None, _taken(one)) else held
        elif _accepts(one) if key is None else _dismisses(one) and _key(one) == key:
            held = held or one
    return held


def _withdraws(label: Label) -> bool:
    return label.question == WITHDRAWN


def _taken(label: Label) -> str:
    """What a label takes back: the key of a finding, or `draft`."""
    return label.item.split("#")[1]


def _key(label: Label) -> str:
    return label.item.rpartition("#")[2]


def _of_now(bench: Workbench, draft: Draft) -> Draft:
    """The draft with what a judge said last, worth what its card of now says."""
    if draft.report is None:
        return draft
    report = kept_opinion(bench, draft, draft.report)
    return draft if report == draft.report else draft.model_copy(update={"report": report})


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
    accepted = _in_force(decisions, None) is not None and not report.standing
    status = DraftStatus.approved if accepted else draft.status
    return draft.model_copy(update={"report": report, "status": status})


def _marked(report: CheckReport, decisions: Iterable[Label]) -> CheckReport:
    held = list(decisions)
    if not held:
        return report
    told = {
        key: _overruling(label)
        for key in {_key(one) for one in held if _dismisses(one)}
        if (label := _in_force(held, key)) is not None
    }
    findings = tuple(
        one.model_copy(update={"overruled": told.get(finding_key(one))}) for one in report.findings
    )
    return report.model_copy(update={"findings": findings})


def _overruling(label: Label) -> Overruling:
    return Overruling(by=label.rater, reason=label.reason, at=label.at)


def _find(bench: Workbench, draft: Draft, key: str) -> Finding:
    stored = draft.report.findings if draft.report else ()
    for held in (stored, _check_now(bench, unjudged(draft)).findings):
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


def decision(
    *,
    question: str,
    item: str,
    verdict: LabelVerdict,
    rater: str,
    reason: str,
    record_ids: tuple[str, ...],
    shown: str = "",
) -> Label:
    """What somebody decides now, as a label. Raises: InputRejected where the name or the reason can't be kept."""
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
