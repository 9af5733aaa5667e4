"""The calendar of the sample: 40 weeks, the releases in them, and how each theme is spread over time."""

from datetime import UTC, date, datetime, time, timedelta

from evals.kanbo.dice import Dice

FIRST_DAY = date(2026, 2, 2)
WEEKS = 40
LAST_DAY = FIRST_DAY + timedelta(days=7 * WEEKS - 1)
RELEASES = {
    "4.0": date(2026, 1, 20),
    "4.1": date(2026, 4, 14),
    "4.2": date(2026, 6, 16),
    "4.2.1": date(2026, 7, 21),
    "4.2.2": date(2026, 9, 29),
}
EXPORT_RELEASE = "4.2"
RELEASE_WEEK = (RELEASES[EXPORT_RELEASE] - FIRST_DAY).days // 7
SHAPES: dict[str, tuple[float, ...]] = {
    "even": (1.0,) * WEEKS,
    "before": (1.0,) * RELEASE_WEEK + (0.0,) * (WEEKS - RELEASE_WEEK),
    "after": (0.0,) * RELEASE_WEEK + (4, 11, 14, 13, 10, 8, 8, 7, 7, 6, 7, 6, 6, 7, 6, 7, 6, 7, 7, 6, 6),
    "again": (0.0,) * (RELEASE_WEEK + 3) + (9, 8, 7, 6, 5, 4, 4, 4, 4, 3, 3, 3, 3, 3, 3, 3, 3, 3),
    "late": (0.0,) * (RELEASE_WEEK + 5) + (1.0,) * (WEEKS - RELEASE_WEEK - 5),
    "survey": tuple(1.0 if 11 <= week <= 14 or 30 <= week <= 33 else 0.06 for week in range(WEEKS)),
    "third quarter": tuple(2.0 if 21 <= week <= 34 else 0.6 for week in range(WEEKS)),
    "waves": tuple(1.0 + 0.5 * (week % 9 < 3) for week in range(WEEKS)),
    "fading": tuple(1.4 - week / 50 for week in range(WEEKS)),
}
"""Relative volume of each week."""
_HOURS = (0, 6, 6, 7, 7, 8, 8, 9, 9, 9, 10, 10, 11, 12, 13, 13, 14, 14, 15, 15, 16, 17, 18, 19, 20, 21, 22)


def spread(count: int, shape: str, dice: Dice) -> list[int]:
    """Weeks for that many records, in order: one draw from each of `count` equal slices of the shape.

    Slices keep a steady theme steady: free draws would give it empty weeks and bursts.
    """
    weights = SHAPES[shape]
    whole = sum(weights)
    weeks = []
    week, passed = 0, weights[0]
    for index in range(count):
        at = (index + dice.unit()) / count * whole
        while at >= passed and week < WEEKS - 1:
            week += 1
            passed += weights[week]
        weeks.append(week)
    return weeks


def moment(week: int, dice: Dice, not_before: date | None = None) -> datetime:
    """A time in that week; mostly working days."""
    day = FIRST_DAY + timedelta(days=7 * week + dice.weighted({0: 6, 1: 6, 2: 5, 3: 5, 4: 4, 5: 1, 6: 1}))
    if not_before and day < not_before:
        day = not_before
    clock = time(dice.pick(_HOURS), dice.below(60), dice.below(60))
    return datetime.combine(day, clock, tzinfo=UTC)


def week_of(when: datetime) -> int:
    """Number of the week, from 0."""
    return (when.date() - FIRST_DAY).days // 7


def version_at(when: datetime, days_behind: int) -> str:
    """The newest release that somebody who updates so many days late has then."""
    seen = when.date() - timedelta(days=days_behind)
    return max((version for version, day in RELEASES.items() if day <= seen), default="4.0")
