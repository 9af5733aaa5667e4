"""What routes ask for: the service's parts, the workspace of the request, its workbench."""

import asyncio
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import TYPE_CHECKING, Annotated

from fastapi import Depends, Header, Query, Request

from api.admission import Admission, Shares, Told
from api.bus import Bus
from api.errors import HttpProblem
from api.idempotency import OnceStore
from api.index_upkeep import IndexUpkeep
from api.metrics import Metrics
from api.own_worker import OwnWorker
from api.pool import Benches
from assistant.domain.access import Principal
from assistant.errors import UsageError
from assistant.jobs.port import CountedJobs, Jobs
from assistant.settings import WORKSPACE_NAME, Settings
from assistant.workbench import Workbench

if TYPE_CHECKING:
    from api.hooks.messenger import HookRounds
    from api.trackers.polls import Polls
    from api.trackers.rounds import Rounds
    from ingest.web.guard import Guard

_MAX_WEBHOOKS, _MAX_OF_ONE = 256, 128
"""Genuine messages that wait to be kept, each for milliseconds: of all connections, of one."""
_KEPT_AT_ONCE = 8
_MAX_UNREAD = 128 * 1024 * 1024
"""Bytes of messages that nobody has proven yet."""
_BUSY = Told(
    "too-many-webhooks",
    "As many messages are being taken in as this server takes at once.",
    "Send it again in a moment.",
    1,
)


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
    job_counts: CountedJobs | None = None
    """Tells how full the queue is."""
    workers: tuple[OwnWorker, ...] = ()
    """The processes that do the jobs; none: threads of this one do."""
    upkeep: IndexUpkeep | None = None
    """Takes into the indexes what the worker imports."""
    hooks: "HookRounds | None" = None
    """Tells hooks what happened; None: another process does."""
    rounds: "Rounds | None" = None
    """Sends what is to be sent to issue systems; None: another process does."""

    polls: "Polls | None" = None
    """Asks issue systems that send nothing of themselves; None: another process does."""

    def __post_init__(self) -> None:
        self.answers = Admission(self.settings.max_answers)
        """Answers to chat clients that are being written."""
        self.webhooks = Shares(_MAX_WEBHOOKS, _MAX_OF_ONE, _BUSY)
        """Messages of trackers that were proven and are being kept, by their connection."""
        self.unproven = Shares(_MAX_UNREAD, _MAX_UNREAD, _BUSY)
        """Bytes of those that weren't yet."""
        self.keeping = asyncio.Semaphore(_KEPT_AT_ONCE)
        """Where another process writes for long, messages wait for it, not in the threads that all other requests need."""

    @contextmanager
    def without_workers(self) -> Iterator[None]:
        """Nothing of this server is at work in another process while the block runs."""
        with ExitStack() as paused:
            for worker in self.workers:
                paused.enter_context(worker.paused())
            yield


def _service(request: Request) -> Service:
    service = request.app.state.service
    assert isinstance(service, Service)
    return service


ServiceDep = Annotated[Service, Depends(_service)]


def principal_of(request: Request) -> Principal:
    """Who sends the request; the access layer put it there."""
    known = request.state.principal
    assert isinstance(known, Principal)
    return known


PrincipalDep = Annotated[Principal, Depends(principal_of)]


@dataclass(frozen=True)
class Decider:
    """Who decides something, where the request itself doesn't say."""

    known: str
    """The name behind the key or session; empty for who came with none."""
    otherwise: str

    def name(self, said: str) -> str:
        """Who is named in what is kept. Args: said: the name that the request gives; empty: none."""
        return said.strip() or self.known or self.otherwise


def _decider(request: Request, principal: PrincipalDep) -> Decider:
    otherwise = "api" if request.url.path.startswith("/v1/") else "web"
    return Decider(principal.name if principal.key_id else "", otherwise)


DeciderDep = Annotated[Decider, Depends(_decider)]


def workspace_name(
    request: Request,
    service: ServiceDep,
    principal: PrincipalDep,
    x_voxspec_workspace: Annotated[str | None, Header(description="Workspace; default: the server's")] = None,
    workspace: Annotated[str | None, Query(description="Workspace, where no header can be sent")] = None,
) -> str:
    """The workspace that the request is about. Raises: UsageError for a name that can't be one; HttpProblem for another's."""
    if x_voxspec_workspace and workspace and x_voxspec_workspace != workspace:
        raise UsageError(
            "Header and query name different workspaces.",
            hint="Send X-Voxspec-Workspace or ?workspace=, not both.",
        )
    name = x_voxspec_workspace or workspace or principal.workspace or service.settings.workspace
    if not WORKSPACE_NAME.match(name):
        raise UsageError(
            "That is no workspace name.",
            hint="Use 1 to 63 of a-z, 0-9, '-' and '_', starting with a letter or digit.",
        )
    if principal.workspace not in (None, name):
        raise HttpProblem(
            HTTPStatus.FORBIDDEN,
            "other-workspace",
            f"The key '{principal.name}' belongs to another workspace.",
            "Leave out the workspace: the key knows its own.",
        )
    request.state.workspace = name
    return name


WorkspaceDep = Annotated[str, Depends(workspace_name)]


def _bench(service: ServiceDep, workspace: WorkspaceDep) -> Iterator[Workbench]:
    with service.benches.use(workspace) as bench:
        yield bench


BenchDep = Annotated[Workbench, Depends(_bench, scope="function")]
