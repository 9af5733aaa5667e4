"""`/v1/threads`: chats. A turn is taken with 202 and answered as a job; the stream tells the stored log of the thread."""

import uuid
from datetime import UTC, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Header, Query
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import JSONResponse, Response

from api import sse
from api.answers import HAS_ALL, EventStream, TurnAccepted
from api.deps import BenchDep, DeciderDep, ServiceDep, WorkspaceDep
from api.idempotency import OnceRoute
from api.scopes import join_scope
from api.shown import shown_thread, shown_turn
from api.threads import cancel_turn, follow_thread, has_turn_over, revived, say
from assistant.domain.evidence import Scope
from assistant.domain.thread import LONGEST_TEXT, Reference, Thread, Turn
from assistant.errors import NotFound, UsageError
from assistant.workbench import Workbench

router = APIRouter(tags=["threads"], route_class=OnceRoute)


class ThreadOrder(BaseModel):
    """A chat that somebody starts."""

    model_config = ConfigDict(extra="forbid")

    title: str = Field(default="", max_length=200)
    draft_id: str | None = Field(default=None, max_length=100)
    """The draft that it is about."""
    scope: Scope | None = None
    filters: list[str] = Field(default_factory=list, max_length=50)


class Said(BaseModel):
    """What a person says, or which option of the last question they choose."""

    model_config = ConfigDict(extra="forbid")

    text: str = Field(default="", max_length=LONGEST_TEXT)
    choice: str = Field(default="", max_length=60)
    """Id of an option, `skip` or `just_draft`."""
    section: str = Field(default="", max_length=200)
    target: str = Field(default="", max_length=200)
    selected: str = Field(default="", max_length=LONGEST_TEXT)
    """Words of the draft that the person selected."""
    version: int | None = Field(default=None, ge=1, le=1_000_000)


class ThreadView(BaseModel):
    """A chat with what was said."""

    thread: Thread
    turns: list[Turn]
    last_event: int
    """Number of the newest event; a stream with it as `Last-Event-ID` tells only what is new."""


class ThreadPage(BaseModel):
    """Chats, newest first."""

    items: list[Thread]
    next: str | None
    """Cursor of the next page; null at the end."""


@router.post("/v1/threads", status_code=201, summary="Start a chat", responses={201: {"model": Thread}})
def post_thread(bench: BenchDep, body: ThreadOrder) -> Response:
    """The new chat. What is said in it goes to `/v1/threads/{id}/turns`."""
    if body.draft_id is not None and bench.catalog.drafts.get(bench.workspace, body.draft_id) is None:
        raise NotFound(f"There is no draft {body.draft_id[:60]}.", hint="GET /v1/drafts lists the drafts.")
    thread = Thread(
        id=f"thr_{uuid.uuid4().hex[:16]}",
        workspace=bench.workspace,
        title=body.title,
        draft_id=body.draft_id,
        scope=join_scope(bench, body.scope, body.filters),
        created_at=datetime.now(UTC),
    )
    bench.catalog.threads.put(thread)
    shown = shown_thread(bench.settings, thread).model_dump(mode="json")
    return JSONResponse(shown, 201, {"Location": f"/v1/threads/{thread.id}"})


@router.get("/v1/threads", summary="List chats")
def get_threads(
    bench: BenchDep,
    cursor: Annotated[str | None, Query(max_length=200)] = None,
    limit: Annotated[int, Query(ge=1, le=100)] = 20,
) -> ThreadPage:
    """The chats of the workspace, with cursor paging."""
    if cursor is not None and bench.catalog.threads.get(bench.workspace, cursor) is None:
        raise UsageError("The cursor is none that this list gave out.", hint="Use 'next' of the page before.")
    found = bench.catalog.threads.newest(bench.workspace, cursor, limit + 1)
    items = [shown_thread(bench.settings, one) for one in found[:limit]]
    return ThreadPage(items=items, next=found[limit - 1].id if len(found) > limit else None)


