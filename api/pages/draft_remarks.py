"""What people say beside a draft, from its page: sections they approve, comments on a place of it."""

from typing import Annotated

from fastapi import APIRouter, Form
from starlette.responses import Response

from api.web.draft_forms import WHERE_DRAFTS_ARE, DraftFormDep
from api.web.pages import for_readers
from assistant.errors import Conflict
from evals.editing.comments import add_comment, resolve_comment
from evals.editing.sections import approve_section, withdraw
from evals.release import Refusal

router = APIRouter(include_in_schema=False)


@router.post("/drafts/{draft_id}/sections/{section}/approval")
def post_section(
    form: DraftFormDep,
    section: str,
    back: Annotated[bool, Form()] = False,
) -> Response:
    """Approve a section as it stands, or take that back. Refused while a blocking finding about it stands."""
    draft = form.draft()
    with for_readers(WHERE_DRAFTS_ARE):
        if back:
            withdraw(form.bench, draft, section, by=form.by)
            return form.back(f"#s-{section}")
        outcome = approve_section(form.bench, draft, section, by=form.by)
    if isinstance(outcome, Refusal):
        raise Conflict(outcome.message, hint=outcome.hint)
    return form.back(f"#s-{section}")


@router.post("/drafts/{draft_id}/comments")
def post_comment(
    form: DraftFormDep,
    target: Annotated[str, Form(max_length=200)],
    text: Annotated[str, Form(max_length=4000)],
) -> Response:
    """Say something about a place; it stays with that place in later versions."""
    draft = form.draft()
    add_comment(form.bench, draft, target, text, by=form.by)
    return form.back()


@router.post("/drafts/{draft_id}/comments/{comment_id}/resolution")
def post_resolution(
    form: DraftFormDep,
    comment_id: str,
    resolved: Annotated[bool, Form()] = True,
) -> Response:
    """A comment is dealt with, or open again."""
    draft = form.draft()
    with for_readers(WHERE_DRAFTS_ARE):
        resolve_comment(form.bench, draft.id, comment_id, by=form.by, resolved=resolved)
    return form.back()
