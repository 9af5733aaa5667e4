"""What leaves through the command line and over HTTP: masked, unless the workspace shows personal data.

`voxspec record`, `voxspec export` and `/v1/records` are not here: they give raw records, byte for byte.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from assistant.domain.draft import Draft
from assistant.domain.evidence import Hit
from assistant.domain.finding import CheckReport, Finding, Verdict, finding_key
from assistant.domain.personal.find import masked
from assistant.domain.personal.views import masked_draft, masked_hit, masked_mapping, masked_report
from assistant.settings import Settings
from ingest.options import IngestResult
from ingest.port import FileReport, Sample


def shown_draft(settings: Settings, draft: Draft) -> Draft:
    """A draft for a reader."""
    return draft if settings.show_personal_data else masked_draft(draft)


def shown_hits(settings: Settings, hits: Sequence[Hit]) -> list[Hit]:
    """Search results for a reader."""
    return list(hits) if settings.show_personal_data else [masked_hit(hit) for hit in hits]


def shown_report(settings: Settings, report: CheckReport) -> CheckReport:
    """A check's report for a reader."""
    return report if settings.show_personal_data else masked_report(report)


class KeyedFinding(Finding):
    """A finding with the key by which it can be overruled."""

    key: str


class KeyedReport(CheckReport):
    """A check's report whose findings have keys."""

    findings: tuple[KeyedFinding, ...] = ()


def keyed_report(settings: Settings, report: CheckReport) -> KeyedReport:
    """A check's report for a reader who may overrule its findings. The keys are those of the unmasked findings."""
    findings = keyed(settings, report.findings)
    return KeyedReport.model_construct(verdict=report.verdict, counts=report.counts, findings=findings)


def keyed(settings: Settings, findings: Iterable[Finding]) -> tuple[KeyedFinding, ...]:
    """Findings for a reader, with their keys."""
    held = tuple(findings)
    report = shown_report(settings, CheckReport(verdict=Verdict.needs_fixes, findings=held))
    return tuple(
        KeyedFinding(**dict(shown), key=finding_key(plain))
        for plain, shown in zip(held, report.findings, strict=True)
    )


def shown_text(settings: Settings, text: str) -> str:
    """Any words for a reader."""
    return text if settings.show_personal_data else masked(text)


def shown_result(settings: Settings, result: IngestResult) -> IngestResult:
    """What an import did or would do, for a reader: the samples of a dry run repeat words of records."""
    if settings.show_personal_data:
        return result
    return replace(result, files=tuple(map(_shown_file, result.files)))


def _shown_file(report: FileReport) -> FileReport:
    return replace(report, samples=[_shown_sample(one) for one in report.samples])


def _shown_sample(sample: Sample) -> Sample:
    words = {name: getattr(sample, name) for name in ("text", "title", "external_id", "account", "url")}
    return replace(sample, **masked_mapping(words), segments=masked_mapping(sample.segments))
