"""Decisions about a draft: a finding is overruled, the draft is approved, either is taken back."""

from typing import Annotated

from fastapi import APIRouter, Path
from pydantic import BaseModel, ConfigDict, Field

from api.deps import BenchDep, DeciderDep, ServiceDep
from api.idempotency import OnceRoute
from api.keyed import KeyedFinding, keyed, not_approved
from api.routes.drafts import VersionQuery, find_draft
from assistant.domain.draft import Draft
from assistant.workbench import Workbench
from evals.release import Refusal, approve, may_publish, overrule, withdraw

router = APIRouter(tags=["drafts"], route_class=OnceRoute)

KeyPath = Annotated[str, Path(pattern=r"^[0-9a-f]{12}$", description="as `/v1/checks` gives it")]


class Decision(BaseModel):
    """Who decides, and why."""

    model_config = ConfigDict(extra="forbid")

    reason: str = Field(default="", max_length=2000)
    by: str = Field(default="", max_length=200, description="default: whose key or session it is, else `api`")


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
    who: DeciderDep,
    draft_id: str,
    key: KeyPath,
    body: Decision,
    version: VersionQuery = None,
) -> KeyedFinding:
    """The finding with who dismissed it and why; it becomes a label, and stays in the report."""
    draft = find_draft(service, bench, draft_id, version)
    found = overrule(bench, draft, key, reason=body.reason, by=who.name(body.by))
    shown = keyed(bench.settings, (found,))[0]
    return shown.model_copy(update={"key": key})


@router.post("/v1/drafts/{draft_id}/findings/{key}/overrule/withdrawal", summary="Take an overruling back")
def post_overruling_back(
    service: ServiceDep,
    bench: BenchDep,
    who: DeciderDep,
    draft_id: str,
    key: KeyPath,
    body: Decision,
    version: VersionQuery = None,
) -> Standing:
    """What stands against the draft now. The decision and its withdrawal stay among the labels."""
    draft = find_draft(service, bench, draft_id, version)
    return _standing(bench, withdraw(bench, draft, key, reason=body.reason, by=who.name(body.by)))


@router.post("/v1/drafts/{draft_id}/approval/withdrawal", summary="Take an approval back")
def post_approval_back(
    service: ServiceDep,
    bench: BenchDep,
    who: DeciderDep,
    draft_id: str,
    body: Decision,
    version: VersionQuery = None,
) -> Standing:
    """The draft is what it was before it was approved."""
    draft = find_draft(service, bench, draft_id, version)
    return _standing(bench, withdraw(bench, draft, None, reason=body.reason, by=who.name(body.by)))


@router.get("/v1/drafts/{draft_id}/approval", summary="May a draft be published?")
def get_approval(
    service: ServiceDep, bench: BenchDep, draft_id: str, version: VersionQuery = None
) -> Standing:
    """What stands against it, checked against the records as they are now."""
    return _standing(bench, find_draft(service, bench, draft_id, version))


def _standing(bench: Workbench, draft: Draft) -> Standing:
    refusal = may_publish(bench, draft)
    told = {"draft_id": draft.id, "version": draft.version, "status": draft.status.value}
    if refusal is None:
        return Standing(**told, may_publish=True)
    findings = list(keyed(bench.settings, refusal.standing))
    return Standing(**told, may_publish=False, reason=refusal.message, findings=findings)


@router.post(
    "/v1/drafts/{draft_id}/approval",
    summary="Approve a draft",
    responses={409: {"description": "Blocking findings stand; `findings` lists them"}},
)
def post_approval(
    service: ServiceDep,
    bench: BenchDep,
    who: DeciderDep,
    draft_id: str,
    body: Decision | None = None,
    version: VersionQuery = None,
) -> Standing:
    """Refused with 409 while a blocking finding stands that nobody overruled."""
    given = body or Decision()
    draft = find_draft(service, bench, draft_id, version)
    approved = approve(bench, draft, by=who.name(given.by), reason=given.reason)
    if isinstance(approved, Refusal):
        raise not_approved(bench.settings, approved)
    return Standing(
        draft_id=approved.id, version=approved.version, status=approved.status.value, may_publish=True
    )
