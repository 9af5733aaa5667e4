"""`/v1/release-notes`, and how far a draft is covered by tickets."""

from datetime import UTC, datetime
from enum import StrEnum
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel
from starlette.responses import Response

from api.deps import BenchDep, ServiceDep
from api.idempotency import OnceRoute
from api.routes.drafts import VersionQuery, find_draft
from api.tickets.askers import Askers, of_ticket
from api.tickets.audience import Audience
from api.tickets.coverage import Astray, Coverage, ItemStand, TicketStand, coverage
from api.tickets.notes_text import as_markdown
from api.tickets.release_notes import Notes, Wanted, release_notes
from assistant.domain.ticket import CONNECTION_NAME

router = APIRouter(tags=["tickets"], route_class=OnceRoute)

_Connection = Annotated[str, Query(pattern=CONNECTION_NAME, description="Name of the connection")]
_Names = Annotated[list[str], Query(max_length=50)]


class NotesForm(StrEnum):
    """How notes are written."""

    json = "json"
    md = "md"


class DraftCoverage(BaseModel):
    """A version of a draft, held against the tickets as their trackers said last."""

    draft_id: str
    version: int
    whole: bool
    """Whether everything has its ticket and every ticket its requirement."""
    connections: list[str]
    done: int
    of: int
    missing: list[str]
    """Items without a ticket."""
    items: list[ItemStand]
    without_requirement: list[TicketStand]
    astray: list[Astray]


@router.get(
    "/v1/release-notes",
    summary="What a release brings, for one audience",
    response_model=Notes,
    responses={
        200: {"content": {"text/markdown": {}}},
        404: {"description": "There is no such connection"},
    },
)
def get_release_notes(
    bench: BenchDep,
    connection: _Connection,
    since: Annotated[datetime | None, Query(description="Closed tickets that changed since then")] = None,
    label: _Names = [],  # noqa: B006 - FastAPI copies it
    audience: Audience = Audience.public,
    deny: _Names = [],  # noqa: B006 - FastAPI copies it
    form: Annotated[NotesForm, Query(alias="format")] = NotesForm.json,
) -> Notes | Response:
    """A line per closed ticket: new, better, fixed. What isn't clearly public stays internal; `audience=internal` says why."""
    if since is not None and since.tzinfo is None:
        since = since.replace(tzinfo=UTC)
    notes = release_notes(bench, connection, Wanted(since, tuple(label), denied=tuple(deny)), audience)
    if form is NotesForm.md:
        return Response(as_markdown(notes), media_type="text/markdown; charset=utf-8")
    return notes


@router.get("/v1/drafts/{draft_id}/coverage", summary="Which requirements have tickets, and how far they are")
def get_coverage(
    service: ServiceDep,
    bench: BenchDep,
    draft_id: str,
    version: VersionQuery = None,
    connection: Annotated[str, Query(pattern=f"{CONNECTION_NAME}|^$", description="Only this one")] = "",
    everything: Annotated[bool, Query(description="Also tickets outside of the draft's epic")] = False,
) -> DraftCoverage:
    """`FR-7` has no ticket; `ABC-12` has no requirement; what is done. A requirement counts through its stories' tickets, too."""
    draft = find_draft(service, bench, draft_id, version)
    return _told(coverage(bench, draft, connection=connection, everything=everything))


@router.get("/v1/tickets/{connection}/{key}/asked", summary="The people who asked for what a ticket does")
def get_asked(bench: BenchDep, connection: str, key: str) -> Askers:
    """Each person once, as a pseudonym, with the records that they wrote; `counted` compares the list with the stored numbers."""
    return of_ticket(bench, connection, key)


def _told(found: Coverage) -> DraftCoverage:
    return DraftCoverage(
        draft_id=found.draft_id,
        version=found.version,
        whole=found.is_whole,
        connections=list(found.connections),
        done=found.done,
        of=found.of,
        missing=[one.item for one in found.missing],
        items=list(found.items),
        without_requirement=list(found.without_requirement),
        astray=list(found.astray),
    )
