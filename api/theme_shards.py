"""Reading and embedding statements by all workers at once: the run's job hands out shards as jobs, and waits for them.

Whatever a shard leaves undone, because it failed or was cancelled, the run does itself afterwards: `prepare` looks at all records.
"""

import time
from collections.abc import Mapping
from typing import Any

from api.pool import Benches
from assistant.domain.base import digest
from assistant.domain.job import Job, JobState
from assistant.errors import Cancelled
from assistant.jobs.port import Handler, Jobs, Progress
from assistant.synthesis.prepare import Shard, prepare, shards_of
from assistant.workbench import Workbench

KIND = "themes-shard"
_LOOK_EVERY_S = 0.25


def shard_handler(benches: Benches) -> Handler:
    """What does a shard."""

    def run(workspace: str, payload: Mapping[str, Any], progress: Progress) -> Mapping[str, Any]:
        with benches.use(workspace) as bench:
            return {"statements": prepare(bench, progress, Shard(payload.get("after"), payload.get("until")))}

    return run


def prepare_together(jobs: Jobs, bench: Workbench, progress: Progress) -> None:
    """Hand out the shards of a workspace, and come back when none of them waits or runs. Raises: Cancelled, after cancelling them."""
    records = sum(bench.catalog.pages.languages(bench.workspace).values())
    shards = shards_of(records)
    identity = bench.embedder.identity
    if len(shards) < 2 or not bench.catalog.statements.uncut(bench.workspace, identity, None, 1):
        return
    # A run that was killed and goes on finds its shards again, those that are done too.
    state = (bench.catalog.records.snapshot(bench.workspace), identity)
    handed = [
        jobs.submit(
            bench.workspace,
            KIND,
            {"after": shard.after, "until": shard.until},
            key=digest(*state, shard.after, shard.until),
        )
        for shard in shards
    ]
    try:
        for done, one in enumerate(handed):
            # They are taken in this order. Looking at all of them each time cost 500 transactions a second at a million records.
            while _is_open(jobs.get(bench.workspace, one.id)):
                progress(done, len(handed), "reading what each record says, with all workers")
                time.sleep(_LOOK_EVERY_S)
    except Cancelled:
        for one in handed:
            jobs.cancel(bench.workspace, one.id)
        raise


def _is_open(job: Job | None) -> bool:
    return job is not None and job.state in {JobState.queued, JobState.running}
