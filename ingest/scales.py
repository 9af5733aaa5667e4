"""Ratings that don't fit the scale of their column, such as 45 among one to five stars."""

from collections.abc import Mapping

from assistant.domain.ratings import fitting_top, within
from ingest.survey import Column
from ingest.values import parse_rating

_ENOUGH = 8
"""Of fewer ratings nobody can say what their scale is."""
_SHOWN = 3


def odd_ratings(column: Column) -> tuple[str, ...]:
    """A remark where a few ratings lie outside of the scale that nearly all of their column keep to; else none."""
    counts = _counts(column)
    total = sum(counts.values())
    scale = fitting_top(counts)
    if total < _ENOUGH or scale is None or within(counts, scale) == total:
        return ()
    odd = {value: n for value, n in counts.items() if not 0 <= value <= scale}
    rows = sum(odd.values())
    named = ", ".join(f"{value:g}" for value in sorted(odd)[:_SHOWN]) + (" …" if len(odd) > _SHOWN else "")
    what = "rating lies" if rows == 1 else "ratings lie"
    return (
        f"{rows:,} {what} outside of 0 to {scale:g}, where the others of '{column.name}' are ({named}); "
        "kept as written",
    )


def _counts(column: Column) -> Mapping[float, int]:
    counts: dict[float, int] = {}
    for cell, n in column.counts().items():
        if (value := parse_rating(cell)) is not None:
            counts[value] = counts.get(value, 0) + n
    return counts
