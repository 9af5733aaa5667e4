"""The paired bootstrap: what it says, and how often the interval it gives holds the truth."""

import numpy as np
import pytest

from evals.runs.stats import paired_difference


def test_equal_runs_differ_by_nothing() -> None:
    same = paired_difference([1.0, 0.0, 1.0], [1.0, 0.0, 1.0])
    assert same is not None
    assert (same.mean, same.low, same.high, same.is_sure) == (0.0, 0.0, 0.0, False)


def test_nothing_is_said_of_no_pairs_and_unequal_lengths_are_an_error() -> None:
    assert paired_difference([], []) is None
    with pytest.raises(ValueError, match="either side"):
        paired_difference([1.0], [])


def test_the_order_of_cases_and_the_day_do_not_matter() -> None:
    dice = np.random.default_rng(3)
    before, after = list(dice.random(30)), list(dice.random(30))
    assert paired_difference(before, after) == paired_difference(before[::-1], after[::-1])


def test_what_pairs_share_cancels_out() -> None:
    """Hard cases are hard in both runs; without pairs the spread between cases would drown the difference."""
    hardness = np.linspace(0, 1, 50)
    difference = paired_difference(list(hardness), list(hardness + 0.02))
    assert difference is not None
    assert difference.low == pytest.approx(0.02)
    assert difference.is_sure


def test_the_interval_holds_the_truth_nineteen_times_in_twenty() -> None:
    """60 cases, of which a tenth gets better and a twentieth worse: the true difference is 0.05."""
    dice, held = np.random.default_rng(7), 0
    for _ in range(200):
        steps = dice.choice([-1.0, 0.0, 1.0], 60, p=[0.05, 0.85, 0.10])
        one = paired_difference([0.0] * 60, list(steps))
        assert one is not None
        held += one.low <= 0.05 <= one.high
    assert 180 <= held <= 199
