"""`voxspec ingest`: files in, every row accounted for."""

import sys
from dataclasses import asdict, replace
from pathlib import Path
from typing import Annotated

from typer import Argument, Option, confirm

from api.cli.asking import settle_embedder
from api.cli.exits import ExitCode
from api.cli.import_report import show_details, show_notes, show_table, told_of, what_would_happen
from api.cli.session import Session
from api.shown import shown_result
from assistant.domain.record import RecordKind
from assistant.errors import UsageError
from ingest.doubts import described, doubts, refusal
from ingest.options import NOTHING, IngestOptions, IngestResult
from ingest.pipeline import ingest as bring_in
from ingest.pipeline import preview
from ingest.port import MAP_FIELDS, FileReport
from ingest.recognise import find_files
from ingest.saved import with_saved
from ingest.web.pages import fetched_pages, is_url

_MAP_HINT = f"Fields: {', '.join(MAP_FIELDS)} and segment.NAME, for example --map text=Comment --map segment.plan=Tier."


_Columns = Annotated[
    list[str] | None,
    Option("--map", metavar="FIELD=COLUMN", help="Which column holds a field; repeatable."),
]
_SavedName = Annotated[
    str | None, Option("--mapping", metavar="NAME", help="Read the columns by this saved mapping.")
]
_SaveAs = Annotated[
    str | None,
    Option("--save-mapping", metavar="NAME", help="Save what the columns mean, for files like this one."),
]
_Sync = Annotated[
    bool, Option("--sync", help="The file is complete: records of its source that it lacks leave it.")
]
_RestoreErased = Annotated[
    bool, Option("--restore-erased", help="Bring back also what was erased on request.")
]
_Embedder = Annotated[
    str | None,
    Option(
        metavar="NAME", help="Embedder of a new workspace: minilm or use-multilingual.", show_default=False
    ),
]
_Yes = Annotated[
    bool,
    Option(
        "-y",
        "--yes",
        help="Also where columns are only likely right, a sync takes more than half, or an embedder is offered.",
    ),
]


def ingest(
    session: Session,
    paths: Annotated[list[str], Argument(help="Files, folders or web pages.", show_default=False)],
    kind: Annotated[RecordKind, Option(help="Whose voice it is.")] = RecordKind.customer,
    source: Annotated[str | None, Option(help="Name of the source; default: the file's name.")] = None,
    columns: _Columns = None,
    language: Annotated[
        str | None, Option(metavar="CODE", help="Language of the texts; default: detected.")
    ] = None,
    saved_name: _SavedName = None,
    save_as: _SaveAs = None,
    sync: _Sync = False,
    dry_run: Annotated[bool, Option("--dry-run", help="Say what would happen, change nothing.")] = False,
    restore_erased: _RestoreErased = False,
    yes: _Yes = False,
    embedder: _Embedder = None,
) -> ExitCode:
    """Bring files with feedback or documents in.

    CSV, TSV, XLSX, JSON, JSONL, MBOX, EML and a Slack export (ZIP) are rows; Markdown, TXT, HTML, PDF, DOCX and PPTX are documents.
    A second run adds nothing. Where it isn't certain what the columns of a file hold, you are asked first; files with the header of a
    saved mapping are read by it. Web pages are fetched only where `fetch_urls` is switched on; fetched again, a changed page is a new
    revision.
    """
    options = IngestOptions(
        kind=kind,
        source=source,
        mapping=parse_mapping(columns or []),
        language=language,
        saved_name=saved_name,
        save_as=save_as,
        sync=sync,
        confirmed=yes,
        restore_erased=restore_erased,
    )
    urls = [name for name in paths if is_url(name)]
    files = [Path(name) for name in paths if not is_url(name)]
    missing = [path for path in files if not path.exists()]
    if missing:
        raise UsageError(f"There is no file '{missing[0]}'.", hint="Check the path; nothing was imported.")
    if files and not (yes or dry_run):
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
    result = shown_result(session.settings(), replace(result, files=(*result.files, *fetched.refused)))
    _show(session, result, options, dry_run=dry_run)
    return _verdict(result.files, paths)


def _confirm(session: Session, paths: list[Path], options: IngestOptions) -> None:
    """Ask about files whose columns aren't certain. Raises: NotConfirmed where nobody can be asked, or the answer is no."""
    # The catalog, which knows the saved mappings, is opened only where they can matter.
    if not paths or not doubts(paths, options, session.settings()):
        return
    with session.bench() as bench:
        options = with_saved(bench, options, len(find_files(paths)))
        doubtful = doubts(paths, options, bench.settings)
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


def _show(session: Session, result: IngestResult, options: IngestOptions, *, dry_run: bool) -> None:
    if session.as_json:
        session.output.json(asdict(result) | {"job": None})
        return
    show_table(session.output, result, sync=options.sync)
    if result.offer:
        session.output.note(result.offer)
    if dry_run:
        show_details(session.output, result)
        session.output.note(what_would_happen(result, options))
        return
    show_notes(session.output, result)
    session.output.say(told_of(result, session.settings().workspace))
    if options.save_as and not result.failed:
        session.output.note(f"The mapping is saved as '{options.save_as}' (voxspec mappings).")


def _verdict(reports: tuple[FileReport, ...], named: list[str]) -> ExitCode:
    """A refused file fails the call if it was named itself, a refused sync always; a folder may hold other things."""
    if any(report.sync_refused for report in reports):
        return ExitCode.usage
    refused = {report.path for report in reports if report.error}
    if refused and (
        len(refused) == len(reports) or refused & {str(Path(name)) for name in named} | refused & set(named)
    ):
        return ExitCode.usage
    return ExitCode.ok
