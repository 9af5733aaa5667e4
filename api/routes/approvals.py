"""Decisions about a draft: one of its findings is overruled, the draft is approved. Over the API, and from its page."""

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Form, Path
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import JSONResponse, RedirectResponse, Response

from api.deps import BenchDep, ServiceDep, WorkspaceDep
from api.errors import HttpProblem, respond
from api.idempotency import OnceRoute
from api.keyed import KeyedFinding, keyed
from api.routes.drafts import VersionQuery, find_draft
from api.web.pages import link
from assistant.errors import Conflict
from assistant.settings import Settings
from evals.release import Refusal, approve, may_publish, overrule

router = APIRouter(tags=["drafts"], route_class=OnceRoute)
forms = APIRouter(include_in_schema=False)

_BY_API, _BY_PAGE = "api", "web"
KeyPath = Annotated[str, Path(pattern=r"^[0-9a-f]{12}$", description="as `/v1/checks` gives it")]
_By = Annotated[str, Form(max_length=200)]
_Reason = Annotated[str, Form(max_length=2000)]
_FormVersion = Annotated[int, Form(ge=1, le=1_000_000)]


class Decision(BaseModel):
    """Who decides, and why."""

    model_config = ConfigDict(extra="forbid")

    reason: str = Field(default="", max_length=2000)
    by: str = Field(default=_BY_API, min_length=1, max_length=200)


class Standing(BaseModel):
    """Whether a version may be published, and what keeps it."""

    draft_id: str
    version: int
    status: str
    may_publish: bool
    reason: str = ""
    findings: list[KeyedFinding] = Field(default_factory=list)
    """The blocking findings that nobody overruled."""


@router.post("/v1/drafts/{draft_id}/findings/{key}/overrule", summary="Overrule a finding")
def post_overruling(
    service: ServiceDep,
    bench: BenchDep,
    draft_id: str,
    key: KeyPath,
    body: Decision,
    version: VersionQuery = None,
) -> KeyedFinding:
    """The finding with who dismissed it and why; it becomes a label, and stays in the report."""
    draft = find_draft(service, bench, draft_id, version)
    found = overrule(bench, draft, key, reason=body.reason, by=body.by)
    shown = keyed(bench.settings, (found,))[0]
    return shown.model_copy(update={"key": key})


@router.get("/v1/drafts/{draft_id}/approval", summary="May a draft be published?")
def get_approval(
    service: ServiceDep, bench: BenchDep, draft_id: str, version: VersionQuery = None
) -> Standing:
    """What stands against it, checked against the records as they are now."""
    draft = find_draft(service, bench, draft_id, version)
    refusal = may_publish(bench, draft)
    told = {"draft_id": draft.id, "version": draft.version, "status": draft.status.value}
    if refusal is None:
        return Standing(**told, may_publish=True)
    findings = list(keyed(bench.settings, refusal.standing))
    return Standing(**told, may_publish=False, reason=refusal.message, findings=findings)


@router.post(
    "/v1/drafts/{draft_id}/approval",
    summary="Approve a draft",
    responses={
        200: {"model": Standing},
        409: {"description": "Blocking findings stand; `findings` lists them"},
    },
)
def post_approval(
    service: ServiceDep,
    bench: BenchDep,
    draft_id: str,
    body: Decision | None = None,
    version: VersionQuery = None,
) -> Response:
    """Refused with 409 while a blocking finding stands that nobody overruled."""
    given = body or Decision()
    draft = find_draft(service, bench, draft_id, version)
    approved = approve(bench, draft, by=given.by, reason=given.reason)
    if isinstance(approved, Refusal):
        return _refused(bench.settings, approved, f"/v1/drafts/{draft_id}/approval")
    told = Standing(
        draft_id=approved.id, version=approved.version, status=approved.status.value, may_publish=True
    )
    return JSONResponse(told.model_dump(mode="json"))


@forms.post("/drafts/{draft_id}/findings/{key}/overrule")
def post_overruling_form(
    service: ServiceDep,
    bench: BenchDep,
    workspace: WorkspaceDep,
    draft_id: str,
    key: KeyPath,
    version: _FormVersion,
    reason: _Reason = "",
    by: _By = "",
) -> Response:
    """From the page of the draft, and back to it."""
    draft = find_draft(service, bench, draft_id, version)
    overrule(bench, draft, key, reason=reason, by=by.strip() or _BY_PAGE)
    return _back(service.settings, workspace, draft_id, version, "#findings")


@forms.post("/drafts/{draft_id}/approval")
def post_approval_form(
    service: ServiceDep,
    bench: BenchDep,
    workspace: WorkspaceDep,
    draft_id: str,
    version: _FormVersion,
    by: _By = "",
) -> Response:
    """From the page of the draft, and back to it; a refusal is told with what stands."""
    draft = find_draft(service, bench, draft_id, version)
    outcome = approve(bench, draft, by=by.strip() or _BY_PAGE)
    if isinstance(outcome, Refusal):
        raise Conflict(outcome.message, hint=outcome.hint)
    return _back(service.settings, workspace, draft_id, version, "")


def _back(settings: Settings, workspace: str, draft_id: str, version: int, where: str) -> Response:
    address = link(f"/drafts/{draft_id}?version={version}", settings.workspace, workspace)
    return RedirectResponse(address + where, HTTPStatus.SEE_OTHER)


def _refused(settings: Settings, refusal: Refusal, path: str) -> Response:
    problem = HttpProblem(HTTPStatus.CONFLICT, "not-approved", refusal.message, refusal.hint)
    findings = [one.model_dump(mode="json") for one in keyed(settings, refusal.standing)]
    return respond(problem, path, more={"findings": findings})
