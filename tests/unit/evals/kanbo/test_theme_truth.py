"""Stored themes against planted ones: which is which, how whole, how pure."""

import pytest

from evals.kanbo.theme_truth import Row, compare

ROWS = {
    **{f"e{n}": Row("export", "problem", f"p{n}") for n in range(4)},
    **{f"d{n}": Row("dark", "problem", "dan") for n in range(2)},
}
NAMES = {"t1": "exports", "t2": "more exports", "t3": "night"}


def test_each_planted_theme_has_its_best_and_all_that_are_about_it() -> None:
    found = compare(NAMES, {"t1": ["e0", "e1", "x"], "t2": ["e2"], "t3": ["d0", "d1", "e3"]}, ROWS)

    best = found["export"].best
    assert best is not None
    assert (best.name, best.hits, best.records, best.people) == ("exports", 2, 2, 2)
    assert best.f1 == pytest.approx(2 * 1.0 * 0.5 / 1.5)
    assert [one.theme for one in found["export"].own] == ["t1", "t2"]
    assert (found["export"].recall_of_own, found["export"].people_of_own) == (0.75, 3)
    night = found["dark"].best
    assert night is not None
    assert (night.precision, night.recall, found["dark"].people) == (pytest.approx(2 / 3), 1.0, 1)


def test_a_planted_theme_that_no_theme_holds_has_no_best() -> None:
    found = compare(NAMES, {"t1": ["x"]}, ROWS)

    assert (found["dark"].best, found["dark"].own, found["dark"].recall_of_own) == (None, (), 0.0)
