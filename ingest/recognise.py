"""Which files there are, and what each of them is: by its first bytes, then by its suffix."""

import os
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from assistant.errors import InputRejected
from assistant.settings import Settings
from ingest.connectors.chat import ChatRows, looks_like_chat
from ingest.connectors.delimited import DelimitedRows, sniff_delimiter
from ingest.connectors.directory import check_directory
from ingest.connectors.encoding import MARK_BAD_BYTES, FileFacts, hash_file, inspect
from ingest.connectors.json_rows import JsonRows
from ingest.connectors.json_source import JsonSource, check_first_line
from ingest.connectors.mail import MAIL_FIELDS, MailRows, looks_like_mbox
from ingest.connectors.sheet import NoTable, SheetRows
from ingest.layouts import slack
from ingest.layouts.elements import ElementRows, recognise
from ingest.layouts.json_layouts import JSON_LAYOUTS
from ingest.layouts.known import Known, KnownFields
from ingest.layouts.mapped import KnownShape
from ingest.layouts.shaped import ShapedRows, shaped
from ingest.parse.docx import parse_docx
from ingest.parse.html import parse_html
from ingest.parse.limits import check_size
from ingest.parse.pdf import parse_pdf
from ingest.parse.pptx import parse_pptx
from ingest.parse.sheet import parse_sheet
from ingest.parse.text import parse_markdown, parse_text
from ingest.port import Connector, Parser

READABLE = (
    "CSV, TSV, XLSX, JSON, JSONL, Markdown, TXT, HTML, PDF, DOCX, PPTX, EML, MBOX or a Slack export (ZIP)"
)
_SUFFIXES = {
    ".csv": "csv", ".tsv": "csv", ".tab": "csv", ".psv": "csv", ".xlsx": "xlsx", ".xlsm": "xlsx", ".json": "json",
    ".jsonl": "jsonl", ".ndjson": "jsonl", ".md": "markdown", ".markdown": "markdown", ".txt": "text", ".text": "text",
    ".log": "text", "": "text", ".html": "html", ".htm": "html", ".xhtml": "html", ".pdf": "pdf", ".docx": "docx",
    ".pptx": "pptx", ".eml": "eml", ".mbox": "mbox", ".mbx": "mbox",
}  # fmt: skip
_PARSERS: dict[str, Parser] = {
    "markdown": parse_markdown,
    "text": parse_text,
    "html": parse_html,
    "pdf": parse_pdf,
    "docx": parse_docx,
    "pptx": parse_pptx,
}
AS_DOCUMENT = "document"
"""After the layout of a file that could have been rows."""
_HEAD_BYTES = 1024
_SAMPLE_CHARS = 1 << 15


@dataclass(frozen=True)
class Opened:
    """A file that was recognised: rows, a document still to be parsed, or a workbook, which may be both."""

    path: Path
    sha: str
    layout: str
    connector: Connector | None = None
    parser: Parser | None = None
    notes: tuple[str, ...] = ()
    """What the person should know about how it is read."""
    known: Known | None = None
    """What its layout knows of the columns; None where only the columns can tell."""
    source: str | None = None
    """Default name of the source, where ids are the tool's own whatever the file is called."""


def find_files(paths: Sequence[Path]) -> list[Path]:
    """Files by name, each once; folders are walked in order, hidden entries left out.

    Raises: InputRejected for a path that doesn't exist, or where there is no file at all.
    """
    found: dict[Path, None] = {}
    for path in paths:
        if path.is_dir():
            found.update(dict.fromkeys(_walk(path)))
        elif path.is_file():
            found[path] = None
        elif path.exists():
            raise InputRejected(
                f"'{path}' is neither a file nor a folder, but a device or a pipe.",
                hint="Write what it gives into a file first.",
            )
        else:
            raise InputRejected(
                f"There is no file or folder '{path}'.", hint="Check the spelling of the path."
            )
    if not found:
        raise InputRejected(
            "There is no file to import.", hint=f"Name files, or a folder that holds {READABLE}."
        )
    once: dict[Path, Path] = {}
    for path in found:
        once.setdefault(path.resolve(), path)
    return list(once.values())


def _walk(folder: Path) -> list[Path]:
    found: list[Path] = []
    for parent, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        found.extend(Path(parent, name) for name in sorted(names) if not name.startswith((".", "~$")))
    return found


def open_file(path: Path, settings: Settings) -> Opened:
    """Recognise a file and open it. Raises: InputRejected where it can't be read, or isn't of a kind that can."""
    form = _form(path)
    max_bytes = settings.max_upload_mb << 20
    if form == "xlsx":
        check_size(path, max_bytes)
        return _workbook(path, settings.max_field_chars)
    if form in ("pdf", "docx", "pptx"):
        check_size(path, max_bytes)
        return Opened(path, hash_file(path), form, parser=_PARSERS[form])
    if form == "eml":
        check_size(path, max_bytes)
    if form in ("mbox", "eml"):
        rows = MailRows(path, settings.max_field_chars, single=form == "eml")
        return Opened(path, hash_file(path, lines=True), form, connector=rows, known=KnownFields(MAIL_FIELDS))
    if form == "slack":
        return _slack(path, settings)
    if form in ("json", "jsonl"):
        return _json(path, settings, lines=form == "jsonl")
    if form in ("markdown", "html"):
        check_size(path, max_bytes)
    facts = inspect(path)
    connector = _rows(path, form, facts, settings.max_field_chars)
    if connector is not None:
        layout = _layout(connector, facts)
        return Opened(
            path,
            facts.sha,
            layout,
            connector=connector,
            notes=facts.notes,
            known=_known(connector),
            source=_source(connector),
        )
    check_size(path, max_bytes)
    return Opened(path, facts.sha, form, parser=_PARSERS[form], notes=facts.notes)


