"""Tickets: those that came in, and of each what was worked out of it."""

from typing import Annotated

from fastapi import APIRouter, Query
from starlette.responses import Response

from api.deps import BenchDep, ServiceDep, WorkspaceDep
from api.shown import shown_title
from api.tickets.view import TicketView, listed, view_of
from api.web.forms import FormDep, Table, page_at, shaped
from api.web.pages import for_readers, frame
from api.web.render import page
from assistant.workbench import Workbench

router = APIRouter(include_in_schema=False)
_PAGE = 50
_HINT = "The page of tickets lists those that are known."


@page_at(router, "/tickets")
def get_tickets_page(
    service: ServiceDep,
    workspace: WorkspaceDep,
    bench: BenchDep,
    form: FormDep,
    after: Annotated[str | None, Query(max_length=200)] = None,
) -> Response:
    """The tickets of the workspace, in the order in which they were first heard of."""
    with for_readers(_HINT):
        found = listed(bench, None, after, _PAGE + 1)
    last = found[_PAGE - 1] if len(found) > _PAGE else None
    more = f"{last.connection}/{last.key}" if last else None
    rows = [(one, bench.catalog.tickets.judged(workspace, one.connection, one.key)) for one in found[:_PAGE]]
    return shaped(
        form,
        page=lambda: page(
            "tickets.html", **frame(service, workspace, "b"), rows=rows, more=more, after=after
        ),
        data=lambda: {"items": [one.model_dump(mode="json") for one, _ in rows], "next": more},
        table=lambda: Table(
            "Tickets",
            ("connection", "key", "state", "severity", "title"),
            [
                (
                    one.connection,
                    one.key,
                    one.state.value,
                    judged.rated.severity.value if judged else "",
                    one.title,
                )
                for one, judged in rows
            ],
        ),
    )


@page_at(router, "/tickets/{connection}/{key}")
def get_ticket_page(
    service: ServiceDep, workspace: WorkspaceDep, bench: BenchDep, form: FormDep, connection: str, key: str
) -> Response:
    """One ticket: its triage, what it belongs to, and its comment with evidence as it was sent."""
    with for_readers(_HINT):
        held: TicketView = view_of(bench, connection, key)
    return shaped(
        form,
        page=lambda: page(
            "ticket.html", **frame(service, workspace, "b"), held=held, titles=_titles(bench, held)
        ),
        data=lambda: held.model_dump(mode="json"),
    )


def _titles(bench: Workbench, held: TicketView) -> dict[str, str]:
    """Draft id → its title, of those that the ticket belongs to."""
    drafts = (
        bench.catalog.drafts.get(bench.workspace, one) for one in {link.draft_id for link in held.links}
    )
    return {one.id: shown_title(bench.settings, one) for one in drafts if one is not None}
