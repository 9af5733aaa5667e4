"""Themes over time: the use case, and the table of counts per period."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from assistant.domain.record import RecordKind
from assistant.domain.theme import Level, ThemeSet
from assistant.domain.theme_trend import Grain, Period, Point, Release, ThemeTrend, Trends
from assistant.search.matrix import CorpusMatrix, Ints
from assistant.synthesis.alerts import AT_MOST, Step, alerts_of, steps
from assistant.synthesis.heard import Heard, Told
from assistant.synthesis.intervals import count_interval, share_interval
from assistant.synthesis.material import Material, material_of
from assistant.synthesis.members import members_of
from assistant.synthesis.pairs import held
from assistant.synthesis.periods import WINDOWS, Calendar, calendar_of
from assistant.synthesis.tree import remembered
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
    material = material_of(bench)
    return trends(material.matrix, told_of(material, themes, asked.level) if state else [], asked)


def told_of(material: Material, themes: ThemeSet, level: Level) -> list[Told]:
    """The records of each theme of a level, largest first."""
    shown = {one.id: one for one in themes.of_level(level) if not one.is_single_voice}
    state = material.bench.catalog.themes.state(material.bench.workspace)
    if state is None:
        return []
    tree = remembered(state.nodes, material.rows)
    records = {
        one.node.id: np.unique(material.record[one.statements])
        for one in members_of(material, tree)
        if one.node.id in shown
    }
    order = sorted(shown.values(), key=lambda one: (-one.people, -one.records, one.id))
    return [Told(one.id, one.name, one.level, records[one.id]) for one in order if one.id in records]


def trends(matrix: CorpusMatrix, told: Sequence[Told], asked: Asked) -> Trends:
    """Count themes per period, and find what changed."""
    everything = np.flatnonzero(matrix.kind.among([RecordKind.customer.value]))
    times = np.full(len(matrix.said_at), np.nan)
    times[everything] = matrix.said_at[everything]
    calendar = calendar_of(times, asked.grain, asked.today)
    heard = Heard(matrix, told, everything, calendar)
    alerts, looked_at = alerts_of(heard, asked.releases)
    return Trends(
        grain=calendar.grain,
        today=asked.today,
        periods=_periods(matrix, everything, calendar, asked.releases),
        window=WINDOWS[calendar.grain],
        level=asked.level,
        looked_at=looked_at,
        records=_voices(matrix, everything),
        themes=_table(matrix, told, everything, heard),
        alerts=tuple(alerts),
        undated=_voices(matrix, everything[np.isnan(times[everything])]),
        future=_voices(matrix, everything[calendar.is_future[everything]]),
        strays=_voices(matrix, everything[calendar.is_stray[everything]]),
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


def _table(
    matrix: CorpusMatrix, told: Sequence[Told], everything: Ints, heard: Heard
) -> tuple[ThemeTrend, ...]:
    calendar = heard.calendar
    records, people = _counts(matrix, [one.records for one in told], calendar)
    whole = _counts(matrix, [everything], calendar)[0][0]
    low, high = count_interval(records)
    share_low, share_high = share_interval(records, np.broadcast_to(whole, records.shape))
    share = records / np.maximum(1, whole)
    changed = _changed(heard)
    undated = np.isnan(matrix.said_at)
    columns = [column.tolist() for column in (records, low, high, people, share, share_low, share_high)]
    return tuple(
        ThemeTrend(
            id=one.id,
            name=one.name,
            level=one.level,
            records=_voices(matrix, one.records),
            points=tuple(
                Point.model_validate(
                    dict(zip(_POINT, (column[row][place] for column in columns), strict=True))
                    | {"change": changed.get((row, place))}
                )
                for place in range(calendar.periods)
            ),
            undated=_voices(matrix, one.records[undated[one.records]]),
            outside=_voices(matrix, one.records[~undated[one.records] & (calendar.period[one.records] < 0)]),
        )
        for row, one in enumerate(told)
    )


_POINT = ("records", "low", "high", "people", "share", "share_low", "share_high")


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


def _changed(heard: Heard) -> dict[tuple[int, int], str]:
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
