"""Time cut into periods: the grain follows the span, strays stand apart, and a period that was cut off isn't called whole."""

from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest

from assistant.domain.theme_trend import Grain
from assistant.errors import UsageError
from assistant.synthesis.periods import Calendar, calendar_of


def calendar(*days: str | None, grain: Grain | None = None, today: str | None = None) -> Calendar:
    times = [
        np.nan if day is None else datetime.fromisoformat(day).replace(tzinfo=UTC).timestamp() for day in days
    ]
    return calendar_of(np.array(times), grain, date.fromisoformat(today) if today else None)


def every_day(first: str, last: str) -> list[str]:
    start, end = date.fromisoformat(first), date.fromisoformat(last)
    return [f"{start + timedelta(days=day)}T12:00" for day in range((end - start).days + 1)]


@pytest.mark.parametrize(
    ("last", "grain"),
    [
        ("2026-01-05", Grain.day),
        ("2026-02-04", Grain.day),
        ("2026-02-05", Grain.week),
        ("2027-01-10", Grain.week),
        ("2027-01-11", Grain.month),
        ("2029-12-31", Grain.month),
        ("2030-03-01", Grain.quarter),
    ],
)
def test_the_grain_follows_the_span(last: str, grain: Grain) -> None:
    assert calendar("2026-01-05", last).grain is grain


@pytest.mark.parametrize(
    ("grain", "first", "count"),
    [
        (Grain.day, "2026-02-26", 36),
        (Grain.week, "2026-02-23", 6),
        (Grain.month, "2026-02-01", 3),
        (Grain.quarter, "2026-01-01", 2),
    ],
)
def test_periods_begin_where_the_calendar_says_and_follow_each_other(
    grain: Grain, first: str, count: int
) -> None:
    found = calendar("2026-02-26T00:00", "2026-04-02T23:59:59", grain=grain)
    assert (found.edges[0], found.periods) == (date.fromisoformat(first), count)
    assert found.period.tolist() == [0, count - 1]


def test_a_date_on_the_edge_belongs_to_the_later_period() -> None:
    assert calendar("2026-01-31T23:59:59", "2026-02-01T00:00", grain=Grain.month).period.tolist() == [0, 1]


def test_undated_future_and_stray_records_are_in_no_period() -> None:
    usual = every_day("2026-01-01", "2026-03-01")
    found = calendar(*usual, None, "1970-01-01", "2026-03-03", "2099-12-31", today="2026-03-02")
    assert found.period[-4:].tolist() == [-1, -1, -1, -1]
    assert (found.period[:-4] >= 0).all()
    assert found.is_stray[-4:].tolist() == [False, True, False, False]
    assert found.is_future[-4:].tolist() == [False, False, True, True]


def test_a_thin_early_history_is_no_stray() -> None:
    found = calendar(
        *(f"20{year}-0{month}-01" for year in range(16, 26) for month in (1, 7)),
        *every_day("2026-01-01", "2026-12-31"),
    )
    assert not found.is_stray.any()
    assert found.grain is Grain.quarter


def test_nothing_dated_gives_no_periods() -> None:
    for found in (calendar(), calendar(None, None), calendar("2099-01-01", today="2026-01-01")):
        assert (found.periods, found.whole) == (0, 0)


def test_the_end_of_the_calendar_is_no_error() -> None:
    assert calendar("9999-12-31T23:59:59").is_future.all()
    assert calendar("9989-12-31", grain=Grain.quarter).periods == 1
    assert calendar("0001-01-01", "1971-01-01", grain=Grain.week).period.tolist() == [-1, 0]


def test_a_date_that_programs_write_for_none_is_a_stray_however_few_there_are() -> None:
    found = calendar("1970-01-01", "1900-01-01", "2026-05-01")
    assert found.is_stray.tolist() == [True, True, False]


def test_the_last_period_is_whole_once_it_is_over_and_its_records_are_in() -> None:
    daily = every_day("2026-01-05", "2026-03-01")
    assert calendar(*daily, grain=Grain.week).last_is_whole
    assert calendar(*daily, grain=Grain.week, today="2026-03-02").last_is_whole
    assert not calendar(*daily, grain=Grain.week, today="2026-03-01").last_is_whole
    assert not calendar(*daily[:-1], grain=Grain.week, today="2026-04-01").last_is_whole


def test_a_week_without_weekend_is_whole_where_nobody_writes_at_weekends() -> None:
    working = [
        day for day in every_day("2026-01-05", "2026-02-27") if datetime.fromisoformat(day).weekday() < 5
    ]
    assert calendar(*working, grain=Grain.week).last_is_whole
    assert not calendar(*working[:-1], grain=Grain.week).last_is_whole


def test_too_many_periods_are_refused_with_the_way_out() -> None:
    with pytest.raises(UsageError, match="more than 400 periods of a day") as refused:
        calendar("2024-01-01", "2026-01-01", grain=Grain.day)
    assert refused.value.hint == "Take longer ones: --by month."
    assert calendar("2024-01-01", "2026-01-01", grain=Grain.week).periods == 105
