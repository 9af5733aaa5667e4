"""Chats: asked in one's own words, answered with proof, and followed while they are answered. Everything works without script, too."""

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Form, Query
from starlette.responses import RedirectResponse, Response

from api.deps import BenchDep, DeciderDep, Service, ServiceDep, WorkspaceDep
from api.routes.threads import Said, ThreadOrder, found_thread, post_thread, post_turn
from api.shown import shown_thread
from api.threads import cancel_turn, revived
from api.web.pages import for_readers, frame, link
from api.web.render import page
from api.web.talk import Talk, talk_of
from assistant.domain.thread import LONGEST_TEXT, TurnState
from assistant.workbench import Workbench
from prompts.loader import kinds

router = APIRouter(include_in_schema=False)
_LISTED = 20

_Text = Annotated[str, Form(max_length=LONGEST_TEXT)]
_Short = Annotated[str, Form(max_length=200)]


@router.get("/chat")
def get_chats(
    bench: BenchDep,
    service: ServiceDep,
    workspace: WorkspaceDep,
    brief: Annotated[str, Query(max_length=2000)] = "",
) -> Response:
    """Where a chat begins, and those there are. Args: brief: what another page wants to be written about."""
    threads = bench.catalog.threads.newest(bench.workspace, None, _LISTED)
    return page(
        "chats.html",
        **frame(service, workspace, "m"),
        threads=[shown_thread(bench.settings, one) for one in threads],
        records=len(bench.columns().record_ids),
        brief=brief,
        kinds=kinds(),
    )


@router.post("/chat")
def post_chat(
    bench: BenchDep,
    who: DeciderDep,
    service: ServiceDep,
    workspace: WorkspaceDep,
    text: _Text = "",
    draft: _Short = "",
    target: _Short = "",
    selected: _Text = "",
    version: Annotated[int | None, Form(ge=1, le=1_000_000)] = None,
) -> Response:
    """Begin a chat, about a draft where one is named, and say the first thing."""
    said = Said(text=text, target=target, selected=selected, version=version)
    with for_readers("The first page lists the drafts of the workspace."):
        post_thread(bench, ThreadOrder(draft_id=draft or None))
    thread = bench.catalog.threads.newest(bench.workspace, None, 1)[0]
    post_turn(service, bench, who, thread.id, said)
    return _to(service, workspace, thread.id, draft)


@router.get("/chat/{thread_id}")
def get_chat(bench: BenchDep, service: ServiceDep, workspace: WorkspaceDep, thread_id: str) -> Response:
    """What was said, and what is being written now."""
    with for_readers("The page of chats lists them."):
        talk = held_talk(service, bench, workspace, thread_id)
    return page("chat.html", **frame(service, workspace, "m"), talk=talk, draft=None)


@router.post("/chat/{thread_id}")
def post_said(
    bench: BenchDep,
    who: DeciderDep,
    service: ServiceDep,
    workspace: WorkspaceDep,
    thread_id: str,
    text: _Text = "",
    choice: Annotated[str, Form(max_length=60)] = "",
    draft: _Short = "",
    target: _Short = "",
    selected: _Text = "",
    version: Annotated[int | None, Form(ge=1, le=1_000_000)] = None,
) -> Response:
    """Say something, or choose an answer. Args: draft: the one on whose page it was said."""
    said = Said(text=text, choice=choice, target=target, selected=selected, version=version)
    with for_readers("The page of chats lists them."):
        post_turn(service, bench, who, thread_id, said)
    return _to(service, workspace, thread_id, draft)


@router.post("/chat/{thread_id}/stop")
def post_stop(
    bench: BenchDep, service: ServiceDep, workspace: WorkspaceDep, thread_id: str, draft: _Short = ""
) -> Response:
    """Stop the answer that is being written; where it is over already, nothing happens."""
    with for_readers("The page of chats lists them."):
        found_thread(bench, thread_id)
    turns = bench.catalog.said.turns(bench.workspace, thread_id)
    waiting = next((one for one in turns if one.state is TurnState.open), None)
    if waiting is not None:
        cancel_turn(service, bench, waiting)
    return _to(service, workspace, thread_id, draft)


def held_talk(service: Service, bench: Workbench, workspace: str, thread_id: str) -> Talk:
    """A chat with what was said. Raises: NotFound."""
    thread = found_thread(bench, thread_id)
    turns = revived(service, bench, thread)
    # Again: what was answered a moment ago may have brought its draft.
    thread = found_thread(bench, thread_id)

    def to_quote(record: str, start: int, end: int, revision: str) -> str:
        path = f"/records/{record}?quote={start}-{end}&revision={revision}"
        return link(path, service.settings.workspace, workspace) + "#quote"

    return talk_of(bench, shown_thread(bench.settings, thread), turns, to_quote)


def thread_about(bench: Workbench, draft_id: str) -> str:
    """The newest chat about a draft; empty where there is none among the last."""
    threads = bench.catalog.threads.newest(bench.workspace, None, 100)
    return next((one.id for one in threads if one.draft_id == draft_id), "")


def _to(service: Service, workspace: str, thread_id: str, draft: str) -> Response:
    path = f"/drafts/{draft}?thread={thread_id}" if draft else f"/chat/{thread_id}"
    address = link(path, service.settings.workspace, workspace)
    return RedirectResponse(f"{address}#said", HTTPStatus.SEE_OTHER)
