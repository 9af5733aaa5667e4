"""`/v1/tickets`: tickets of trackers that send no webhooks, or by rules of automation; and what was worked out of each."""

from datetime import UTC, datetime
from http import HTTPStatus
from typing import Annotated, Any

from fastapi import APIRouter, Query
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field
from starlette.responses import JSONResponse, Response

from api.deps import BenchDep, Service, ServiceDep, WorkspaceDep
from api.idempotency import OnceRoute
from api.tickets.inbox import accept
from api.tickets.incoming import Parts, work_through
from api.tickets.view import TicketView, listed, view_of
from assistant.domain.base import digest
from assistant.domain.job import Job
from assistant.domain.ticket import CONNECTION_NAME, Arrived, Ticket, TicketComment, TicketState
from assistant.errors import NotFound
from assistant.triage.pipeline import triage
from assistant.workbench import Workbench

router = APIRouter(tags=["tickets"], route_class=OnceRoute)
WITHOUT_CONNECTION = "api"
"""What tickets are of whose sender names no connection, where the workspace hasn't exactly one."""
_KEY = r"^[^\s/]{1,100}$"


class SentComment(BaseModel):
    """A remark under the ticket; a command in it is answered."""

    model_config = ConfigDict(extra="forbid")

    id: str = Field(min_length=1, max_length=200)
    text: str = Field(max_length=100_000)
    author: str = Field(default="", max_length=200)


class SentTicket(BaseModel):
    """A ticket as it is now."""

    model_config = ConfigDict(extra="forbid")

    connection: str | None = Field(default=None, pattern=CONNECTION_NAME)
    """Default: the only one of the workspace, else `api`, where nothing can be written to."""
    key: str = Field(pattern=_KEY)
    """As people name it: `42`, `ABC-12`."""
    title: str = Field(min_length=1, max_length=1000)
    body: str = Field(default="", max_length=1_000_000)
    state: TicketState = TicketState.open
    labels: list[Annotated[str, Field(max_length=200)]] = Field(default_factory=list, max_length=100)
    kind: str = Field(default="", max_length=200)
    component: str = Field(default="", max_length=200)
    author: str = Field(default="", max_length=200)
    url: str = Field(default="", pattern=r"^(https?://\S{1,1990})?$")
    version: str = Field(default="", max_length=100)
    """Sorts in the order of changes; an older one than is known changes nothing. Default: the time of this request."""
    created_at: AwareDatetime | None = None
    comment: SentComment | None = None


class TicketPage(BaseModel):
    """Tickets, in the order in which they were first heard of."""

    items: list[Ticket]
    next: str | None
    """Cursor of the next page; null at the end."""


@router.post(
    "/v1/tickets",
    status_code=202,
    summary="Send a ticket",
    responses={
        200: {"model": TicketView, "description": "With wait: what was worked out"},
        202: {"model": Job},
    },
)
def post_ticket(
    service: ServiceDep,
    workspace: WorkspaceDep,
    bench: BenchDep,
    body: SentTicket,
    wait: Annotated[bool, Query(description="Answer with what was worked out, not with the job")] = False,
) -> Response:
    """202 with the job that brings it in, judges it and has its comment with evidence written."""
    name = _connection(bench, body.connection)
    arrived = _arrived(name, body)
    held = accept(bench.catalog, service.jobs, workspace, arrived, digest(body))
    if wait:
        work_through(bench, name, _parts(service), lambda *_: None)
        return JSONResponse(view_of(bench, name, body.key).model_dump(mode="json"))
    return JSONResponse(
        held.job.model_dump(mode="json"), HTTPStatus.ACCEPTED, {"Location": f"/v1/jobs/{held.job.id}"}
    )


@router.get(
    "/v1/tickets",
    summary="List tickets",
    responses={404: {"description": "The page before it is gone"}},
)
def get_tickets(
    bench: BenchDep,
    connection: Annotated[str | None, Query(max_length=40)] = None,
    cursor: Annotated[str | None, Query(max_length=200)] = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> TicketPage:
    """What trackers said last of their tickets."""
    found = listed(bench, connection, cursor, limit + 1)
    last = found[limit - 1] if len(found) > limit else None
    return TicketPage(items=found[:limit], next=f"{last.connection}/{last.key}" if last else None)


@router.get("/v1/tickets/{connection}/{key}", summary="One ticket")
def get_ticket(bench: BenchDep, connection: str, key: str) -> TicketView:
    """What its tracker said last, what was worked out of it, what it belongs to, and its comment with evidence."""
    return view_of(bench, connection, key)


def _connection(bench: Workbench, named: str | None) -> str:
    known = [one.name for one in bench.catalog.connections.connections(bench.workspace)]
    if named is None:
        return known[0] if len(known) == 1 else WITHOUT_CONNECTION
    if named not in (*known, WITHOUT_CONNECTION):
        raise NotFound(
            f"There is no connection '{named}' in this workspace.",
            hint="voxspec tracker list shows them. Leave it out where nothing is to be written to the tracker.",
        )
    return named


def _arrived(connection: str, sent: SentTicket) -> Arrived:
    now = datetime.now(UTC)
    told: dict[str, Any] = sent.model_dump(exclude={"connection", "comment", "version"})
    version = sent.version or now.isoformat()
    said = Ticket(connection=connection, **told, updated_at=now).model_copy(update={"version": version})
    comment = None
    if sent.comment is not None:
        comment = TicketComment(**sent.comment.model_dump(), at=now)
    return Arrived(
        connection=connection,
        delivery_id=f"sent/{digest(sent, version)}",
        happened="comment" if comment else "ticket",
        key=sent.key,
        actor=sent.author,
        ticket=said,
        comment=comment,
    )


def _parts(service: Service) -> Parts:
    sent = service.rounds.call if service.rounds is not None else None
    return Parts(service.jobs, triage, sent=sent)
