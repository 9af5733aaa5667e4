"""MCP over streamable HTTP at `/mcp`. No session is kept: each request says who sends it, and any server process can answer it.

Host, origin, key and role are looked at before, as for every address (`api/access`). The vendor's code is loaded with the first
request: it costs 0.8 s of CPU time, and most services never need it.
"""

import asyncio
from typing import TYPE_CHECKING, Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.types import Receive, Scope, Send

from api.access.noting import note
from api.deps import Service, principal_of, workspace_name
from api.tools.caller import Caller

if TYPE_CHECKING:
    from mcp.server.streamable_http_manager import StreamableHTTPSessionManager

PATH = "/mcp"


class Endpoint:
    """The address; what serves it lives with the running application."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        served: Served = scope["app"].state.mcp
        manager = await served.manager()
        await manager.handle_request(scope, receive, send)


class Served:
    """What answers while one application runs."""

    def __init__(self) -> None:
        self._closing = asyncio.Event()
        self._ready: asyncio.Future[StreamableHTTPSessionManager] | None = None
        self._task: asyncio.Task[None] | None = None

    async def manager(self) -> "StreamableHTTPSessionManager":
        """The vendor's side of the protocol, which is opened for the first request."""
        if self._ready is None:
            self._ready = asyncio.get_running_loop().create_future()
            self._task = asyncio.create_task(self._hold(self._ready))
        return await asyncio.shield(self._ready)

    async def close(self) -> None:
        """End what is still being answered."""
        self._closing.set()
        if self._task is not None:
            await self._task

    async def _hold(self, ready: "asyncio.Future[StreamableHTTPSessionManager]") -> None:
        try:
            manager = await run_in_threadpool(_make)
        except BaseException as problem:
            ready.set_exception(problem)
            raise
        # One task enters and leaves it: its group of tasks belongs to who opened it.
        async with manager.run():
            ready.set_result(manager)
            await self._closing.wait()


class HttpSource:
    """Who sends a request, as the layers before have found."""

    def caller(self, request: Any) -> Caller:
        """Who asks in which workspace. Raises: UsageError; HttpProblem for another's workspace."""
        assert isinstance(request, Request)
        service: Service = request.app.state.service
        who = principal_of(request)
        named = request.headers.get("x-voxspec-workspace"), request.query_params.get("workspace")
        return Caller(service, workspace_name(request, service, who, *named), who)

    def note(self, caller: Caller, tool: str, status: int) -> None:
        """Write down that somebody used a tool that changes something. Raises: StoreError."""
        note(
            caller.service,
            caller.workspace,
            caller.principal,
            f"POST {PATH} {tool}",
            f"{PATH}/{tool}",
            status,
        )


def _make() -> "StreamableHTTPSessionManager":
    # Loaded here, with the first request.
    from mcp.server.streamable_http_manager import StreamableHTTPSessionManager

    from api.mcp.server import build_server
    from api.middleware import MAX_JSON_BYTES

    return StreamableHTTPSessionManager(
        app=build_server(HttpSource()),
        stateless=True,
        # Hosts and origins are the gate's, which knows where this service listens.
        security_settings=None,
        max_request_body_size=MAX_JSON_BYTES,
    )
