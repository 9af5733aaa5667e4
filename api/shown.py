"""What leaves through the command line and over HTTP: masked, unless the workspace shows personal data.

`voxspec record`, `voxspec export` and `/v1/records` are not here: they give raw records, byte for byte.
"""

from collections.abc import Sequence
from dataclasses import replace

from assistant.domain.draft import Draft
from assistant.domain.evidence import Hit
from assistant.domain.finding import CheckReport, Verdict
from assistant.domain.personal.find import masked
from assistant.domain.personal.views import masked_draft, masked_hit, masked_mapping, masked_report
from assistant.settings import Settings
from evals.outcome import CaseResult, EvalRun, SetRun
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


def shown_run(settings: Settings, run: EvalRun) -> EvalRun:
    """A run of evaluation sets for a reader: it repeats words of the sets' records."""
    if settings.show_personal_data:
        return run
    return run.model_copy(update={"sets": tuple(map(_masked_set, run.sets))})


def _masked_set(held: SetRun) -> SetRun:
    evidence = {
        name: one.model_copy(update={"text": masked(one.text)}) for name, one in held.evidence.items()
    }
    return held.model_copy(update={"evidence": evidence, "results": tuple(map(_masked_result, held.results))})


def _masked_result(result: CaseResult) -> CaseResult:
    report = CheckReport(verdict=result.verdict or Verdict.needs_fixes, findings=result.findings)
    return result.model_copy(
        update={
            "ask": masked(result.ask),
            "about": masked(result.about),
            "misses": tuple(map(masked, result.misses)),
            "findings": masked_report(report).findings,
            "quotes": tuple(one.model_copy(update={"text": masked(one.text)}) for one in result.quotes),
        }
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
