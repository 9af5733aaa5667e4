"""Who spoke of which theme when: the columns that changes are found in.

The unit is a person in a period, once per theme and source; a record without an author is a person of its own.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cached_property

import numpy as np

from assistant.domain.theme import Level
from assistant.search.matrix import CorpusMatrix, Floats, Ints
from assistant.synthesis.change_point import WEEK_S, Times
from assistant.synthesis.periods import DAY_S, Calendar

_MOST_SOURCES = 50
"""More are compared as one."""
_AT_ONCE = 200
"""Themes; with ten years of days they take 30 MB."""
_MONDAY_S = 4 * 86_400
"""1970-01-05."""


@dataclass(frozen=True)
class Told:
    """A theme and the records in which it is spoken of."""

    id: str
    name: str
    level: Level
    records: Ints
    """Corpus rows, all of them, ascending."""


@dataclass(eq=False)
class Heard:
    """Themes and everything else that was said in the periods of a calendar."""

    matrix: CorpusMatrix
    told: Sequence[Told]
    everything: Ints
    """Corpus rows of all that customers said, every record."""
    calendar: Calendar
    """Its `period` has one entry for each row of the corpus."""

    def __post_init__(self) -> None:
        dated = self.calendar.period >= 0
        theme = np.repeat(np.arange(len(self.told)), [len(one.records) for one in self.told])
        record = np.concatenate([np.empty(0, np.int64), *(one.records for one in self.told)]).astype(np.int64)
        self._theme, self._record = theme[dated[record]], record[dated[record]]
        self._all = self.everything[dated[self.everything]]

    @cached_property
    def speaker(self) -> Ints:
        """Person of each record, else its voice, as one code."""
        person = self.matrix.person.codes
        return np.where(person >= 0, person, len(self.matrix.person.known) + self.matrix.voice.codes)

    @cached_property
    def source(self) -> Ints:
        """Source of each record; all but the 50 largest are one."""
        codes = self.matrix.source.codes
        sizes = np.bincount(codes[self.everything], minlength=len(self.matrix.source.known))
        names = sorted(self.matrix.source.known, key=str)
        ranked = sorted(
            (self.matrix.source.known[name] for name in names), key=lambda code: -int(sizes[code])
        )
        place = np.full(len(ranked) + 1, _MOST_SOURCES, dtype=np.int64)
        place[ranked[:_MOST_SOURCES]] = np.arange(min(len(ranked), _MOST_SOURCES))
        return place[codes]

    @cached_property
    def _width(self) -> int:
        return int(self.speaker.max(initial=0)) + 1

    @cached_property
    def _by_period(self) -> tuple[Ints, Ints, Ints]:
        """Theme, period and source of each person in a period, once."""
        period, sources = self.calendar.period[self._record], _MOST_SOURCES + 1
        cells = (self._theme * max(1, self.calendar.periods) + period) * sources + self.source[self._record]
        cells = np.unique(cells * self._width + self.speaker[self._record]) // self._width
        rest = cells // sources
        periods = max(1, self.calendar.periods)
        return rest // periods, rest % periods, cells % sources

    @cached_property
    def all(self) -> Ints:
        """People of each source in each period, whatever they spoke of, shape (sources, periods)."""
        cells = self.source[self._all] * max(1, self.calendar.periods) + self.calendar.period[self._all]
        cells = np.unique(cells * self._width + self.speaker[self._all]) // self._width
        shape = (_MOST_SOURCES + 1, self.calendar.periods)
        return np.bincount(cells, minlength=shape[0] * shape[1]).reshape(shape)

    def of_themes(self, first: int, end: int) -> Ints:
        """People of each theme and source from one period to another (exclusive), summed over periods, shape (themes, sources)."""
        theme, period, source = self._by_period
        inside = (period >= first) & (period < end)
        shape = (len(self.told), _MOST_SOURCES + 1)
        return np.bincount(theme[inside] * shape[1] + source[inside], minlength=shape[0] * shape[1]).reshape(
            shape
        )

    def first_day(self, row: int) -> date:
        """UTC date of the first dated record of a theme."""
        times = self.matrix.said_at[self._record[self._theme == row]]
        return datetime.fromtimestamp(float(times.min()), UTC).date()

    def weekly_sizes(self) -> list[int]:
        """How many people spoke of each theme, each once in a week and source."""
        sizes: list[int] = np.bincount(self._weekly[0], minlength=len(self.told)).tolist()
        return sizes

    def weekly(self, row: int) -> tuple[Mapping[str, Times], Mapping[str, Times]]:
        """Source → when people spoke of a theme, and of anything: each person once in a week, the first time, ascending."""
        theme, source, times = self._weekly
        first, end = np.searchsorted(theme, [row, row + 1])
        own = {
            f"{of:02}": times[first:end][source[first:end] == of]
            for of in np.unique(source[first:end]).tolist()
        }
        return own, self._heard_weekly

    @cached_property
    def _heard_weekly(self) -> dict[str, Floats]:
        _, source, times = self._first_of_week(np.zeros(len(self._all), np.int64), self._all)
        return {f"{of:02}": times[source == of] for of in np.unique(source).tolist()}

    @cached_property
    def _weekly(self) -> tuple[Ints, Ints, Floats]:
        return self._first_of_week(self._theme, self._record)

    def _first_of_week(self, group: Ints, record: Ints) -> tuple[Ints, Ints, Floats]:
        """Group, source and time of each person's first record of a week; by group, source, time."""
        times, source = self.matrix.said_at[record], self.source[record]
        order = np.lexsort((times, source, group))
        group, source, times, who = group[order], source[order], times[order], self.speaker[record][order]
        week = ((times - _MONDAY_S) // WEEK_S).astype(np.int64)
        week -= week.min(initial=0)
        cells = (group * (_MOST_SOURCES + 1) + source) * (int(week.max(initial=0)) + 1) + week
        _, first = np.unique(cells * self._width + who, return_index=True)
        first = np.sort(first)
        return group[first], source[first], times[first]

    def greatest_gains(self, rows: Ints) -> Floats:
        """The greatest log likelihood ratio of two rates against one that any midnight gives each theme.

        None is exceeded by `change_point.trend`, which looks at each theme by itself and so takes a hundred times as long.
        """
        theme, source, times = self._weekly
        of, when = (times // DAY_S).astype(np.int64), self._heard_weekly
        first = int(of[0]) if len(of) else 0
        first, last = int(of.min(initial=first)), int(of.max(initial=first))
        width = last - first + 1
        until = (np.arange(first, first + width) + 1) * float(DAY_S)
        share = np.zeros((_MOST_SOURCES + 1, width))
        for name, all_of_it in when.items():
            share[int(name)] = np.searchsorted(all_of_it, until) / max(1, len(all_of_it))
        found = np.zeros(len(rows))
        for start in range(0, len(rows), _AT_ONCE):
            some = rows[start : start + _AT_ONCE]
            inside = np.isin(theme, some)
            place = np.searchsorted(some, theme[inside])
            cells = np.bincount(place * width + of[inside] - first, minlength=len(some) * width)
            early = np.cumsum(cells.reshape(len(some), width), axis=1)
            sources = np.bincount(
                place * (_MOST_SOURCES + 1) + source[inside], minlength=len(some) * (_MOST_SOURCES + 1)
            ).reshape(len(some), -1)
            expected, size = sources @ share, early[:, -1:]
            gains = _log_terms(early, expected) + _log_terms(size - early, size - expected)
            found[start : start + _AT_ONCE] = gains.max(axis=1)
        return found


def _log_terms(seen: Ints, expected: Floats) -> Floats:
    return np.multiply(seen, np.log(np.maximum(seen, 1) / np.maximum(expected, 1e-9)), dtype=np.float64)
