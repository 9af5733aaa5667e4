"""`/v1/themes`: what customers speak of, counted and quoted; a run is a job."""

from typing import Annotated, Any

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import JSONResponse, Response

from api.answers import JOB
from api.deps import BenchDep, ServiceDep
from api.idempotency import OnceRoute
from assistant.domain.personal.views import masked_mapping
from assistant.domain.theme import Theme, ThemeRun, ThemeSet
from assistant.errors import NotFound, UsageError
from assistant.synthesis.pipeline import themes_of
from assistant.synthesis.plan import ThemePlan, plan
from assistant.workbench import Workbench

KIND = "themes"

router = APIRouter(tags=["themes"], route_class=OnceRoute)


class ThemeOrder(BaseModel):
    """A run of themes."""

    model_config = ConfigDict(extra="forbid")

    afresh: bool = False
    """Group all statements again; otherwise what is new comes to the themes that there are."""
    tokens: int | None = Field(default=None, ge=0, le=1_000_000_000)
    """At most, for names by a model; default: one per record, at least 100,000."""
    batch: bool = False
    """Names through the Batch API of the model's server."""


class ThemePage(BaseModel):
    """Themes of one level, those of the most people first."""

    run: ThemeRun | None
    """What they were found by; null before the first run."""
    statements: int
    records: int
    people: int
    waiting: int
    """Records that came in since the run."""
    items: list[dict[str, Any]]
    next: str | None
    """Cursor of the next page; null at the end."""


_Level = Annotated[int, Query(ge=1, le=3, description="1 areas, 2 themes in them, 3 their parts")]


@router.post("/v1/themes", status_code=202, summary="Find themes", responses=JOB)
def post_themes(service: ServiceDep, bench: BenchDep, body: ThemeOrder | None = None) -> Response:
    """202 with the job. It goes on behind what was finished if its server dies, and one runs at a time in a workspace."""
    order = (body or ThemeOrder()).model_dump(mode="json")
    job = service.jobs.submit(bench.workspace, KIND, order)
    return JSONResponse(job.model_dump(mode="json"), 202, {"Location": f"/v1/jobs/{job.id}"})


@router.get("/v1/themes", summary="List themes")
def get_themes(
    bench: BenchDep,
    level: _Level = 1,
    parent: Annotated[
        str | None, Query(max_length=100, description="Only the parts of this theme, whatever their level")
    ] = None,
    single_voices: Annotated[
        bool, Query(description="Also groups of fewer than three statements; nothing is dropped, only hidden")
    ] = False,
    cursor: Annotated[str | None, Query(max_length=200)] = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> ThemePage:
    """The themes of a level with their quotes, and what they are shares of."""
    themes = themes_of(bench)
    if themes is None:
        return ThemePage(run=None, statements=0, records=0, people=0, waiting=0, items=[], next=None)
    chosen = [
        theme
        for theme in themes.themes
        if (theme.parent == parent if parent is not None else theme.level == level)
        and (single_voices or not theme.is_single_voice)
    ]
    chosen.sort(key=lambda theme: (-theme.people, -theme.records, theme.id))
    start = _after(chosen, cursor)
    page = chosen[start : start + limit]
    return ThemePage(
        run=themes.run,
        statements=themes.statements,
        records=themes.records,
        people=themes.people,
        waiting=themes.waiting,
        items=[_shown(bench, theme) for theme in page],
        next=page[-1].id if start + limit < len(chosen) else None,
    )


@router.get("/v1/themes/plan", summary="What a run would take and cost")
def get_plan(
    bench: BenchDep,
    afresh: bool = False,
    tokens: Annotated[int | None, Query(ge=0, le=1_000_000_000)] = None,
    batch: bool = False,
) -> ThemePlan:
    """Texts to embed, time, memory, model calls, tokens and cost. Nothing is stored and no model is asked."""
    return plan(bench, afresh=afresh, most_tokens=tokens, batch=batch)


@router.get("/v1/themes/{theme_id}", summary="One theme")
def get_theme(bench: BenchDep, theme_id: str) -> dict[str, Any]:
    """Counts, keywords and quotes of a theme, with its `parts`: the themes right below it."""
    themes = themes_of(bench)
    theme = _found(themes, theme_id)
    assert themes is not None
    parts = [one for one in themes.themes if one.parent == theme.id and not one.is_single_voice]
    shown = [{"id": one.id, "name": one.name, "people": one.people} for one in parts]
    names = {"parts": shown if bench.settings.show_personal_data else [masked_mapping(one) for one in shown]}
    return _shown(bench, theme) | {"of_people": themes.people} | names


def _found(themes: ThemeSet | None, theme_id: str) -> Theme:
    for theme in themes.themes if themes is not None else ():
        if theme.id == theme_id:
            return theme
    raise NotFound(
        f"There is no theme {theme_id[:60]}.", hint="GET /v1/themes lists them; POST /v1/themes finds them."
    )


def _after(themes: list[Theme], cursor: str | None) -> int:
    if cursor is None:
        return 0
    for place, theme in enumerate(themes):
        if theme.id == cursor:
            return place + 1
    raise UsageError("The cursor is none that this list gave out.", hint="Use 'next' of the page before.")


def _shown(bench: Workbench, theme: Theme) -> dict[str, Any]:
    told = theme.model_dump(mode="json")
    return told if bench.settings.show_personal_data else dict(masked_mapping(told))
