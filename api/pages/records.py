"""The page of one record, with a cited passage marked."""

from typing import Annotated

from fastapi import APIRouter, Query
from starlette.responses import Response

from api.deps import BenchDep, ServiceDep, WorkspaceDep
from api.gone import read_view
from api.routes.records import find_record
from api.shown import shown_text
from api.web.forms import FormDep, page_at, shaped
from api.web.marks import cut_at, read_span
from api.web.pages import for_readers, frame
from api.web.render import page
from assistant.domain.record import Record
from assistant.workbench import Workbench
from ingest.web.freshness import age, fetched_on

router = APIRouter(include_in_schema=False)


@page_at(router, "/records/{record_id}")
def get_record_page(
    bench: BenchDep,
    service: ServiceDep,
    workspace: WorkspaceDep,
    form: FormDep,
    record_id: str,
    quote: Annotated[str | None, Query(max_length=40)] = None,
    revision: Annotated[str | None, Query(max_length=64)] = None,
) -> Response:
    """The raw text with the cited passage marked; `quote=start-end` counts code points of the raw text."""
    with for_readers(
        "It may have been erased, or belong to another workspace. The search finds the records there are."
    ):
        read = find_record(bench, record_id, revision)
    record, known = read.record, read_view(bench, read, revision)
    start, end = read_span(quote, len(record.raw))

    def shown() -> Response:
        return page(
            "record.html",
            **frame(service, workspace, "e"),
            record=record,
            name=_name(bench, record),
            # A document with pages or headings is no single utterance: one word for its purpose and mood would say nothing.
            facets=[known[name] for name in ("type", "sentiment") if known[name] and not record.anchors],
            gone_since=read.gone_since,
            page_age=age(day) if (day := fetched_on(record.segments)) else "",
            parts=cut_at(record.raw, start, end, masks=not bench.settings.show_personal_data),
            anchor=next((a.label for a in record.anchors if a.start <= start < a.end), "") if end else "",
            span=(start, end) if end else None,
        )

    return shaped(form, page=shown, data=lambda: known)


def _name(bench: Workbench, record: Record) -> str:
    """Its title, or where it is from and when it was said: an id tells nobody anything."""
    if record.title:
        return shown_text(bench.settings, record.title)
    said = f", {record.said_at:%Y-%m-%d}" if record.said_at else ""
    return f"{shown_text(bench.settings, record.source.replace('_', ' '))}{said}"
