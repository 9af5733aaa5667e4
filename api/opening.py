"""Opening and closing the parts of a service, whoever serves them: over HTTP, or to one client on stdin and stdout."""

from typing import TYPE_CHECKING

from api import uploads
from api.bus import Bus
from api.deps import Service
from api.hooks.messenger import HookRounds
from api.hooks.telling import listening
from api.idempotency import FILE as ANSWERS
from api.idempotency import OnceStore
from api.index_upkeep import IndexUpkeep
from api.metrics import Metrics
from api.own_worker import Crew, OwnWorker
from api.pool import Benches
from api.trackers.polls import Polls
from api.trackers.rounds import Rounds
from api.work import handlers
from assistant.jobs.dbos_jobs import DbosJobs
from assistant.jobs.places import jobs_place
from assistant.settings import Settings
from assistant.wiring import open_workbench
from assistant.workbench import Workbench

if TYPE_CHECKING:
    from ingest.web.guard import Guard


def open_service(
    settings: Settings,
    metrics: Metrics,
    guard: "Guard | None" = None,
    *,
    sends: bool = True,
    own_workers: int = 0,
) -> Service:
    """Open the default workspace and start to work on jobs.

    Args:
        guard: what a fetch of web pages may reach; None: the public internet.
        sends: whether it sends what is due to issue systems.
        own_workers: how many processes beside this one do the jobs; 0: this one.

    Raises: UsageError, StoreError.
    """
    jobs = DbosJobs(jobs_place(settings), is_told=True)
    service = Service(
        settings=settings,
        benches=Benches(settings, listening(_with_kept_index if own_workers else open_workbench)),
        jobs=jobs,
        job_counts=jobs,
        once=OnceStore(settings.home / ANSWERS),
        bus=Bus(),
        metrics=metrics,
        guard=guard,
    )
    uploads.sweep(settings.home, service.jobs)
    # The default workspace opens now, so that a broken store is heard of at the start and the first request is fast.
    with service.benches.use(settings.workspace) as bench:
        bench.catalog.records.snapshot(settings.workspace)
    if sends:
        service.rounds = Rounds(service.benches, settings.workspace)
        service.rounds.start()
        service.hooks = HookRounds(service.benches, settings.workspace)
        service.hooks.start()
        service.polls = Polls(service.benches, service.jobs, settings.workspace, settings.tracker_poll_s)
        service.polls.start()
    if own_workers:
        service.upkeep = IndexUpkeep(service.benches, settings.workspace)
        # One import at a time, however many there are.
        service.workers = tuple(
            OwnWorker(settings, service.bus.ring, service.upkeep.ask, takes_long=place == 0)
            for place in range(own_workers)
        )
        jobs.submitted = Crew(service.workers).tell
        for worker in service.workers:
            worker.start()
    else:
        sent = service.rounds.call if service.rounds is not None else None
        service.jobs.start(handlers(service.benches, service.bus.ring, service.jobs, guard, sent=sent))
    return service


def _with_kept_index(settings: Settings) -> Workbench:
    bench = open_workbench(settings)
    bench.index_is_kept = True
    return bench


def close_service(service: Service) -> None:
    """Give back what runs, and close everything."""
    for worker in service.workers:
        worker.ask_to_end()
    for worker in service.workers:
        worker.close()
    if service.upkeep is not None:
        service.upkeep.close()
    if service.polls is not None:
        service.polls.stop()
    if service.rounds is not None:
        service.rounds.stop()
    if service.hooks is not None:
        service.hooks.stop()
    service.jobs.close()
    service.benches.close()
    service.once.close()
