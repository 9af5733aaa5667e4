"""Small charts as SVG paths. The report's script draws the same ones again for the records that a reader narrows down to."""

from collections.abc import Sequence
from functools import lru_cache

SPARK = (96.0, 22.0)
"""Width and height of a sparkline."""


def spark(counts: Sequence[int]) -> str:
    """Path of a filled line over counts, scaled to its own largest; empty where there is nothing to draw."""
    return _drawn(tuple(counts))


@lru_cache(maxsize=4096)
def _drawn(counts: tuple[int, ...]) -> str:
    # Kept: the page of the themes draws some two hundred, mostly the same, each time that it is asked for.
    largest = max(counts, default=0)
    if len(counts) < 2 or not largest:
        return ""
    width, height = SPARK
    step = width / (len(counts) - 1)
    tops = [_short(height - 1 - count / largest * (height - 3)) for count in counts]
    line = "L".join(f"{_short(place * step)} {top}" for place, top in enumerate(tops))
    return f"M0 {_short(height)}L{line}L{_short(width)} {_short(height)}Z"


def _short(value: float) -> str:
    """At most one digit behind the point, none that says nothing."""
    return f"{value:.1f}".removesuffix(".0")
