"""`/v1/themes/edits`: correcting themes, looked at first; `/v1/themes/trends`: themes over time, with alerts."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict

from api.deps import BenchDep, DeciderDep
from api.idempotency import OnceRoute
from assistant.domain.personal.views import masked_mapping
from assistant.domain.theme import Level
from assistant.domain.theme_edit import EditPreview
from assistant.domain.theme_trend import Grain, Release
from assistant.errors import UsageError
from assistant.synthesis.ask_edit import EditRequest
from assistant.synthesis.pipeline import themes_of
from assistant.synthesis.steering import edits_of, steer, undo
from assistant.synthesis.trends import Asked, trends_of
from assistant.workbench import Workbench

"""Who edits, as the log has it: a key is no person."""

router = APIRouter(tags=["themes"], route_class=OnceRoute)


class EditOrder(EditRequest):
    """An edit, to be looked at or made."""

    dry_run: bool = True
    """Only say what would change. Nothing is changed unless this is false."""


class EditAgain(BaseModel):
    """Undoing an edit, or doing it again."""

    model_config = ConfigDict(extra="forbid")

    dry_run: bool = True


@router.get("/v1/themes/edits", summary="Edits of themes")
def get_theme_edits(bench: BenchDep) -> dict[str, Any]:
    """The log, oldest first, each edit with what became of it in the last run."""
    items = [
        logged.model_dump(mode="json") | {"result": result and result.model_dump(mode="json")}
        for logged, result in edits_of(bench)
    ]
    return _masked(bench, {"items": items})


@router.post("/v1/themes/edits", summary="Correct themes")
def post_theme_edit(bench: BenchDep, who: DeciderDep, body: EditOrder) -> dict[str, Any]:
    """What the edit changes on the records of now, with counts and quotes; made and remembered where `dry_run` is false."""
    asked = EditRequest.model_validate(body.model_dump(exclude={"dry_run"}))
    return _preview(bench, steer(bench, asked, by=who.name(""), dry_run=body.dry_run))


@router.post("/v1/themes/edits/{number}/undo", summary="Undo an edit")
def post_theme_undo(bench: BenchDep, number: int, body: EditAgain | None = None) -> dict[str, Any]:
    """The other edits stay as they are."""
    return _preview(bench, undo(bench, number, dry_run=(body or EditAgain()).dry_run))


@router.post("/v1/themes/edits/{number}/redo", summary="Do an edit again")
def post_theme_redo(bench: BenchDep, number: int, body: EditAgain | None = None) -> dict[str, Any]:
    """An edit that was undone is in force again."""
    return _preview(bench, undo(bench, number, redo=True, dry_run=(body or EditAgain()).dry_run))


@router.get("/v1/themes/trends", summary="Themes over time")
def get_theme_trends(
    bench: BenchDep,
    by: Annotated[Grain | None, Query(description="length of a period; default: by the span")] = None,
    release: Annotated[list[str] | None, Query(description="NAME=DATE; may be repeated")] = None,
    as_of: Annotated[
        date | None, Query(description="the day that counts as today; default: the clock's")
    ] = None,
    level: Annotated[int, Query(ge=1, le=3, description="1 areas, 2 themes in them, 3 their parts")] = 1,
) -> dict[str, Any]:
    """Periods with counts and intervals, and alerts on change."""
    themes = themes_of(bench)
    if themes is None:
        raise UsageError(
            f"Workspace '{bench.workspace}' has no themes yet.", hint="POST /v1/themes finds them."
        )
    asked = Asked(by, releases_of(release or ()), as_of or datetime.now(UTC).date(), _LEVELS[level])
    return _masked(bench, trends_of(bench, themes, asked).model_dump(mode="json"))


_LEVELS: dict[int, Level] = {1: 1, 2: 2, 3: 3}


def releases_of(texts: Sequence[str]) -> tuple[Release, ...]:
    """Releases from `NAME=DATE`, by day. Raises: UsageError."""
    return tuple(sorted(map(_release, texts), key=lambda one: (one.day, one.name)))


def _release(text: str) -> Release:
    name, _, day = text.rpartition("=")
    try:
        return Release(name=name.strip(), day=date.fromisoformat(day.strip()))
    except ValueError as problem:
        raise UsageError(
            f"The release '{text[:60]}' can't be used.",
            hint="Write it as NAME=DATE, for example 4.2=2026-05-12.",
        ) from problem


def _preview(bench: Workbench, preview: EditPreview) -> dict[str, Any]:
    return _masked(bench, preview.model_dump(mode="json"))


def _masked(bench: Workbench, told: dict[str, Any]) -> dict[str, Any]:
    return told if bench.settings.show_personal_data else masked_mapping(told)
