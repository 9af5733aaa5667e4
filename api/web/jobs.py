"""Jobs as pages tell them: a name, how far they are, and where their result is."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from api.deps import Service
from assistant.domain.job import Job, JobState

_NAMES = {
    "ingest": "Import",
    "draft": "Draft",
    "turn": "Chat",
    "themes": "Themes",
    "themes-shard": "Part of a themes run",
    "count": "Counts",
    "follow": "Evidence of tickets",
    "evals": "Evaluation",
    "ticket": "Tickets",
    "rebuild-index": "Index rebuilt",
}
_OVER = (JobState.done, JobState.failed, JobState.cancelled)
_WHOLE = 100.0
_LOOKED_AT = 50


@dataclass(frozen=True)
class ToldJob:
    """A job for a reader."""

    id: str
    name: str
    state: str
    is_over: bool
    message: str
    percent: float | None
    """Of its work, in [0, 100]; None where its length isn't known."""
    done: int
    total: int | None
    created_at: datetime | None
    error: str
    hint: str
    leads_to: str
    """Path of what it made; empty where there is nothing to open."""
    outcome: str
    """What it made, in a line."""


def running_job(service: Service, workspace: str, kind: str) -> ToldJob | None:
    """The newest job of a kind that isn't over, among the newest of the workspace."""
    held = (one for one in service.jobs.newest(workspace, _LOOKED_AT) if one.kind == kind)
    return next((told for one in held if not (told := told_job(one)).is_over), None)


def told_job(job: Job) -> ToldJob:
    """What a page shows of a job."""
    error: dict[str, Any] = job.error or {}
    leads_to, outcome = _made(job)
    percent = min(_WHOLE, _WHOLE * job.done / job.total) if job.total else None
    return ToldJob(
        id=job.id,
        name=_NAMES.get(job.kind, job.kind),
        state=job.state.value,
        is_over=job.state in _OVER,
        message=job.message,
        percent=_WHOLE if job.state is JobState.done else percent,
        done=job.done,
        total=job.total,
        created_at=job.created_at,
        error=str(error.get("message", "")),
        hint=str(error.get("hint", "")),
        leads_to=leads_to,
        outcome=outcome,
    )


def _made(job: Job) -> tuple[str, str]:
    result = job.result
    if job.state is not JobState.done:
        return "", ""
    if "draft_id" in result:
        return f"/drafts/{result['draft_id']}", "The draft is written."
    if job.kind == "evals" and "run" in result:
        return f"/evals/runs/{result['run']}", f"Gate: {result.get('gate', '')}"
    if job.kind == "turn" and "thread" in result:
        return f"/chat/{result['thread']}", "Answered."
    if job.kind == "themes":
        return "/themes", "The themes are found."
    if "records" in result:
        count = result["records"]
        told = (
            f"{count:,} {'record is' if count == 1 else 'records are'} new or changed."
            if count
            else "Nothing new."
        )
        return "/search", told
    return "", ""
