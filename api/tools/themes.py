"""Asking what customers speak of: themes of a level, one theme with its quotes and its trend."""

from datetime import UTC, date, datetime

from pydantic import Field

from api.shown import shown_text
from api.tools.shapes import Asked, QuoteTold, Quoting, Told, quote_told, theme_uri
from assistant.domain.theme import Level, Theme, ThemeSet
from assistant.domain.theme_trend import Change, Grain, ThemeTrend, Trends
from assistant.errors import NotFound
from assistant.synthesis.find import theme_named
from assistant.synthesis.pipeline import themes_of
from assistant.synthesis.trends import Asked as TrendAsked
from assistant.synthesis.trends import trends_of
from assistant.workbench import Workbench

_DIGITS = 4
_NONE_YET = "This workspace has no themes yet."
_FIND_THEM = "A person finds them: voxspec themes run, or the page /themes."


class ThemesAsked(Asked):
    """Which themes are wanted."""

    level: Level = Field(default=1, description="1: areas; 2: themes in them; 3: their parts.")
    parent: str | None = Field(
        default=None, max_length=200, description="Only what is right below this theme: its id or name."
    )
    limit: int = Field(
        default=20, ge=1, le=200, description="At most so many, those of the most people first."
    )


class ThemeLine(Told):
    """A theme in a list."""

    id: str
    name: str
    level: int
    parent: str | None
    people: int = Field(description="Distinct known people who speak of it.")
    share: float = Field(description="Of `of_people`, in [0, 1].")
    records: int
    keywords: list[str]
    uri: str


class ThemesTold(Quoting):
    """Themes, those of the most people first."""

    of_people: int
    of_records: int
    waiting: int = Field(description="Records that came in since the themes were found.")
    themes: list[ThemeLine]
    more: int = Field(description="Themes that the limit left out.")
    next: str = ""


class ThemeAsked(Asked):
    """One theme."""

    theme: str = Field(min_length=1, max_length=200, description="Its id or name.")
    by: Grain | None = Field(
        default=None, description="How long a period of its trend is; default: by the records' span."
    )


class Part(Told):
    """A theme right below another one."""

    id: str
    name: str
    people: int


class Said(QuoteTold):
    """A quote that stands for a theme."""

    role: str = Field(description="`typical`, `extreme`, `dissenting` or `newest`.")


class PeriodTold(Told):
    """A theme in one period."""

    first: date
    records: int
    people: int
    share: float = Field(description="Of the period's records.")
    is_whole: bool = Field(description="Whether the period is over.")
    change: str | None = Field(description="`spike` or `fade` against the periods before it.")


class AlertTold(Told):
    """A change that chance doesn't explain."""

    kind: str
    since: date
    share_before: float
    share_after: float
    probability: float = Field(description="That chance alone shows such a change.")


class ThemeTold(Quoting):
    """What is known of a theme, counted over the records of now."""

    theme: ThemeLine
    summary: str
    of_people: int
    parts: list[Part]
    quotes: list[Said]
    grain: str | None
    trend: list[PeriodTold] = Field(description="Oldest first; empty for a single voice, which has none.")
    alerts: list[AlertTold]


def list_themes(bench: Workbench, asked: ThemesAsked) -> ThemesTold:
    """The themes of a level, or right below one. Raises: NotFound; StoreError."""
    themes = themes_of(bench)
    if themes is None:
        rows = bench.corpus()
        return ThemesTold(
            of_people=0,
            of_records=0,
            waiting=len(rows.record_ids),
            themes=[],
            more=0,
            next=f"{_NONE_YET} {_FIND_THEM}",
        )
    parent = theme_named(themes, asked.parent).id if asked.parent is not None else None
    chosen = [
        one
        for one in themes.themes
        if (one.parent == parent if parent is not None else one.level == asked.level)
        and not one.is_single_voice
    ]
    chosen.sort(key=lambda one: (-one.people, -one.records, one.id))
    return ThemesTold(
        of_people=themes.people,
        of_records=themes.records,
        waiting=themes.waiting,
        themes=[_line(bench, one) for one in chosen[: asked.limit]],
        more=max(0, len(chosen) - asked.limit),
    )


def get_theme(bench: Workbench, asked: ThemeAsked) -> ThemeTold:
    """One theme with its quotes, parts and trend. Raises: NotFound; UsageError for too many periods; StoreError."""
    themes = themes_of(bench)
    if themes is None:
        raise NotFound(_NONE_YET, hint=_FIND_THEM)
    theme = theme_named(themes, asked.theme)
    trends, trend = _trend(bench, themes, theme, asked.by)
    parts = [one for one in themes.themes if one.parent == theme.id and not one.is_single_voice]
    return ThemeTold(
        theme=_line(bench, theme),
        summary=shown_text(bench.settings, theme.summary),
        of_people=themes.people,
        parts=[
            Part(id=one.id, name=shown_text(bench.settings, one.name), people=one.people) for one in parts
        ],
        quotes=[
            Said(**dict(quote_told(bench.settings, one.quote)), role=one.role.value) for one in theme.quotes
        ],
        grain=trends.grain.value if trend else None,
        trend=_periods(trends, trend) if trend else [],
        alerts=[_alert(one) for one in trends.alerts if one.theme == theme.id],
    )


def _trend(
    bench: Workbench, themes: ThemeSet, theme: Theme, by: Grain | None
) -> tuple[Trends, ThemeTrend | None]:
    found = trends_of(bench, themes, TrendAsked(by, today=datetime.now(UTC).date(), level=theme.level))
    return found, next((one for one in found.themes if one.id == theme.id), None)


def _periods(trends: Trends, trend: ThemeTrend) -> list[PeriodTold]:
    return [
        PeriodTold(
            first=period.first,
            records=point.records,
            people=point.people,
            share=round(point.share, _DIGITS),
            is_whole=period.is_whole,
            change=point.change,
        )
        for period, point in zip(trends.periods, trend.points, strict=True)
    ]


def _alert(one: Change) -> AlertTold:
    return AlertTold(
        kind=one.kind.value,
        since=one.since,
        share_before=round(one.before.share, _DIGITS),
        share_after=round(one.after.share, _DIGITS),
        probability=one.probability,
    )


def _line(bench: Workbench, theme: Theme) -> ThemeLine:
    return ThemeLine(
        id=theme.id,
        name=shown_text(bench.settings, theme.name),
        level=theme.level,
        parent=theme.parent,
        people=theme.people,
        share=round(theme.share, _DIGITS),
        records=theme.records,
        keywords=[shown_text(bench.settings, one) for one in theme.keywords],
        uri=theme_uri(theme.id),
    )
