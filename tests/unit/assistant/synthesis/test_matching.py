"""Themes of now paired with themes of before."""

import numpy as np
import pytest

from assistant.synthesis.matching import Held, best_assignment, same_themes


def held(theme: str, *texts: int) -> Held:
    return Held(theme, np.array(sorted(texts), dtype=np.int64))


ONE_EACH = np.ones(30, dtype=np.int64)


@pytest.mark.parametrize("seed", range(40))
def test_the_assignment_gains_as_much_as_scipys(seed: int) -> None:
    from scipy.optimize import linear_sum_assignment

    random = np.random.default_rng(seed)
    shape = tuple(random.integers(1, 14, size=2).tolist())
    gain = np.round(random.random(shape) * (random.random(shape) < 0.6), 2)
    columns = best_assignment(gain)
    chosen = [(row, column) for row, column in enumerate(columns.tolist()) if column >= 0]
    assert len({column for _, column in chosen}) == len(chosen) == min(shape)
    rows, best = linear_sum_assignment(gain, maximize=True)
    assert sum(gain[one] for one in chosen) == pytest.approx(gain[rows, best].sum())


def test_a_theme_that_keeps_most_of_its_members_keeps_its_id() -> None:
    before = [held("a", *range(10)), held("b", *range(10, 14))]
    after = [held("x", *range(2, 10), 20, 21), held("y", 0, 1, *range(10, 14))]
    assert same_themes(before, after, ONE_EACH) == {"x": "a", "y": "b"}


def test_of_a_theme_that_fell_apart_the_largest_piece_goes_on() -> None:
    before = [held("a", *range(12))]
    after = [held("x", 0, 1, 2), held("y", *range(3, 8)), held("z", *range(8, 12))]
    assert same_themes(before, after, ONE_EACH) == {"y": "a"}


def test_two_themes_that_became_one_leave_the_larger_ones_id() -> None:
    before = [held("a", *range(4)), held("b", *range(4, 10))]
    assert same_themes(before, [held("x", *range(10))], ONE_EACH) == {"x": "b"}


def test_scattered_members_are_no_theme_of_before() -> None:
    before = [held("a", 0, 1, 2, 3)]
    after = [held(str(place), place, *range(10 + place * 4, 14 + place * 4)) for place in range(4)]
    assert same_themes(before, after, ONE_EACH) == {}


def test_the_best_pairs_together_win_over_the_best_single_pair() -> None:
    # Alone, a is most like x; but then b would have none of its own.
    before = [held("a", *range(10)), held("b", 10, 11, 12)]
    after = [held("x", *range(5, 10), 10, 11, 12), held("y", *range(5))]
    assert same_themes(before, after, ONE_EACH) == {"y": "a", "x": "b"}


def test_statements_weigh_and_an_id_may_have_been_several_sets() -> None:
    weights = ONE_EACH.copy()
    weights[0] = 50
    before = [held("a", 0, 1, 2), held("b", 3, 4, 5, 6)]
    after = [held("x", 0, 3, 4), held("y", 1, 2, 5, 6)]
    assert same_themes(before, after, weights)["x"] == "a"
    merged = [held("a", *range(4)), held("a", *range(8)), held("b", *range(4, 8))]
    assert same_themes(merged, [held("x", *range(8))], ONE_EACH) == {"x": "a"}


@pytest.mark.parametrize("seed", range(5))
def test_the_order_in_which_themes_are_given_does_not_matter(seed: int) -> None:
    random = np.random.default_rng(seed)
    labels, again = random.integers(0, 6, 200), random.integers(0, 6, 200)
    before = [held(f"old{one}", *np.flatnonzero(labels == one).tolist()) for one in range(6)]
    mixed = np.where(random.random(200) < 0.7, labels, again)
    after = [held(f"new{one}", *np.flatnonzero(mixed == one).tolist()) for one in range(6)]
    ones = np.ones(200, dtype=np.int64)
    assert same_themes(before, after, ones) == same_themes(before[::-1], after[::-1], ones)
