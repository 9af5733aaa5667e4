"""What runs in the background: the list, one job with its progress as it goes, and stopping it."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import suppress
from http import HTTPStatus
from typing import Annotated, Any

from fastapi import APIRouter, Query
from fastapi.sse import KEEPALIVE_COMMENT, format_sse_event
from starlette.concurrency import run_in_threadpool
from starlette.responses import RedirectResponse, Response

from api import sse
from api.deps import Service, ServiceDep, WorkspaceDep
from api.shown import shown_text
from api.web.forms import FormDep, Table, page_at, shaped
from api.web.jobs import ToldJob, told_job
from api.web.pages import frame, link
from api.web.render import page, part
from assistant.domain.job import Job
from assistant.errors import NotFound, UsageError

router = APIRouter(include_in_schema=False)
_PAGE = 50
_LOOK_EVERY_S = 0.4
_PING_EVERY_S = 15.0
_SHARDS = "themes-shard"


@page_at(router, "/jobs")
def get_jobs_page(
    service: ServiceDep,
    workspace: WorkspaceDep,
    form: FormDep,
    after: Annotated[str | None, Query(max_length=200)] = None,
) -> Response:
    """The jobs of the workspace, newest first."""
    if after is not None and service.jobs.get(workspace, after) is None:
        raise UsageError("There is no such page of jobs.", hint="Begin at /jobs.")
    found = service.jobs.newest(workspace, _PAGE + 1, after)
    more = found[_PAGE - 1].id if len(found) > _PAGE else None
    jobs = [told_job(one) for one in found[:_PAGE] if one.kind != _SHARDS]
    return shaped(
        form,
        page=lambda: page("jobs.html", **frame(service, workspace, "j"), jobs=jobs, more=more, after=after),
        data=lambda: {"items": [one.model_dump(mode="json") for one in found[:_PAGE]], "next": more},
        table=lambda: Table(
            "Jobs",
            ("id", "job", "state", "created_at", "done", "total", "told"),
            [
                (one.id, one.name, one.state, one.created_at, one.done, one.total, _line(service, one))
                for one in jobs
            ],
        ),
    )


@router.get("/jobs/{job_id}/progress")
async def get_progress(service: ServiceDep, workspace: WorkspaceDep, job_id: str) -> Response:
    """The part of the page that tells how far it is, as server-sent events until the job is over."""
    await run_in_threadpool(_found, service, workspace, job_id)
    return sse.respond(_follow(service, workspace, job_id))


@page_at(router, "/jobs/{job_id}")
def get_job_page(service: ServiceDep, workspace: WorkspaceDep, form: FormDep, job_id: str) -> Response:
    """One job: how far it is, what came of it, and a way to stop it."""
    job = _found(service, workspace, job_id)
    return shaped(
        form,
        page=lambda: page("job.html", **_values(service, workspace, job)),
        data=lambda: job.model_dump(mode="json"),
    )


@router.post("/jobs/{job_id}/cancel")
def post_cancel(service: ServiceDep, workspace: WorkspaceDep, job_id: str) -> Response:
    """Stop what waits at once, what runs at its next step, and go back to its page."""
    _found(service, workspace, job_id)
    service.jobs.cancel(workspace, job_id)
    back = link(f"/jobs/{job_id}", service.settings.workspace, workspace)
    return RedirectResponse(back, HTTPStatus.SEE_OTHER)


async def _follow(service: Service, workspace: str, job_id: str) -> AsyncIterator[bytes]:
    told, sent_at = "", time.monotonic()
    service.metrics.move("event_streams", 1)
    try:
        while not service.stopping.is_set():
            job = await run_in_threadpool(_found, service, workspace, job_id)
            values = _values(service, workspace, job)
            now = part("job_progress.html", **values)
            if now != told:
                yield format_sse_event(data_str=now)
                told, sent_at = now, time.monotonic()
            if values["job"].is_over:
                yield format_sse_event(data_str="", event="over")
                return
            if time.monotonic() - sent_at >= _PING_EVERY_S:
                yield KEEPALIVE_COMMENT
                sent_at = time.monotonic()
            with suppress(TimeoutError):
                await asyncio.wait_for(service.stopping.wait(), _LOOK_EVERY_S)
    finally:
        service.metrics.move("event_streams", -1)


def _values(service: Service, workspace: str, job: Job) -> dict[str, Any]:
    told = told_job(job)
    return frame(service, workspace, "j") | {
        "job": told,
        "told": _line(service, told),
        "files": job.result.get("files", []) if job.kind == "ingest" else [],
    }


def _line(service: Service, job: ToldJob) -> str:
    return shown_text(service.settings, job.outcome or job.error or job.message)


def _found(service: Service, workspace: str, job_id: str) -> Job:
    job = service.jobs.get(workspace, job_id)
    if job is None:
        raise NotFound(
            f"There is no job {job_id[:60]}.", hint="The page of jobs lists those of this workspace."
        )
    return job
