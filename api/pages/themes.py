"""The web pages of themes: what customers speak of by area, one theme with its quotes, and the report as a file."""

from collections.abc import Mapping
from typing import Annotated

from fastapi import APIRouter, Query
from starlette.responses import Response

from api.deps import BenchDep, ServiceDep, WorkspaceDep
from api.pages.counting import counting
from api.routes.theme_edits import releases_of
from api.routes.themes import KIND
from api.shown import shown_text
from api.web.counts import Counts, counts_of
from api.web.jobs import running_job
from api.web.pages import frame
from api.web.render import page
from api.web.trend_charts import HEIGHT, WIDTH, Sparks, chart_of, span_of
from assistant.domain.personal.views import masked_quote
from assistant.domain.theme import Level, Theme, ThemeSet
from assistant.domain.theme_trend import Release, ThemeTrend, Trends
from assistant.errors import NotFound
from assistant.synthesis.outputs.charts import SPARK
from assistant.synthesis.outputs.export import export_of
from assistant.synthesis.outputs.page import policy
from assistant.synthesis.outputs.report import report_html
from assistant.synthesis.outputs.told import Line, change_of, flags_of, lines_of, share_of
from assistant.synthesis.trends import Asked, trends_of

router = APIRouter(include_in_schema=False)
_MAX_AREAS = 300
_MAX_THEMES = 100
"""Parts that the page of an area or theme lists."""
_SHOWN_THEMES = 15
"""Of each area on the page of all; its own page has more, the list all. 31 areas with a hundred each weighed 2.2 MB."""
_MAX_CHANGES = 8
_LISTED: tuple[Level, ...] = (1, 2)
_LEVEL_BELOW: Mapping[Level, Level] = {1: 2, 2: 3}


@router.get("/themes")
def get_themes_page(bench: BenchDep, service: ServiceDep, workspace: WorkspaceDep) -> Response:
    """All themes by area, or how to find them."""
    counts = counts_of(bench)
    themes = counts.themes
    below = _below(themes) if themes else {}
    areas = [one for one in below.get(None, ()) if not one.is_single_voice]
    shown = [
        (area, [one for one in below.get(area.id, ()) if not one.is_single_voice])
        for area in areas[:_MAX_AREAS]
    ]
    tables = [counts.table(level) for level in _LISTED] if themes else []
    trends = tables[0].head if tables else None
    running = running_job(service, workspace, KIND)
    told = {one.id for one, _ in shown}
    return page(
        "themes.html",
        **frame(service, workspace, "t"),
        running=running,
        themes=themes,
        areas=shown,
        more_areas=len(areas) - len(shown),
        most=_SHOWN_THEMES,
        single=sum(one.is_single_voice for one in themes.of_level(2)) if themes else 0,
        **counting(service, counts, "/themes"),
        records=counts.overview.records,
        share=lambda theme: share_of(themes, theme) if themes else 0.0,
        widest=max((share_of(themes, area) for area, _ in shown), default=0.0) if themes else 0.0,
        warnings=flags_of,
        sparks=Sparks(tables),
        spark_size=SPARK,
        span=span_of(trends) if trends else "",
        changes=[(one, change_of(one)) for one in trends.alerts if one.theme in told][:_MAX_CHANGES]
        if trends
        else [],
    )


@router.get("/themes/report")
def get_report(bench: BenchDep, workspace: WorkspaceDep) -> Response:
    """The report as one file to keep or to send; it opens anywhere, offline."""
    content = report_html(export_of(bench))
    return Response(
        content.encode("utf-8"),
        media_type="text/html; charset=utf-8",
        headers={
            "Content-Disposition": f'attachment; filename="themes-{workspace}.html"',
            "Content-Security-Policy": policy(),
        },
    )


@router.get("/themes/{theme_id}")
def get_theme_page(
    bench: BenchDep,
    service: ServiceDep,
    workspace: WorkspaceDep,
    theme_id: str,
    release: Annotated[list[str] | None, Query(max_length=20)] = None,
) -> Response:
    """One theme: who speaks of it, what it consists of, and its quotes, each of which leads to its passage."""
    counts = counts_of(bench)
    themes = counts.themes
    by_id = {one.id: one for one in themes.themes} if themes else {}
    if themes is None or theme_id not in by_id:
        raise NotFound(
            f"There is no theme '{theme_id[:60]}' in workspace '{workspace}'.",
            hint="A run that groups everything afresh can end a theme. The page of themes lists those of now.",
        )
    theme = by_id[theme_id]
    below = _below(themes).get(theme.id, [])
    above = by_id[theme.parent] if theme.parent else None
    parts = [one for one in below if not one.is_single_voice][:_MAX_THEMES]
    marks = releases_of([one for one in release or () if one.strip()])
    trends, trend = _over_time(counts, theme, marks)
    masks = not bench.settings.show_personal_data
    return page(
        "theme.html",
        **frame(service, workspace, "t"),
        themes=themes,
        theme=theme,
        trail=[by_id[above.parent], above] if above and above.parent else [above] if above else [],
        **counting(service, counts),
        chart=chart_of(trends, trend),
        size=(WIDTH, HEIGHT),
        releases=marks,
        sparks=Sparks([counts.table(_LEVEL_BELOW[theme.level])] if parts else []),
        spark_size=SPARK,
        changes=[change_of(one) for one in trends.alerts if one.theme == theme.id],
        parts=parts,
        single=[one for one in below if one.is_single_voice],
        share=lambda one: share_of(themes, one),
        facts=[
            Line(shown_text(bench.settings, one.about), shown_text(bench.settings, one.text), one.warns)
            for one in lines_of(theme.facts, themes.facts)
        ],
        quotes=[(one.role.value, masked_quote(one.quote) if masks else one.quote) for one in theme.quotes],
    )


def _over_time(counts: Counts, theme: Theme, marks: tuple[Release, ...]) -> tuple[Trends, ThemeTrend | None]:
    """The trends of a theme's level, and its own."""
    if not marks or counts.themes is None:
        table = counts.table(theme.level)
        return table.head, table.trend(theme.id)
    trends = trends_of(counts.bench, counts.themes, Asked(releases=marks, level=theme.level))
    return trends, next((one for one in trends.themes if one.id == theme.id), None)


def _below(themes: ThemeSet) -> dict[str | None, list[Theme]]:
    found: dict[str | None, list[Theme]] = {}
    for theme in themes.themes:
        found.setdefault(theme.parent, []).append(theme)
    return found
