"""How far apart two groups of people rate: one value per person, and an interval for the difference."""

from math import sqrt
from statistics import NormalDist

import numpy as np

from assistant.search.matrix import Floats, Ints

_Z = NormalDist().inv_cdf(0.975)


def means_by_person(people: Ints, ratings: Floats) -> tuple[Ints, Floats]:
    """Each known person once, ascending, and the mean of their ratings.

    Args: people: codes, -1 where unknown. ratings: NaN where there is none; the same shape.
    """
    counted = (people >= 0) & ~np.isnan(ratings)
    known, place = np.unique(people[counted], return_inverse=True)
    totals = np.bincount(place, weights=ratings[counted], minlength=len(known))
    return known, totals / np.maximum(np.bincount(place, minlength=len(known)), 1)


def interval(one: Floats, other: Floats) -> tuple[float, float]:
    """95 % interval of the mean of one minus the mean of the other (Welch 1947); (0, 0) where either has fewer than two."""
    if min(len(one), len(other)) < 2:
        return 0.0, 0.0
    gap = float(one.mean()) - float(other.mean())
    first, second = float(one.var(ddof=1)) / len(one), float(other.var(ddof=1)) / len(other)
    if not first + second:
        return gap, gap
    freedom = (first + second) ** 2 / (first**2 / (len(one) - 1) + second**2 / (len(other) - 1))
    half = _student(freedom) * sqrt(first + second)
    return gap - half, gap + half


def _student(freedom: float) -> float:
    """The 97.5 % quantile of Student's t (Abramowitz & Stegun 26.7.5); off by less than 0.002 from 4 degrees of freedom on."""
    z, v = _Z, freedom
    return (
        z
        + (z**3 + z) / (4 * v)
        + (5 * z**5 + 16 * z**3 + 3 * z) / (96 * v**2)
        + (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / (384 * v**3)
        + (79 * z**9 + 776 * z**7 + 1482 * z**5 - 1920 * z**3 - 945 * z) / (92160 * v**4)
    )
