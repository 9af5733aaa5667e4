"""`/v1/models` and `/v1/chat/completions`, as OpenAI's clients know them."""

from collections.abc import AsyncIterator, Sequence
from functools import partial

from fastapi import APIRouter, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.types import Receive, Scope, Send

from api import runs
from api.deps import PrincipalDep, Service, ServiceDep, WorkspaceDep
from api.facade import models, stream
from api.facade.answer import Address, Answer, answer_of
from api.facade.asked import Asked, asked_of, housekeeping
from api.facade.conversation import advance
from api.facade.following import Log, follow, log_of_run, log_of_turn
from api.facade.spoken import spoken
from api.facade.wire import Completion, refused
from api.routes.drafts import find_draft
from api.shown import shown_draft
from api.web.pages import link
from assistant.domain.access import Principal
from assistant.domain.events import LoggedEvent
from assistant.domain.job import Job
from assistant.domain.request import DraftRequest

router = APIRouter(tags=["openai"])

_MAX_BRIEF = 20_000


@router.get("/v1/models", summary="List models (OpenAI)")
def get_models(service: ServiceDep) -> JSONResponse:
    """One model per kind of draft, and `voxspec-chat`, which goes by what is asked."""
    return JSONResponse({"object": "list", "data": [models.card(name) for name in models.names()]})


@router.get("/v1/models/{model}", summary="Read a model (OpenAI)")
def get_model(service: ServiceDep, model: str) -> JSONResponse:
    """One of the list."""
    models.kind_of(model)
    return JSONResponse(models.card(model))


@router.post(
    "/v1/chat/completions", summary="Ask for a draft (OpenAI)", responses={200: {"description": "The draft"}}
)
async def post_completion(
    request: Request, service: ServiceDep, workspace: WorkspaceDep, who: PrincipalDep, body: Completion
) -> Response:
    """The last message of the user is the brief; the answer is the checked draft as Markdown with its citations.

    The draft is a run like any other: it goes on where the client leaves, and the same request finds it again. `voxspec-chat` goes by
    the whole conversation: the person's messages are the turns of a thread, and what a client says that we said is not read.
    """
    kind = models.kind_of(body.model)
    body.refuse()
    texts = body.said_by_the_person()
    if (chore := housekeeping(texts)) is not None:
        return _said(stream.head_of("chore", body.model), chore, body)
    asked = asked_of(texts)
    if kind is not None and len(asked.brief) > _MAX_BRIEF:
        raise refused("messages", f"A brief has at most {_MAX_BRIEF:,} characters.")
    service.answers.enter()
    held = False
    try:
        if kind is None:
            said = [text for text in texts if text.strip()]
            log, name = await _talk(request, service, workspace, who, said)
            answer = partial(_spoken, service, workspace, str(request.base_url), log.topic, name)
        else:
            job = await run_in_threadpool(_begin, service, workspace, kind, asked)
            log, name = log_of_run(service, workspace, job.id), job.id
            answer = partial(_answer, service, workspace, str(request.base_url))
        head = stream.head_of(name, body.model)
        if not body.stream:
            return await _whole(request, service, log, head, answer)
        chunks = stream.streamed(service, log, head, answer, with_usage=_wants_usage(body))
        held = True
        return _Held(service, chunks)
    finally:
        if not held:
            service.answers.leave()


class _Held(StreamingResponse):
    """A stream that gives its place back however it ends: a client may leave before the first chunk is asked for."""

    def __init__(self, service: Service, chunks: AsyncIterator[bytes]) -> None:
        super().__init__(chunks, media_type="text/event-stream", headers=stream.HEADERS)
        self._service = service

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await super().__call__(scope, receive, send)
        finally:
            self._service.answers.leave()


def _begin(service: Service, workspace: str, kind: str, asked: Asked) -> Job:
    with service.benches.use(workspace) as bench:
        return runs.start(service, bench, DraftRequest(kind=kind, brief=asked.brief, max_items=asked.items))


async def _talk(
    request: Request, service: Service, workspace: str, who: Principal, texts: Sequence[str]
) -> tuple[Log, str]:
    """The turn of the last text, begun, after all before it. Returns: its log and its id."""
    while True:
        turn, is_last = await run_in_threadpool(advance, service, workspace, who, texts)
        log = log_of_turn(service, workspace, turn.thread_id, turn.id)
        if is_last:
            return log, turn.id
        async for event in follow(service, log, ping_every_s=stream.PING_EVERY_S):
            if event is None and await request.is_disconnected():
                break


async def _whole(
    request: Request, service: Service, log: Log, head: stream.Head, fetch: stream.Fetch
) -> Response:
    ended = await stream.completed(service, log, request.is_disconnected)
    if ended is None:
        # Nobody reads this.
        return Response(status_code=204)
    answer = await run_in_threadpool(fetch, ended)
    usage = stream.usage_of(ended.data)
    told = stream.told_of(answer)
    return JSONResponse(head.whole(answer.text, list(answer.annotations), usage, voxspec=told))


def _addresses(service: Service, workspace: str, base: str) -> Address:
    return lambda path: base.rstrip("/") + link(path, service.settings.workspace, workspace)


def _spoken(
    service: Service, workspace: str, base: str, thread: str, turn: str, ended: LoggedEvent
) -> Answer:
    with service.benches.use(workspace) as bench:
        return spoken(bench, thread, turn, _addresses(service, workspace, base))


def _answer(service: Service, workspace: str, base: str, ended: LoggedEvent) -> Answer:
    with service.benches.use(workspace) as bench:
        draft = find_draft(service, bench, str(ended.data["draft_id"]), int(ended.data["version"]))
        return answer_of(shown_draft(bench.settings, draft), _addresses(service, workspace, base))


def _said(head: stream.Head, text: str, body: Completion) -> Response:
    if not body.stream:
        return JSONResponse(head.whole(text, [], stream.NO_USE))
    parts = stream.of_text(head, text, stream.NO_USE if _wants_usage(body) else None)
    return StreamingResponse(parts, media_type="text/event-stream", headers=stream.HEADERS)


def _wants_usage(body: Completion) -> bool:
    return bool(body.stream_options and body.stream_options.include_usage)
