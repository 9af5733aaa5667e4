"""What people decide about a draft from its page: a finding is overruled, the draft approved or kept as a case, either taken back."""

from typing import Annotated

from fastapi import APIRouter, Form
from starlette.responses import Response

from api.deps import BenchDep, DeciderDep, ServiceDep, WorkspaceDep
from api.routes.approvals import KeyPath
from api.routes.drafts import find_draft
from api.web.draft_forms import FormBy, FormVersion, back_to_draft
from assistant.errors import Conflict
from evals.cases.kept import Promotion, promote
from evals.release import Refusal, approve, overrule, withdraw

router = APIRouter(include_in_schema=False)

_Reason = Annotated[str, Form(max_length=2000)]


@router.post("/drafts/{draft_id}/findings/{key}/overrule")
def post_overruling(
    service: ServiceDep,
    bench: BenchDep,
    who: DeciderDep,
    workspace: WorkspaceDep,
    draft_id: str,
    key: KeyPath,
    version: FormVersion,
    reason: _Reason = "",
    by: FormBy = "",
) -> Response:
    """From the page of the draft, and back to it."""
    draft = find_draft(service, bench, draft_id, version)
    overrule(bench, draft, key, reason=reason, by=who.name(by))
    return back_to_draft(service, workspace, draft_id, version, "#findings")


@router.post("/drafts/{draft_id}/findings/{key}/overrule/withdrawal")
def post_overruling_back(
    service: ServiceDep,
    bench: BenchDep,
    who: DeciderDep,
    workspace: WorkspaceDep,
    draft_id: str,
    key: KeyPath,
    version: FormVersion,
    reason: _Reason = "",
    by: FormBy = "",
) -> Response:
    """From the page of the draft, and back to it."""
    draft = find_draft(service, bench, draft_id, version)
    withdraw(bench, draft, key, reason=reason, by=who.name(by))
    return back_to_draft(service, workspace, draft_id, version, "#findings")


@router.post("/drafts/{draft_id}/approval/withdrawal")
def post_approval_back(
    service: ServiceDep,
    bench: BenchDep,
    who: DeciderDep,
    workspace: WorkspaceDep,
    draft_id: str,
    version: FormVersion,
    reason: _Reason = "",
    by: FormBy = "",
) -> Response:
    """From the page of the draft, and back to it."""
    draft = find_draft(service, bench, draft_id, version)
    withdraw(bench, draft, None, reason=reason, by=who.name(by))
    return back_to_draft(service, workspace, draft_id, version)


@router.post("/drafts/{draft_id}/approval")
def post_approval(
    service: ServiceDep,
    bench: BenchDep,
    who: DeciderDep,
    workspace: WorkspaceDep,
    draft_id: str,
    version: FormVersion,
    by: FormBy = "",
) -> Response:
    """From the page of the draft, and back to it; a refusal is told with what stands."""
    draft = find_draft(service, bench, draft_id, version)
    outcome = approve(bench, draft, by=who.name(by))
    if isinstance(outcome, Refusal):
        raise Conflict(outcome.message, hint=outcome.hint)
    return back_to_draft(service, workspace, draft_id, version)


@router.post("/drafts/{draft_id}/case")
def post_case(
    service: ServiceDep,
    bench: BenchDep,
    who: DeciderDep,
    workspace: WorkspaceDep,
    draft_id: str,
    version: FormVersion,
    set_name: Annotated[str, Form(max_length=64)],
    answer: Annotated[str, Form(pattern="^(good|bad)$")] = "good",
    must_cite: Annotated[str, Form(max_length=2000)] = "",
    must_not_cite: Annotated[str, Form(max_length=2000)] = "",
    by: FormBy = "",
) -> Response:
    """From the page of the draft, and back to it, which says so."""
    draft = find_draft(service, bench, draft_id, version)
    asked = Promotion(
        set_name.strip(),
        must_cite=tuple(must_cite.replace(",", " ").split()),
        must_not_cite=tuple(must_not_cite.replace(",", " ").split()),
        bad=answer == "bad",
        by=who.name(by),
    )
    promote(bench, draft, asked)
    return back_to_draft(service, workspace, draft_id, version, "#cases")
