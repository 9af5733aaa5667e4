"""Writing the stale parts of a draft again from its page: looked at first, then made."""

from typing import Annotated

from fastapi import APIRouter, Form
from starlette.responses import Response

from api.deps import BenchDep, DeciderDep, ServiceDep, WorkspaceDep
from api.routes.drafts import find_draft
from api.shown import shown_diff, shown_draft
from api.web.draft_forms import FormBy, FormVersion, back_to_draft
from api.web.pages import for_readers, frame
from api.web.render import page
from assistant.drafting.formats.tree import plain
from assistant.errors import Conflict
from evals.editing.amend import Stale
from evals.editing.refresh import refresh

router = APIRouter(include_in_schema=False)


@router.post("/drafts/{draft_id}/refresh")
def post_refresh(
    bench: BenchDep,
    who: DeciderDep,
    service: ServiceDep,
    workspace: WorkspaceDep,
    draft_id: str,
    version: FormVersion,
    confirm: Annotated[bool, Form()] = False,
    by: FormBy = "",
) -> Response:
    """Show what a refresh would change, or, confirmed, make it. Undo brings the version before back."""
    with for_readers("The first page lists the drafts of the workspace."):
        base = find_draft(service, bench, draft_id, version)
    outcome = refresh(bench, base.id, version=version, by=who.name(by), dry_run=not confirm)
    if isinstance(outcome, Stale):
        raise Conflict(
            f"Version {outcome.newest} is the newest by now.",
            hint=f"Open version {outcome.newest}, and refresh that.",
        )
    if confirm:
        return back_to_draft(service, workspace, base.id)
    return page(
        "draft_refresh.html",
        **frame(service, workspace, "h"),
        draft=base,
        title=plain(shown_draft(bench.settings, base), base.title),
        diff=shown_diff(bench.settings, outcome.diff),
    )
