"""The layer that knows who sends a request, refuses what their role forbids, and logs what they did.

The log is written before the answer goes out: what was acknowledged is in it.
"""

from typing import Any
from urllib.parse import quote

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import RedirectResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.access.credentials import Credentials, given_secret, key_required
from api.access.noting import note
from api.access.rules import changes, refusal
from api.access.sessions import holder_of
from api.deps import Service
from api.errors import from_voxspec, respond
from api.web.render import wants_html
from assistant.domain.access import Principal
from assistant.errors import VoxspecError
from assistant.settings import Settings

_OPEN = frozenset({"/healthz", "/login"})
_OPEN_BELOW = ("/static/", "/login/", "/v1/webhooks/")
"""Served to strangers: they tell nothing that isn't in the package, are how one signs in, or are proven by their signature."""


class Access:
    """Puts the `Principal` into the request's state."""

    def __init__(self, app: ASGIApp, *, settings: Settings, credentials: Credentials) -> None:
        self._app = app
        self._settings = settings
        self._credentials = credentials

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        path = scope["path"]
        if path in _OPEN or path.startswith(_OPEN_BELOW):
            await self._app(scope, receive, send)
            return
        try:
            known = await self._who(scope)
        except VoxspecError as problem:
            await respond(from_voxspec(problem), path)(scope, receive, send)
            return
        if known is None:
            await self._send_away(scope, receive, send)
            return
        scope.setdefault("state", {})["principal"] = known
        app: ASGIApp = self._app
        if forbidden := refusal(known, scope["method"], path):
            app = respond(forbidden, path)
        await app(
            scope, receive, self._noted(scope, receive, send) if changes(scope["method"], path) else send
        )

    def _noted(self, scope: Scope, receive: Receive, send: Send) -> Send:
        """Sends an answer once it is in the log. Where it can't be written, that is the answer: nothing else is acknowledged."""
        is_refused = False

        async def send_noted(message: Message) -> None:
            nonlocal is_refused
            if message["type"] == "http.response.start":
                try:
                    await self._note(scope, message["status"])
                except VoxspecError as problem:
                    is_refused = True
                    await respond(from_voxspec(problem), scope["path"])(scope, receive, send)
            if not is_refused:
                await send(message)

        return send_noted

    async def _who(self, scope: Scope) -> Principal | None:
        headers = Headers(scope=scope)
        if not given_secret(headers):
            return self._credentials.unknown
        service: Service = scope["app"].state.service
        return await run_in_threadpool(
            self._credentials.principal, headers, lambda hashed: holder_of(service, hashed)
        )

    async def _send_away(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope)
        if scope["method"] == "GET" and wants_html(request) and "authorization" not in request.headers:
            wanted = request.url.path + (f"?{request.url.query}" if request.url.query else "")
            answer: ASGIApp = RedirectResponse(f"/login?next={quote(wanted, safe='')}", 303)
        else:
            answer = respond(key_required(), scope["path"])
        await answer(scope, receive, send)

    async def _note(self, scope: Scope, status: int) -> None:
        state: dict[str, Any] = scope["state"]
        who: Principal = state["principal"]
        workspace = str(state.get("workspace") or who.workspace or self._settings.workspace)
        action = f"{scope['method']} {getattr(scope.get('route'), 'path', scope['path'])}"
        service: Service = scope["app"].state.service
        await run_in_threadpool(note, service, workspace, who, action, scope["path"], status)
