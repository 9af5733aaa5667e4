"""All themes of a level as a list that sorts, and starting a run."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Annotated, Any, Literal, get_args

from fastapi import APIRouter, Form, Query
from starlette.responses import RedirectResponse, Response

from api.deps import BenchDep, ServiceDep, WorkspaceDep
from api.pages.counting import counting
from api.routes.themes import KIND, ThemeOrder
from api.shown import shown_text
from api.web.counts import Counts, counts_of
from api.web.forms import FormDep, Table, page_at, shaped
from api.web.pages import frame, link
from api.web.render import page
from api.web.trend_charts import Sparks, span_of
from assistant.domain.theme import Level, Theme, ThemeSet
from assistant.errors import UsageError
from assistant.synthesis.outputs.charts import SPARK
from assistant.synthesis.outputs.told import flags_of, share_of
from assistant.synthesis.trend_table import TrendTable

router = APIRouter(include_in_schema=False)
Sort = Literal["people", "records", "rise", "name"]
_LEVELS: dict[int, Level] = {1: 1, 2: 2, 3: 3}
_PAGE = 50
_MOST_PAGES = 100_000


@dataclass(frozen=True)
class Row:
    """A theme in the list."""

    theme: Theme
    name: str
    above: str
    share: float
    rise: float
    """Share of the last whole period over the mean of those before it; 1: as before, 0: nothing is known."""


@page_at(router, "/themes/list")
def get_theme_list(
    bench: BenchDep,
    service: ServiceDep,
    workspace: WorkspaceDep,
    form: FormDep,
    sort: Sort = "people",
    level: Annotated[int, Query(ge=1, le=3)] = 2,
    number: Annotated[int, Query(alias="page", ge=1, le=_MOST_PAGES)] = 1,
) -> Response:
    """The themes of a level, by people, records, name, or how much they rose. CSV and Markdown hold all of them."""
    counts = counts_of(bench)
    themes = counts.themes
    if themes is None:
        raise UsageError("There are no themes yet.", hint="Start a run on the page of themes.")
    table = counts.table(_LEVELS[level])
    rows = counts.once(("list", level, sort), lambda: _sorted(_listed(counts, themes, table), sort))
    start = (number - 1) * _PAGE

    def told() -> list[dict[str, Any]]:
        return [
            {
                "id": row.theme.id,
                "name": row.name,
                "area": row.above,
                "people": row.theme.people,
                "records": row.theme.records,
                "share": round(row.share, 6),
                "rise": row.rise,
            }
            for row in rows
        ]

    return shaped(
        form,
        page=lambda: page(
            "theme_list.html",
            **frame(service, workspace, "t"),
            rows=rows[start : start + _PAGE],
            count=len(rows),
            sort=sort,
            sorts=get_args(Sort),
            level=level,
            number=number,
            pages=max(1, -(-len(rows) // _PAGE)),
            sparks=Sparks([table]),
            **counting(service, counts),
            spark_size=SPARK,
            span=span_of(table.head),
            warnings=flags_of,
            has_people=bool(themes.people),
        ),
        data=lambda: {"items": told()},
        table=lambda: Table(
            "Themes",
            ("id", "name", "area", "people", "records", "share", "rise"),
            [tuple(one.values()) for one in told()],
        ),
    )


@router.post("/themes/run")
def post_run(
    service: ServiceDep, workspace: WorkspaceDep, afresh: Annotated[bool, Form()] = False
) -> Response:
    """Find themes, and go to the job."""
    job = service.jobs.submit(workspace, KIND, ThemeOrder(afresh=afresh).model_dump(mode="json"))
    back = link(f"/jobs/{job.id}", service.settings.workspace, workspace)
    return RedirectResponse(back, HTTPStatus.SEE_OTHER)


def _listed(counts: Counts, themes: ThemeSet, table: TrendTable) -> list[Row]:
    # Masking the names of 10,000 themes takes a second, which each way of sorting them shares.
    settings = counts.bench.settings
    return counts.once(
        ("rows", table.head.level), lambda: _rows(themes, table, lambda text: shown_text(settings, text))
    )


def _rows(themes: ThemeSet, table: TrendTable, shown: Callable[[str], str]) -> list[Row]:
    by_id = {one.id: one for one in themes.themes}
    rises = _rises(table)
    return [
        Row(
            theme=one,
            name=shown(one.name) or "(no words)",
            above=shown(by_id[one.parent].name) if one.parent else "",
            share=share_of(themes, one),
            rise=rises.get(one.id, 0.0),
        )
        for one in themes.of_level(table.head.level)
        if not one.is_single_voice
    ]


def _rises(table: TrendTable) -> dict[str, float]:
    whole = [place for place, one in enumerate(table.head.periods) if one.is_whole]
    if len(whole) < 2:
        return {}
    found = {}
    for theme, shares in zip(table.ids, table.shares[:, whole].tolist(), strict=True):
        *before, last = shares
        mean = sum(before) / len(before)
        found[theme] = round(last / mean, 3) if mean else 0.0
    return found


def _sorted(rows: Sequence[Row], sort: Sort) -> list[Row]:
    by_size = sorted(rows, key=lambda row: (-row.theme.people, -row.theme.records, row.theme.id))
    if sort == "records":
        return sorted(by_size, key=lambda row: -row.theme.records)
    if sort == "rise":
        return sorted(by_size, key=lambda row: -row.rise)
    return sorted(by_size, key=lambda row: row.name.casefold()) if sort == "name" else by_size
