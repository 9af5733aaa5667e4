"""Alerts tell of change: planted ones are found on their day, and neither volume, chance, a survey nor one busy person makes any."""

from datetime import UTC, date, datetime, timedelta
from math import erfc, sqrt
from typing import Any

import numpy as np
import pytest

from assistant.domain.theme_trend import Change, ChangeKind, Grain, Release, Trends
from assistant.search.matrix import CorpusMatrix
from assistant.synthesis.change_point import trend
from assistant.synthesis.heard import Heard, Told
from assistant.synthesis.periods import calendar_of
from assistant.synthesis.trend_table import unpacked
from assistant.synthesis.trends import Asked, tabled, trends
from tests.support.corpus_rows import columns

START = datetime(2026, 1, 5, tzinfo=UTC)
WEEKS = 30
TODAY = date(2026, 8, 3)
Row = dict[str, Any]


def one(week: float, theme: str = "", source: str = "mail", person: str | None = None) -> Row:
    return {
        "theme": theme,
        "source": source,
        "person": person,
        "said_at": int((START + timedelta(weeks=week)).timestamp()),
    }


def steady(count: int, theme: str = "", first: int = 0, last: int = WEEKS, source: str = "mail") -> list[Row]:
    """So many records each week, spread over it, each by somebody else."""
    return [one(week + (n + 0.5) / count, theme, source) for week in range(first, last) for n in range(count)]


def over_time(records: list[Row], **asked: Any) -> Trends:
    """The trends of the themes that the records name, by name."""
    for number, row in enumerate(records):
        row["person"] = row["person"] or f"p{number}"
    records.sort(key=lambda row: (row["said_at"] or 0, row["theme"], row["person"]))
    told = [
        Told(name, name, 1, np.array([n for n, row in enumerate(records) if row["theme"] == name]))
        for name in sorted({row["theme"] for row in records} - {""})
    ]
    return trends(
        CorpusMatrix(columns(records)),
        told,
        np.arange(len(records)),
        Asked(**({"today": TODAY, "grain": Grain.week} | asked)),
    )


def told(changes: tuple[Change, ...]) -> list[tuple[str, str]]:
    return [(change.kind.value, change.theme) for change in changes]


BASE = ("login", "search", "price")


def base() -> list[Row]:
    return [*steady(20), *(row for name in BASE for row in steady(4, name))]


def test_steady_themes_give_no_alert() -> None:
    found = over_time(base())
    assert found.alerts == ()
    assert [[point.records for point in theme.points] for theme in found.themes] == [[4] * WEEKS] * 3
    assert (found.periods[-1].records, found.periods[-1].is_whole, found.looked_at > 0) == (32, True, True)


def test_twice_as_much_of_everything_is_no_alert() -> None:
    louder = [row for _ in range(3) for name in (*BASE, "", "") for row in steady(4, name, WEEKS - 1)]
    assert over_time([*base(), *louder]).alerts == ()


def test_a_spike_in_the_last_week_is_told_with_its_numbers() -> None:
    found = over_time([*base(), *steady(16, "export", WEEKS - 1), *steady(1, "export", 0, WEEKS - 1)])
    assert told(found.alerts) == [("spike", "export")]
    (alert,) = found.alerts
    assert (alert.since, alert.before.told, alert.after.told, alert.after.heard) == (
        date(2026, 7, 27),
        8,
        16,
        48,
    )
    assert alert.before.first == alert.since - timedelta(weeks=8)
    assert alert.after.share == 16 / 48
    assert alert.probability < 0.001


def test_one_person_who_writes_all_week_is_no_spike() -> None:
    busy = [one(WEEKS - 1 + n / 30, "export", person="ann") for n in range(20)]
    assert over_time([*base(), *busy, *steady(1, "export", 0, WEEKS - 1)]).alerts == ()


