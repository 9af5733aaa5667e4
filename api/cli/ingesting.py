"""`voxspec ingest`: files in, every row accounted for."""

import sys
from dataclasses import asdict, replace
from pathlib import Path
from typing import Annotated

from typer import Argument, Option, confirm

from api.cli.asking import settle_embedder
from api.cli.exits import ExitCode
from api.cli.session import Session
from assistant.domain.personal.find import describe_counts
from assistant.domain.record import RecordKind
from assistant.errors import UsageError
from ingest.doubts import described, doubts, refusal
from ingest.options import NOTHING, IngestOptions, IngestResult
from ingest.pipeline import ingest as bring_in
from ingest.pipeline import preview
from ingest.port import MAP_FIELDS, FileReport
from ingest.web.pages import fetched_pages, is_url

_MAP_HINT = f"Fields: {', '.join(MAP_FIELDS)} and segment.NAME, for example --map text=Comment --map segment.plan=Tier."


def ingest(
    session: Session,
    paths: Annotated[list[str], Argument(help="Files, folders or web pages.", show_default=False)],
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
    yes: Annotated[
        bool,
        Option(
            "-y", "--yes", help="Import also where the columns are only likely right; take what is offered."
        ),
    ] = False,
    embedder: Annotated[
        str | None,
        Option(
            metavar="NAME",
            help="Embedder of a new workspace: minilm or use-multilingual.",
            show_default=False,
        ),
    ] = None,
) -> ExitCode:
    """Bring files with feedback or documents in.

    CSV, TSV, XLSX, JSON, JSONL, MBOX, EML and a Slack export (ZIP) are rows; Markdown, TXT, HTML, PDF, DOCX and PPTX are documents.
    A second run adds nothing. Where it isn't certain what the columns of a file hold, you are asked first. Web pages are fetched only
    where `fetch_urls` is switched on; fetched again, a changed page is a new revision.
    """
    options = IngestOptions(kind=kind, source=source, mapping=parse_mapping(columns or []), language=language)
    urls = [name for name in paths if is_url(name)]
    files = [Path(name) for name in paths if not is_url(name)]
    missing = [path for path in files if not path.exists()]
    if missing:
        raise UsageError(f"There is no file '{missing[0]}'.", hint="Check the path; nothing was imported.")
    if not (yes or dry_run):
        _confirm(session, files, options)
    session.saved = "What was read so far is saved; run the same command again and it goes on from there."
    with (
        session.bench() as bench,
        session.output.progress("reading") as on_progress,
        fetched_pages(bench.settings, urls) as fetched,
    ):
        options = replace(options, pages=fetched.pages)
        found = [*files, *fetched.pages]
        if not dry_run:
            settle_embedder(session, bench, found, options, embedder, yes=yes)
        if dry_run:
            session.saved = "Nothing was changed."
            result = preview(bench, found, options) if found else NOTHING
        else:
            result = bring_in(bench, found, options, on_progress) if found else NOTHING
    result = replace(result, files=(*result.files, *fetched.refused))
    _show(session, result, dry_run=dry_run)
    return _verdict(result.files, paths)


def _confirm(session: Session, paths: list[Path], options: IngestOptions) -> None:
    """Ask about files whose columns aren't certain. Raises: NotConfirmed where nobody can be asked, or the answer is no."""
    doubtful = doubts(paths, options, session.settings())
    if not doubtful:
        return
    if session.as_json or not (sys.stdin.isatty() and sys.stderr.isatty()):
        raise refusal(doubtful)
    for report in doubtful:
        session.output.note(f"It isn't certain what the columns of {Path(report.path).name} hold.")
        session.output.note(described(report))
        if not confirm("Import it like this?", default=False, err=True):
            raise refusal([report])


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
    return line


def _show(session: Session, result: IngestResult, *, dry_run: bool) -> None:
    if session.as_json:
        files = [asdict(report) for report in result.files]
        session.output.json({"files": files, "records": result.records, "job": None, "offer": result.offer})
        return
    header = ["file", "layout", "rows", "kept", "near", "duplicate", "empty", "rejected"]
    session.output.table(header, [report_row(report) for report in result.files])
    for report in result.files:
        if report.mapping:
            pairs = ", ".join(f"{name}={column}" for name, column in report.mapping.items())
            session.output.note(f"{report.path}: columns {pairs} (confidence {report.confidence:.0%})")
        for reason in report.reasons:
            session.output.note(f"{report.path}: {reason}")
        if report.personal:
            session.output.note(f"{report.path}: personal data found: {describe_counts(report.personal)}")
        if report.error:
            session.output.note(f"{report.path}: {report.error}")
            session.output.note(f"hint: {report.hint}")
    if result.offer:
        session.output.note(result.offer)
    if dry_run:
        session.output.note("Nothing was changed (--dry-run).")
    else:
        session.output.say(told_of(result, session.settings().workspace))


def _verdict(reports: tuple[FileReport, ...], named: list[str]) -> ExitCode:
    """A refused file fails the call if it was named itself; a folder may hold other things."""
    refused = {report.path for report in reports if report.error}
    if refused and (
        len(refused) == len(reports) or refused & {str(Path(name)) for name in named} | refused & set(named)
    ):
        return ExitCode.usage
    return ExitCode.ok
