"""Files that may be rows or a document, and what is known of a document beside its text."""

from urllib.parse import urlsplit

from assistant.domain.ids import record_id
from assistant.domain.record import RecordKind
from assistant.workbench import Workbench
from ingest.build import Origin, page_key
from ingest.options import IngestOptions, WebPage
from ingest.recognise import AS_DOCUMENT, Opened
from ingest.web.freshness import fetched_on

NO_TEXT_COLUMN = "no column with feedback text: read as one document; if rows are feedback, name their column with --map text=COLUMN"


def is_document(opened: Opened, options: IngestOptions) -> bool:
    """Whether a workbook is to be read as one document: a competitor's tables are no feedback."""
    return opened.parser is not None and options.kind is RecordKind.competitor and not options.mapping


def document_layout(opened: Opened) -> str:
    """What the report calls a file that is read as a document."""
    could_be_rows = opened.connector is not None
    return f"{opened.layout} {AS_DOCUMENT}" if could_be_rows else opened.layout


def page_note(bench: Workbench, origin: Origin, page: WebPage) -> str:
    """When a web page is read, and how old what was read before is, for example `read on 2026-03-12; before that on 2026-03-01`."""
    told = f"read on {page.fetched_on.isoformat()}"
    held = bench.catalog.records.get(
        bench.workspace, [record_id(origin.workspace, origin.source, page_key(page))]
    )
    days = [day for record in held.values() if (day := fetched_on(record.segments))]
    return f"{told}; before that on {days[0].isoformat()}" if days else told


def default_source(opened: Opened, page: WebPage | None, name: str) -> str:
    """The source's name where the person gives none: the file's own name, or the host of a web page.

    Single mails share a source: a folder may hold thousands.
    """
    if page is not None:
        return urlsplit(page.url).hostname or name
    return "mail" if opened.layout == "eml" else name
