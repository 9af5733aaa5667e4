"""Findings for readers who may overrule them: each with its key."""

from collections.abc import Iterable
from http import HTTPStatus

from api.errors import HttpProblem
from api.shown import shown_report
from assistant.domain.finding import CheckReport, Finding, Verdict, finding_key
from assistant.settings import Settings
from evals.release import Refusal


class KeyedFinding(Finding):
    """A finding with the key by which it can be overruled."""

    key: str


class KeyedReport(CheckReport):
    """A check's report whose findings have keys."""

    findings: tuple[KeyedFinding, ...] = ()


def keyed_report(settings: Settings, report: CheckReport) -> KeyedReport:
    """A check's report for a reader who may overrule its findings. The keys are those of the unmasked findings."""
    findings = keyed(settings, report.findings)
    return KeyedReport.model_construct(
        verdict=report.verdict, counts=report.counts, findings=findings, opinion=report.opinion
    )


def keyed(settings: Settings, findings: Iterable[Finding]) -> tuple[KeyedFinding, ...]:
    """Findings for a reader, with their keys."""
    held = tuple(findings)
    report = shown_report(settings, CheckReport(verdict=Verdict.needs_fixes, findings=held))
    return tuple(
        KeyedFinding(**dict(shown), key=finding_key(plain))
        for plain, shown in zip(held, report.findings, strict=True)
    )


def not_approved(settings: Settings, refusal: Refusal) -> HttpProblem:
    """409 with the findings that keep something from being approved."""
    findings = [one.model_dump(mode="json") for one in keyed(settings, refusal.standing)]
    return HttpProblem(
        HTTPStatus.CONFLICT, "not-approved", refusal.message, refusal.hint, more={"findings": findings}
    )
