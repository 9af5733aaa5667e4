"""Dates and ratings in the spellings of real exports."""

from datetime import UTC, datetime

import pytest

from ingest.values import DateOrder, date_order, is_blank, parse_date, parse_rating

DAY_FIRST = DateOrder(day_first=True, certain=True)
MONTH_FIRST = DateOrder(day_first=False, certain=True)


@pytest.mark.parametrize(
    ("cell", "moment"),
    [
        ("2026-03-01", (2026, 3, 1)),
        ("2026-03-01 10:22:05.123456", (2026, 3, 1, 10, 22, 5)),
        ("2026-03-01T10:22:00Z", (2026, 3, 1, 10, 22)),
        ("2026-03-01T10:22:00+02:00", (2026, 3, 1, 8, 22)),
        ("2020-01-02 17:14:21+00:00", (2020, 1, 2, 17, 14, 21)),
        ("2026/3/1 9:05", (2026, 3, 1, 9, 5)),
        ("01.03.2026 10:22", (2026, 3, 1, 10, 22)),
        ("01/03/2026, 10:22", (2026, 3, 1, 10, 22)),
        ("19-07-2015", (2015, 7, 19)),
        ("30/Sep/21 17:20", (2021, 9, 30, 17, 20)),
        ("12/Mar/24 9:41 PM", (2024, 3, 12, 21, 41)),
        ("12:00", None),
        ("March 1, 2026", (2026, 3, 1)),
        ("Mar 1, 2026 12:05 AM", (2026, 3, 1, 0, 5)),
        ("1. März 2026", (2026, 3, 1)),
        ("1er février 2026", (2026, 2, 1)),
        ("5 de marzo de 2026", (2026, 3, 5)),
        ("Mon, 2 Mar 2026 10:00:00 GMT", (2026, 3, 2, 10)),
        ("2026年3月1日", (2026, 3, 1)),
        ("1609459200", (2021, 1, 1)),
        ("1609459200000", (2021, 1, 1)),
        ("31/02/2026", None),
        ("yesterday", None),
        ("17", None),
        ("9999-01-01", None),
        ("", None),
    ],
)
def test_dates_become_utc(cell: str, moment: tuple[int, ...] | None) -> None:
    expected = datetime(*moment, tzinfo=UTC) if moment else None  # type: ignore[arg-type, misc]
    found = parse_date(cell, DAY_FIRST)
    assert (found.replace(microsecond=0) if found else None) == expected


def test_the_order_of_day_and_month_is_decided_by_the_column() -> None:
    assert date_order(["03/04/2026", "25/04/2026"]) == DateOrder(day_first=True, certain=True)
    assert date_order(["03/04/2026", "04/25/2026"]) == DateOrder(day_first=False, certain=True)
    assert date_order(["03.04.2026"]).certain
    assert date_order(["03/04/2026", "05/06/2026"]) == DateOrder(day_first=True, certain=False)
    assert date_order(["2026-03-04"]).certain


def test_the_order_is_kept_for_ambiguous_values() -> None:
    assert parse_date("03/04/2026", DAY_FIRST) == datetime(2026, 4, 3, tzinfo=UTC)
    assert parse_date("03/04/2026", MONTH_FIRST) == datetime(2026, 3, 4, tzinfo=UTC)


@pytest.mark.parametrize(
    ("cell", "rating"),
    [("4", 4.0), ("4.5", 4.5), ("4,5", 4.5), ("4/5", 4.0), ("4 out of 5", 4.0), ("★★★★☆", 4.0), ("⭐️⭐️", 2.0), ("5 stars", 5.0), ("-3", -3.0), ("10", 10.0), ("good", None), ("", None), ("4 or 5", None)],
)  # fmt: skip
def test_ratings_become_numbers(cell: str, rating: float | None) -> None:
    assert parse_rating(cell) == rating


@pytest.mark.parametrize("cell", ["", " ", "-", "N/A", "null", "NaN", "#N/A"])
def test_cells_that_say_nothing_are_blank(cell: str) -> None:
    assert is_blank(cell)
