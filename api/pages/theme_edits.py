"""Steering themes: an edit is looked at over the records of now before it is made, and every one can be undone."""

from http import HTTPStatus
from typing import Annotated, Literal

from fastapi import APIRouter, Form, Query
from pydantic import ValidationError
from starlette.responses import RedirectResponse, Response

from api.deps import BenchDep, DeciderDep, Service, ServiceDep, WorkspaceDep
from api.shown import shown_text
from api.web.forms import FormDep, Table, page_at, shaped
from api.web.pages import frame, link
from api.web.render import page
from assistant.domain.personal.views import masked_mapping, masked_quote
from assistant.domain.theme import Theme
from assistant.domain.theme_edit import EditAction, EditPreview
from assistant.errors import NotFound, UsageError
from assistant.synthesis.ask_edit import EditRequest
from assistant.synthesis.pipeline import themes_of
from assistant.synthesis.steering import edits_of, steer, undo
from assistant.workbench import Workbench

router = APIRouter(include_in_schema=False)
_OFFERED = 300
_Action = Literal["rename", "merge", "split", "move"]
_Text = Annotated[str, Query(max_length=500)]
_FormText = Annotated[str, Form(max_length=500)]


@page_at(router, "/themes/edits")
def get_edits_page(bench: BenchDep, service: ServiceDep, workspace: WorkspaceDep, form: FormDep) -> Response:
    """What people decided about themes, newest first, each to be undone or done again."""
    held = edits_of(bench)
    names = {one.id: one.name for one in themes.themes} if (themes := themes_of(bench)) else {}
    return shaped(
        form,
        page=lambda: page(
            "theme_edits.html", **frame(service, workspace, "t"), edits=list(reversed(held)), names=names
        ),
        data=lambda: _masked(bench, {"items": [one.model_dump(mode="json") for one, _ in held]}),
        table=lambda: Table(
            "Edits of themes",
            ("number", "action", "theme", "name", "by", "at", "is_in_force"),
            [
                (
                    one.number,
                    one.edit.action.value,
                    one.edit.theme,
                    shown_text(bench.settings, one.edit.name),
                    one.by,
                    one.at.isoformat(),
                    one.is_in_force,
                )
                for one, _ in held
            ],
        ),
    )


@router.post("/themes/edits/{number}/{what}")
def post_again(
    bench: BenchDep, service: ServiceDep, workspace: WorkspaceDep, number: int, what: Literal["undo", "redo"]
) -> Response:
    """Undo an edit, or do it again. The other edits stay as they are."""
    undo(bench, number, redo=what == "redo", dry_run=False)
    return _to(service, workspace, "/themes/edits")


@page_at(router, "/themes/{theme_id}/edit")
def get_edit(
    bench: BenchDep,
    service: ServiceDep,
    workspace: WorkspaceDep,
    form: FormDep,
    theme_id: str,
    action: _Action | None = None,
    name: _Text = "",
    other: _Text = "",
    to: _Text = "",
    parts: Annotated[int, Query(ge=2, le=12)] = 2,
) -> Response:
    """Forms to rename, merge, split or move a theme; with an action, what it would change."""
    theme, alike, above = _around(bench, theme_id)
    asked = _asked(action, theme_id, name, other, to, parts) if action else None
    preview, problem = _looked(bench, asked)
    told = {"action": action, "name": name, "other": other, "to": to, "parts": parts}
    return shaped(
        form,
        page=lambda: page(
            "theme_edit.html",
            **frame(service, workspace, "t"),
            theme=theme,
            alike=alike,
            above=above,
            asked=told,
            preview=preview,
            problem=problem,
            quoted=lambda quote: quote if bench.settings.show_personal_data else masked_quote(quote),
        ),
        data=lambda: {
            "theme": theme.id,
            "asked": told if action else None,
            "alike": [one.id for one in alike],
            "above": [one.id for one in above],
            "problem": problem,
            "preview": _masked(bench, preview.model_dump(mode="json")) if preview else None,
        },
    )


@router.post("/themes/{theme_id}/edit")
def post_edit(
    bench: BenchDep,
    who: DeciderDep,
    service: ServiceDep,
    workspace: WorkspaceDep,
    theme_id: str,
    action: Annotated[_Action, Form()],
    name: _FormText = "",
    other: _FormText = "",
    to: _FormText = "",
    parts: Annotated[int, Form(ge=2, le=12)] = 2,
) -> Response:
    """Make the edit. Later runs keep to it."""
    steer(bench, _asked(action, theme_id, name, other, to, parts), by=who.name(""), dry_run=False)
    return _to(service, workspace, "/themes/edits")


def _asked(action: _Action, theme: str, name: str, other: str, to: str, parts: int) -> EditRequest:
    others = (other,) if other else ()
    try:
        return EditRequest(
            action=EditAction(action), theme=theme, name=name, others=others, to=to, parts=parts
        )
    except ValidationError as problem:
        raise UsageError("That edit can't be read.", hint="Go back and fill the form again.") from problem


def _looked(bench: Workbench, asked: EditRequest | None) -> tuple[EditPreview | None, str]:
    """What the edit would change, or why it can't be made."""
    if asked is None:
        return None, ""
    try:
        return steer(bench, asked, by="", dry_run=True), ""
    except (UsageError, NotFound) as problem:
        return None, problem.message


def _around(bench: Workbench, theme_id: str) -> tuple[Theme, list[Theme], list[Theme]]:
    """The theme, those that it can be merged with, and those that it can hang under."""
    themes = themes_of(bench)
    theme = next((one for one in themes.themes if one.id == theme_id), None) if themes else None
    if theme is None or themes is None:
        raise NotFound(f"There is no theme '{theme_id[:60]}'.", hint="The page of themes lists those of now.")
    real = sorted(
        (one for one in themes.themes if not one.is_single_voice),
        key=lambda one: (-one.people, -one.records, one.id),
    )
    alike = [one for one in real if one.level == theme.level and one.id != theme.id]
    above = [one for one in real if one.level < theme.level and one.id not in (theme.id, theme.parent)]
    return theme, alike[:_OFFERED], above[:_OFFERED]


def _masked(bench: Workbench, told: dict[str, object]) -> dict[str, object]:
    return told if bench.settings.show_personal_data else masked_mapping(told)


def _to(service: Service, workspace: str, path: str) -> Response:
    return RedirectResponse(link(path, service.settings.workspace, workspace), HTTPStatus.SEE_OTHER)
