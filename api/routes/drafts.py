"""`/v1/drafts`: ask for a draft, read it, follow its writing, ask for another version."""

from http import HTTPStatus
from typing import Annotated, Any

from fastapi import APIRouter, Header, Query
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import JSONResponse, Response

from api import formats, runs, sse
from api.answers import HAS_ALL, EventStream, Run, files
from api.deps import BenchDep, Service, ServiceDep, WorkspaceDep
from api.errors import HttpProblem
from api.idempotency import OnceRoute
from api.scopes import join_scope
from api.shown import shown_draft, shown_text, shown_title
from assistant.domain.draft import Draft
from assistant.domain.evidence import Scope
from assistant.domain.job import Job, JobState
from assistant.domain.request import DraftRequest, another_version
from assistant.settings import Settings
from assistant.workbench import Workbench
from evals.documents.exported import exported
from evals.release import approved_versions, judged, marked_all

router = APIRouter(tags=["drafts"], route_class=OnceRoute)

_EXPORT_CSP = (
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; sandbox; frame-ancestors 'none'"
)
VersionQuery = Annotated[int | None, Query(ge=1, le=1_000_000, description="Default: the newest")]
FormatQuery = Annotated[
    str | None, Query(alias="format", max_length=20, description=", ".join(formats.TYPES))
]


