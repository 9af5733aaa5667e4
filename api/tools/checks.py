"""Checking for models of others: a stored draft, or a document that was written elsewhere."""

from collections.abc import Iterable

from pydantic import Field

from api.keyed import keyed
from api.tools.shapes import Asked, Quoting, Told
from assistant.domain.finding import CheckReport, Finding, Severity
from assistant.errors import UsageError
from assistant.settings import Settings
from assistant.workbench import Workbench
from evals.documents.foreign import check_document

_SHOWN = 50
LONGEST_TEXT = 500_000


class CheckAsked(Asked):
    """What is to be checked."""

    draft_id: str | None = Field(
        default=None, max_length=200, description="A draft of this service. Or send text."
    )
    version: int | None = Field(default=None, ge=1, le=1_000_000, description="Default: the newest.")
    text: str | None = Field(
        default=None,
        max_length=LONGEST_TEXT,
        description="Markdown that was written elsewhere, for example a PRD: its quotations are looked up in the records, its "
        "numbers of people, criteria and stories are checked.",
    )


class CountTold(Told):
    """n of m."""

    ok: int
    total: int


class FindingTold(Told):
    """A problem that a rule saw."""

    grader: str
    severity: str = Field(description="`block` or `advise`.")
    target: str = Field(
        description="Where: a claim, story, requirement, quote, number, section, or the line of a text."
    )
    message: str
    evidence: str = Field(description="What the rule compared with; may repeat words of records.")
    fix: str
    overruled: str | None = Field(description="The reason for which a person dismissed it.")


class Checked(Quoting):
    """Verdict, counts and findings of code; no model was asked."""

    verdict: str = Field(description="`ready`, `needs fixes` or `not enough evidence`.")
    counts: dict[str, CountTold]
    findings: list[FindingTold]
    more: int = Field(description="Findings that are left out here.")


def check_text(bench: Workbench, text: str) -> Checked:
    """Check a document that was written elsewhere. Raises: InputRejected; UsageError; StoreError."""
    return checked(bench.settings, check_document(bench, text))


def demand_one(asked: CheckAsked) -> None:
    """Refuse a draft and a text at once, or neither. Raises: UsageError."""
    if (asked.draft_id is None) == (asked.text is None):
        raise UsageError(
            "Send a draft_id or a text, one of them.", hint="get_draft without an id lists the newest drafts."
        )


def checked(settings: Settings, report: CheckReport) -> Checked:
    """A check's report for a reader who isn't known: what blocks comes first."""
    order = sorted(
        report.findings, key=lambda one: (one.severity is not Severity.block, one.overruled is not None)
    )
    return Checked(
        verdict=report.verdict.value,
        counts=counts_told(report),
        findings=findings_told(settings, order[:_SHOWN]),
        more=max(0, len(order) - _SHOWN),
    )


def counts_told(report: CheckReport | None) -> dict[str, CountTold]:
    """The four counts of a report."""
    counts = report.counts if report else {}
    return {name: CountTold(ok=one.ok, total=one.total) for name, one in counts.items()}


def findings_told(settings: Settings, findings: Iterable[Finding]) -> list[FindingTold]:
    """Findings with masks for personal data."""
    return [
        FindingTold(
            grader=one.grader,
            severity=one.severity.value,
            target=one.target,
            message=one.message,
            evidence=one.evidence,
            fix=one.fix,
            overruled=one.overruled.reason if one.overruled else None,
        )
        for one in keyed(settings, findings)
    ]
