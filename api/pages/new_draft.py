"""Asking for a draft: what kind, about what, over which records."""

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Form, Query
from starlette.responses import RedirectResponse, Response

from api import runs
from api.deps import BenchDep, ServiceDep, WorkspaceDep
from api.scopes import join_scope
from api.shown import shown_text
from api.web.counts import counts_of
from api.web.pages import frame, link
from api.web.render import page
from assistant.domain.request import DraftRequest
from prompts.loader import kinds

router = APIRouter(include_in_schema=False)
_LONGEST = 20_000
_OFFERED = 8

_Brief = Annotated[str, Query(max_length=_LONGEST)]
_Filters = Annotated[list[str] | None, Query(alias="filter", max_length=50)]
_FormFilters = Annotated[list[str] | None, Form(alias="filter", max_length=50)]


@router.get("/drafts/new")
def get_new_draft(
    bench: BenchDep,
    service: ServiceDep,
    workspace: WorkspaceDep,
    kind: Annotated[str, Query(max_length=100)] = "prd",
    brief: _Brief = "",
    filters: _Filters = None,
    chosen: Annotated[list[str] | None, Query(alias="theme", max_length=300)] = None,
) -> Response:
    """A form that other pages fill in: themes of the map by id, words, a search with its filters."""
    counts = counts_of(bench)
    themes = counts.themes
    left_out = 0
    if chosen and themes and not brief:
        wanted = set(chosen)
        largest = sorted(themes.themes, key=lambda one: (-one.people, -one.records, one.id))
        names = [one.name for one in largest if one.id in wanted and one.name]
        left_out = max(0, len(names) - _OFFERED)
        brief = "; ".join(shown_text(bench.settings, name) for name in names[:_OFFERED])
    areas = [one for one in themes.of_level(1) if not one.is_single_voice] if themes else []
    areas.sort(key=lambda one: (-one.people, -one.records, one.id))
    return page(
        "new_draft.html",
        **frame(service, workspace, "d"),
        kinds=kinds(),
        kind=kind,
        brief=brief,
        left_out=left_out,
        filters=filters or [],
        themes=areas[:_OFFERED],
        records=counts.overview.records,
    )


@router.post("/drafts")
def post_new_draft(
    bench: BenchDep,
    service: ServiceDep,
    workspace: WorkspaceDep,
    kind: Annotated[str, Form(max_length=100)],
    brief: Annotated[str, Form(max_length=_LONGEST)] = "",
    filters: _FormFilters = None,
    max_items: Annotated[int, Form(ge=1, le=50)] = 10,
) -> Response:
    """Start the writing and go to its job. The same request over the same records is the same draft."""
    scope = join_scope(bench, None, [one for one in filters or () if one.strip()])
    job = runs.start(
        service, bench, DraftRequest(kind=kind, brief=brief.strip(), scope=scope, max_items=max_items)
    )
    back = link(f"/jobs/{job.id}", service.settings.workspace, workspace)
    return RedirectResponse(back, HTTPStatus.SEE_OTHER)
