"""MCP on stdin and stdout, for a client that starts Voxspec itself. Nothing but the protocol goes to stdout.

Jobs run as they do in the service: a draft that is being written when the client goes is finished by whoever works next.
"""

import sys
from collections import OrderedDict
from functools import partial
from typing import Any

import anyio
from mcp.server.context import CallNext, HandlerResult
from mcp.server.stdio import stdio_server

from api.access.credentials import LOCAL
from api.deps import Service
from api.mcp.server import Context, build_server
from api.metrics import Metrics
from api.opening import close_service, open_service
from api.scopes import demand_workspace
from api.tools.caller import Caller
from api.worker import end_what_goes_on
from assistant.errors import VoxspecError
from assistant.settings import Settings
from assistant.telemetry import get_logger

_CANCELLED = "notifications/cancelled"
_REMEMBERED = 256


class StdioSource:
    """The person at the machine, whose client this is."""

    def __init__(self, service: Service) -> None:
        self._caller = Caller(service, service.settings.workspace, LOCAL)

    def caller(self, request: Any) -> Caller:
        """The only one there is."""
        return self._caller

    def note(self, caller: Caller, tool: str, status: int) -> None:
        """Nothing: the log is of what was done over HTTP."""


class Stopping:
    """Stops the draft that a cancelled call had asked for. A connection that merely ends stops nothing."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._runs: OrderedDict[str, str] = OrderedDict()

    def began(self, context: Context, run: str) -> None:
        """A call waits for that run."""
        self._runs[str(context.request_id)] = run
        while len(self._runs) > _REMEMBERED:
            self._runs.popitem(last=False)

    async def __call__(self, ctx: Context, call_next: CallNext) -> HandlerResult:
        """Hear what the client cancels; the protocol itself ends the call."""
        if ctx.method == _CANCELLED:
            run = self._runs.pop(str((ctx.params or {}).get("requestId")), None)
            if run is not None:
                await anyio.to_thread.run_sync(partial(self._stop, run))
        return await call_next(ctx)

    def _stop(self, run: str) -> None:
        try:
            self._service.jobs.cancel(self._service.settings.workspace, run)
        except VoxspecError as problem:
            get_logger("mcp").warning("a draft could not be stopped", code=problem.code)


def serve_stdio(settings: Settings) -> int:
    """Serve until the client closes stdin.

    Returns: 0.

    Raises: UsageError, NotFound, StoreError where the workspace can't be opened; KeyboardInterrupt after SIGINT.
    """
    # Sending to issue systems is the service's, which has their secrets; this program comes and goes with its client.
    service = open_service(settings, Metrics(), sends=False)
    try:
        with service.benches.use(settings.workspace) as bench:
            demand_workspace(bench)
        if sys.stdin.isatty():
            sys.stderr.write("Voxspec speaks MCP here: add 'voxspec mcp' to a client. Ctrl-D ends it.\n")
        anyio.run(_serve, service)
    finally:
        close_service(service)
    end_what_goes_on()
    return 0


async def _serve(service: Service) -> None:
    stopping = Stopping(service)
    server = build_server(StdioSource(service), stopping.began)
    server.middleware.append(stopping)
    async with stdio_server() as (reading, writing):
        await server.run(reading, writing, server.create_initialization_options())
    service.stopping.set()
