"""Closed forms against the exact intervals of scipy, and against simulated samples.

scipy's statistics are imported by the tests that ask them: their import was a sixth of what all unit tests import.
"""

from itertools import pairwise

import numpy as np
import pytest

from assistant.synthesis.intervals import (
    binomial_tail,
    count_interval,
    mean_interval,
    nps_interval,
    share_interval,
    student,
)

STARS = np.array([1.0, 2.0, 3.0, 4.0, 5.0])
SHAPES = {
    "two peaks": [0.25, 0.05, 0.08, 0.17, 0.45],
    "flat": [0.2] * 5,
    "middle": [0.02, 0.08, 0.6, 0.25, 0.05],
    "high": [0.01, 0.02, 0.05, 0.22, 0.7],
    "ends": [0.5, 0, 0, 0, 0.5],
    "nearly all best": [0, 0.01, 0.02, 0.07, 0.9],
}


@pytest.mark.parametrize(
    ("part", "whole"), [(0, 1), (1, 1), (0, 30), (3, 40), (20, 40), (40, 40), (1, 90_000)]
)
def test_the_interval_of_a_share_is_wilsons(part: int, whole: int) -> None:
    from scipy import stats

    exact = stats.binomtest(part, whole).proportion_ci(0.95, method="wilson")
    low, high = share_interval(part, whole)
    assert (float(low), float(high)) == pytest.approx((exact.low, exact.high), abs=1e-12)


def test_a_share_of_nothing_may_be_anything() -> None:
    assert tuple(map(float, share_interval(0, 0))) == (0.0, 1.0)


def test_the_interval_of_a_count_is_garwoods_but_for_two_hundredths() -> None:
    from scipy import stats

    counts = np.array([*range(200), 1_000, 100_000])
    low, high = count_interval(counts)
    exact_low = np.where(counts > 0, stats.chi2.ppf(0.025, 2 * counts) / 2, 0.0)
    assert np.abs(low - np.nan_to_num(exact_low)).max() < 0.02
    assert np.abs(high - stats.chi2.ppf(0.975, 2 * counts + 2) / 2).max() < 0.02


@pytest.mark.parametrize(
    ("freedom", "off"), [(1, 1e-9), (2, 1e-9), (3, 0.005), (4, 0.001), (10, 1e-4), (500, 1e-9)]
)
def test_students_quantile(freedom: int, off: float) -> None:
    from scipy import stats

    assert student(freedom) == pytest.approx(stats.t.ppf(0.975, freedom), abs=off)


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("count", [2, 5, 10, 30, 100])
def test_the_interval_of_a_mean_rating_holds_the_mean_in_94_of_100_samples(shape: str, count: int) -> None:
    chances = np.array(SHAPES[shape])
    mean = float(chances @ STARS)
    samples = np.random.default_rng(count).choice(STARS, size=(600, count), p=chances)
    held = [
        low <= mean <= high
        for low, high in (
            mean_interval(float(row.sum()), float((row * row).sum()), count, (1.0, 5.0)) for row in samples
        )
    ]
    assert np.mean(held) >= 0.92


def test_equal_ratings_still_leave_doubt_which_shrinks() -> None:
    widths = []
    for count in (1, 3, 10, 100, 1_000):
        low, high = mean_interval(5.0 * count, 25.0 * count, count, (1.0, 5.0))
        assert 1.0 <= low < high <= 5.0
        widths.append(high - low)
    assert all(more > less for more, less in pairwise(widths))
    assert widths[-1] < 0.02


def test_no_rating_may_be_anything_on_the_scale() -> None:
    assert mean_interval(0.0, 0.0, 0, (0.0, 10.0)) == (0.0, 10.0)


def test_a_net_promoter_score_lies_in_its_interval() -> None:
    low, high = nps_interval(50, 20, 100)
    assert (round(low, 1), round(high, 1)) == (14.1, 44.2)
    assert nps_interval(5, 0, 5)[0] < 100.0
    assert nps_interval(0, 0, 0)[0] < -40 < 40 < nps_interval(0, 0, 0)[1]


@pytest.mark.parametrize(
    ("least", "count", "chance"),
    [(0, 0, 0.5), (1, 1, 0.25), (5, 20, 0.1), (60, 300, 0.15), (900, 40_000, 0.02), (3, 2, 0.5)],
)
def test_the_tail_of_a_binomial(least: int, count: int, chance: float) -> None:
    from scipy import stats

    assert binomial_tail(least, count, chance) == pytest.approx(
        stats.binom.sf(least - 1, count, chance), rel=1e-8
    )


def test_a_tail_of_no_chance_or_of_all() -> None:
    assert binomial_tail(1, 10, 0.0) == 0.0
    assert binomial_tail(10, 10, 1.0) == 1.0
