"""Themes over time: the use case, and the table of counts per period."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

import numpy as np

from assistant.domain.theme import Level, ThemeSet
from assistant.domain.theme_trend import Grain, Period, Release, Trends
from assistant.search.matrix import CorpusMatrix, Ints
from assistant.synthesis.alerts import AT_MOST, Step, alerts_of, steps
from assistant.synthesis.heard import Heard, Told
from assistant.synthesis.material import Material, material_of
from assistant.synthesis.members import records_of
from assistant.synthesis.pairs import held
from assistant.synthesis.periods import WINDOWS, Calendar, calendar_of
from assistant.synthesis.pipeline import whole
from assistant.synthesis.tree import Tree, remembered
from assistant.synthesis.trend_table import Counts, TrendTable
from assistant.workbench import Workbench


@dataclass(frozen=True)
class Asked:
    """How time is to be looked at."""

    grain: Grain | None = None
    """None: by the span of the records."""
    releases: tuple[Release, ...] = ()
    today: date | None = None
    """What is dated after it is counted apart. None asks no clock: today is the day of the last record."""
    level: Level = 1


def trends_of(bench: Workbench, themes: ThemeSet, asked: Asked) -> Trends:
    """The themes of one level over time. Single voices are left out.

    Args: themes: as `pipeline.themes_of` gives them. Raises: UsageError where the grain gives too many periods; StoreError.
    """
    state = bench.catalog.themes.state(bench.workspace)
    if state is None:
        material = material_of(bench)
        return trends(material.matrix, [], material.customers, asked)
    state, material = whole(bench, state)
    tree = remembered(state.nodes, material.rows)
    return trends(material.matrix, told_of(material, tree, themes, asked.level), material.customers, asked)


def told_of(material: Material, tree: Tree, themes: ThemeSet, level: Level) -> list[Told]:
    """The records of each theme of a level, largest first."""
    shown = {one.id: one for one in themes.of_level(level) if not one.is_single_voice}
    records = records_of(material, tree, shown)
    order = sorted(shown.values(), key=lambda one: (-one.people, -one.records, one.id))
    return [Told(one.id, one.name, one.level, records[one.id]) for one in order if one.id in records]


def trends(matrix: CorpusMatrix, told: Sequence[Told], everything: Ints, asked: Asked) -> Trends:
    """Count themes per period, and find what changed. Args: everything: rows of all that customers said, ascending."""
    return tabled(matrix, told, everything, asked).spelled()


def tabled(matrix: CorpusMatrix, told: Sequence[Told], everything: Ints, asked: Asked) -> TrendTable:
    """The same as columns of counts."""
    times = np.full(len(matrix.said_at), np.nan)
    times[everything] = matrix.said_at[everything]
    calendar = calendar_of(times, asked.grain, asked.today)
    heard = Heard(matrix, told, everything, calendar)
    alerts, looked_at = alerts_of(heard, asked.releases)
    head = Trends(
        grain=calendar.grain,
        today=asked.today,
        periods=_periods(matrix, everything, calendar, asked.releases),
        window=WINDOWS[calendar.grain],
        level=asked.level,
        looked_at=looked_at,
        records=_voices(matrix, everything),
        themes=(),
        alerts=tuple(alerts),
        undated=_voices(matrix, everything[np.isnan(times[everything])]),
        future=_voices(matrix, everything[calendar.is_future[everything]]),
        strays=_voices(matrix, everything[calendar.is_stray[everything]]),
    )
    records, people = _counts(matrix, [one.records for one in told], calendar)
    return TrendTable(
        head=head,
        ids=tuple(one.id for one in told),
        names=tuple(one.name for one in told),
        totals=_totals(matrix, told, calendar),
        records=records.astype(np.int32),
        people=people.astype(np.int32),
        changed=_changed(heard),
    )


def _voices(matrix: CorpusMatrix, records: Ints) -> int:
    return len(np.unique(matrix.voice.codes[records]))


def _periods(
    matrix: CorpusMatrix, everything: Ints, calendar: Calendar, releases: Sequence[Release]
) -> tuple[Period, ...]:
    records, people = _counts(matrix, [everything], calendar)
    spans = zip(calendar.edges[:-1], calendar.edges[1:], strict=True)
    return tuple(
        Period(
            first=first,
            until=until,
            is_whole=place < calendar.whole,
            records=int(records[0, place]),
            people=int(people[0, place]),
            releases=tuple(
                one.name
                for one in sorted(releases, key=lambda one: (one.day, one.name))
                if first <= one.day < until
            ),
        )
        for place, (first, until) in enumerate(spans)
    )


def _totals(matrix: CorpusMatrix, told: Sequence[Told], calendar: Calendar) -> Counts:
    undated = np.isnan(matrix.said_at)
    outside = ~undated & (calendar.period < 0)
    kinds = np.ones(len(undated), np.bool_), undated, outside
    rows = [[_voices(matrix, one.records[kind[one.records]]) for kind in kinds] for one in told]
    return np.array(rows, dtype=np.int32).reshape(-1, len(kinds))


def _counts(matrix: CorpusMatrix, groups: Sequence[Ints], calendar: Calendar) -> tuple[Ints, Ints]:
    """Distinct voices and distinct known people of each group in each period, both of shape (groups, periods)."""
    shape = (len(groups), calendar.periods)
    group = np.repeat(np.arange(len(groups)), [len(one) for one in groups])
    record = np.concatenate([np.empty(0, np.int64), *groups]).astype(np.int64)
    kept = calendar.period[record] >= 0
    cell = group[kept] * shape[1] + calendar.period[record[kept]]
    voices, people = (
        held(shape[0] * shape[1], cell, codes[record[kept]]).sizes.reshape(shape)
        for codes in (matrix.voice.codes, matrix.person.codes)
    )
    return voices, people


def _changed(heard: Heard) -> dict[tuple[int, int], Literal["spike", "fade"]]:
    """Spikes and fades of all whole periods, corrected for all of them: (row, period) → which."""
    found: list[Step] = []
    tests = 0
    for period in range(1, heard.calendar.whole):
        some, more = steps(heard, period)
        found += some
        tests += more
    return {
        (one.theme, one.period): "spike" if one.is_spike else "fade"
        for one in found
        if one.probability * tests <= AT_MOST
    }