def test_a_theme_that_nobody_speaks_of_any_more_fades() -> None:
    found = over_time([*base(), *steady(9, "export", 0, WEEKS - 1)])
    assert told(found.alerts) == [("fade", "export")]
    assert (found.alerts[0].after.told, found.alerts[0].before.told) == (0, 72)


def test_a_theme_is_new_on_the_day_it_was_first_heard_of() -> None:
    found = over_time([*base(), *(one(WEEKS - 0.5 + n / 50, "export") for n in range(5))])
    assert told(found.alerts) == [("new", "export")]
    assert found.alerts[0].since == date(2026, 7, 30)
    assert found.alerts[0].before.told == 0
    assert over_time([*base(), *(one(WEEKS - 0.5 + n / 50, "export") for n in range(2))]).alerts == ()


def test_a_lasting_rise_is_dated_and_stands_beside_its_release() -> None:
    releases = (Release(name="4.1", day=date(2026, 3, 1)), Release(name="4.2", day=date(2026, 5, 11)))
    records = [*base(), *steady(5, "export", 18), *(one(week + 0.3, "export") for week in range(0, 18, 4))]
    found = over_time(records, releases=releases)
    assert told(found.alerts) == [("rise", "export")]
    (alert,) = found.alerts
    assert (alert.since, alert.release, alert.days_after_release) == (date(2026, 5, 11), "4.2", 0)
    assert alert.before.until == alert.since == alert.after.first
    assert alert.after.share > 5 * alert.before.share
    assert [period.releases for period in found.periods if period.releases] == [("4.1",), ("4.2",)]


def test_a_lasting_decline_is_dated_too() -> None:
    found = over_time([*base(), *steady(5, "export", 0, 12)])
    assert told(found.alerts) == [("decline", "export")]
    assert abs((found.alerts[0].since - date(2026, 3, 30)).days) <= 7


def test_a_survey_or_a_new_source_makes_nothing_rise() -> None:
    survey = [*steady(30, "", WEEKS - 2, source="survey"), *steady(20, "price", WEEKS - 2, source="survey")]
    assert over_time([*base(), *survey]).alerts == ()
    earlier = [*steady(3, "", 3, 5, "survey"), *steady(2, "price", 3, 5, "survey")]
    assert over_time([*base(), *survey, *earlier]).alerts == ()


def test_a_week_that_is_not_over_is_compared_with_nothing() -> None:
    cut = [row for row in base() if row["said_at"] < (START + timedelta(weeks=WEEKS - 1, days=2)).timestamp()]
    found = over_time(cut)
    assert (found.periods[-1].is_whole, found.alerts) == (False, ())
    assert over_time(base(), today=date(2026, 8, 1)).periods[-1].is_whole is False


def test_undated_and_future_records_are_told_apart() -> None:
    odd = [one(WEEKS + 5, "login"), one(0, "login") | {"said_at": None}, one(0, "login") | {"said_at": 0}]
    found = over_time([*base(), *odd])
    assert (found.future, found.undated, found.strays) == (1, 1, 1)
    login = next(theme for theme in found.themes if theme.id == "login")
    assert (login.records, login.undated, login.outside) == (4 * WEEKS + 3, 1, 2)
    assert sum(point.records for point in login.points) == 4 * WEEKS


def test_a_past_spike_is_marked_in_its_week() -> None:
    found = over_time([*base(), *(one(12 + n / 40, "search") for n in range(30))])
    search = next(theme for theme in found.themes if theme.id == "search")
    assert [place for place, point in enumerate(search.points) if point.change == "spike"] == [12]
    assert {theme.id for theme in found.themes if any(point.change for point in theme.points)} == {"search"}


@pytest.mark.parametrize("records", [[], [one(3, "login")], [one(3, "login") for _ in range(9)]])
def test_little_or_nothing_gives_periods_but_no_alert(records: list[Row]) -> None:
    found = over_time(records)
    assert (len(found.periods), found.alerts) == (min(1, len(records)), ())


