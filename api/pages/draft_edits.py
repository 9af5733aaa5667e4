"""Changing a draft from its pages: looked at first, then made; mended, undone, redone, and compared with what it was."""

import json
from typing import Annotated, Any, Literal, get_args

from fastapi import APIRouter, Form, Query
from pydantic import TypeAdapter, ValidationError
from starlette.responses import Response

from api.deps import BenchDep, ServiceDep, WorkspaceDep
from api.routes.approvals import KeyPath
from api.routes.drafts import VersionQuery, find_draft
from api.shown import shown_diff, shown_draft, shown_note, shown_text, shown_title
from api.web.draft_forms import WHERE_DRAFTS_ARE, DraftFormDep, agreed
from api.web.pages import for_readers, frame
from api.web.render import page
from assistant.domain.draft import Draft
from assistant.domain.draft_diff import DraftDiff
from assistant.domain.edit import LONGEST_TEXT, MOST_EDITS, Edit, Reword, Style
from assistant.domain.personal.views import masked_value
from assistant.drafting.editing.addresses import addresses
from assistant.drafting.formats.tree import plain
from assistant.errors import UsageError
from assistant.workbench import Workbench
from evals.editing.amend import amend, undo
from evals.editing.fixes import fix
from evals.editing.history import diff_of, history
from evals.editing.rehearse import rehearse
from evals.editing.suggest import can_suggest

router = APIRouter(include_in_schema=False)

Action = Literal[
    "replace",
    "shorter",
    "for_sales",
    "less_jargon",
    "split_story",
    "add_failure_path",
    "remove",
    "lock",
    "unlock",
]
"""What the menu over a passage offers."""
LABELS: dict[str, str] = {
    "shorter": "Shorter",
    "for_sales": "For sales",
    "less_jargon": "Less jargon",
    "split_story": "Split story",
    "add_failure_path": "Add failure path",
    "remove": "Remove",
    "lock": "Lock",
    "unlock": "Unlock",
}
_AT_ONCE = {"lock", "unlock"}
_EDITS: TypeAdapter[list[Edit]] = TypeAdapter(list[Edit])

_Target = Annotated[str, Form(max_length=200)]


@router.get("/drafts/{draft_id}/edit")
def get_edit(
    bench: BenchDep,
    service: ServiceDep,
    workspace: WorkspaceDep,
    draft_id: str,
    version: VersionQuery = None,
    target: Annotated[str, Query(max_length=200)] = "",
) -> Response:
    """A text to type over, and what else can be done with it; without a target, the texts there are."""
    with for_readers(WHERE_DRAFTS_ARE):
        draft = shown_draft(bench.settings, find_draft(service, bench, draft_id, version))
    texts = {name: plain(draft, text) for name, text in addresses(draft) if text}
    if target and target not in texts:
        raise UsageError("There is no such text in the draft.", hint="Open the draft, and choose a passage.")
    story = _story(draft, target)
    actions = [one for one in get_args(Action)[1:] if story or one not in ("split_story", "add_failure_path")]
    locked = any(target == one or target.startswith(f"{one}.") for one in draft.locks)
    actions.remove("lock" if locked else "unlock")
    return page(
        "draft_edit.html",
        **frame(service, workspace, "h"),
        draft=draft,
        title=plain(draft, draft.title),
        target=target,
        texts=texts,
        locked=locked,
        actions=[(one, LABELS[one]) for one in actions],
    )


@router.post("/drafts/{draft_id}/edit")
def post_edit(
    form: DraftFormDep,
    target: _Target = "",
    action: Annotated[Action, Form()] = "replace",
    text: Annotated[str, Form(max_length=LONGEST_TEXT)] = "",
    edits: Annotated[str, Form(max_length=400_000)] = "",
    confirm: Annotated[bool, Form()] = False,
) -> Response:
    """Show what would come of an edit, or, confirmed, make it. Args: edits: as JSON, in place of a target and an action."""
    base = form.draft()
    wanted = _read(edits) if edits else _edits(base, target, action, text)
    makes = confirm or (not edits and action in _AT_ONCE)
    refused: tuple[str, ...] = ()
    if not makes and can_suggest(form.bench.settings) and isinstance(wanted[0], Reword):
        wanted, diff, refused = _worded(form.bench, base, wanted, form.by)
    else:
        diff = agreed(
            amend(form.bench, base.id, wanted, version=form.version, by=form.by, dry_run=not makes)
        ).diff
    if makes:
        return form.back_to_newest()
    return page(
        "draft_change.html",
        **form.frame(),
        draft=base,
        title=shown_title(form.bench.settings, base),
        diff=shown_diff(form.bench.settings, diff),
        edits=json.dumps([one.model_dump(mode="json") for one in wanted], ensure_ascii=False),
        worded_by="",
        refused=[shown_text(form.bench.settings, one) for one in refused],
    )


