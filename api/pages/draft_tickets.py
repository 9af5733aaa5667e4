"""The tickets of a draft from its page: which there are, what publishing would change, and doing it."""

from typing import Annotated

from fastapi import APIRouter, Form, Query
from starlette.responses import RedirectResponse, Response

from api.deps import BenchDep, ServiceDep, WorkspaceDep
from api.routes.drafts import find_draft
from api.routes.publications import planned, published
from api.shown import shown_title
from api.web.pages import for_readers, frame, link
from api.web.render import page
from assistant.domain.ticket import CONNECTION_NAME, EffectState
from assistant.errors import Conflict
from evals.release import Refusal, may_publish

router = APIRouter(include_in_schema=False)
_GIVEN_UP = 20


@router.get("/drafts/{draft_id}/tickets")
def get_tickets(
    service: ServiceDep,
    bench: BenchDep,
    workspace: WorkspaceDep,
    draft_id: str,
    to: Annotated[str | None, Query(pattern=CONNECTION_NAME)] = None,
) -> Response:
    """Its tickets, and with a connection what publishing to it would do."""
    with for_readers("The first page lists the drafts of the workspace."):
        draft = find_draft(service, bench, draft_id, None)
    connections = bench.catalog.connections.connections(workspace)
    links = bench.catalog.links.of_draft(workspace, draft.id)
    held = [(link, bench.catalog.tickets.get(workspace, link.connection, link.ticket)) for link in links]
    return page(
        "draft_tickets.html",
        **frame(service, workspace, "h"),
        draft=draft,
        title=shown_title(bench.settings, draft),
        connections=connections,
        to=to,
        steps=planned(bench, draft, to).steps if to else (),
        refusal=may_publish(bench, draft) if to else None,
        links=held,
        dead=[
            one
            for one in bench.catalog.effects.page(workspace, states=[EffectState.dead], limit=_GIVEN_UP)
            if one.draft_id == draft.id
        ],
    )


@router.post("/drafts/{draft_id}/tickets")
def post_tickets(
    service: ServiceDep,
    bench: BenchDep,
    workspace: WorkspaceDep,
    draft_id: str,
    to: Annotated[str, Form(pattern=CONNECTION_NAME)],
) -> Response:
    """Publish, and back to the list."""
    draft = find_draft(service, bench, draft_id, None)
    done = published(bench, draft, to)
    if isinstance(done, Refusal):
        raise Conflict(done.message, hint=done.hint)
    if service.rounds is not None:
        service.rounds.call()
    return RedirectResponse(link(f"/drafts/{draft.id}/tickets", service.settings.workspace, workspace), 303)
