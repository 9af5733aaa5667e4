"""`voxspec ingest`: files in, every row accounted for."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

from typer import Argument, Option

from api.cli.exits import ExitCode
from api.cli.session import Session
from assistant.domain.record import RecordKind
from assistant.errors import UsageError
from ingest.options import IngestOptions, IngestResult
from ingest.pipeline import ingest as bring_in
from ingest.pipeline import preview
from ingest.port import MAP_FIELDS, FileReport

_MAP_HINT = f"Fields: {', '.join(MAP_FIELDS)} and segment.NAME, for example --map text=Comment --map segment.plan=Tier."


def ingest(
    session: Session,
    paths: Annotated[list[Path], Argument(help="Files or folders.", show_default=False)],
    kind: Annotated[RecordKind, Option(help="Whose voice it is.")] = RecordKind.customer,
    source: Annotated[str | None, Option(help="Name of the source; default: the file's name.")] = None,
    columns: Annotated[
        list[str] | None,
        Option("--map", metavar="FIELD=COLUMN", help="Which column holds a field; repeatable."),
    ] = None,
    language: Annotated[
        str | None, Option(metavar="CODE", help="Language of the texts; default: detected.")
    ] = None,
    dry_run: Annotated[bool, Option("--dry-run", help="Say what would happen, change nothing.")] = False,
) -> ExitCode:
    """Bring files with feedback or documents in.

    CSV, TSV, XLSX, JSON and JSONL are rows; Markdown, TXT, HTML, PDF and DOCX are documents. A second run adds nothing.
    """
    options = IngestOptions(kind=kind, source=source, mapping=parse_mapping(columns or []), language=language)
    missing = [path for path in paths if not path.exists()]
    if missing:
        raise UsageError(f"There is no file '{missing[0]}'.", hint="Check the path; nothing was imported.")
    session.saved = "What was read so far is saved; run the same command again and it goes on from there."
    with session.bench() as bench, session.output.progress("reading") as on_progress:
        if dry_run:
            session.saved = "Nothing was changed."
            result = preview(bench, paths, options)
        else:
            result = bring_in(bench, paths, options, on_progress)
    _show(session, result, dry_run=dry_run)
    return _verdict(result.files, paths)


def parse_mapping(pairs: list[str]) -> dict[str, str]:
    """Read `field=column` pairs; an empty column switches the field off.

    Raises: UsageError for an unknown, doubled or malformed pair.
    """
    mapping: dict[str, str] = {}
    for pair in pairs:
        name, equals, column = (part.strip() for part in pair.partition("="))
        if not (name and equals):
            raise UsageError(f"--map '{pair}' isn't of the form field=column.", hint=_MAP_HINT)
        if name not in MAP_FIELDS and not (name.startswith("segment.") and len(name) > len("segment.")):
            raise UsageError(f"--map doesn't know a field '{name}'.", hint=_MAP_HINT)
        if mapping.setdefault(name, column) != column:
            raise UsageError(f"--map names two columns for '{name}'.", hint=_MAP_HINT)
    return mapping


def report_row(report: FileReport) -> list[object]:
    """A file's line in the table of an import."""
    numbers = [
        report.rows,
        report.kept,
        report.near_duplicate,
        report.duplicate,
        report.empty,
        report.rejected,
    ]
    return [report.path, report.layout or "refused", *numbers]


def _show(session: Session, result: IngestResult, *, dry_run: bool) -> None:
    if session.as_json:
        files = [asdict(report) for report in result.files]
        session.output.json({"files": files, "records": result.records, "job": None})
        return
    header = ["file", "layout", "rows", "kept", "near", "duplicate", "empty", "rejected"]
    session.output.table(header, [report_row(report) for report in result.files])
    for report in result.files:
        if report.mapping:
            pairs = ", ".join(f"{name}={column}" for name, column in report.mapping.items())
            session.output.note(f"{report.path}: columns {pairs} (confidence {report.confidence:.0%})")
        for reason in report.reasons:
            session.output.note(f"{report.path}: {reason}")
        if report.error:
            session.output.note(f"{report.path}: {report.error}")
            session.output.note(f"hint: {report.hint}")
    if dry_run:
        session.output.note("Nothing was changed (--dry-run).")
    else:
        session.output.say(
            f"{result.records:,} new or changed records in workspace '{session.settings().workspace}'."
        )


def _verdict(reports: tuple[FileReport, ...], named: list[Path]) -> ExitCode:
    """A refused file fails the call if it was named itself; a folder may hold other things."""
    refused = {report.path for report in reports if report.error}
    if refused and (len(refused) == len(reports) or refused & {str(path) for path in named}):
        return ExitCode.usage
    return ExitCode.ok
