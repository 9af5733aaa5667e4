"""A change of rate is found where it was planted, and neither chance nor a busy source is taken for one."""

from collections.abc import Mapping
from datetime import UTC, datetime, time, timedelta

import numpy as np
import numpy.typing as npt
import pytest

from assistant.synthesis.change_point import Trend, trend

START = datetime(2026, 1, 5, tzinfo=UTC)
DAY_S = 86_400
DAYS = 280
Days = list[float]


def _at(days: Days) -> npt.NDArray[np.float64]:
    return np.array(sorted(int(START.timestamp() + day * DAY_S) for day in days), dtype=np.float64)


def _by_source(said: Mapping[str, Days], others: Mapping[str, Days], **given: float) -> Trend:
    """The trend of what is said, where each source also says other things."""
    heard = {source: _at([*said.get(source, []), *days]) for source, days in others.items()}
    return trend({source: _at(days) for source, days in said.items()}, heard, **given)


def _trend(days: Days, **given: float) -> Trend:
    """The trend in one source that says about five things a day."""
    return _by_source({"mail": days}, {"mail": _every(0.2, 0, DAYS + 0.5)}, **given)


def _every(step: float, first: float, last: float) -> Days:
    return [float(day) for day in np.arange(first, last, step)]


def _random(seed: int, count: int, first: float = 0.0, last: float = DAYS) -> Days:
    return [float(day) for day in np.random.default_rng(seed).uniform(first, last, count)]


@pytest.mark.parametrize("day", [60, 139, 200, 241])
def test_a_planted_rise_is_found_on_its_day(day: int) -> None:
    found = _trend([*_every(7, 0, day), *_every(1, day + 0.4, DAYS)])
    assert found.direction == "growing"
    assert found.since is not None
    assert found.since - START == timedelta(days=day)


@pytest.mark.parametrize("seed", range(12))
def test_a_rise_with_noise_is_found_within_ten_days(seed: int) -> None:
    found = _trend([*_random(seed, 20, 0, 160), *_random(seed + 100, 90, 160, DAYS)])
    assert found.direction == "growing"
    assert found.since is not None
    assert abs((found.since - START).days - 160) <= 10


@pytest.mark.parametrize("seed", range(40))
def test_noise_around_a_constant_rate_is_no_trend(seed: int) -> None:
    assert _trend(_random(seed, 30 + 7 * seed)).direction == "steady"


def test_what_people_stop_writing_about_is_fading() -> None:
    found = _trend([*_every(1, 0, 120), *_every(14, 126, DAYS)])
    assert found.direction == "fading"
    assert found.since is not None
    assert abs((found.since - START).days - 120) <= 10


def test_a_survey_that_ran_late_makes_nothing_grow() -> None:
    asked = _every(0.05, 200, 240)
    steady = {"mail": _every(7, 0, DAYS), "survey": _every(0.5, 200, 240)}
    assert _by_source(steady, {"mail": _every(0.2, 0, DAYS), "survey": asked}).direction == "steady"


def test_a_rise_is_found_beside_a_survey() -> None:
    mail = [*_every(7, 0, 139), *_every(1, 139.4, DAYS)]
    said = {"mail": mail, "survey": _every(2, 30, 60)}
    found = _by_source(said, {"mail": _every(0.2, 0, DAYS), "survey": _every(0.1, 30, 60)})
    assert found.direction == "growing"
    assert found.since is not None
    assert abs((found.since - START).days - 139) <= 7


def test_a_change_smaller_than_the_ratio_is_steady() -> None:
    days = [*_every(0.5, 0, 140), *_every(0.3, 140, DAYS)]
    assert _trend(days).direction == "steady"
    assert _trend(days, ratio=1.1).direction == "growing"


def test_few_records_say_nothing() -> None:
    assert _trend(_every(1, 270, 277)).direction == "unknown"
    assert _trend(_every(1, 270, 278)).direction == "growing"
    assert _trend([]) == Trend("unknown")
    assert trend({}, {}) == Trend("unknown")


def test_a_short_span_says_nothing() -> None:
    days = {"mail": _every(0.5, 0, 30)}
    assert _by_source(days, {"mail": _every(0.1, 0, 30)}).direction == "unknown"


def test_everything_that_is_said_at_all_is_steady() -> None:
    days = _every(1, 0, DAYS)
    assert _by_source({"mail": days}, {"mail": []}).direction == "steady"


def test_the_names_and_order_of_the_sources_do_not_matter() -> None:
    said = {"a": [*_every(7, 0, 139), *_every(1, 139.4, DAYS)], "b": _every(9, 0, DAYS)}
    others = {"a": _every(0.3, 0, DAYS), "b": _every(0.4, 0, DAYS)}
    swapped = {"y": said["b"], "x": said["a"]}
    assert _by_source(said, others) == _by_source(swapped, {"y": others["b"], "x": others["a"]})


def test_the_span_before_is_as_long_as_the_span_since_or_as_there_is() -> None:
    late = _trend([*_every(7, 0, 200), *_every(1, 200, DAYS)])
    early = _trend([*_every(7, 0, 60), *_every(0.5, 60, DAYS)])
    assert late.since is not None
    assert late.before is not None
    assert late.until is not None
    assert late.since - late.before == late.until - late.since
    assert late.until == START + timedelta(days=DAYS + 1)
    assert early.before == START


def test_the_day_of_a_rise_is_one_on_which_somebody_wrote() -> None:
    days = [*_random(1, 15, 0, 150), *_random(2, 80, 153.2, DAYS)]
    found = _trend(days)
    assert found.since is not None
    assert any((START + timedelta(days=day)).date() == found.since.date() for day in days)
    assert found.since.timetz() == time(0, tzinfo=UTC)
