"""Counting a large workspace again in the background, and telling readers that it goes on."""

from collections.abc import Mapping
from typing import Any

from api.pool import Benches
from api.web.counts import is_large
from assistant.domain.base import digest
from assistant.domain.job import Job, JobState
from assistant.jobs.port import Handler, Jobs, Progress
from assistant.synthesis.counting import count, stamp_of_now
from assistant.workbench import Workbench

KIND = "count"


def count_handler(benches: Benches) -> Handler:
    """What counts."""

    def run(workspace: str, payload: Mapping[str, Any], progress: Progress) -> Mapping[str, Any]:
        with benches.use(workspace) as bench:
            return {"current": count(bench, progress)}

    return run


def then_counted(handler: Handler, benches: Benches, jobs: Jobs) -> Handler:
    """A handler after which a large workspace is counted, so that its pages have new counts before anyone opens one."""

    def run(workspace: str, payload: Mapping[str, Any], progress: Progress) -> Mapping[str, Any]:
        result = handler(workspace, payload, progress)
        with benches.use(workspace) as bench:
            if is_large(bench):
                count_soon(jobs, bench)
        return result

    return run


def count_soon(jobs: Jobs, bench: Workbench) -> Job:
    """Have the records and themes of now counted. Asking again for the same ones gives the same job."""
    key = digest(KIND, stamp_of_now(bench))
    job = jobs.submit(bench.workspace, KIND, {}, key=key)
    # Records that came in and left again: these were counted before, and other ones since.
    while job.state is JobState.done:
        key = digest(key, job.id)
        job = jobs.submit(bench.workspace, KIND, {}, key=key)
    return job
