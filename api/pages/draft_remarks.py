"""What people say beside a draft, from its page: sections they approve, comments on a place of it."""

from typing import Annotated

from fastapi import APIRouter, Form
from starlette.responses import Response

from api.deps import BenchDep, DeciderDep, ServiceDep, WorkspaceDep
from api.routes.drafts import find_draft
from api.web.draft_forms import FormBy, FormVersion, back_to_draft
from api.web.pages import for_readers
from assistant.errors import Conflict
from evals.editing.comments import add_comment, resolve_comment
from evals.editing.sections import approve_section, withdraw
from evals.release import Refusal

router = APIRouter(include_in_schema=False)
_HINT = "The first page lists the drafts of the workspace."


@router.post("/drafts/{draft_id}/sections/{section}/approval")
def post_section(
    bench: BenchDep,
    who: DeciderDep,
    service: ServiceDep,
    workspace: WorkspaceDep,
    draft_id: str,
    section: str,
    version: FormVersion,
    by: FormBy = "",
    back: Annotated[bool, Form()] = False,
) -> Response:
    """Approve a section as it stands, or take that back. Refused while a blocking finding about it stands."""
    with for_readers(_HINT):
        draft = find_draft(service, bench, draft_id, version)
        if back:
            withdraw(bench, draft, section, by=who.name(by))
            return back_to_draft(service, workspace, draft_id, version, f"#s-{section}")
        outcome = approve_section(bench, draft, section, by=who.name(by))
    if isinstance(outcome, Refusal):
        raise Conflict(outcome.message, hint=outcome.hint)
    return back_to_draft(service, workspace, draft_id, version, f"#s-{section}")


@router.post("/drafts/{draft_id}/comments")
def post_comment(
    bench: BenchDep,
    who: DeciderDep,
    service: ServiceDep,
    workspace: WorkspaceDep,
    draft_id: str,
    version: FormVersion,
    target: Annotated[str, Form(max_length=200)],
    text: Annotated[str, Form(max_length=4000)],
    by: FormBy = "",
) -> Response:
    """Say something about a place; it stays with that place in later versions."""
    with for_readers(_HINT):
        draft = find_draft(service, bench, draft_id, version)
    add_comment(bench, draft, target, text, by=who.name(by))
    return back_to_draft(service, workspace, draft_id, version)


@router.post("/drafts/{draft_id}/comments/{comment_id}/resolution")
def post_resolution(
    bench: BenchDep,
    who: DeciderDep,
    service: ServiceDep,
    workspace: WorkspaceDep,
    draft_id: str,
    comment_id: str,
    version: FormVersion,
    resolved: Annotated[bool, Form()] = True,
    by: FormBy = "",
) -> Response:
    """A comment is dealt with, or open again."""
    with for_readers(_HINT):
        draft = find_draft(service, bench, draft_id, version)
        resolve_comment(bench, draft.id, comment_id, by=who.name(by), resolved=resolved)
    return back_to_draft(service, workspace, draft_id, version)
