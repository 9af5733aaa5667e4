"""The web pages: drafts, one draft, one record with the cited passage, search, and the list of addresses."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.responses import RedirectResponse, Response

from api.deps import BenchDep, ServiceDep, WorkspaceDep
from api.gone import read_view
from api.routes.drafts import VersionQuery, find_draft
from api.routes.eval_sets import kept_of
from api.routes.records import find_record
from api.routes.search import MAX_QUESTION
from api.shown import shown_draft, shown_hits, shown_text
from api.web.marks import cut_at, read_span
from api.web.pages import command_flags, draft_body, keyed_findings, link, verdict_counts
from api.web.render import page, static_files
from assistant.domain.evidence import Scope
from assistant.domain.job import JobState
from assistant.drafting.tree import plain
from assistant.errors import NotFound
from assistant.search.query import search
from ingest.web.freshness import age, fetched_on
from prompts.loader import kinds

router = APIRouter(include_in_schema=False)


@router.get("/")
def get_home(bench: BenchDep, service: ServiceDep, workspace: WorkspaceDep) -> Response:
    """The newest drafts, what the workspace holds, and how to begin."""
    rows = bench.corpus()
    busy = [
        job for job in service.jobs.newest(workspace, 20) if job.state in (JobState.queued, JobState.running)
    ]
    return page(
        "home.html",
        workspace=_shown(service.settings.workspace, workspace),
        query="",
        drafts=[
            (draft, shown_text(bench.settings, plain(draft, draft.title)))
            for draft in bench.catalog.drafts.newest(workspace, None, 50)
        ],
        shown=lambda text: shown_text(bench.settings, text),
        records=len(rows.record_ids),
        sources=sorted(set(rows.source)),
        jobs=busy,
        kinds=kinds(),
        flags=command_flags(service.settings, workspace),
        link=lambda path: link(path, service.settings.workspace, workspace),
    )


@router.get("/drafts/{draft_id}")
def get_draft_page(
    bench: BenchDep, service: ServiceDep, workspace: WorkspaceDep, draft_id: str, version: VersionQuery = None
) -> Response:
    """The draft as a document; each citation leads to its passage."""
    with _for_readers("The first page lists the drafts of the workspace."):
        held = find_draft(service, bench, draft_id, version)
    draft = shown_draft(bench.settings, held)
    default = service.settings.workspace

    def to_quote(quote_id: str) -> str:
        quote = draft.quotes[quote_id]
        path = f"/records/{quote.record_id}?quote={quote.start}-{quote.end}&revision={quote.revision}"
        return link(path, default, workspace) + "#quote"

    return page(
        "draft.html",
        workspace=_shown(default, workspace),
        query="",
        draft=draft,
        title=plain(draft, draft.title),
        counts=verdict_counts(draft),
        findings=keyed_findings(bench.settings, held),
        kept=kept_of(bench, draft.id, draft.version),
        body=draft_body(bench, draft, to_quote),
        link=lambda path: link(path, default, workspace),
    )


@router.get("/records/{record_id}")
def get_record_page(
    bench: BenchDep,
    service: ServiceDep,
    workspace: WorkspaceDep,
    record_id: str,
    quote: Annotated[str | None, Query(max_length=40)] = None,
    revision: Annotated[str | None, Query(max_length=64)] = None,
) -> Response:
    """The raw text with the cited passage marked; `quote=start-end` counts code points of the raw text."""
    with _for_readers(
        "It may have been erased, or belong to another workspace. The search finds the records there are."
    ):
        read = find_record(bench, record_id, revision)
    record, known = read.record, read_view(bench, read, revision)
    start, end = read_span(quote, len(record.raw))
    return page(
        "record.html",
        workspace=_shown(service.settings.workspace, workspace),
        query="",
        record=record,
        # A document with pages or headings is no single utterance: one word for its purpose and mood would say nothing.
        facets=[known[name] for name in ("type", "sentiment") if known[name] and not record.anchors],
        gone_since=read.gone_since,
        page_age=age(day) if (day := fetched_on(record.segments)) else "",
        shown=lambda text: shown_text(bench.settings, text),
        parts=cut_at(record.raw, start, end, masks=not bench.settings.show_personal_data),
        anchor=next((a.label for a in record.anchors if a.start <= start < a.end), "") if end else "",
        span=(start, end) if end else None,
        link=lambda path: link(path, service.settings.workspace, workspace),
    )


@router.get("/search")
def get_search_page(
    bench: BenchDep,
    service: ServiceDep,
    workspace: WorkspaceDep,
    q: Annotated[str, Query(max_length=MAX_QUESTION)] = "",
) -> Response:
    """Quotes that answer a question."""
    question = q.strip()
    return page(
        "search.html",
        workspace=_shown(service.settings.workspace, workspace),
        query=question,
        hits=shown_hits(bench.settings, search(bench, question, Scope(), 20)) if question else [],
        link=lambda path: link(path, service.settings.workspace, workspace),
    )


@router.get("/docs")
async def get_docs(request: Request) -> Response:
    """The addresses of the API, from the OpenAPI document; no script, no CDN."""
    paths = request.app.openapi()["paths"]
    rows = [
        (method.upper(), path, operation.get("summary", ""))
        for path in sorted(paths)
        for method, operation in sorted(paths[path].items())
    ]
    return page("docs.html", workspace="", query="", rows=rows)


@router.get("/static/{name}")
async def get_static(name: str) -> Response:
    """A file of ours."""
    if name not in static_files():
        raise NotFound(f"There is no file {name[:60]}.", hint="Go to / for the pages there are.")
    content, media_type = static_files()[name]
    return Response(content, media_type=media_type, headers={"Cache-Control": "public, max-age=300"})


@router.get("/favicon.ico")
async def get_favicon() -> Response:
    """The icon, where browsers look for it."""
    return RedirectResponse("/static/icon.svg")


@contextmanager
def _for_readers(hint: str) -> Iterator[None]:
    """What isn't there is told with a hint for a reader of pages; the API's speaks of addresses."""
    try:
        yield
    except NotFound as problem:
        raise NotFound(problem.message, hint=hint) from problem


def _shown(default: str, workspace: str) -> str:
    return "" if workspace == default else workspace