@router.post("/drafts/{draft_id}/findings/{key}/fix")
def post_fix(form: DraftFormDep, key: KeyPath) -> Response:
    """Code mends it and grades the draft again; undo brings it back."""
    agreed(fix(form.bench, form.draft_id, version=form.version, by=form.by, key=key))
    return form.back_to_newest()


@router.post("/drafts/{draft_id}/undo")
def post_undo(form: DraftFormDep) -> Response:
    """Take the last change back."""
    agreed(undo(form.bench, form.draft_id, version=form.version, by=form.by))
    return form.back_to_newest()


@router.post("/drafts/{draft_id}/redo")
def post_redo(form: DraftFormDep) -> Response:
    """Make again what was taken back last."""
    agreed(undo(form.bench, form.draft_id, version=form.version, by=form.by, again=True))
    return form.back_to_newest()


@router.get("/drafts/{draft_id}/versions")
def get_versions(
    bench: BenchDep,
    service: ServiceDep,
    workspace: WorkspaceDep,
    draft_id: str,
    before: Annotated[int | None, Query(ge=1, le=1_000_000)] = None,
    after: Annotated[int | None, Query(ge=1, le=1_000_000)] = None,
) -> Response:
    """All versions with how each came about; what differs between two of them, and why."""
    with for_readers(WHERE_DRAFTS_ARE):
        newest = find_draft(service, bench, draft_id)
        told = history(bench, newest.id)
        last = after or newest.version
        first = before or max(1, last - 1)
        diff = diff_of(bench, newest.id, first, last) if first != last else None
    notes = {one.version: shown_note(bench.settings, one) for one in told.notes}
    return page(
        "draft_versions.html",
        **frame(service, workspace, "h"),
        draft=newest,
        title=shown_title(bench.settings, newest),
        lines=[(one, notes.get(one)) for one in reversed(told.versions)],
        pair=(first, last),
        diff=shown_diff(bench.settings, diff) if diff else None,
    )


def _edits(draft: Draft, target: str, action: Action, text: str) -> list[Edit]:
    about = _story(draft, target) if action in ("split_story", "add_failure_path") else target
    held: dict[str, Any] = {"type": action, "target": about}
    if action == "replace":
        before = {name: plain(draft, one) for name, one in addresses(draft)}.get(target)
        words = text.replace("\r\n", "\n")
        if words == before:
            raise UsageError("The text is as it was.", hint="Type over it, or choose one of the changes.")
        held |= {"text": words, "filled": True}
    elif action in {one.value for one in Style}:
        held = {"type": "reword", "target": target, "style": action}
    return _read(json.dumps([held]))


def _worded(
    bench: Workbench, draft: Draft, wanted: list[Edit], by: str
) -> tuple[list[Edit], DraftDiff, tuple[str, ...]]:
    """Wishes for another wording as the model words them, else as rules do. Raises: what stands in the way."""
    found = rehearse(bench, draft.id, draft.version, wanted, by=by)
    if found.problem is not None or found.diff is None:
        raise found.problem or UsageError("Nothing would change.", hint="Type over it.")
    # As in `shown_proposal`: a wording with personal data is made again from the wish, and leaves no words in the form.
    pairs = zip(found.edits, found.wishes, strict=True)
    masks = not bench.settings.show_personal_data
    kept = [
        wish if masks and masked_value(told := edit.model_dump(mode="json")) != told else edit
        for edit, wish in pairs
    ]
    return kept, found.diff, found.refused


def _read(text: str) -> list[Edit]:
    try:
        found = _EDITS.validate_json(text)
    except ValidationError as problem:
        raise UsageError(
            "That is no change of a draft.", hint="Open the draft, and choose a passage."
        ) from problem
    if not 1 <= len(found) <= MOST_EDITS:
        raise UsageError("That is no change of a draft.", hint=f"One to {MOST_EDITS} edits at a time.")
    return found


def _story(draft: Draft, target: str) -> str:
    """The story that a target stands in; empty where it stands in none."""
    name = target.split(".")[0]
    stories = {one.id for one in draft.blocks() if one.type == "story"}
    if name in stories:
        return name
    resting = [one.id for one in draft.blocks() if one.type == "story" and name in one.claim_ids]
    return resting[0] if resting else ""
