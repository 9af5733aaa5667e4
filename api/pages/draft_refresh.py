"""Writing the stale parts of a draft again from its page: looked at first, then made."""

from typing import Annotated

from fastapi import APIRouter, Form
from starlette.responses import Response

from api.shown import shown_diff, shown_title
from api.web.draft_forms import DraftFormDep
from api.web.render import page
from assistant.errors import Conflict
from evals.editing.amend import Stale
from evals.editing.refresh import refresh

router = APIRouter(include_in_schema=False)


@router.post("/drafts/{draft_id}/refresh")
def post_refresh(
    form: DraftFormDep,
    confirm: Annotated[bool, Form()] = False,
) -> Response:
    """Show what a refresh would change, or, confirmed, make it. Undo brings the version before back."""
    base = form.draft()
    outcome = refresh(form.bench, base.id, version=form.version, by=form.by, dry_run=not confirm)
    if isinstance(outcome, Stale):
        raise Conflict(
            f"Version {outcome.newest} is the newest by now.",
            hint=f"Open version {outcome.newest}, and refresh that.",
        )
    if confirm:
        return form.back_to_newest()
    return page(
        "draft_refresh.html",
        **form.frame(),
        draft=base,
        title=shown_title(form.bench.settings, base),
        diff=shown_diff(form.bench.settings, outcome.diff),
    )
