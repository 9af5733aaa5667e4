"""Runs: the writing of one draft as a job. The run's id is the job's id, and the key of its event log.

A draft's own id is known only once the evidence is read, so POST answers with the run. The run of the same request over
the same records is the same run. Under the draft's id stands a log of pointers, one per version, to the run's log.
"""

from importlib.metadata import version
from typing import Any

from api.deps import Service
from api.recorder import TERMINAL
from assistant.domain.base import digest
from assistant.domain.draft import Draft
from assistant.domain.events import DraftEvent
from assistant.domain.job import Job, JobState
from assistant.domain.request import DraftRequest
from assistant.errors import NotFound, UnknownKind, VoxspecError
from assistant.jobs.ledger import job_id
from assistant.llm.budget import demand_budget
from assistant.stores.port import DraftStore
from assistant.workbench import Workbench
from prompts.loader import kinds

KIND = "draft"
_MAX_ATTEMPTS = 1000
_POINTER = "run"


def start(service: Service, bench: Workbench, request: DraftRequest, parent_version: int = 0) -> Job:
    """Submit the writing of a draft; the same request over the same records gives the same run, unless it failed.

    Args:
        parent_version: version of `request.parent` that the new one follows.

    Raises: UnknownKind; BudgetExceeded.
    """
    if bench.settings.model != "extractive":
        demand_budget(bench.settings, bench.catalog.spending)
    known = kinds()
    if request.kind not in known:
        raise UnknownKind(
            f"There is no kind of draft '{request.kind[:60]}'.",
            hint=f"Choose one of: {', '.join(sorted(known))}.",
        )
    snapshot = bench.catalog.records.snapshot(bench.workspace)
    # With the prompt and the version: after an upgrade, the same request is written again.
    base = digest(
        request,
        parent_version,
        snapshot,
        bench.settings.model,
        bench.settings.judge,
        bench.catalog.pages.embedder(bench.workspace) or bench.settings.embedder,
        known[request.kind].sha256,
        version("voxspec"),
    )
    for attempt in range(_MAX_ATTEMPTS):
        key = f"{base}.{attempt}"
        run = job_id(bench.workspace, KIND, key)
        earlier = service.jobs.get(bench.workspace, run)
        if earlier is not None and earlier.state in (JobState.failed, JobState.cancelled):
            continue
        if earlier is not None:
            return earlier
        payload = payload_of(bench.workspace, request, parent_version, key)
        return service.jobs.submit(bench.workspace, KIND, payload, key=key)
    raise NotFound("This request failed too often to be tried again.", hint="Change the brief or the scope.")


def payload_of(workspace: str, request: DraftRequest, parent_version: int, key: str) -> dict[str, Any]:
    """Payload of the job that writes a draft, which is submitted with this key. The run is known by the job's id."""
    run = job_id(workspace, KIND, key)
    return {"request": request.model_dump(mode="json"), "run": run, "parent_version": parent_version}


def point_to_run(drafts: DraftStore, draft: Draft, run: str) -> None:
    """Note under the draft's id where the events of this version are."""
    event = DraftEvent(seq=draft.version, type="draft.created", data={_POINTER: run})
    drafts.append_events(draft.workspace, draft.id, [event])


def log_of(service: Service, bench: Workbench, known_id: str) -> str | None:
    """The log of a run or of the newest version of a draft; None for a draft that was written elsewhere.

    Raises: NotFound.
    """
    job = service.jobs.get(bench.workspace, known_id)
    if job is not None and job.kind == KIND:
        return known_id
    pointers = bench.catalog.drafts.events(bench.workspace, known_id, 0)
    if pointers and _POINTER in pointers[-1].data:
        return str(pointers[-1].data[_POINTER])
    if bench.catalog.drafts.get(bench.workspace, known_id) is None:
        raise unknown_draft(known_id)
    return None


def run_of(service: Service, bench: Workbench, known_id: str) -> Job | None:
    """The job of that id, if there is one. Where the log of a running one has ended, so has the job.

    The last event is stored a moment before the job's own end, and who has read it may ask for the draft in between.
    """
    job = service.jobs.get(bench.workspace, known_id)
    if job is None or job.kind != KIND or job.state is not JobState.running:
        return job
    events = bench.catalog.drafts.events(bench.workspace, known_id, 0)
    if not events or events[-1].type not in TERMINAL:
        return job
    last = events[-1]
    if last.type == "draft.completed":
        return job.model_copy(update={"state": JobState.done, "result": dict(last.data)})
    return job.model_copy(update={"state": JobState.failed, "error": dict(last.data)})


def final_event(job: Job | None) -> tuple[str, dict[str, Any]] | None:
    """The event that ends the log of a job which is over, for a log that was cut off."""
    if job is None or job.state is JobState.done:
        return ("draft.completed", dict(job.result)) if job else None
    if job.state is JobState.failed:
        return "draft.failed", dict(job.error or {})
    if job.state is JobState.cancelled:
        return "draft.failed", told("cancelled", "The draft was cancelled.", "Ask for it again.")
    return None


def told(code: str, message: str, hint: str, *, retryable: bool = False) -> dict[str, Any]:
    """The data of `draft.failed`."""
    return {"code": code, "message": message, "hint": hint, "retryable": retryable}


def told_of(problem: VoxspecError) -> dict[str, Any]:
    """The data of `draft.failed` for an error of ours."""
    return told(problem.code, problem.message, problem.hint, retryable=problem.retryable)


def unknown_draft(draft_id: str) -> NotFound:
    """What to raise for an id that nothing here has."""
    return NotFound(
        f"There is no draft {draft_id[:60]}.", hint="GET /v1/drafts lists the drafts of the workspace."
    )
