"""The records behind a report as small integers: what its filters count over, in the reader's browser."""

from base64 import b64encode
from collections.abc import Hashable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from assistant.domain.record import RecordKind
from assistant.search.column import Column
from assistant.search.matrix import Ints
from assistant.synthesis.members import counted
from assistant.synthesis.outputs.export import Export
from assistant.synthesis.outputs.periods import Periods, periods_of

MAX_ROWS = 300_000
"""Records that a report carries along for its filters: 7 MB. With more it has none, and says so."""
MAX_FILTERS = 9
MAX_VALUES = 24
"""Values of a filter that can be chosen; the others are one."""
_LEAST_SHARE = 0.02
"""Of the records that have a segment attribute, for it to be a filter."""


@dataclass(frozen=True)
class Choice:
    """One value of a filter."""

    code: int
    label: str
    records: int
    """Records that have it, twins of one person once."""


@dataclass(frozen=True)
class Filter:
    """Something that a reader can narrow down by. Every record has exactly one of its values."""

    label: str
    choices: tuple[Choice, ...]
    codes: npt.NDArray[np.uint8]


@dataclass(frozen=True)
class Compact:
    """Customers' records in the order of their ids, and which of them each theme holds."""

    rows: Ints
    """Corpus row of each."""
    voice: Ints
    """Twins share a number."""
    person: Ints
    """-1 where it isn't known."""
    periods: Periods
    filters: tuple[Filter, ...]
    members: dict[str, Ints]
    """Theme without parts of its own → its records, ascending."""

    def place(self, corpus_rows: Ints) -> Ints:
        """Place of records, given by their corpus rows."""
        return np.searchsorted(self.rows, corpus_rows)


def compact_of(export: Export) -> Compact:
    """The records of the themes of now."""
    matrix = export.material.matrix
    rows = np.flatnonzero(matrix.kind.among([RecordKind.customer]))
    voice = np.unique(matrix.voice.codes[rows], return_inverse=True)[1]
    known, person = np.unique(matrix.person.codes[rows], return_inverse=True)
    person = person - int(len(known) > 0 and known[0] < 0)
    return Compact(
        rows=rows,
        voice=voice.astype(np.int64),
        person=person.astype(np.int64),
        periods=periods_of(matrix.said_at[rows]),
        filters=_filters(export, rows),
        members=_members(export, rows),
    )


def packed(values: npt.NDArray[np.integer], kind: str) -> str:
    """Integers as base64 of their little-endian bytes. Args: kind: numpy's name, such as `<u4`."""
    return b64encode(np.ascontiguousarray(values, dtype=kind).tobytes()).decode("ascii")


def _members(export: Export, rows: Ints) -> dict[str, Ints]:
    leaf = export.tree.leaf[export.material.rows.text]
    known = np.flatnonzero(leaf >= 0)
    order = known[np.argsort(leaf[known], kind="stable")]
    starts = np.searchsorted(leaf[order], np.arange(len(export.tree.nodes) + 1)).tolist()
    record = export.material.record
    return {
        node.id: np.searchsorted(rows, np.unique(record[order[start:end]]))
        for node, start, end in zip(export.tree.nodes, starts[:-1], starts[1:], strict=True)
        if end > start
    }


def _filters(export: Export, rows: Ints) -> tuple[Filter, ...]:
    matrix = export.material.matrix
    offered: list[tuple[str, Column]] = []
    widest = sorted(
        (
            (-int(np.count_nonzero(column.codes[rows] >= 0)), name, column)
            for name in _candidates(export)
            for column in [matrix.segment(name)]
        ),
        key=lambda one: one[:2],
    )
    offered += [
        (export.shown(name), column) for held, name, column in widest if -held >= _LEAST_SHARE * len(rows)
    ]
    fixed = (
        ("source", matrix.source),
        ("language", matrix.language),
        ("type", matrix.type),
        ("sentiment", matrix.sentiment),
    )
    filters = [_filter(export, label, column, rows) for label, column in [*fixed, *offered]]
    useful = [one for one in filters if len(one.choices) > 1]
    segments = [one for one in useful if one.label not in dict(fixed)]
    others = [one for one in useful if one.label in dict(fixed)]
    return (*segments[: MAX_FILTERS - len(others)], *others)


def _candidates(export: Export) -> Sequence[str]:
    """Segment attributes that may become filters; where there are thousands, those of most records."""
    matrix = export.material.matrix
    if len(matrix.segment_names) <= 100:
        return matrix.segment_names
    held: dict[str, int] = {}
    for segments in matrix.rows.segments:
        for name in segments:
            held[name] = held.get(name, 0) + 1
    return sorted(sorted(held, key=lambda name: (-held[name], name))[:100])


def _filter(export: Export, label: str, column: Column, rows: Ints) -> Filter:
    """The values that most records have, then all others as one, then what isn't known."""
    codes = column.codes[rows]
    values: list[Hashable] = list(column.known)
    held = np.bincount(codes[codes >= 0], minlength=len(values))
    order = sorted(range(len(values)), key=lambda code: (-int(held[code]), str(values[code])))
    order = [code for code in order if held[code]]
    named = order[:MAX_VALUES]
    place = np.full(len(values) + 1, MAX_VALUES, np.int64)
    place[named] = np.arange(len(named))
    # The last place is that of -1, the code of what isn't known.
    place[-1] = MAX_VALUES + 1
    found = place[codes]
    labels = {at: export.shown(str(values[code])) for at, code in enumerate(named)}
    labels[MAX_VALUES] = f"{len(order) - len(named):,} other values"
    labels[MAX_VALUES + 1] = "not known"
    choices = []
    for at in sorted(labels):
        chosen = rows[found == at]
        if len(chosen):
            choices.append(Choice(at, labels[at], len(counted(export.material, chosen)[0])))
    return Filter(label, tuple(choices), found.astype(np.uint8))
