"""`POST /v1/webhooks/{tracker}/{connection}`: messages of issue systems. The signature over the raw body is the only proof that counts."""

import asyncio
import secrets
from collections.abc import Mapping
from datetime import UTC, datetime
from hashlib import sha256
from http import HTTPStatus
from typing import Annotated, Literal

from fastapi import APIRouter, Header, Query, Request
from pydantic import BaseModel
from starlette.concurrency import run_in_threadpool
from starlette.responses import JSONResponse, Response

from api.deps import Service, ServiceDep
from api.errors import HttpProblem
from api.tickets.inbox import accept
from api.trackers.port import Forged, Happened, Incoming, Webhook
from api.trackers.registry import kind_of, secret
from assistant.domain.ticket import Arrived, Connection
from assistant.errors import UsageError
from assistant.settings import WORKSPACE_NAME
from assistant.telemetry import get_logger

router = APIRouter(tags=["webhooks"])
MAX_BYTES = 5 * 1024 * 1024
_READ_S = 20.0
"""For all of a message, which is a few kilobytes."""
_ALL = ""
_log = get_logger("webhooks")
_Waits = Literal["ticket", "removed", "comment"]
_WAITS: Mapping[Happened, _Waits] = {
    Happened.ticket: "ticket",
    Happened.removed: "removed",
    Happened.comment: "comment",
}
"""What has work to be done; anything else is ignored."""

_BODY = {
    "requestBody": {
        "required": True,
        "description": "As the tracker signs it.",
        "content": {"application/json": {"schema": {"type": "object"}}},
    }
}


class Taken(BaseModel):
    """What became of a message."""

    state: Literal["accepted", "already", "ignored"]
    """`already`: the same message came before. `ignored`: it tells nothing that is asked for."""
    job: str | None = None


@router.post(
    "/v1/webhooks/{tracker}/{connection}",
    status_code=202,
    summary="Take a tracker's message",
    responses={
        200: {"model": Taken, "description": "It came before, or tells nothing that is asked for"},
        202: {"model": Taken},
        401: {"description": "No secret of such a connection signed this, or not now"},
        408: {"description": "It was sent too slowly"},
        409: {"description": "Another message came with this id"},
        413: {"description": "It is too large"},
        429: {"description": "Too many at once; `Retry-After` says when to send it again"},
    },
    openapi_extra=_BODY,
)
async def post_webhook(
    request: Request,
    service: ServiceDep,
    tracker: str,
    connection: str,
    workspace: Annotated[str | None, Query(description="Default: the server's")] = None,
    x_voxspec_workspace: Annotated[str | None, Header(description="The same as a header")] = None,
) -> Response:
    """Needs no key: the message is proven by its signature. It is kept before this answers, and worked on by a job.

    A connection that isn't there is told like a wrong signature, so that nobody can ask for names.
    """
    name = x_voxspec_workspace or workspace or service.settings.workspace
    # No signature or id has other characters, and comparing those in constant time raises a TypeError.
    headers = {name: value for name, value in request.headers.items() if value.isascii()}
    held = bytearray()
    try:
        await _read(request, service, held)
        body = bytes(held)
        arrived = await run_in_threadpool(_proven, service, name, (tracker, connection), headers, body)
    finally:
        # A flood of forgeries takes none of the places of what is genuine.
        service.unproven.give(_ALL, len(held))
    if arrived is None:
        return JSONResponse(Taken(state="ignored").model_dump(mode="json"))
    with service.webhooks.place(f"{name}/{arrived.connection}"):
        async with service.keeping:
            taken = await run_in_threadpool(_kept, service, name, arrived, body)
    status = HTTPStatus.ACCEPTED if taken.state == "accepted" else HTTPStatus.OK
    return JSONResponse(taken.model_dump(mode="json"), status)


async def _read(request: Request, service: Service, held: bytearray) -> None:
    """Read a message into `held`, and count its bytes. Raises: HttpProblem where it is too large, too slow, or too many come at once."""
    try:
        async with asyncio.timeout(_READ_S):
            async for chunk in request.stream():
                if len(held) + len(chunk) > MAX_BYTES:
                    raise _too_large()
                service.unproven.take(_ALL, len(chunk))
                held += chunk
    except TimeoutError:
        raise HttpProblem(
            HTTPStatus.REQUEST_TIMEOUT,
            "too-slow",
            f"The message took longer than {_READ_S:.0f} s.",
            "Send it again.",
            {"Connection": "close"},
        ) from None


def _too_large() -> HttpProblem:
    return HttpProblem(
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
        "too-large",
        f"The message is larger than {MAX_BYTES // 1024 // 1024} MB.",
        "Have the tracker send less in one message.",
        {"Connection": "close"},
    )


def _proven(
    service: Service, workspace: str, address: tuple[str, str], headers: Mapping[str, str], body: bytes
) -> Arrived | None:
    """What a genuine message says; None where it tells nothing that is asked for. Raises: HttpProblem where it isn't genuine."""
    tracker, name = address
    # The bench of the default workspace answers for all: a stranger opens no other.
    with service.benches.use(service.settings.workspace) as bench:
        catalog = bench.catalog
        try:
            webhook = _webhook(tracker)
            connection = _connection(catalog.connections.connections(workspace), tracker, name, workspace)
            incoming = webhook.read(connection, headers, body, _secrets(connection), datetime.now(UTC))
            if not connection.webhook_secrets:
                raise Forged("There is no such connection, or it has no secret.")
        except Forged as problem:
            _log.warning(
                "A message was refused.", tracker=tracker[:40], connection=name[:40], reason=str(problem)
            )
            raise _refused() from None
    if incoming.happened not in _WAITS or not incoming.key:
        return None
    return _arrived(connection, incoming)


def _kept(service: Service, workspace: str, arrived: Arrived, body: bytes) -> Taken:
    with service.benches.use(service.settings.workspace) as bench:
        held = accept(bench.catalog, service.jobs, workspace, arrived, sha256(body).hexdigest())
    return Taken(state="accepted" if held.is_new else "already", job=held.job.id)


def _webhook(tracker: str) -> Webhook:
    try:
        webhook = kind_of(tracker).webhook
    except (UsageError, ImportError):
        raise Forged("There is no such system.") from None
    if webhook is None:
        raise Forged("This system sends no webhooks.")
    return webhook


def _connection(known: list[Connection], tracker: str, name: str, workspace: str) -> Connection:
    """The connection; or one that nobody has the secret of, so that what isn't there takes as long to refuse as what is."""
    if WORKSPACE_NAME.match(workspace):
        for one in known:
            if (one.tracker, one.name) == (tracker, name):
                return one
    return Connection(name="nobody", tracker=tracker)


def _secrets(connection: Connection) -> list[str]:
    """Those that can be read; one that nobody can know where there is none."""
    held = []
    for reference in connection.webhook_secrets:
        try:
            held.append(secret(reference))
        except UsageError as problem:
            _log.warning("A secret can't be read.", connection=connection.name, reason=problem.message)
    return held or [secrets.token_hex(32)]


def _arrived(connection: Connection, incoming: Incoming) -> Arrived:
    return Arrived(
        connection=connection.name,
        delivery_id=incoming.delivery_id,
        happened=_WAITS[incoming.happened],
        key=incoming.key,
        actor=incoming.actor,
        ticket=incoming.ticket,
        comment=incoming.comment,
    )


def _refused() -> HttpProblem:
    return HttpProblem(
        HTTPStatus.UNAUTHORIZED,
        "not-signed",
        "Nothing here is signed like that.",
        "Check the address of the webhook and its secret; the server's log says more.",
    )
