"""The web application: parts, layers, routes."""

import math
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from functools import cache
from typing import Any

from fastapi import APIRouter, Depends, FastAPI
from starlette.concurrency import run_in_threadpool
from starlette.routing import BaseRoute, Route

from api.access.credentials import Credentials
from api.access.gate import Gate, demand_key
from api.access.layer import Access
from api.access.oidc import Provider
from api.deps import Service
from api.errors import install
from api.facade import routes as facade
from api.mcp.http import PATH as MCP
from api.mcp.http import Endpoint, Served
from api.metrics import Metrics
from api.middleware import BodyLimit, Boundary
from api.openapi import Described, operation_name
from api.opening import close_service, open_service
from api.pages.routers import ROUTERS as PAGES
from api.parameters import demand_known_parameters
from api.routes import (
    access,
    approvals,
    checks,
    drafts,
    edits,
    erasures,
    eval_sets,
    evals,
    health,
    hooks,
    ingest,
    jobs,
    kinds,
    mappings,
    priorities,
    publications,
    record_stream,
    records,
    releases,
    remarks,
    search,
    sign_in,
    staleness,
    theme_edits,
    themes,
    threads,
    tickets,
    tickets_match,
    webhooks,
)
from assistant.settings import Settings

_MULTIPART_EXTRA_BYTES = 1024 * 1024
_DESCRIPTION = """Voice of the customer in, specifications out; every quote and every number proven by code.

Errors are RFC 9457 problems with a `hint`. A POST takes an `Idempotency-Key`, where its answer is kept. The workspace is named by the header
`X-Voxspec-Workspace` or the query `workspace`."""

_ROUTES = (
    health,
    ingest,
    mappings,
    record_stream,
    records,
    search,
    tickets_match,
    drafts,
    threads,
    edits,
    staleness,
    releases,
    remarks,
    approvals,
    checks,
    eval_sets,
    # Before the routes of one theme, whose id could be `edits`.
    theme_edits,
    themes,
    jobs,
    erasures,
    evals,
    kinds,
    priorities,
    tickets,
    webhooks,
    publications,
    hooks,
    access,
    sign_in,
    facade,
)
"""In the order in which addresses are matched."""


def create_app(settings: Settings, service: Service | None = None) -> FastAPI:
    """The application for these settings.

    Args:
        service: the opened parts, which the application closes at its end; None: it opens them when it starts.

    Raises: UsageError where others could reach it without a key.
    """
    demand_key(settings)
    metrics = service.metrics if service else Metrics()
    app = Described(
        title="Voxspec",
        version="1",
        description=_DESCRIPTION,
        docs_url=None,
        redoc_url=None,
        lifespan=_lifespan(settings, metrics, service),
    )
    install(app)
    app.router.routes.extend(_worked_out())
    app.router.routes.append(Route(MCP, Endpoint(), methods=["POST"], include_in_schema=False))
    # The last one added is the outermost.
    upload_bytes = settings.max_upload_mb * 1024 * 1024 + _MULTIPART_EXTRA_BYTES
    app.add_middleware(
        BodyLimit, larger={"/v1/ingest": upload_bytes, "/import": upload_bytes, "/v1/records": math.inf}
    )
    app.state.credentials = Credentials(settings)
    app.state.provider = Provider(settings) if settings.oidc_issuer else None
    app.add_middleware(Access, settings=settings, credentials=app.state.credentials)
    app.add_middleware(Boundary, gate=Gate(settings), metrics=metrics)
    return app


def openapi_document() -> dict[str, Any]:
    """The document of a service, whatever its settings are."""
    return create_app(Settings(host="127.0.0.1", api_key=None, oidc_issuer=None)).openapi()


@cache
def _worked_out() -> tuple[BaseRoute, ...]:
    """The routes, the same for every application of a process.

    FastAPI works out an included route when it is first matched: 0.4 s in which nobody else would be answered.
    """
    every = APIRouter(
        dependencies=[Depends(demand_known_parameters)], generate_unique_id_function=operation_name
    )
    for router in (*(routes.router for routes in _ROUTES), *PAGES):
        every.include_router(router)
    nowhere = {"type": "http", "method": "GET", "path": "/ ", "root_path": "", "headers": []}
    for route in every.routes:
        route.matches(nowhere)
    return tuple(every.routes)


def _lifespan(
    settings: Settings, metrics: Metrics, opened: Service | None
) -> Callable[[FastAPI], AbstractAsyncContextManager[None]]:
    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        service = opened if opened is not None else await run_in_threadpool(open_service, settings, metrics)
        app.state.service = service
        app.state.mcp = Served()
        try:
            yield
        finally:
            service.stopping.set()
            await app.state.mcp.close()
            await run_in_threadpool(close_service, service)

    return lifespan
