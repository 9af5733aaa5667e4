"""What surrounds every request: the boundary for unforeseen errors, the gate, security headers, the body limit."""

import asyncio
import time
from http import HTTPStatus
from pathlib import Path

from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.access.gate import Gate
from api.errors import HttpProblem, answer, internal, respond
from api.metrics import Metrics
from assistant.telemetry import get_logger

MAX_JSON_BYTES = 16 * 1024 * 1024
_MAX_URL_BYTES = 16 * 1024
_BODY_PAUSE_S = 30.0
"""A body that pauses longer than this is given up (slow-loris)."""

_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
_METHODS = frozenset({"GET", "HEAD", "POST", "DELETE", "PUT", "PATCH", "OPTIONS"})


class Boundary:
    """The outermost layer: refuses strangers, catches what nobody foresaw, adds headers, counts."""

    def __init__(self, app: ASGIApp, *, gate: Gate, metrics: Metrics) -> None:
        self._app = app
        self._gate = gate
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = time.perf_counter()
        status = 0

        async def send_with_headers(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = MutableHeaders(scope=message)
                for name, value in _HEADERS.items():
                    headers.setdefault(name, value)
                headers.setdefault("Cache-Control", "no-store")
            await send(message)

        try:
            refusal = self._gate.refuse(scope["method"], Headers(scope=scope))
            if refusal is not None:
                await respond(refusal, scope["path"])(scope, receive, send_with_headers)
            else:
                await self._app(scope, receive, send_with_headers)
        except ClientDisconnect:
            pass
        except Exception as problem:  # noqa: BLE001 - outermost frame of a request: any bug becomes a 500 problem and a log line, neither quotes a record
            get_logger("api").error("request failed", error=type(problem).__name__, at=_where(problem))
            if status == 0:
                told = answer(Request(scope), internal(type(problem).__name__))
                await told(scope, receive, send_with_headers)
        finally:
            method = scope["method"] if scope["method"] in _METHODS else "other"
            route = getattr(scope.get("route"), "path", "unmatched")
            self._metrics.served(method, route, status, time.perf_counter() - started)


class BodyLimit:
    """Bounds the bytes of a request, and the pauses between them.

    Args:
        larger: path → bytes, where a path takes more than `MAX_JSON_BYTES`; infinite where it bounds what it keeps itself.
    """

    def __init__(self, app: ASGIApp, *, larger: dict[str, float]) -> None:
        self._app = app
        self._larger = larger

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        limit = self._larger.get(scope["path"], MAX_JSON_BYTES)
        declared = Headers(scope=scope).get("content-length", "")
        size = 0
        complete = False

        async def receive_some() -> Message:
            nonlocal size, complete
            if complete:
                return await receive()
            if declared.isascii() and declared.isdigit() and int(declared[:19]) > limit:
                raise HTTPException(413, headers={"Connection": "close"})
            try:
                message = await asyncio.wait_for(receive(), _BODY_PAUSE_S)
            except TimeoutError:
                raise HTTPException(408, headers={"Connection": "close"}) from None
            complete = message["type"] != "http.request" or not message.get("more_body", False)
            size += len(message.get("body", b""))
            if size > limit:
                raise HTTPException(413, headers={"Connection": "close"})
            return message

        if len(scope.get("query_string", b"")) + len(scope.get("raw_path") or b"") > _MAX_URL_BYTES:
            told = HttpProblem(
                HTTPStatus.REQUEST_URI_TOO_LONG,
                "uri-too-long",
                "The address is too long.",
                "Send less in the address.",
            )
            await respond(told, scope["path"][:200])(scope, receive, send)
            return
        await self._app(scope, receive_some, send)


def _where(problem: Exception) -> str:
    trace = problem.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return f"{Path(trace.tb_frame.f_code.co_filename).name}:{trace.tb_lineno}" if trace else ""