@router.get("/v1/threads/{thread_id}", summary="Read a chat")
def get_thread(service: ServiceDep, bench: BenchDep, thread_id: str) -> ThreadView:
    """The thread with all its turns."""
    thread = found_thread(bench, thread_id)
    turns = revived(service, bench, thread)
    events = bench.catalog.said.events(bench.workspace, thread_id, 0)
    return ThreadView(
        thread=shown_thread(bench.settings, thread),
        turns=[shown_turn(bench.settings, one) for one in turns],
        last_event=events[-1].seq if events else 0,
    )


@router.post(
    "/v1/threads/{thread_id}/turns",
    status_code=202,
    summary="Say something",
    responses={202: {"model": TurnAccepted}},
)
def post_turn(service: ServiceDep, bench: BenchDep, who: DeciderDep, thread_id: str, body: Said) -> Response:
    """202 with the turn; follow the thread's events for its answer. 409 while another turn of the thread is answered."""
    thread = found_thread(bench, thread_id)
    if not body.text.strip() and not body.choice:
        raise UsageError("Nothing was said.", hint="Send a text, or the choice of an option.")
    about = Reference(version=body.version, section=body.section, target=body.target, selected=body.selected)
    turn = say(service, bench, thread, body.text, choice=body.choice, name=who.known, about=about)
    return _accepted(turn)


@router.post("/v1/threads/{thread_id}/turns/{turn}/cancel", summary="Stop an answer")
def post_cancel(service: ServiceDep, bench: BenchDep, thread_id: str, turn: str) -> Turn:
    """The writing ends at once, and a last event tells it. A turn that is over stays as it is."""
    thread = found_thread(bench, thread_id)
    held = next((one for one in bench.catalog.said.turns(bench.workspace, thread.id) if one.id == turn), None)
    if held is None or held.by != "person":
        raise NotFound(f"There is no turn {turn[:60]} to stop.", hint="GET /v1/threads/{id} lists the turns.")
    return shown_turn(bench.settings, cancel_turn(service, bench, held))


@router.get(
    "/v1/threads/{thread_id}/events",
    summary="Follow a chat (server-sent events)",
    response_class=EventStream,
    responses=HAS_ALL,
)
def get_thread_events(
    service: ServiceDep,
    workspace: WorkspaceDep,
    bench: BenchDep,
    thread_id: str,
    turn: Annotated[str | None, Query(max_length=60, description="End with this turn's last event")] = None,
    last_event_header: Annotated[str | None, Header(alias="Last-Event-ID")] = None,
    last_event_query: Annotated[str | None, Query(alias="last_event_id", max_length=20)] = None,
) -> Response:
    """The stored events after `Last-Event-ID`, then new ones as they come, of every turn.

    With `turn`, it ends after that turn's last event; 204 where the reader has it, which tells a browser not to come again.
    """
    after = sse.last_event_id(last_event_header, last_event_query)
    thread = found_thread(bench, thread_id)
    revived(service, bench, thread)
    if turn and has_turn_over(bench, thread_id, turn, after):
        return Response(status_code=204)
    sse.admit(service)
    return sse.respond(sse.follow(service, follow_thread(service, workspace, thread_id, turn or ""), after))


def found_thread(bench: Workbench, thread_id: str) -> Thread:
    """The thread. Raises: NotFound."""
    thread = bench.catalog.threads.get(bench.workspace, thread_id)
    if thread is None:
        raise NotFound(f"There is no thread {thread_id[:60]}.", hint="GET /v1/threads lists the threads.")
    return thread


def _accepted(turn: Turn) -> Response:
    events = f"/v1/threads/{turn.thread_id}/events"
    body: dict[str, Any] = {
        "id": turn.id,
        "thread": turn.thread_id,
        "state": turn.state.value,
        "events": f"{events}?turn={turn.id}",
        "cancel": f"/v1/threads/{turn.thread_id}/turns/{turn.id}/cancel",
    }
    return JSONResponse(body, 202, {"Location": f"/v1/threads/{turn.thread_id}"})
