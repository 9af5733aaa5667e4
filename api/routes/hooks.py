"""`/v1/hooks`, `/v1/hook-messages`: who outside is told of what happens here, and what they were told. For owners."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Path, Query
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import Response

from api.deps import BenchDep, Service, ServiceDep
from api.hooks.keeping import add_with_new_secret, remove_hook, renew_secret, send_again, try_hook
from api.hooks.messenger import hook_of
from api.idempotency import OnceRoute
from assistant.domain.hook import Data, Hook, HookEvent, HookMessage
from assistant.domain.ticket import CONNECTION_NAME, EffectState
from assistant.errors import NotFound

# Without Idempotency-Key: a stored answer would hold the secret.
router = APIRouter(tags=["hooks"])
_repeated = APIRouter(tags=["hooks"], route_class=OnceRoute)
HookName = Annotated[str, Path(max_length=100)]


class HookOrder(BaseModel):
    """An address that is to be told."""

    model_config = ConfigDict(extra="forbid")

    name: str = Field(pattern=CONNECTION_NAME)
    url: str = Field(max_length=2000)
    """`https://…`, in the public internet unless who runs the server set `private_hooks`."""
    events: list[HookEvent] = Field(min_length=1, max_length=16)
    """All but `hook.test`, which is sent to any hook that is tried."""


class HookView(BaseModel):
    """A hook without its secrets."""

    name: str
    url: str
    events: list[HookEvent]
    secrets: int
    """How many sign: two while one replaces another."""


class NewHook(HookView):
    """A hook with its secret, which is shown this once."""

    secret: str


class HookList(BaseModel):
    """All hooks, by name."""

    items: list[HookView]


class MessageView(BaseModel):
    """A message, and what became of it."""

    id: str
    hook: str
    event: HookEvent
    data: Data
    made_at: datetime
    state: EffectState
    tries: int
    not_before: datetime | None
    """When it is tried next, where it waits."""
    error: str
    hint: str


class MessagePage(BaseModel):
    """Messages, newest first."""

    items: list[MessageView]
    next: str | None
    """`after` of the next page; null at the end."""


@router.get("/v1/hooks", summary="List hooks")
def get_hooks(bench: BenchDep) -> HookList:
    """Who is told of what."""
    return HookList(items=[_view(one) for one in bench.catalog.hooks.hooks(bench.workspace)])


@router.post("/v1/hooks", status_code=201, summary="Add a hook")
def post_hook(bench: BenchDep, body: HookOrder) -> NewHook:
    """Tell an address. The secret that its messages are signed with is made here; it is in this answer and in no other."""
    events = [one.value for one in body.events]
    hook, secret = add_with_new_secret(bench, body.name, body.url, events)
    return NewHook(**_view(hook).model_dump(), secret=secret)


@router.post("/v1/hooks/{name}/secrets", status_code=201, summary="Renew a hook's secret")
def post_hook_secret(bench: BenchDep, name: HookName) -> NewHook:
    """A new secret. Messages are signed with the one before, too, until the next renewal."""
    secret = renew_secret(bench, name)
    return NewHook(**_view(hook_of(bench, name)).model_dump(), secret=secret)


@router.delete("/v1/hooks/{name}", status_code=204, summary="Remove a hook")
def delete_hook(bench: BenchDep, name: HookName) -> Response:
    """It is told no more; what was still to be sent to it is dropped."""
    remove_hook(bench, name)
    return Response(status_code=204)


@_repeated.post("/v1/hooks/{name}/test", status_code=202, summary="Try a hook")
def post_hook_test(service: ServiceDep, bench: BenchDep, name: HookName) -> MessageView:
    """Send it a message that says nothing else; `GET /v1/hook-messages/{id}` tells what became of it."""
    return _queued(service, try_hook(bench, name))


@router.get("/v1/hook-messages", summary="List messages to hooks")
def get_hook_messages(
    bench: BenchDep,
    after: Annotated[str | None, Query(max_length=200)] = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> MessagePage:
    """What was told, waits, or was given up, and why."""
    found = bench.catalog.hook_outbox.page(bench.workspace, after=after, limit=limit + 1)
    more = len(found) > limit
    return MessagePage(
        items=[_message(one) for one in found[:limit]], next=found[limit - 1].id if more else None
    )


@router.get("/v1/hook-messages/{message_id}", summary="Get a message to a hook")
def get_hook_message(bench: BenchDep, message_id: str) -> MessageView:
    """One of them."""
    found = bench.catalog.hook_outbox.get(bench.workspace, message_id)
    if found is None:
        raise NotFound(f"There is no message '{message_id[:100]}'.", hint="GET /v1/hook-messages lists them.")
    return _message(found)


@_repeated.post("/v1/hook-messages/{message_id}/replay", status_code=202, summary="Send a message again")
def post_hook_replay(service: ServiceDep, bench: BenchDep, message_id: str) -> MessageView:
    """Under the same id, with all its tries, whether it arrived or was given up."""
    return _queued(service, send_again(bench, message_id))


def _queued(service: Service, message: HookMessage) -> MessageView:
    if service.hooks is not None:
        service.hooks.call()
    return _message(message)


def _view(hook: Hook) -> HookView:
    return HookView(name=hook.name, url=hook.url, events=list(hook.events), secrets=len(hook.secrets))


def _message(message: HookMessage) -> MessageView:
    return MessageView.model_validate(message.model_dump(include=set(MessageView.model_fields)))


router.include_router(_repeated)
