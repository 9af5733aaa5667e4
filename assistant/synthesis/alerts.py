"""What changed, and how probable it is that nothing did. Volume alone is no alert.

The unit is a person in a period: whoever writes five times a week counts once, so no one person makes a spike. What is expected of
a theme follows from how much each source said at all, so a survey that ran makes nothing rise. A probability is multiplied with the
number of tests (Bonferroni): at 5 % at most one corpus of twenty without any change has an alert at all.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from math import erfc, sqrt

import numpy as np

from assistant.domain.theme_trend import Change, ChangeKind, Release, Span
from assistant.synthesis.change_point import Trend, trend
from assistant.synthesis.heard import Heard
from assistant.synthesis.intervals import binomial_tail
from assistant.synthesis.periods import WINDOWS

AT_MOST = 0.05
LEAST = 5
"""A spike has so many people at least, and so many are expected where a theme fades."""
_LEAST_NEW = 3
_LEAST_LASTING = 8
_RATIO = 1.5
"""A spike or fade changes what is expected by so much at least; a lasting change doubles or halves it."""
NEAR_RELEASE_DAYS = 10


@dataclass(frozen=True)
class Step:
    """A theme in a period against the window before it."""

    theme: int
    window: int
    """First period of the window."""
    period: int
    seen: int
    expected: float
    """At the shares of the window, source by source."""
    probability: float
    """Of so much (or so little) where nothing changed. Not corrected."""

    @property
    def is_spike(self) -> bool:
        """Else it is a fade."""
        return self.seen > self.expected


def steps(heard: Heard, period: int) -> tuple[list[Step], int]:
    """Themes that stepped up or down in a period, and how many tests that took.

    Given how many spoke of a theme in both, their number in the period is binomial (Przyborowski & Wilenski 1940); the chance is
    the one of the theme's mix of sources, which is on the safe side (Hoeffding 1956).
    """
    window = max(0, period - WINDOWS[heard.calendar.grain])
    if period <= window:
        return [], 0
    now, both = heard.of_themes(period, period + 1), heard.of_themes(window, period + 1)
    chance = heard.all[:, period] / np.maximum(1, heard.all[:, window : period + 1].sum(axis=1))
    seen, size, expected = now.sum(axis=1), both.sum(axis=1), both @ chance
    tested = size >= LEAST
    up = tested & (seen >= LEAST) & (seen >= _RATIO * expected)
    down = tested & (expected >= LEAST) & (_RATIO * seen <= expected)
    found = []
    for row in np.flatnonzero(up | down).tolist():
        share = min(1.0, float(expected[row]) / int(size[row]))
        tail = (
            binomial_tail(int(seen[row]), int(size[row]), share)
            if up[row]
            else binomial_tail(int(size[row] - seen[row]), int(size[row]), 1 - share)
        )
        found.append(Step(row, window, period, int(seen[row]), float(expected[row]), tail))
    return found, 2 * int(tested.sum())


def alerts_of(heard: Heard, releases: Sequence[Release]) -> tuple[list[Change], int]:
    """What changed, newest first, and the number of tests that every probability is corrected for."""
    last = heard.calendar.whole - 1
    stepped, step_tests = steps(heard, last) if last > 0 else ([], 0)
    newcomers, new_tests = _newcomers(heard, last) if last > 0 else ([], 0)
    lasting = [row for row, size in enumerate(heard.weekly_sizes()) if size >= _LEAST_LASTING]
    tests = step_tests + new_tests + len(lasting)
    fresh = {row for row, chance in newcomers if chance * tests <= AT_MOST}
    found = [_newcomer(heard, row, last, chance * tests) for row, chance in newcomers if row in fresh]
    worth = _worth_a_look(heard, lasting, tests)
    turns = {row: turn for row in worth if row not in fresh and (turn := _turn(heard, row, tests))}
    for step in stepped:
        if step.theme in fresh or step.probability * tests > AT_MOST:
            continue
        found.append(_step(heard, step, step.probability * tests))
        if _is_the_same(turns.get(step.theme), heard.calendar.edges[last]):
            del turns[step.theme]
    found += [_lasting(heard, row, turn, tests) for row, turn in turns.items()]
    marked = [_beside_release(change, releases) for change in found]
    return sorted(marked, key=lambda one: (-one.since.toordinal(), one.probability, one.theme)), tests


def _is_the_same(turn: Trend | None, began: date) -> bool:
    """Whether a lasting change began in the last period, or in the week before it: nobody knows yet whether it lasts."""
    return turn is not None and turn.since is not None and turn.since.date() >= began - timedelta(weeks=1)


def _newcomers(heard: Heard, last: int) -> tuple[list[tuple[int, float]], int]:
    """Themes that nobody spoke of before the last whole period, each with the chance that all of it falls there; and the tests."""
    periods = heard.calendar.periods
    everything, before = heard.of_themes(0, periods), heard.of_themes(0, last)
    tested = everything.sum(axis=1) >= _LEAST_NEW
    recent = heard.all[:, last:].sum(axis=1) / np.maximum(1, heard.all.sum(axis=1))
    found = []
    for row in np.flatnonzero(tested & (before.sum(axis=1) == 0)).tolist():
        chance = float(np.prod(recent ** everything[row]))
        found.append((row, chance))
    return found, int(tested.sum())


def _worth_a_look(heard: Heard, rows: list[int], tests: int) -> list[int]:
    """Themes of which some midnight could divide two rates surely enough, before it is corrected for the splits."""
    gains = heard.greatest_gains(np.array(rows, dtype=np.int64))
    return [
        row
        for row, gain in zip(rows, gains.tolist(), strict=True)
        if erfc(sqrt(max(gain, 0.0))) <= AT_MOST / tests
    ]


def _turn(heard: Heard, row: int, tests: int) -> Trend | None:
    said, everything = heard.weekly(row)
    found = trend(said, everything, least=_LEAST_LASTING, at_most=AT_MOST / tests)
    return found if found.since is not None else None


def _newcomer(heard: Heard, row: int, last: int, probability: float) -> Change:
    spans = (_by_period(heard, row, 0, last), _by_period(heard, row, last, heard.calendar.periods))
    return _change(heard, row, ChangeKind.new, heard.first_day(row), spans, probability)


def _step(heard: Heard, step: Step, probability: float) -> Change:
    kind = ChangeKind.spike if step.is_spike else ChangeKind.fade
    spans = (
        _by_period(heard, step.theme, step.window, step.period),
        _by_period(heard, step.theme, step.period, step.period + 1),
    )
    return _change(heard, step.theme, kind, heard.calendar.edges[step.period], spans, probability)


def _lasting(heard: Heard, row: int, turn: Trend, tests: int) -> Change:
    since, before, until = (one for one in (turn.since, turn.before, turn.until) if one is not None)
    said, everything = heard.weekly(row)

    def span(first: datetime, end: datetime) -> Span:
        told, all_of_it = (
            sum(
                int(np.searchsorted(times, end.timestamp()) - np.searchsorted(times, first.timestamp()))
                for times in columns.values()
            )
            for columns in (said, everything)
        )
        return _span(first.date(), end.date(), told, all_of_it)

    kind = ChangeKind.rise if turn.direction == "growing" else ChangeKind.decline
    spans = (span(before, since), span(since, until))
    return _change(heard, row, kind, since.date(), spans, turn.probability * tests)


def _change(
    heard: Heard, row: int, kind: ChangeKind, since: date, spans: tuple[Span, Span], probability: float
) -> Change:
    theme = heard.told[row]
    return Change(
        kind=kind,
        theme=theme.id,
        name=theme.name,
        level=theme.level,
        since=since,
        before=spans[0],
        after=spans[1],
        probability=min(1.0, probability),
    )


def _by_period(heard: Heard, row: int, first: int, end: int) -> Span:
    edges = heard.calendar.edges
    told = int(heard.of_themes(first, end)[row].sum())
    return _span(edges[first], edges[end], told, int(heard.all[:, first:end].sum()))


def _span(first: date, until: date, told: int, heard: int) -> Span:
    return Span(first=first, until=until, told=told, heard=heard, share=told / heard if heard else 0.0)


def _beside_release(change: Change, releases: Sequence[Release]) -> Change:
    """With the nearest release within ten days; of two as near, the one before the change."""
    near = [
        (abs(days), -days, one.name, days)
        for one in releases
        if abs(days := (change.since - one.day).days) <= NEAR_RELEASE_DAYS
    ]
    if not near:
        return change
    _, _, name, days = min(near)
    return change.model_copy(update={"release": name, "days_after_release": days})
