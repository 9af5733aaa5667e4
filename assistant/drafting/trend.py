"""Since when: the week from which people speak of something at another rate, if chance can't explain it."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from math import erfc, log, sqrt
from typing import Literal

import numpy as np
import numpy.typing as npt

WEEK_S = 7 * 86_400


@dataclass(frozen=True)
class Trend:
    """How the rate of a need changed over the weeks of the corpus."""

    direction: Literal["growing", "fading", "steady", "unknown"]
    since: datetime | None = None
    """Midnight UTC of the day from which the new rate holds."""
    before: datetime | None = None
    """Start of the span before `since` that is as long as the span after it, or as long as there is."""
    until: datetime | None = None
    """End of the corpus, exclusive."""


def trend(
    said_at: npt.NDArray[np.float64], first: float, last: float, *, least: int = 8, ratio: float = 2.0
) -> Trend:
    """Find the change of rate that is most unlikely under one constant rate (Poisson likelihood ratio).

    Args:
        said_at: Unix seconds of the need's records; NaN where undated.
        first, last: Unix seconds of the first and last dated record of the scope.
        least: with fewer dated records nothing is said.
        ratio: a change by less than this is called steady.

    Returns: a trend; `steady` where the best split has a probability above 0.001 after correcting for the number of splits.
    """
    dates = np.sort(said_at[~np.isnan(said_at)])
    start = datetime.fromtimestamp(first, UTC).replace(hour=0, minute=0, second=0)
    end = datetime.fromtimestamp(last, UTC).replace(hour=0, minute=0, second=0) + timedelta(days=1)
    weeks = (end - start).days // 7
    if len(dates) < least or weeks < 6:
        return Trend("unknown")
    best = max(range(2, weeks - 1), key=lambda week: (_gain(dates, start, end, week), -week))
    gain = _gain(dates, start, end, best)
    split = start + timedelta(weeks=best)
    early, late = _rates(dates, start, end, split)
    # Wilks: twice the gain is chi-square with one degree of freedom; Bonferroni over the splits tried.
    if erfc(sqrt(max(gain, 0.0))) * (weeks - 3) > 0.001 or max(early, late) < ratio * min(early, late):
        return Trend("steady", until=end)
    split = max(
        (split + timedelta(days=days) for days in range(-10, 11)),
        key=lambda day: (_gain_at(dates, start, end, day), -abs((day - split).days), -day.timestamp()),
    )
    since = _first_day(dates, split, late > early)
    return Trend("growing" if late > early else "fading", since, max(start, since - (end - since)), end)


def _gain(dates: npt.NDArray[np.float64], start: datetime, end: datetime, week: int) -> float:
    return _gain_at(dates, start, end, start + timedelta(weeks=week))


def _gain_at(dates: npt.NDArray[np.float64], start: datetime, end: datetime, split: datetime) -> float:
    early = int(np.searchsorted(dates, split.timestamp()))
    late = len(dates) - early
    share = (split - start) / (end - start)
    return _log_term(early, len(dates) * share) + _log_term(late, len(dates) * (1 - share))


def _log_term(seen: int, expected: float) -> float:
    return seen * log(seen / expected) if seen else 0.0


def _rates(
    dates: npt.NDArray[np.float64], start: datetime, end: datetime, split: datetime
) -> tuple[float, float]:
    early = int(np.searchsorted(dates, split.timestamp()))
    return early / ((split - start).days / 7), (len(dates) - early) / ((end - split).days / 7)


def _first_day(dates: npt.NDArray[np.float64], split: datetime, growing: bool) -> datetime:
    """The day of the first record after the split, so that the date is one on which somebody wrote."""
    after = dates[dates >= split.timestamp()]
    if not growing or not len(after):
        return split
    return datetime.fromtimestamp(float(after[0]), UTC).replace(hour=0, minute=0, second=0)