def test_shuffled_dates_give_an_alert_in_at_most_one_of_twenty_corpora() -> None:
    records = [*base(), *(row for number in range(12) for row in steady(1 + number % 3, f"theme {number}"))]
    days = np.array([row["said_at"] for row in records])
    alarms = 0
    for seed in range(40):
        for row, day in zip(records, np.random.default_rng(seed).permutation(days).tolist(), strict=True):
            row["said_at"] = day
        alarms += bool(over_time([dict(row) for row in records]).alerts)
    assert alarms <= 2


def test_the_order_of_the_rows_leaves_no_trace() -> None:
    records = [*base(), *steady(16, "export", WEEKS - 1)]
    assert (
        over_time([dict(row) for row in records]).model_dump_json()
        == over_time(records[::-1]).model_dump_json()
    )


def test_kinds_of_change_are_told_in_one_order_newest_first() -> None:
    records = [
        *base(),
        *steady(9, "export", 0, WEEKS - 1),
        *steady(5, "sync", 18),
        *(one(WEEKS - 0.5 + n / 50, "new one") for n in range(5)),
    ]
    found = over_time(records)
    days = [alert.since for alert in found.alerts]
    assert days == sorted(days, reverse=True)
    assert {alert.kind for alert in found.alerts} == {ChangeKind.new, ChangeKind.fade, ChangeKind.rise}


def test_twins_count_once_in_a_period_and_again_in_the_next() -> None:
    records = [one(week, "login", person="ann") | {"voice": "again"} for week in (3.1, 3.2, 4.1)]
    (login,) = over_time(records).themes
    assert ([point.records for point in login.points], login.records) == ([1, 1], 1)


def test_no_theme_with_a_change_is_passed_over_for_speed() -> None:
    for seed in range(6):
        dice = np.random.default_rng(seed)
        weeks = [*dice.uniform(0, 16, 12), *dice.uniform(16, WEEKS, 30)]
        records = [
            *base(),
            *(one(week, "export", ("mail", "chat")[seed % 2]) for week in weeks),
            *steady(3, source="chat"),
        ]
        found = over_time([dict(row) for row in records])
        every = [n for n, row in enumerate(records) if row["theme"] == "export"]
        matrix = CorpusMatrix(columns(records))
        heard = Heard(
            matrix,
            [Told("export", "export", 1, np.array(every))],
            np.arange(len(records)),
            calendar_of(matrix.said_at, None, None),
        )
        turn = trend(*heard.weekly(0), at_most=1.0, ratio=1.0)
        assert turn.probability >= erfc(sqrt(float(heard.greatest_gains(np.array([0]))[0]))) - 1e-12
        assert told(found.alerts) == [("rise", "export")] or turn.probability * found.looked_at > 0.05


def test_a_table_of_trends_is_the_same_after_it_was_packed_whatever_the_order_of_the_records() -> None:
    rows = [*steady(4), *steady(3, "login"), *steady(1, "price"), *[one(20, "price") for _ in range(40)]]
    rows += [{"theme": "login", "source": "mail", "person": None, "said_at": None}]

    def packed(records: list[Row]) -> bytes:
        records = sorted(records, key=lambda row: (row["said_at"] or 0, row["theme"], row["person"]))
        told = [
            Told(name, name, 1, np.array([n for n, row in enumerate(records) if row["theme"] == name]))
            for name in ("login", "price")
        ]
        asked = Asked(today=TODAY, grain=Grain.week)
        return tabled(CorpusMatrix(columns(records)), told, np.arange(len(records)), asked).packed()

    for number, row in enumerate(rows):
        row["person"] = f"p{number:04}"
    content = packed(rows)
    table = unpacked(content)
    assert table.packed() == content == packed(rows[::-1])
    assert table.spelled() == over_time(rows)
    price = table.trend("price")
    assert price == table.spelled().themes[1]
    assert price is not None
    assert {point.change for point in price.points} == {None, "spike"}
    assert table.trend("nothing") is None
    assert [round(point.share, 9) for point in price.points] == [round(one, 9) for one in table.shares[1]]
