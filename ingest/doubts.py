"""Which files a person must confirm before they are imported: those whose columns would only be guessed."""

from collections.abc import Sequence
from pathlib import Path

from assistant.errors import InputRejected, NotConfirmed
from assistant.settings import Settings
from ingest.columns import map_table
from ingest.options import IngestOptions
from ingest.port import FileReport
from ingest.recognise import find_files, open_file

SURE = 0.8
"""From this confidence on nobody is asked."""
_LOOK_ROWS = 5_000


def doubts(paths: Sequence[Path], options: IngestOptions, settings: Settings) -> list[FileReport]:
    """Look at the first rows of every file.

    Returns: a report with layout, confidence and mapping per file that isn't sure. Files that can't be read are left to the
        import, which says why.
    Raises: InputRejected: a path doesn't exist. UsageError: the mapping names an unknown field.
    """
    if options.confirmed or options.saved_name or options.mapping.get("text"):
        return []
    return [report for path in find_files(paths) if (report := _doubt(path, options, settings)) is not None]


def _doubt(path: Path, options: IngestOptions, settings: Settings) -> FileReport | None:
    try:
        opened = open_file(path, settings)
        if opened.connector is None or (opened.known is not None and opened.known.confidence >= SURE):
            return None
        mapping, _ = map_table(opened, opened.connector, options, _LOOK_ROWS)
    except InputRejected:
        return None
    if mapping.confidence >= SURE:
        return None
    return FileReport(
        path=str(path), layout=opened.layout, confidence=mapping.confidence, mapping=mapping.as_report()
    )


def refusal(doubtful: Sequence[FileReport]) -> NotConfirmed:
    """The error for files that nobody confirmed: what was seen, and how to go on."""
    first = doubtful[0]
    others = f" The same goes for {len(doubtful) - 1} more." if len(doubtful) > 1 else ""
    return NotConfirmed(
        f"It isn't certain what the columns of {Path(first.path).name} hold: {described(first)}.{others} Nothing was imported.",
        hint="Confirm it with --yes (over HTTP: confirm=true), or name the text column with --map text=COLUMN.",
    )


def described(report: FileReport) -> str:
    """A mapping as a person reads it, with how sure it is."""
    pairs = ", ".join(f"{name}={column}" for name, column in report.mapping.items())
    return f"{report.layout}, {pairs} (confidence {report.confidence:.0%})"
