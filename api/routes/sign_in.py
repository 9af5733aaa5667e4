"""Signing in and out in a browser: with a key, or through a provider of identities."""

from typing import Annotated

from fastapi import APIRouter, Form, Query, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import RedirectResponse, Response

from api.access.credentials import COOKIE, Credentials, session_token
from api.access.oidc import Provider, SignInRefused
from api.access.sessions import holder_of, local_path, open_session, set_cookie
from api.deps import Service, ServiceDep
from api.web.render import page
from assistant.domain.access import Principal, secret_hash

router = APIRouter(include_in_schema=False)

_BROWSER = "voxspec_sign_in"
_CALLBACK = "/login/oidc/callback"
_WAIT_S = 600
_Next = Annotated[str, Query(max_length=4000)]
_Part = Annotated[str, Query(max_length=4000)]


@router.get("/login")
def get_login(service: ServiceDep, next: _Next = "/") -> Response:
    """The form for a key, and the way to the provider where there is one."""
    return _form(service, next)


@router.post("/login")
def post_login(
    request: Request,
    service: ServiceDep,
    key: Annotated[str, Form(max_length=500)],
    next: Annotated[str, Form(max_length=4000)] = "/",
) -> Response:
    """A session for who has a key."""
    credentials: Credentials = request.app.state.credentials
    who = credentials.holder(key.strip(), lambda hashed: holder_of(service, hashed))
    if who is None:
        return _form(service, next, refused="This key is not known here, or it has expired.", status=401)
    return _welcome(request, service, who, next)


@router.post("/logout")
def post_logout(request: Request, service: ServiceDep) -> Response:
    """End the session."""
    token = session_token(request.headers)
    if token:
        with service.benches.use(service.settings.workspace) as bench:
            bench.catalog.access.end_session(secret_hash(token))
    answer = RedirectResponse("/login", 303)
    answer.delete_cookie(COOKIE)
    return answer


@router.get("/login/oidc")
async def get_oidc(request: Request, service: ServiceDep, next: _Next = "/") -> Response:
    """Off to the provider."""
    provider = _provider(request)
    if provider is None:
        return _form(service, next, refused="No provider of identities is set here.", status=404)
    try:
        address, browser = await provider.begin(_redirect_uri(request), local_path(next))
    except SignInRefused as refused:
        return _form(service, next, refused=str(refused), status=502)
    answer = RedirectResponse(address, 303)
    answer.set_cookie(
        _BROWSER,
        browser,
        max_age=_WAIT_S,
        httponly=True,
        samesite="lax",
        secure=request.url.scheme == "https",
        path="/login",
    )
    return answer


@router.get(_CALLBACK)
async def get_callback(
    request: Request,
    service: ServiceDep,
    state: _Part = "",
    code: _Part = "",
    error: _Part = "",
    error_description: _Part = "",
    iss: _Part = "",
    session_state: _Part = "",
) -> Response:
    """Back from the provider."""
    provider = _provider(request)
    if provider is None or error or not code:
        return _form(service, "/", refused="The provider didn't sign you in.", status=401)
    try:
        browser = request.cookies.get(_BROWSER, "")
        who, wanted = await provider.finish(_redirect_uri(request), state, browser, code)
    except SignInRefused as refused:
        return _form(service, "/", refused=str(refused), status=403)
    return await run_in_threadpool(_welcome, request, service, who, wanted)


def _welcome(request: Request, service: Service, who: Principal, wanted: str) -> Response:
    workspace = who.workspace or service.settings.workspace
    with service.benches.use(workspace) as bench:
        token = open_session(bench.catalog.access, workspace, who)
    answer = RedirectResponse(local_path(wanted), 303)
    set_cookie(request, answer, token)
    return answer


def _provider(request: Request) -> Provider | None:
    provider = request.app.state.provider
    assert provider is None or isinstance(provider, Provider)
    return provider


def _redirect_uri(request: Request) -> str:
    return str(request.url.replace(path=_CALLBACK, query=""))


def _form(service: Service, wanted: str, *, refused: str = "", status: int = 200) -> Response:
    return page(
        "login.html",
        status,
        refused=refused,
        wanted=local_path(wanted),
        provider=service.settings.oidc_issuer,
        workspace="",
        query="",
    )
