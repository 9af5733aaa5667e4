"""A model's wording for what a check has against a draft: asked for by a button, looked at as a difference, taken or left."""

import json

from fastapi import APIRouter
from starlette.responses import Response

from api.deps import BenchDep, DeciderDep, ServiceDep, WorkspaceDep
from api.routes.approvals import KeyPath
from api.routes.drafts import find_draft
from api.shown import shown_diff, shown_draft, shown_text
from api.web.draft_forms import FormBy, FormVersion, agreed
from api.web.pages import for_readers, frame
from api.web.render import page
from assistant.drafting.formats.tree import plain
from evals.editing.suggest import suggest

router = APIRouter(include_in_schema=False)


@router.post("/drafts/{draft_id}/findings/{key}/suggestion")
def post_suggestion(
    bench: BenchDep,
    who: DeciderDep,
    service: ServiceDep,
    workspace: WorkspaceDep,
    draft_id: str,
    key: KeyPath,
    version: FormVersion,
    by: FormBy = "",
) -> Response:
    """What the draft would be with it, or why no wording of the model can stand. Nothing is kept before it is applied."""
    with for_readers("The first page lists the drafts of the workspace."):
        base = find_draft(service, bench, draft_id, version)
        found = agreed(suggest(bench, base.id, key, version=version, by=who.name(by)))
    settings = bench.settings
    return page(
        "draft_change.html",
        **frame(service, workspace, "h"),
        draft=base,
        title=plain(shown_draft(settings, base), base.title),
        diff=shown_diff(settings, found.diff) if found.diff else None,
        # A model isn't shown a passage with personal data, so nothing is masked in what it words.
        edits=json.dumps([one.model_dump(mode="json") for one in found.edits], ensure_ascii=False),
        worded_by=found.by,
        refused=[shown_text(settings, one) for one in found.refused],
    )
