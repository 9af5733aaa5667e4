"""What people decide about a draft from its page: a finding is overruled, the draft approved or kept as a case, either taken back."""

from typing import Annotated

from fastapi import APIRouter, Form
from starlette.responses import Response

from api.routes.approvals import KeyPath
from api.web.draft_forms import DraftFormDep
from assistant.errors import Conflict
from evals.cases.kept import Promotion, promote
from evals.release import Refusal, approve, overrule, withdraw

router = APIRouter(include_in_schema=False)

_Reason = Annotated[str, Form(max_length=2000)]


@router.post("/drafts/{draft_id}/findings/{key}/overrule")
def post_overruling(form: DraftFormDep, key: KeyPath, reason: _Reason = "") -> Response:
    """From the page of the draft, and back to it."""
    draft = form.draft()
    overrule(form.bench, draft, key, reason=reason, by=form.by)
    return form.back("#findings")


@router.post("/drafts/{draft_id}/findings/{key}/overrule/withdrawal")
def post_overruling_back(form: DraftFormDep, key: KeyPath, reason: _Reason = "") -> Response:
    """From the page of the draft, and back to it."""
    draft = form.draft()
    withdraw(form.bench, draft, key, reason=reason, by=form.by)
    return form.back("#findings")


@router.post("/drafts/{draft_id}/approval/withdrawal")
def post_approval_back(form: DraftFormDep, reason: _Reason = "") -> Response:
    """From the page of the draft, and back to it."""
    draft = form.draft()
    withdraw(form.bench, draft, None, reason=reason, by=form.by)
    return form.back()


@router.post("/drafts/{draft_id}/approval")
def post_approval(form: DraftFormDep) -> Response:
    """From the page of the draft, and back to it; a refusal is told with what stands."""
    draft = form.draft()
    outcome = approve(form.bench, draft, by=form.by)
    if isinstance(outcome, Refusal):
        raise Conflict(outcome.message, hint=outcome.hint)
    return form.back()


@router.post("/drafts/{draft_id}/case")
def post_case(
    form: DraftFormDep,
    set_name: Annotated[str, Form(max_length=64)],
    answer: Annotated[str, Form(pattern="^(good|bad)$")] = "good",
    must_cite: Annotated[str, Form(max_length=2000)] = "",
    must_not_cite: Annotated[str, Form(max_length=2000)] = "",
) -> Response:
    """From the page of the draft, and back to it, which says so."""
    draft = form.draft()
    kept = Promotion(
        set_name.strip(),
        must_cite=tuple(must_cite.replace(",", " ").split()),
        must_not_cite=tuple(must_not_cite.replace(",", " ").split()),
        bad=answer == "bad",
        by=form.by,
    )
    promote(form.bench, draft, kept)
    return form.back("#cases")