class DraftOrder(BaseModel):
    """A draft that somebody wants."""

    model_config = ConfigDict(extra="forbid")

    kind: str = Field(max_length=100)
    brief: str = Field(default="", max_length=20_000)
    scope: Scope | None = None
    filters: list[str] = Field(default_factory=list, max_length=50)
    """`field=value`, in addition to the scope."""
    language: str = Field(default="en", pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$")
    max_items: int = Field(default=10, ge=1, le=50)


class RevisionOrder(BaseModel):
    """What another version is to have different. Fields that are left out stay as they were."""

    model_config = ConfigDict(extra="forbid")

    brief: str | None = Field(default=None, max_length=20_000)
    scope: Scope | None = None
    filters: list[str] | None = Field(default=None, max_length=50)
    max_items: int | None = Field(default=None, ge=1, le=50)


class DraftSummary(BaseModel):
    """A draft in a list."""

    id: str
    kind: str
    title: str
    version: int
    language: str
    status: str
    brief: str
    verdict: str | None


class DraftPage(BaseModel):
    """Newest versions, newest first."""

    items: list[DraftSummary]
    next: str | None
    """Cursor of the next page; null at the end."""


@router.post("/v1/drafts", status_code=202, summary="Ask for a draft", responses={202: {"model": Run}})
def post_draft(service: ServiceDep, bench: BenchDep, body: DraftOrder) -> Response:
    """202 with the run: `id` stands for the draft until its own id is known (event `draft.completed`, job result)."""
    request = DraftRequest(
        kind=body.kind,
        brief=body.brief,
        scope=join_scope(bench, body.scope, body.filters),
        language=body.language,
        max_items=body.max_items,
    )
    return _accepted(runs.start(service, bench, request))


@router.post(
    "/v1/drafts/{draft_id}/revisions",
    status_code=202,
    summary="Ask for another version",
    responses={202: {"model": Run}},
)
def post_revision(service: ServiceDep, bench: BenchDep, draft_id: str, body: RevisionOrder) -> Response:
    """A new version with another brief or scope, over the records as they are now."""
    parent = find_draft(service, bench, draft_id)
    changed = body.scope is not None or body.filters is not None
    request = another_version(
        parent,
        brief=parent.brief if body.brief is None else body.brief,
        scope=join_scope(bench, body.scope, body.filters or []) if changed else parent.scope,
        max_items=body.max_items or parent.max_items,
    )
    return _accepted(runs.start(service, bench, request, parent.version))


@router.get("/v1/drafts", summary="List drafts")
def get_drafts(
    bench: BenchDep,
    cursor: Annotated[str | None, Query(max_length=200)] = None,
    limit: Annotated[int, Query(ge=1, le=100)] = 20,
) -> DraftPage:
    """The newest version of each draft."""
    if cursor is not None and bench.catalog.drafts.get(bench.workspace, cursor) is None:
        raise HttpProblem(
            HTTPStatus.UNPROCESSABLE_ENTITY,
            "bad-cursor",
            "The cursor is none that this list gave out.",
            "Use 'next' of the page before.",
        )
    found = bench.catalog.drafts.newest(bench.workspace, cursor, limit + 1)
    approved = approved_versions(bench)
    return DraftPage(
        items=[
            _summary(
                bench.settings,
                judged(bench, draft) if f"{draft.id}@{draft.version}" in approved else draft,
            )
            for draft in marked_all(bench, found[:limit])
        ],
        next=found[limit - 1].id if len(found) > limit else None,
    )


@router.get(
    "/v1/drafts/{draft_id}/events",
    summary="Follow the writing (server-sent events)",
    response_class=EventStream,
    responses=HAS_ALL,
)
def get_events(
    service: ServiceDep,
    workspace: WorkspaceDep,
    bench: BenchDep,
    draft_id: str,
    last_event_header: Annotated[str | None, Header(alias="Last-Event-ID")] = None,
    last_event_query: Annotated[str | None, Query(alias="last_event_id", max_length=20)] = None,
) -> Response:
    """The stored events after `Last-Event-ID`, then new ones as they come. Ends after draft.completed or draft.failed;
    204 where the reader has them all, which tells a browser not to come again."""
    after = sse.last_event_id(last_event_header, last_event_query)
    log = runs.log_of(service, bench, draft_id)
    if log is None:
        return Response(status_code=204) if after else sse.respond(sse.completed_only(draft_id))
    if after and sse.has_all(service, workspace, log, after):
        return Response(status_code=204)
    sse.admit(service)
    return sse.respond(sse.follow(service, sse.of_draft(service, workspace, log), after))


@router.get(
    "/v1/drafts/{draft_id}",
    summary="Read a draft",
    responses={
        200: {"model": Draft, "description": "The draft", "content": files(*formats.TYPES.values())},
        202: {"model": Job, "description": "Still being written: the job"},
        406: {"description": "It can't be had in any of the types that the request accepts"},
    },
)
def get_draft(
    service: ServiceDep,
    bench: BenchDep,
    draft_id: str,
    version: VersionQuery = None,
    wanted: FormatQuery = None,
    accept: Annotated[str | None, Header()] = None,
) -> Response:
    """The draft as JSON; in another format by suffix (`ID.md`), by `?format=` or by the `Accept` header.

    `md html docx pdf adf confluence` hold the whole draft, `feature` its criteria, `csv xlsx reqif` its stories and requirements.
    """
    plain, dot, suffix = draft_id.rpartition(".")
    if not dot:
        plain, suffix = draft_id, ""
    elif suffix not in formats.TYPES:
        raise runs.unknown_draft(draft_id)
    form = formats.chosen(suffix, wanted, accept)
    job = runs.run_of(service, bench, plain)
    if job is not None and job.state in (JobState.queued, JobState.running):
        return JSONResponse(job.model_dump(mode="json"), 202, {"Retry-After": "1"})
    draft = find_draft(service, bench, plain, version)
    vary = {"Vary": "Accept"}
    if form == "json" and not suffix:
        return JSONResponse(shown_draft(bench.settings, draft).model_dump(mode="json"), headers=vary)
    name = formats.file_name(shown_title(bench.settings, draft), draft.version, form)
    headers = {
        "Content-Disposition": formats.disposition(form, name, f"{draft.id}-v{draft.version}.{form}")
    } | vary
    if form == "html":
        # The export carries its own style; the sandbox takes everything else from it.
        headers["Content-Security-Policy"] = _EXPORT_CSP
    return Response(exported(bench, draft, form), headers=headers, media_type=formats.TYPES[form])


def find_draft(service: Service, bench: Workbench, known_id: str, version: int | None = None) -> Draft:
    """The draft by its id or by its run's, with what people decided about it. Raises: NotFound; HttpProblem with a failed run's reason."""
    job = runs.run_of(service, bench, known_id)
    if job is not None and job.kind == runs.KIND:
        known_id, version = _of_run(job, version)
    draft = bench.catalog.drafts.get(bench.workspace, known_id, version)
    if draft is None:
        raise runs.unknown_draft(known_id)
    return judged(bench, draft)


def _of_run(job: Job, version: int | None) -> tuple[str, int]:
    if job.state in (JobState.queued, JobState.running):
        raise HttpProblem(
            HTTPStatus.CONFLICT, "not-written-yet", "This draft is still being written.", "Follow its events."
        )
    if "draft_id" not in job.result:
        told: dict[str, Any] = job.error or {}
        raise HttpProblem(
            HTTPStatus.CONFLICT,
            str(told.get("code", "cancelled")),
            str(told.get("message", "The writing of this draft was cancelled.")),
            str(told.get("hint", "Ask for it again.")),
        )
    return str(job.result["draft_id"]), version or int(job.result["version"])


def _accepted(job: Job) -> Response:
    body = {
        "id": job.id,
        "state": job.state.value,
        "job": f"/v1/jobs/{job.id}",
        "events": f"/v1/drafts/{job.id}/events",
        "draft_id": job.result.get("draft_id"),
    }
    return JSONResponse(body, 202, {"Location": f"/v1/drafts/{job.id}"})


def _summary(settings: Settings, draft: Draft) -> DraftSummary:
    return DraftSummary(
        id=draft.id,
        kind=draft.kind,
        title=shown_title(settings, draft),
        version=draft.version,
        language=draft.language,
        status=draft.status.value,
        brief=shown_text(settings, draft.brief),
        verdict=draft.report.verdict.value if draft.report else None,
    )
