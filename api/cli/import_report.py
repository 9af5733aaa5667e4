"""What an import did, or would do, for a person: one table, then each file in detail."""

import os
from collections.abc import Iterator, Sequence
from pathlib import Path

from api.cli.output import Output
from assistant.domain.personal.find import describe_counts
from ingest.doubts import SURE
from ingest.options import IngestOptions, IngestResult
from ingest.port import FileReport, Sample

_SAMPLE_CHARS = 300
_COUNTS = ("rows", "kept", "near", "dup", "empty", "rejected")


def show_table(output: Output, result: IngestResult, *, sync: bool) -> None:
    """One line per file and the sum; files are named as far as their folders differ."""
    header = ["file", "layout", *_COUNTS, *(["vanished"] if sync else [])]
    names = short_names([report.path for report in result.files])
    rows = [
        [name, report.layout or "refused", *_counts(report, sync=sync)]
        for name, report in zip(names, result.files, strict=True)
    ]
    if len(rows) > 1:
        sums = [sum(column) for column in zip(*(_counts(r, sync=sync) for r in result.files), strict=True)]
        rows.append([f"{len(names):,} files", "", *sums])
    output.table(header, rows)


def _counts(report: FileReport, *, sync: bool) -> list[int]:
    numbers = [report.rows, report.kept, report.near_duplicate, report.duplicate]
    numbers += [report.empty, report.rejected]
    return [*numbers, report.vanished] if sync else numbers


def short_names(paths: Sequence[str]) -> list[str]:
    """Paths without the folders that all of them share; web addresses stay whole."""
    local = [path for path in paths if "://" not in path]
    shared = os.path.commonpath([str(Path(path).parent) for path in local]) if _comparable(local) else ""
    return [path if "://" in path or not shared else os.path.relpath(path, shared) for path in paths]


def _comparable(paths: Sequence[str]) -> bool:
    return bool(paths) and len({os.path.isabs(path) for path in paths}) == 1


def show_notes(output: Output, result: IngestResult) -> None:
    """On stderr, what a person should know of each file after an import."""
    for name, report in zip(short_names([one.path for one in result.files]), result.files, strict=True):
        if report.mapping:
            output.note(f"{name}: columns {_mapping(report)} (confidence {report.confidence:.0%})")
        for reason in report.reasons:
            output.note(f"{name}: {reason}")
        if report.personal:
            output.note(f"{name}: personal data found: {describe_counts(report.personal)}")
        if report.sync_refused:
            output.note(f"{name}: {report.sync_refused}")
        if report.error:
            output.note(f"{name}: {report.error}")
            output.note(f"hint: {report.hint}")


def show_details(output: Output, result: IngestResult) -> None:
    """On stdout, each file of a dry run: what was recognised, what was found, and the first records."""
    for name, report in zip(short_names([one.path for one in result.files]), result.files, strict=True):
        output.say(f"\n{name}")
        for label, text in _details(report):
            output.say(f"  {label:<10} {text}")
        for number, sample in enumerate(report.samples, 1):
            text = " ".join(sample.text.split())
            shown = text if len(text) <= _SAMPLE_CHARS else f"{text[:_SAMPLE_CHARS].rstrip()} …"
            output.say(f"  {f'record {number}':<10} “{shown}”\n             {_about(sample)}")


def _details(report: FileReport) -> Iterator[tuple[str, str]]:
    if report.error:
        yield "refused", report.error
        yield "hint", report.hint
        return
    yield "layout", f"{report.layout} (confidence {report.confidence:.0%}), source '{report.source}'"
    if report.mapping:
        yield "columns", _mapping(report)
    if report.confidence < SURE:
        yield (
            "note",
            "it isn't certain what the columns hold, so an import asks first (or: --yes, --map text=COLUMN)",
        )
    if report.languages:
        yield "languages", ", ".join(f"{code} {count:,}" for code, count in report.languages.items())
    if report.duplicate or report.near_duplicate:
        yield "duplicates", f"{report.duplicate:,} exact, {report.near_duplicate:,} near"
    if report.personal:
        yield "personal", describe_counts(report.personal)
    if report.vanished:
        yield "vanished", f"{report.vanished:,} records of the source that the file doesn't hold"
    for reason in report.reasons:
        yield "note", reason
    if report.sync_refused:
        yield "note", report.sync_refused


def _mapping(report: FileReport) -> str:
    return ", ".join(f"{name}={column}" for name, column in report.mapping.items())


def _about(sample: Sample) -> str:
    known = {
        "id": sample.external_id,
        "said": sample.said_at[:10] if sample.said_at else None,
        "rating": f"{sample.rating:g}" if sample.rating is not None else None,
        "by": sample.person,
        "account": sample.account,
        "title": sample.title,
    }
    parts = [sample.language, *(f"{name} {value}" for name, value in known.items() if value)]
    return " · ".join([*parts, *(f"{name}={value}" for name, value in sample.segments.items())])


def told_of(result: IngestResult, workspace: str) -> str:
    """How many records an import gave, and why there are more or fewer than rows kept."""
    kept = sum(report.kept for report in result.files)
    line = f"{result.records:,} new or changed records in workspace '{workspace}'."
    if result.records > kept:
        line += (
            f" More than the {kept:,} rows kept: a row with several texts gives a record for each, "
            "and a person's repetition of a text is stored too, but counts once."
        )
    elif result.records < kept:
        line += f" Fewer than the {kept:,} rows kept: of rows with the same id, the last one counts."
    if result.vanished:
        line += f" {result.vanished:,} left their source; they are kept and come back with their row."
    return line


def what_would_happen(result: IngestResult, options: IngestOptions) -> str:
    """The last line of a dry run."""
    line = f"Nothing was changed (--dry-run). {result.records:,} records would be new or changed"
    line += f", {result.vanished:,} would leave their source." if options.sync else "."
    return line + (f" The mapping would be saved as '{options.save_as}'." if options.save_as else "")
