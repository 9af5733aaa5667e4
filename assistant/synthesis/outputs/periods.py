"""Periods of a time axis: days, weeks, months, quarters or years, as many as a small chart can show."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import numpy as np

from assistant.search.matrix import Floats, Ints

MOST = 36
"""Periods of a chart."""
_OUTLYING = 0.01
"""Share of the dates at either end that doesn't stretch the axis: a record of 1970 would flatten all others."""
_LENGTHS = (("day", 1), ("week", 7), ("month", 30), ("quarter", 91))
"""Units by their days, finest first."""


@dataclass(frozen=True)
class Periods:
    """A time axis."""

    unit: str
    """`day`, `week`, `month`, `quarter` or `year`; empty without dates."""
    names: tuple[str, ...]
    """For example `2026-03`, in order."""
    of: Ints
    """Period of each moment; -1 where it has none, or lies outside of the axis."""
    is_last_open: bool = False
    """Whether the records end before the last period does: what it counts can't be set against the others."""

    @property
    def outside(self) -> int:
        """Moments that the axis doesn't show, or that aren't known."""
        return int(np.count_nonzero(self.of < 0))


def periods_of(moments: Floats) -> Periods:
    """Lay an axis over moments in Unix seconds, NaN where unknown: the finest unit that needs at most `MOST` periods."""
    known = np.sort(moments[~np.isnan(moments)])
    if not len(known):
        return Periods("", (), np.full(len(moments), -1, np.int64))
    # Ranks instead of interpolated quantiles: an end of the axis is a moment that there is.
    cut = int(len(known) * _OUTLYING)
    first, last = _moment(known[cut]), _moment(known[len(known) - 1 - cut])
    days = (last - first).days
    fine = [unit for unit, length in _LENGTHS if days / length < MOST - 2]
    unit = fine[0] if fine else "year"
    starts = _starts(unit, first, last)
    edges = np.array([one.timestamp() for one in starts])
    of = np.searchsorted(edges[:-1], np.nan_to_num(moments, nan=-np.inf), side="right") - 1
    of[np.isnan(moments) | (np.nan_to_num(moments, nan=0.0) >= edges[-1])] = -1
    names = tuple(_name(unit, one) for one in starts[:-1])
    is_open = unit != "day" and last < starts[-1] - timedelta(days=1)
    return Periods(unit, names, of.astype(np.int64), is_open)


def _moment(seconds: float) -> datetime:
    return datetime.fromtimestamp(float(seconds), UTC)


def _starts(unit: str, first: datetime, last: datetime) -> list[datetime]:
    """Beginnings of the periods from the one of `first` to the one after that of `last`."""
    at = _begin(unit, first)
    found = [at]
    while at <= last and len(found) < 10_000:
        at = _next(unit, at)
        found.append(at)
    return found


def _begin(unit: str, moment: datetime) -> datetime:
    day = moment.replace(hour=0, minute=0, second=0, microsecond=0)
    match unit:
        case "day":
            return day
        case "week":
            return day - timedelta(days=day.weekday())
        case "month":
            return day.replace(day=1)
        case "quarter":
            return day.replace(day=1, month=(day.month - 1) // 3 * 3 + 1)
        case _:
            return day.replace(day=1, month=1)


def _next(unit: str, begin: datetime) -> datetime:
    days = {"day": 1, "week": 7, "month": 32, "quarter": 93, "year": 366}[unit]
    return _begin(unit, begin + timedelta(days=days))


def _name(unit: str, begin: datetime) -> str:
    match unit:
        case "day" | "week":
            return begin.strftime("%Y-%m-%d")
        case "month":
            return begin.strftime("%Y-%m")
        case "quarter":
            return f"{begin.year} Q{(begin.month + 2) // 3}"
        case _:
            return str(begin.year)
