"""Time cut into periods: which grain, from when to when, and which dates are no part of it."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import numpy as np

from assistant.domain.theme_trend import Grain
from assistant.errors import UsageError
from assistant.search.matrix import Bools, Floats, Ints
from assistant.synthesis.change_point import usual_span

DAY_S = 86_400
MOST_PERIODS = 400
_FINEST = ((31, Grain.day), (371, Grain.week), (1_461, Grain.month))
"""Up to so many days a grain is chosen: a month of days, a year of weeks, four years of months."""
_FIRST_DAY = date(1971, 1, 1)
"""Earlier dates are what programs write where they know none: 1970, 1904, 1900."""
_LAST_DAY = date(9989, 12, 31)
"""A period has an end, and the calendar has one."""
_YEAR_S = 365 * DAY_S
WINDOWS = {Grain.day: 14, Grain.week: 8, Grain.month: 6, Grain.quarter: 4}
"""So many periods before it is a period compared with."""


@dataclass(frozen=True)
class Calendar:
    """Consecutive periods, and the period of each record."""

    grain: Grain
    edges: tuple[date, ...]
    """First days of the periods, and the first day after them; empty where nothing is dated."""
    period: Ints
    """Of each time given, shape (times,); -1 where it is in none."""
    is_future: Bools
    is_stray: Bools
    last_is_whole: bool

    @property
    def periods(self) -> int:
        """How many there are."""
        return max(0, len(self.edges) - 1)

    @property
    def whole(self) -> int:
        """How many of them are whole: all, or all but the last."""
        return self.periods - (not self.last_is_whole) if self.periods else 0


def calendar_of(times: Floats, grain: Grain | None, today: date | None) -> Calendar:
    """Cut the span of some records into periods.

    Args:
        times: Unix seconds, NaN where a record isn't dated.
        grain: None chooses by the span.
        today: what is dated after it is in no period; None: nothing is, up to the year 9989.

    Raises: UsageError for more than 400 periods.
    """
    end_of_today = _seconds(min(today or _LAST_DAY, _LAST_DAY) + timedelta(days=1))
    is_future = times >= end_of_today
    is_stray = (times < _seconds(_FIRST_DAY)) | _strays(times, ~is_future & ~(times < _seconds(_FIRST_DAY)))
    within = ~np.isnan(times) & ~is_future & ~is_stray
    period = np.full(len(times), -1, dtype=np.int64)
    if not within.any():
        return Calendar(grain or Grain.week, (), period, is_future, is_stray, last_is_whole=False)
    first, last = _day(float(times[within].min())), _day(float(times[within].max()))
    days = (last - first).days + 1
    chosen = grain or next((one for most, one in _FINEST if days <= most), Grain.quarter)
    edges = _edges(chosen, first, last)
    starts = np.array([_seconds(edge) for edge in edges])
    period[within] = np.searchsorted(starts, times[within], side="right") - 1
    is_whole = _is_over(np.unique(times[within] // DAY_S), last, edges[-1], today)
    return Calendar(chosen, edges, period, is_future, is_stray, last_is_whole=is_whole)


def start_of(day: date, grain: Grain) -> date:
    """First day of the period that holds a day."""
    if grain is Grain.week:
        return day - timedelta(days=day.weekday())
    if grain is Grain.month:
        return day.replace(day=1)
    return day.replace(month=(day.month - 1) // 3 * 3 + 1, day=1) if grain is Grain.quarter else day


def _next(start: date, grain: Grain) -> date:
    if grain in (Grain.day, Grain.week):
        return start + timedelta(days=1 if grain is Grain.day else 7)
    months = start.month - 1 + (1 if grain is Grain.month else 3)
    return date(start.year + months // 12, months % 12 + 1, 1)


def _edges(grain: Grain, first: date, last: date) -> tuple[date, ...]:
    edges = [start_of(first, grain)]
    while edges[-1] <= last:
        if len(edges) > MOST_PERIODS:
            raise UsageError(
                f"From {first} to {last} there are more than {MOST_PERIODS} periods of a {grain.value}.",
                hint=f"Take longer ones: --by {'month' if grain in (Grain.day, Grain.week) else 'quarter'}.",
            )
        edges.append(_next(edges[-1], grain))
    return tuple(edges)


def _strays(times: Floats, mask: Bools) -> Bools:
    """Dates outside Tukey's far fences that more than a year of silence keeps apart from all others.

    A long early history lies outside the fences too, but no silence keeps it apart.
    """
    dated = np.sort(times[mask & ~np.isnan(times)])
    span = usual_span(dated)
    if span is None:
        return np.zeros(len(times), dtype=np.bool_)
    low, high = span[0].timestamp(), span[1].timestamp()
    silent = np.flatnonzero(np.diff(dated) > _YEAR_S)
    before, after = dated[silent], dated[silent + 1]
    lowest = max(after[before < low], default=-np.inf)
    highest = min(before[after >= high], default=np.inf)
    return mask & ((times < lowest) | (times > highest))


def _is_over(days: Floats, last: date, end: date, today: date | None) -> bool:
    """Whether the last period is over, by the calendar and by its records.

    After the last record there must be no longer silence than usual: nine of ten silences between days with records are as long.
    So a week that ends on a Friday is whole where nobody writes at weekends, and one that was cut off on a Wednesday is not.
    """
    if today is not None and today < end:
        return False
    missing = (end - last).days - 1
    silences = np.diff(days) - 1
    return missing <= (float(np.quantile(silences, 0.9, method="higher")) if len(silences) else 0.0)


def _seconds(day: date) -> float:
    return datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp()


def _day(seconds: float) -> date:
    return datetime.fromtimestamp(seconds, UTC).date()
