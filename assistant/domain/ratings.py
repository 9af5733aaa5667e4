"""The scale that ratings are on, and what a rating on it means."""

from collections.abc import Mapping

from assistant.domain.facets import Sentiment

SCALES = (5.0, 10.0, 100.0)
"""Greatest ratings of the usual scales."""
FITTING = 0.9
"""So much of the ratings must fit a scale before the others are called odd."""
_NEGATIVE, _POSITIVE = 0.4, 0.7
"""Shares of a scale: 1 to 2 of 5 stars are negative, 4 to 5 positive; 0 to 4 of 10 negative, 7 to 10 positive."""

Scale = tuple[float, float]
"""Worst and best rating."""


def fitting_top(counts: Mapping[float, int]) -> float | None:
    """The smallest usual scale that nearly all ratings keep to; None where there is none. Args: counts: rating → how often."""
    total = sum(counts.values())
    return next((top for top in SCALES if within(counts, top) >= FITTING * total), None)


def within(counts: Mapping[float, int], top: float) -> int:
    """How many ratings lie from 0 to that top."""
    return sum(n for value, n in counts.items() if 0 <= value <= top)


def scale_of(counts: Mapping[float, int]) -> Scale:
    """The scale of a source's ratings: 1-5, 0-5, 0-10 or 0-100, whichever nearly all of them keep to.

    Zeros don't occur among one to five stars. Where there are many of them beside ratings above 5, it is 0 to 10.
    """
    greatest = max(counts, default=0.0)
    top = fitting_top(counts)
    if top is None:
        return 0.0, max(SCALES[-1], greatest)
    if top > SCALES[0]:
        return 0.0, top
    zeros = counts.get(0.0, 0) > (1 - FITTING) * sum(counts.values())
    if zeros and greatest > top:
        return 0.0, SCALES[1]
    return (0.0 if zeros else 1.0), top


def share_of(rating: float | None, scale: Scale) -> float | None:
    """The rating from 0 (worst) to 1 (best); None where there is none, or it lies above its scale."""
    if rating is None or rating > scale[1]:
        return None
    return max(0.0, (rating - scale[0]) / (scale[1] - scale[0]))


def sentiment_of(share: float) -> Sentiment:
    """What a rating says, given its share of the scale."""
    if share <= _NEGATIVE:
        return Sentiment.negative
    return Sentiment.positive if share >= _POSITIVE else Sentiment.neutral
