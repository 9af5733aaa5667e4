"""The web application: parts, layers, routes."""

import math
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import TYPE_CHECKING

from fastapi import Depends, FastAPI
from starlette.concurrency import run_in_threadpool

from api import uploads
from api.auth import Gate, demand_key
from api.bus import Bus
from api.deps import Service
from api.errors import install
from api.idempotency import FILE as ANSWERS
from api.idempotency import OnceStore
from api.metrics import Metrics
from api.middleware import BodyLimit, Boundary
from api.parameters import demand_known_parameters
from api.pool import Benches
from api.routes import (
    checks,
    drafts,
    erasures,
    evals,
    health,
    ingest,
    jobs,
    kinds,
    mappings,
    pages,
    priorities,
    record_stream,
    records,
    search,
    theme_edits,
    theme_pages,
    themes,
)
from api.work import handlers
from assistant.jobs.dbos_jobs import DbosJobs
from assistant.jobs.places import jobs_place
from assistant.settings import Settings
from assistant.wiring import open_workbench

if TYPE_CHECKING:
    from ingest.web.guard import Guard

_MULTIPART_EXTRA_BYTES = 1024 * 1024
_DESCRIPTION = """Voice of the customer in, specifications out; every quote and every number proven by code.

Errors are RFC 9457 problems with a `hint`. Every POST takes an `Idempotency-Key`. The workspace is named by the header
`X-Voxspec-Workspace` or the query `workspace`."""


def create_app(settings: Settings, service: Service | None = None) -> FastAPI:
    """The application for these settings.

    Args:
        service: the opened parts, which the application closes at its end; None: it opens them when it starts.

    Raises: UsageError where others could reach it without a key.
    """
    demand_key(settings)
    metrics = service.metrics if service else Metrics()
    app = FastAPI(
        title="Voxspec",
        version="1",
        description=_DESCRIPTION,
        docs_url=None,
        redoc_url=None,
        lifespan=_lifespan(settings, metrics, service),
        dependencies=[Depends(demand_known_parameters)],
    )
    install(app)
    for routes in (
        health,
        ingest,
        mappings,
        record_stream,
        records,
        search,
        drafts,
        checks,
        # Before the routes of one theme, whose id could be `edits`.
        theme_edits,
        themes,
        jobs,
        erasures,
        evals,
        kinds,
        priorities,
        pages,
        theme_pages,
    ):
        app.include_router(routes.router)
    # The last one added is the outermost.
    upload_bytes = settings.max_upload_mb * 1024 * 1024 + _MULTIPART_EXTRA_BYTES
    app.add_middleware(BodyLimit, larger={"/v1/ingest": upload_bytes, "/v1/records": math.inf})
    app.add_middleware(Boundary, gate=Gate(settings), metrics=metrics)
    return app


def _lifespan(
    settings: Settings, metrics: Metrics, opened: Service | None
) -> Callable[[FastAPI], AbstractAsyncContextManager[None]]:
    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        service = opened if opened is not None else await run_in_threadpool(open_service, settings, metrics)
        app.state.service = service
        try:
            yield
        finally:
            service.stopping.set()
            await run_in_threadpool(_close, service)

    return lifespan


def open_service(settings: Settings, metrics: Metrics, guard: "Guard | None" = None) -> Service:
    """Open the default workspace and start to work on jobs.

    Args:
        guard: what a fetch of web pages may reach; None: the public internet.

    Raises: UsageError, StoreError.
    """
    service = Service(
        settings=settings,
        benches=Benches(settings, open_workbench),
        jobs=DbosJobs(jobs_place(settings)),
        once=OnceStore(settings.home / ANSWERS),
        bus=Bus(),
        metrics=metrics,
        guard=guard,
    )
    uploads.sweep(settings.home, service.jobs)
    # The default workspace opens now, so that a broken store is heard of at the start and the first request is fast.
    with service.benches.use(settings.workspace) as bench:
        bench.catalog.records.snapshot(settings.workspace)
    service.jobs.start(handlers(service.benches, service.bus, service.jobs, guard))
    return service


def _close(service: Service) -> None:
    service.jobs.close()
    service.benches.close()
    service.once.close()
