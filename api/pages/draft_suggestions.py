"""A model's wording for what a check has against a draft: asked for by a button, looked at as a difference, taken or left."""

import json

from fastapi import APIRouter
from starlette.responses import Response

from api.routes.approvals import KeyPath
from api.shown import shown_diff, shown_text, shown_title
from api.web.draft_forms import WHERE_DRAFTS_ARE, DraftFormDep, agreed
from api.web.pages import for_readers
from api.web.render import page
from evals.editing.suggest import suggest

router = APIRouter(include_in_schema=False)


@router.post("/drafts/{draft_id}/findings/{key}/suggestion")
def post_suggestion(form: DraftFormDep, key: KeyPath) -> Response:
    """What the draft would be with it, or why no wording of the model can stand. Nothing is kept before it is applied."""
    base = form.draft()
    with for_readers(WHERE_DRAFTS_ARE):
        found = agreed(suggest(form.bench, base.id, key, version=form.version, by=form.by))
    settings = form.bench.settings
    return page(
        "draft_change.html",
        **form.frame(),
        draft=base,
        title=shown_title(settings, base),
        diff=shown_diff(settings, found.diff) if found.diff else None,
        # A model isn't shown a passage with personal data, so nothing is masked in what it words.
        edits=json.dumps([one.model_dump(mode="json") for one in found.edits], ensure_ascii=False),
        worded_by=found.by,
        refused=[shown_text(settings, one) for one in found.refused],
    )
