"""Since when: the day from which people speak of something at another rate, if chance and the sources can't explain it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from math import erfc, log, sqrt
from typing import Literal

import numpy as np
import numpy.typing as npt

WEEK_S = 7 * 86_400
Times = npt.NDArray[np.float64]
"""Unix seconds, ascending, no NaN."""


_ENOUGH_TO_BE_STEADY = 20
"""Records without which a change could not have been seen."""


@dataclass(frozen=True)
class Trend:
    """How the rate of a need or theme changed over the weeks of the corpus."""

    direction: Literal["growing", "fading", "steady", "unknown"]
    since: datetime | None = None
    """Midnight UTC of the day from which the new rate holds."""
    before: datetime | None = None
    """Start of the span before `since` that is as long as the span after it, or as long as there is."""
    until: datetime | None = None
    """End of the corpus, exclusive."""
    probability: float = 1.0
    """That the best split of unchanged shares would be as good, corrected for the number of splits."""


def trend(
    said: Mapping[str, Times],
    heard: Mapping[str, Times],
    *,
    least: int = 8,
    ratio: float = 2.0,
    at_most: float = 0.001,
) -> Trend:
    """Find the change of rate that is most unlikely under one constant share of what each source says.

    A survey that ran in May makes everything it asks about seem new in May; so the rate is compared with how much each source
    said at all.

    Args:
        said: source → when the need was spoken of.
        heard: source → when anything was said; it holds all of `said`.
        least: with fewer dated records nothing is said; `steady` needs 20 over 12 weeks, since fewer could hide a change.
        ratio: a change by less than this is called steady.
        at_most: a change that is more probable than this without a cause is called steady, too.

    Returns: a trend; its probability is corrected for the number of splits.
    """
    count = sum(len(times) for times in said.values())
    span = usual_span(np.concatenate([np.zeros(0), *heard.values()]))
    if count < least or span is None:
        return Trend("unknown")
    start, end = span
    weeks = (end - start).days // 7
    if weeks < 6:
        return Trend("unknown")
    tried = [start + timedelta(weeks=week) for week in range(2, weeks - 1)]
    gains = _gains(said, heard, tried)
    best = max(tried, key=lambda split: (gains[split], -split.timestamp()))
    nearby = [best + timedelta(days=days) for days in range(-10, 11)]
    gains = _gains(said, heard, nearby)
    split = max(nearby, key=lambda day: (gains[day], -abs((day - best).days), -day.timestamp()))
    gain = gains[split]
    ((early, expected),) = _early(said, heard, [split])
    change = _ratio(early, expected, count)
    # Wilks: twice the gain is chi-square with one degree of freedom; Bonferroni over the splits tried.
    probability = min(1.0, erfc(sqrt(max(gain, 0.0))) * len(tried))
    if probability > at_most or max(change, 1 / change) < ratio:
        return (
            Trend("steady", until=end) if count >= _ENOUGH_TO_BE_STEADY and weeks >= 12 else Trend("unknown")
        )
    growing = change > 1
    since = _first_day(said, split) if growing else split
    before = max(start, since - (end - since))
    return Trend("growing" if growing else "fading", since, before, end, probability)


def usual_span(times: Times) -> tuple[datetime, datetime] | None:
    """First midnight and the midnight after the last record, without strays such as a date of 1970 (Tukey's far fences).

    None where nothing is dated.
    """
    if not len(times):
        return None
    low, high = np.quantile(times, [0.25, 0.75])
    reach = 3.0 * max(high - low, float(WEEK_S))
    kept = times[(times >= low - reach) & (times <= high + reach)]
    return _midnight(float(kept.min())), _midnight(float(kept.max())) + timedelta(days=1)


def _early(
    said: Mapping[str, Times], heard: Mapping[str, Times], splits: Sequence[datetime]
) -> list[tuple[int, float]]:
    """For each split how many were before it, and how many would be at a constant share of each source."""
    moments = np.array([split.timestamp() for split in splits])
    seen, expected = np.zeros(len(splits), dtype=np.int64), np.zeros(len(splits))
    for source, times in said.items():
        if len(times):
            seen += np.searchsorted(times, moments)
            expected += len(times) * np.searchsorted(heard[source], moments) / len(heard[source])
    return list(zip(seen.tolist(), expected.tolist(), strict=True))


def _gains(
    said: Mapping[str, Times], heard: Mapping[str, Times], splits: Sequence[datetime]
) -> dict[datetime, float]:
    """Log likelihood ratio of two rates against one, at each split."""
    count = sum(len(times) for times in said.values())
    return {
        split: _log_term(early, expected) + _log_term(count - early, count - expected)
        for split, (early, expected) in zip(splits, _early(said, heard, splits), strict=True)
    }


def _log_term(seen: int, expected: float) -> float:
    return seen * log(seen / max(expected, 1e-9)) if seen else 0.0


def _ratio(early: int, expected: float, count: int) -> float:
    """The rate after the split over the rate before it; half a record is added to either, so that none is infinite."""
    late, expected_late = count - early, count - expected
    return ((late + 0.5) / (expected_late + 0.5)) / ((early + 0.5) / (expected + 0.5))


def _midnight(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC).replace(hour=0, minute=0, second=0, microsecond=0)


def _first_day(said: Mapping[str, Times], split: datetime) -> datetime:
    """The day of the first record from the split on, so that the date is one on which somebody wrote."""
    after = [float(time) for times in said.values() for time in times if time >= split.timestamp()]
    return _midnight(min(after)) if after else split
