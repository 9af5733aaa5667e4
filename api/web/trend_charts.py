"""Themes over time as the pages draw them: places and heights, no markup. Everything is drawn by the server, nothing needs a script."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from assistant.domain.theme_trend import Point, ThemeTrend, Trends
from assistant.synthesis.outputs.charts import spark
from assistant.synthesis.outputs.told import period_name
from assistant.synthesis.trend_table import TrendTable

WIDTH, HEIGHT = 720.0, 150.0
_GAP = 0.22
"""Share of a period's width that stays empty."""
_LEAST = 1.5
"""Height of a column that counts one, however many others count: it is not nothing."""


@dataclass(frozen=True)
class Column:
    """One period of a chart, in the units of its view box."""

    left: float
    width: float
    top: float
    height: float
    low: float
    """Where the interval of the count ends, below and above."""
    high: float
    middle: float
    period: str
    point: Point
    of: int
    """Records of the period, of any theme."""
    is_whole: bool
    releases: tuple[str, ...] = ()


@dataclass(frozen=True)
class Chart:
    """A theme per period."""

    columns: tuple[Column, ...]
    most: int
    """Records of the greatest column."""
    most_at: float
    grain: str
    undated: int
    outside: int

    @property
    def step(self) -> float:
        """Width of a period."""
        return WIDTH / len(self.columns)

    @property
    def last_is_open(self) -> bool:
        return not self.columns[-1].is_whole


@dataclass(frozen=True)
class Sparks:
    """Small charts over the periods that are whole, each drawn when it is asked for: a level may have 10,000 themes."""

    tables: Sequence[TrendTable]

    @cached_property
    def _counted(self) -> list[tuple[TrendTable, int]]:
        """The tables, and how many of their periods are whole."""
        return [(table, sum(one.is_whole for one in table.head.periods)) for table in self.tables]

    def get(self, theme_id: str, otherwise: str = "") -> str:
        """Path of a theme's chart; empty where whole periods are too few."""
        for table, whole in self._counted:
            if (row := table.row.get(theme_id)) is not None:
                return spark(table.records[row, :whole].tolist())
        return otherwise


def span_of(trends: Trends) -> str:
    """What the small charts run over: `2026-02 – 2026-10, by month`; empty where there is nothing to draw."""
    whole = [one for one in trends.periods if one.is_whole]
    if len(whole) < 2:
        return ""
    first, last = (period_name(one, trends.grain) for one in (whole[0], whole[-1]))
    return f"records by {trends.grain.value}, {first} to {last}"


def chart_of(trends: Trends, trend: ThemeTrend | None) -> Chart | None:
    """The columns of one theme; None where nothing of it is dated, or everything in one period. Args: trends: for their periods."""
    most = max((point.records for point in trend.points), default=0) if trend else 0
    if trend is None or len(trends.periods) < 2 or not most:
        return None
    return _chart(trends, trend, most)


def _chart(trends: Trends, trend: ThemeTrend, most: int) -> Chart:
    # An interval may reach above the greatest column; three times as high it would press all columns flat.
    ceiling = min(max(point.high for point in trend.points), 1.6 * most)
    step = WIDTH / len(trends.periods)

    def at(count: float) -> float:
        return round(HEIGHT - min(1.0, count / ceiling) * (HEIGHT - 2), 1)

    columns = []
    for place, (period, point) in enumerate(zip(trends.periods, trend.points, strict=True)):
        top = min(at(point.records), HEIGHT - _LEAST) if point.records else HEIGHT
        columns.append(
            Column(
                left=round(place * step + step * _GAP / 2, 1),
                width=round(step * (1 - _GAP), 1),
                top=top,
                height=round(HEIGHT - top, 1),
                low=at(point.low),
                high=at(point.high),
                middle=round((place + 0.5) * step, 1),
                period=period_name(period, trends.grain),
                point=point,
                of=period.records,
                is_whole=period.is_whole,
                releases=period.releases,
            )
        )
    return Chart(tuple(columns), most, at(most), trends.grain.value, trend.undated, trend.outside)
