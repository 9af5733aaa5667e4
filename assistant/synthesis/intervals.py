"""Intervals of 95 % for shares, counts and means, in closed form. Held against exact ones in the tests.

Measured coverage stands beside each. Ends are not rounded.
"""

from functools import lru_cache
from math import log, pi, sqrt, tan
from statistics import NormalDist

import numpy as np
import numpy.typing as npt

from assistant.search.matrix import Floats

CONFIDENCE = 0.95
_TAIL = 0.5 + CONFIDENCE / 2
Z = NormalDist().inv_cdf(_TAIL)
_Numbers = npt.ArrayLike


def share_interval(part: _Numbers, whole: _Numbers) -> tuple[Floats, Floats]:
    """Wilson's score interval for a share (Wilson 1927; Brown, Cai & DasGupta 2001 recommend it for small counts).

    Args: part, whole: counts of any equal shape. Returns: low, high in [0, 1]; 0 and 1 where the whole is 0.
    """
    k, n = np.asarray(part, dtype=np.float64), np.asarray(whole, dtype=np.float64)
    safe = np.maximum(n, 1.0)
    share = k / safe
    centre = (share + Z * Z / (2 * safe)) / (1 + Z * Z / safe)
    half = Z * np.sqrt(share * (1 - share) / safe + Z * Z / (4 * safe * safe)) / (1 + Z * Z / safe)
    # At the ends the formula gives 0 and 1 but for the last bits.
    low = np.where((n > 0) & (k > 0), np.maximum(centre - half, 0.0), 0.0)
    high = np.where((n > 0) & (k < n), np.minimum(centre + half, 1.0), 1.0)
    return low, high


def count_interval(count: _Numbers) -> tuple[Floats, Floats]:
    """Byar's approximation of the exact Poisson interval (Breslow & Day 1987, vol. II, p. 69); exact at 0, and at 1 below.

    Within 0.02 of Garwood's exact ends from 0 to 100,000. Args: count: of any shape.
    """
    k = np.asarray(count, dtype=np.float64)
    few, more = np.maximum(k, 1.0), k + 1.0
    low = few * (1 - 1 / (9 * few) - Z / (3 * np.sqrt(few))) ** 3
    high = more * (1 - 1 / (9 * more) + Z / (3 * np.sqrt(more))) ** 3
    low = np.where(k == 0, 0.0, np.where(k == 1, -log(_TAIL), low))
    return low, np.where(k == 0, -log(1 - _TAIL), high)


def mean_interval(
    total: float, squares: float, count: int, scale: tuple[float, float]
) -> tuple[float, float]:
    """Student's interval for the mean of ratings, after half a rating was added at either end of the scale.

    Ratings pile up at an end: Student's own interval holds the mean of five nearly always best ratings in 41 of 100 cases, and
    has no width where all are equal. With the added half ratings it held in 94 to 100 of 100 over six shapes of one-to-five
    stars and 2 to 100 ratings, and is as wide as Student's from 30 on (simulated, see the tests).

    Args: total, squares: sums of the ratings and of their squares. Returns: low, high within the scale; all of it for no rating.
    """
    low, high = scale
    if not count:
        return low, high
    n = count + 1.0
    mean = (total + (low + high) / 2) / n
    spread = max(0.0, (squares + (low * low + high * high) / 2) / n - mean * mean) * n / (n - 1)
    half = student(count) * sqrt(spread / n)
    return max(low, mean - half), min(high, mean + half)


def nps_interval(promoters: int, detractors: int, count: int) -> tuple[float, float]:
    """Adjusted Wald interval for a net promoter score: three answers added, ¾ for, ¾ against, 1½ between (Rocks 2016).

    Returns: low, high in [-100, 100].
    """
    n = count + 3.0
    up, down = (promoters + 0.75) / n, (detractors + 0.75) / n
    half = Z * sqrt((up + down - (up - down) ** 2) / n)
    return max(-100.0, 100 * (up - down - half)), min(100.0, 100 * (up - down + half))


@lru_cache(maxsize=4096)
def student(freedom: int) -> float:
    """The 97.5 % quantile of Student's t: exact for 1 and 2 degrees, else Fisher's expansion (Abramowitz & Stegun 26.7.5)."""
    if freedom == 1:
        return tan(pi * (_TAIL - 0.5))
    if freedom == 2:
        return 2 * (_TAIL - 0.5) * sqrt(2 / (4 * _TAIL * (1 - _TAIL)))
    z, v = Z, float(freedom)
    terms = (
        (z**3 + z) / 4,
        (5 * z**5 + 16 * z**3 + 3 * z) / 96,
        (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / 384,
        (79 * z**9 + 776 * z**7 + 1482 * z**5 - 1920 * z**3 - 945 * z) / 92160,
    )
    return z + sum(term / v**power for power, term in enumerate(terms, start=1))


def binomial_tail(least: int, count: int, chance: float) -> float:
    """The chance of at least so many of `count`, each with that chance: the sum of the terms, exact but for rounding."""
    if least <= 0:
        return 1.0
    if chance <= 0.0 or least > count:
        return 0.0
    if chance >= 1.0:
        return 1.0
    k = np.arange(least, count + 1)
    logs = _log_factorials(count)
    terms = logs[count] - logs[k] - logs[count - k] + k * log(chance) + (count - k) * np.log1p(-chance)
    top = float(terms.max())
    return min(1.0, float(np.exp(top) * np.exp(terms - top).sum()))


@lru_cache(maxsize=1)
def _table(size: int) -> Floats:
    return np.concatenate([np.zeros(1), np.cumsum(np.log(np.arange(1, size, dtype=np.float64)))])


def _log_factorials(count: int) -> Floats:
    """Logarithms of 0! to count!, from a table that doubles."""
    return _table(max(1024, 1 << (count + 1).bit_length()))