def _slack(path: Path, settings: Settings) -> Opened:
    rows = slack.SlackRows(path, settings.max_field_chars)
    return Opened(
        path,
        hash_file(path),
        rows.layout,
        connector=rows,
        known=KnownFields(slack.MAPPING, rows.confidence),
        source="slack",
    )


def _json(path: Path, settings: Settings, *, lines: bool) -> Opened:
    max_field, max_bytes = settings.max_field_chars, settings.max_upload_mb << 20
    check_first_line(path, max_field, max_bytes, lines=lines)
    # A JSON document may stand in one line, however long it is.
    facts = inspect(path, lines=lines or path.stat().st_size > max_bytes)
    source = JsonSource(path, facts.encoding, max_field, max_bytes, lines=lines)
    layout, confidence = recognise(source, JSON_LAYOUTS)
    if layout is None:
        rows = JsonRows(source, max_field)
        return Opened(path, facts.sha, _layout(rows, facts), connector=rows, notes=facts.notes)
    return Opened(
        path,
        facts.sha,
        layout.name,
        connector=ElementRows(source, layout, max_field),
        notes=facts.notes,
        known=KnownFields(layout.mapping, confidence),
        source=layout.source,
    )


def _workbook(path: Path, max_field: int) -> Opened:
    try:
        sheet = SheetRows(path, max_field)
    except NoTable:
        return Opened(path, hash_file(path), f"xlsx {AS_DOCUMENT}", parser=parse_sheet)
    table = shaped(sheet, max_field) or sheet
    return Opened(
        path,
        hash_file(path),
        table.layout,
        connector=table,
        parser=parse_sheet,
        known=_known(table),
        source=_source(table),
    )


def _layout(connector: Connector, facts: FileFacts) -> str:
    plain = facts.encoding in ("utf-8", "utf-8-sig") or isinstance(connector, ShapedRows)
    return connector.layout if plain else f"{connector.layout}, {facts.encoding}"


def _rows(path: Path, form: str, facts: FileFacts, max_field: int) -> Connector | None:
    if form == "csv":
        return _table(path, facts, max_field)
    if form == "text":
        with path.open(encoding=facts.encoding, errors=MARK_BAD_BYTES, newline="") as stream:
            sample = stream.read(_SAMPLE_CHARS)
        if looks_like_chat(sample):
            return ChatRows(path, facts.encoding, max_field)
        if sniff_delimiter(sample, truncated=len(sample) == _SAMPLE_CHARS) == "\t":
            return _table(path, facts, max_field)
    return None


def _known(connector: Connector) -> KnownShape | None:
    return KnownShape(connector.shape) if isinstance(connector, ShapedRows) else None


def _source(connector: Connector) -> str | None:
    return connector.shape.source if isinstance(connector, ShapedRows) else None


def _table(path: Path, facts: FileFacts, max_field: int) -> Connector:
    table = DelimitedRows(path, facts.encoding, max_field)
    return shaped(table, max_field) or table


def _form(path: Path) -> str:
    try:
        with path.open("rb") as file:
            head = file.read(_HEAD_BYTES)
    except OSError as problem:
        raise InputRejected(
            f"{path.name} can't be read: {problem.strerror or problem}.",
            hint="Check the path and its permissions.",
        ) from problem
    if not head:
        raise InputRejected(f"{path.name} is empty.", hint="Export it again, or leave it out.")
    if head.startswith(b"%PDF-"):
        return "pdf"
    if head.startswith(b"PK\x03\x04"):
        return _zipped_form(path)
    if head.startswith(b"\xd0\xcf\x11\xe0"):
        raise InputRejected(
            f"{path.name} is an old or encrypted Office file.",
            hint="Save it as XLSX, DOCX or PPTX without a password.",
        )
    form = _SUFFIXES.get(path.suffix.casefold())
    if form in (None, "text") and looks_like_mbox(head):
        return "mbox"
    if form is None:
        raise InputRejected(
            f"{path.name} is not a kind of file that can be imported.", hint=f"Save it as {READABLE}."
        )
    return form


def _zipped_form(path: Path) -> str:
    try:
        check_directory(path)
        with zipfile.ZipFile(path) as archive:
            names = set(archive.namelist())
    # Only zipfile's own calls stand above. Its NotImplementedError: a ZIP version that it doesn't know, as damaged headers claim.
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as problem:
        raise InputRejected(
            f"{path.name} is damaged or cut off.", hint="Open and save it again, or export it as CSV."
        ) from problem
    if any(name.startswith("xl/") for name in names):
        return "xlsx"
    if "word/document.xml" in names:
        return "docx"
    if slack.recognise(names):
        return "slack"
    if "ppt/presentation.xml" in names:
        return "pptx"
    if path.suffix and path.suffix.casefold() in _SUFFIXES:
        raise InputRejected(
            f"{path.name} is a ZIP archive, but no {path.suffix[1:].upper()} file.",
            hint="Open it in its own program and save it again.",
        )
    raise InputRejected(
        f"{path.name} is not a kind of file that can be imported.", hint=f"Save it as {READABLE}."
    )
