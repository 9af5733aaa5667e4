"""`/v1/jobs`: what runs in the background."""

from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel

from api.deps import ServiceDep, WorkspaceDep
from assistant.domain.job import Job
from assistant.errors import NotFound, UsageError

router = APIRouter(tags=["jobs"])


class JobList(BaseModel):
    """Jobs, newest first."""

    items: list[Job]
    next: str | None
    """Cursor of the next page; null at the end."""


@router.get("/v1/jobs", summary="List jobs")
def get_jobs(
    service: ServiceDep,
    workspace: WorkspaceDep,
    cursor: Annotated[str | None, Query(max_length=200)] = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> JobList:
    """The jobs of the workspace, with cursor paging."""
    if cursor is not None and service.jobs.get(workspace, cursor) is None:
        raise UsageError("The cursor is none that this list gave out.", hint="Use 'next' of the page before.")
    found = service.jobs.newest(workspace, limit + 1, cursor)
    return JobList(items=found[:limit], next=found[limit - 1].id if len(found) > limit else None)


@router.get("/v1/jobs/{job_id}", summary="One job")
def get_job(service: ServiceDep, workspace: WorkspaceDep, job_id: str) -> Job:
    """State, progress, and result or error."""
    return _found(service.jobs.get(workspace, job_id), job_id)


@router.delete("/v1/jobs/{job_id}", summary="Cancel a job")
def delete_job(service: ServiceDep, workspace: WorkspaceDep, job_id: str) -> Job:
    """Cancel what waits at once, what runs at its next step. What was finished is kept."""
    return _found(service.jobs.cancel(workspace, job_id), job_id)


def _found(job: Job | None, job_id: str) -> Job:
    if job is None:
        raise NotFound(
            f"There is no job {job_id[:60]}.", hint="GET /v1/jobs lists the jobs of the workspace."
        )
    return job
