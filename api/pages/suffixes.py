"""Pages whose other forms the API has already: by suffix they answer with what `/v1` says of the same thing, lists also as tables."""

from typing import Any, NoReturn

from fastapi import APIRouter
from pydantic import BaseModel
from starlette.responses import Response

from api import formats
from api.deps import BenchDep, ServiceDep, WorkspaceDep
from api.routes.drafts import VersionQuery, find_draft, get_draft
from api.routes.edits import get_texts, get_versions
from api.routes.kinds import get_kinds
from api.routes.themes import get_theme, get_themes
from api.routes.threads import get_thread, get_threads
from api.shown import shown_text
from api.web.counts import counts_of
from api.web.forms import FormDep, Table, shaped
from api.web.pages import for_readers
from assistant.domain.theme import ThemeSet
from assistant.domain.theme_trend import ThemeTrend, Trends
from assistant.errors import NotFound
from assistant.synthesis.outputs.told import share_of
from assistant.synthesis.pipeline import themes_of
from assistant.workbench import Workbench

router = APIRouter(include_in_schema=False)
_MOST = 100
_JOBS = 50
_DRAFTS = "The first page lists the drafts of the workspace."


@router.get("/themes.{form}")
def get_themes_as(bench: BenchDep, form: FormDep) -> Response:
    """The areas as JSON; areas and their themes as a table."""
    themes = themes_of(bench)
    return shaped(
        form,
        page=_no_page,
        data=lambda: get_themes(bench, limit=_MOST, cursor=None, parent=None).model_dump(mode="json"),
        table=lambda: _theme_table(bench, themes),
    )


@router.get("/themes/{theme_id}.{form}")
def get_theme_as(bench: BenchDep, form: FormDep, theme_id: str) -> Response:
    """One theme as JSON; its counts over time as a table."""
    told = get_theme(bench, theme_id)
    return shaped(form, page=_no_page, data=lambda: told, table=lambda: _period_table(bench, theme_id))


@router.get("/drafts/new.{form}")
def get_new_draft_as(form: FormDep) -> Response:
    """The kinds that can be drafted."""
    kinds = get_kinds()
    columns = ("kind", "title", "purpose", "version")
    rows = [tuple(getattr(one, name) for name in columns) for one in kinds.items]
    return _listed(form, kinds, Table("Kinds of draft", columns, rows))


@router.get("/drafts/{draft_id}/versions.{form}")
def get_versions_as(service: ServiceDep, bench: BenchDep, form: FormDep, draft_id: str) -> Response:
    """The versions with how each came about."""
    with for_readers(_DRAFTS):
        held = get_versions(service, bench, draft_id)
    rows = [
        (
            one.version,
            one.title,
            one.status,
            one.verdict or "",
            one.note.cause.value if one.note else "written",
            one.note.by if one.note else "",
            one.note.at.isoformat() if one.note else "",
        )
        for one in held.items
    ]
    columns = ("version", "title", "status", "verdict", "cause", "by", "at")
    return _listed(form, held, Table("Versions", columns, rows))


@router.get("/drafts/{draft_id}/edit.{form}")
def get_texts_as(
    service: ServiceDep, bench: BenchDep, form: FormDep, draft_id: str, version: VersionQuery = None
) -> Response:
    """The texts that can be edited, with their targets."""
    with for_readers(_DRAFTS):
        held = get_texts(service, bench, draft_id, version)
    rows = [(one.target, one.text, str(one.locked).lower()) for one in held.items]
    return _listed(form, held, Table("Texts", ("target", "text", "locked"), rows))


@router.get("/drafts/{draft_id}.{form}")
def get_draft_as(
    service: ServiceDep, bench: BenchDep, draft_id: str, form: str, version: VersionQuery = None
) -> Response:
    """The draft in every format that drafts have."""
    if form not in formats.TYPES:
        raise NotFound(
            f"There is no '.{form[:20]}' of a draft.", hint=f"There is: {', '.join(formats.TYPES)}."
        )
    with for_readers(_DRAFTS):
        find_draft(service, bench, draft_id, version)
    return get_draft(service, bench, f"{draft_id}.{form}", version, None, None)


@router.get("/chat.{form}")
def get_chats_as(bench: BenchDep, form: FormDep) -> Response:
    """The newest chats."""
    held = get_threads(bench, None, _MOST)
    rows = [
        (one.id, one.title, one.draft_id or "", one.created_at and one.created_at.isoformat())
        for one in held.items
    ]
    return _listed(form, held, Table("Chats", ("id", "title", "draft", "created_at"), rows))


@router.get("/chat/{thread_id}.{form}")
def get_chat_as(service: ServiceDep, bench: BenchDep, form: FormDep, thread_id: str) -> Response:
    """A chat with its turns."""
    held = get_thread(service, bench, thread_id)
    rows = [(one.id, one.by, one.at.isoformat(), one.text) for one in held.turns]
    return _listed(form, held, Table("Chat", ("id", "by", "at", "text"), rows))


@router.get("/import.{form}")
def get_imports_as(service: ServiceDep, workspace: WorkspaceDep, form: FormDep) -> Response:
    """The newest imports."""
    jobs = [one for one in service.jobs.newest(workspace, _JOBS) if one.kind == "ingest"]
    rows = [(one.id, one.state.value, one.created_at and one.created_at.isoformat()) for one in jobs]
    return shaped(
        form,
        page=_no_page,
        data=lambda: {"items": [one.model_dump(mode="json") for one in jobs]},
        table=lambda: Table("Imports", ("id", "state", "created_at"), rows),
    )


@router.get("/check.{form}")
def get_check_as(bench: BenchDep, form: FormDep) -> Response:
    """What a document would be checked against, and where to send it."""
    records = len(bench.columns().record_ids)
    return shaped(form, page=_no_page, data=lambda: {"records": records, "check": "POST /v1/checks"})


def _listed(form: FormDep, held: BaseModel, table: Table) -> Response:
    return shaped(form, page=_no_page, data=lambda: held.model_dump(mode="json"), table=lambda: table)


def _no_page() -> NoReturn:
    raise NotFound("There is no '.html' of this page.", hint="Leave the suffix out.")


def _theme_table(bench: Workbench, themes: ThemeSet | None) -> Table:
    columns = ("id", "level", "area", "name", "people", "records", "share")
    if themes is None:
        return Table("Themes", columns, ())
    listed = [one for one in themes.themes if one.level < 3 and not one.is_single_voice]
    rows = [
        (
            one.id,
            one.level,
            one.parent or "",
            shown_text(bench.settings, one.name),
            one.people,
            one.records,
            round(share_of(themes, one), 6),
        )
        for one in listed
    ]
    return Table("Themes", columns, rows)


def _period_table(bench: Workbench, theme_id: str) -> Table:
    counts = counts_of(bench)
    themes = counts.themes
    theme = next((one for one in themes.themes if one.id == theme_id), None) if themes else None
    columns = ("first", "until", "records", "low", "high", "people", "share", "of_records")
    if themes is None or theme is None:
        return Table("Theme", columns, ())
    table = counts.table(theme.level)
    trend = table.trend(theme_id)
    return Table(
        shown_text(bench.settings, theme.name), columns, _periods(table.head, trend) if trend else ()
    )


def _periods(trends: Trends, trend: ThemeTrend) -> list[tuple[Any, ...]]:
    return [
        (
            str(period.first),
            str(period.until),
            point.records,
            point.low,
            point.high,
            point.people,
            point.share,
            period.records,
        )
        for period, point in zip(trends.periods, trend.points, strict=True)
    ]
