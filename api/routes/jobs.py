"""`/v1/jobs`: what runs in the background."""

from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel

from api.deps import ServiceDep, WorkspaceDep
from assistant.domain.job import Job
from assistant.errors import NotFound

router = APIRouter(tags=["jobs"])


class JobList(BaseModel):
    """Jobs, newest first."""

    items: list[Job]


@router.get("/v1/jobs", summary="List jobs")
def get_jobs(
    service: ServiceDep, workspace: WorkspaceDep, limit: Annotated[int, Query(ge=1, le=200)] = 50
) -> JobList:
    """The newest jobs of the workspace."""
    return JobList(items=service.jobs.newest(workspace, limit))


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
