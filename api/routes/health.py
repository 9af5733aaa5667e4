"""`/healthz`, `/readyz`, `/metrics`: for whoever keeps the service running."""

from collections.abc import Callable
from typing import Annotated

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel
from starlette.responses import JSONResponse, PlainTextResponse, Response

from api.answers import Readiness
from api.deps import PrincipalDep, ServiceDep, workspace_name
from api.metrics import CONTENT_TYPE
from api.metrics_counted import counted
from assistant.errors import EmbedderMismatch, VoxspecError
from assistant.workbench import Workbench

router = APIRouter(tags=["health"])


class PartState(BaseModel):
    """Whether one part can serve."""

    ready: bool
    detail: str = ""


@router.get("/healthz", summary="Is the process alive?")
async def get_healthz() -> dict[str, str]:
    """Always 200 while the event loop turns. Looks at nothing."""
    return {"status": "ok"}


@router.get(
    "/readyz",
    summary="Can it serve?",
    responses={
        200: {"model": Readiness},
        503: {"model": Readiness, "description": "A part can't serve, and says why"},
    },
)
def get_readyz(service: ServiceDep) -> Response:
    """200 where catalog, index, embedder and jobs can serve the default workspace; else 503 that says which can't."""
    workspace = service.settings.workspace
    parts: dict[str, PartState] = {}
    try:
        with service.benches.use(workspace) as bench:
            parts["catalog"] = _try(lambda: bench.catalog.records.snapshot(workspace))
            parts["index"] = _index(bench)
            parts["embedder"] = _try(lambda: _embedder(bench))
    except VoxspecError as problem:
        parts["catalog"] = PartState(ready=False, detail=problem.message)
    parts["jobs"] = _try(lambda: service.jobs.newest(workspace, 1))
    ready = all(part.ready for part in parts.values())
    body = {"ready": ready, "parts": {name: part.model_dump() for name, part in parts.items()}}
    return JSONResponse(body, 200 if ready else 503, None if ready else {"Retry-After": "2"})


@router.get("/metrics", summary="Figures for Prometheus", response_class=PlainTextResponse)
def get_metrics(
    request: Request,
    service: ServiceDep,
    principal: PrincipalDep,
    workspace: Annotated[
        str | None, Query(description="Whose drafts, jobs and effects; default: all")
    ] = None,
) -> Response:
    """Requests, drafts, models, jobs, effects, hooks and indexes, as counts. A key of a workspace counts that one alone."""
    name = None
    if workspace or principal.workspace:
        name = workspace_name(request, service, principal, None, workspace)
    return PlainTextResponse(service.metrics.text(counted(service, name)), media_type=CONTENT_TYPE)


def _try(look: Callable[[], object]) -> PartState:
    try:
        look()
    except VoxspecError as problem:
        return PartState(ready=False, detail=f"{problem.message} {problem.hint}".strip())
    return PartState(ready=True)


def _index(bench: Workbench) -> PartState:
    state = _try(lambda: bench.index)
    if state.ready and bench.index is None:
        return PartState(
            ready=True, detail="Another process owns the vector index; search is exact, and slower."
        )
    return state


def _embedder(bench: Workbench) -> None:
    stored = bench.catalog.pages.embedder(bench.workspace)
    if stored is not None and stored != bench.embedder.identity:
        raise EmbedderMismatch(
            "The workspace was embedded with another model.",
            hint="Take VOXSPEC_EMBEDDER away: the workspace knows its own. 'voxspec embedder NAME' changes it.",
        )
