"""What routes ask for: the service's parts, the workspace of the request, its workbench."""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Annotated

from fastapi import Depends, Header, Query, Request

from api.bus import Bus
from api.idempotency import OnceStore
from api.metrics import Metrics
from api.pool import Benches
from assistant.errors import UsageError
from assistant.jobs.port import Jobs
from assistant.settings import WORKSPACE_NAME, Settings
from assistant.workbench import Workbench

if TYPE_CHECKING:
    from ingest.web.guard import Guard


@dataclass
class Service:
    """The parts of the running service."""

    settings: Settings
    benches: Benches
    jobs: Jobs
    once: OnceStore
    bus: Bus
    metrics: Metrics
    stopping: asyncio.Event = field(default_factory=asyncio.Event)
    """Set when the server is told to stop; open streams end."""
    guard: "Guard | None" = None
    """What a fetch of web pages may reach; None: the public internet."""


def _service(request: Request) -> Service:
    service = request.app.state.service
    assert isinstance(service, Service)
    return service


ServiceDep = Annotated[Service, Depends(_service)]


def workspace_name(
    service: ServiceDep,
    x_voxspec_workspace: Annotated[str | None, Header(description="Workspace; default: the server's")] = None,
    workspace: Annotated[str | None, Query(description="Workspace, where no header can be sent")] = None,
) -> str:
    """The workspace that the request is about. Raises: UsageError for a name that can't be one."""
    if x_voxspec_workspace and workspace and x_voxspec_workspace != workspace:
        raise UsageError(
            "Header and query name different workspaces.",
            hint="Send X-Voxspec-Workspace or ?workspace=, not both.",
        )
    name = x_voxspec_workspace or workspace or service.settings.workspace
    if not WORKSPACE_NAME.match(name):
        raise UsageError(
            "That is no workspace name.",
            hint="Use 1 to 63 of a-z, 0-9, '-' and '_', starting with a letter or digit.",
        )
    return name


WorkspaceDep = Annotated[str, Depends(workspace_name)]


def _bench(service: ServiceDep, workspace: WorkspaceDep) -> Iterator[Workbench]:
    with service.benches.use(workspace) as bench:
        yield bench


BenchDep = Annotated[Workbench, Depends(_bench, scope="function")]
