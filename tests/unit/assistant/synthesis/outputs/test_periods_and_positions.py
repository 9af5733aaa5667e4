"""Axes of time, and circles that don't lie on each other."""

from datetime import UTC, datetime

import numpy as np
import pytest

from assistant.synthesis.outputs.periods import MOST, periods_of
from assistant.synthesis.outputs.positions import laid_out, scaled, shortened, width_of


def at(*days: str) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    return np.array(
        [datetime.fromisoformat(day).replace(tzinfo=UTC).timestamp() if day else np.nan for day in days]
    )


@pytest.mark.parametrize(
    ("days", "unit", "first", "last"),
    [
        (("2026-03-01", "2026-03-05"), "day", "2026-03-01", "2026-03-05"),
        (("2026-03-04", "2026-05-30"), "week", "2026-03-02", "2026-05-25"),
        (("2025-01-31", "2026-03-01"), "month", "2025-01", "2026-03"),
        (("2020-02-29", "2026-03-01"), "quarter", "2020 Q1", "2026 Q1"),
        (("1999-12-31", "2026-03-01"), "year", "1999", "2026"),
    ],
)
def test_the_finest_unit_that_fits_is_chosen(days: tuple[str, ...], unit: str, first: str, last: str) -> None:
    found = periods_of(at(*days))
    assert (found.unit, found.names[0], found.names[-1]) == (unit, first, last)
    assert len(found.names) <= MOST
    assert found.of.tolist() == [0, len(found.names) - 1]


def test_every_period_between_is_there_also_without_records() -> None:
    found = periods_of(at("2025-11-15", "2026-12-02"))
    assert found.names[:3] == ("2025-11", "2025-12", "2026-01")
    assert len(found.names) == 14


def test_a_date_far_off_does_not_stretch_the_axis_and_is_told() -> None:
    days = [f"2026-03-{day:02}" for day in range(1, 29)] * 8
    found = periods_of(at("1970-01-01", "", "2199-01-01", *days))
    assert (found.names[0], found.names[-1]) == ("2026-03-01", "2026-03-28")
    assert found.of[:3].tolist() == [-1, -1, -1]
    assert found.outside == 3


def test_a_last_period_that_is_not_over_is_marked() -> None:
    assert periods_of(at("2025-01-31", "2026-03-02")).is_last_open
    assert not periods_of(at("2025-01-31", "2026-03-31")).is_last_open


def test_without_dates_there_is_no_axis() -> None:
    found = periods_of(at("", ""))
    assert (found.unit, found.names, found.outside) == ("", (), 2)


def test_circles_keep_off_each_other_and_inside_the_picture() -> None:
    dice = np.random.default_rng(7)
    for count in (1, 2, 3, 25, 60):
        centres = dice.normal(size=(count, 16))
        centres[count // 2 :] = centres[0]
        circles = laid_out(
            scaled(centres), dice.integers(1, 200, count).tolist(), ["name"] * count, 960, 520, 13
        )
        for place, one in enumerate(circles):
            assert one.r <= one.x <= 960 - one.r
            assert one.r <= one.y <= 520 - one.r
            for other in circles[:place]:
                assert np.hypot(one.x - other.x, one.y - other.y) >= one.r + other.r - 1.0


def test_labels_are_cut_by_the_room_that_their_letters_take() -> None:
    assert shortened("export of boards") == "export of boards"
    assert shortened("検索" * 30).endswith("…")
    assert width_of(shortened("検索" * 30)) <= 18
    assert width_of(shortened("export " * 30)) <= 18
