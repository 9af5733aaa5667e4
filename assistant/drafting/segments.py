"""Which segments of people a need is about: values that are more frequent in it than among everyone."""

from dataclasses import dataclass
from math import sqrt
from weakref import WeakKeyDictionary

import numpy as np

from assistant.domain.base import canonical_json
from assistant.domain.evidence import Scope
from assistant.domain.fact import Measure
from assistant.drafting.desk import Desk
from assistant.drafting.facts import Rows, narrow
from assistant.search.column import are_first
from assistant.search.matrix import CorpusMatrix

VERSION = ("version", "release", "build")
_OF_THE_RECORD = frozenset(
    [
        "priority",
        "status",
        "state",
        "severity",
        "type",
        "category",
        "topic",
        "tags",
        "question",
        "choice",
        "channel",
        "resolution",
        "assignee",
    ]
)
_MAX_VALUES = 24
_LONGEST_VALUE = 24
"""A longer value is a sentence, for example a survey's question, and tells no group of people."""


@dataclass(frozen=True)
class Lift:
    """A segment value that is more frequent in a need than among everyone."""

    segment: str
    value: str
    scope: Scope
    """The base scope narrowed to the value."""


def lift(desk: Desk, selection: str, scope: Scope) -> Lift | None:
    """The segment value with the greatest z-score of its share of people against everyone's share.

    Shares are of those whose value is known: else a source that has the segment at all would stand out.
    """
    matrix = desk.reader.matrix
    reporting = desk.book.rows(selection, scope)
    best: tuple[float, str, str] | None = None
    for name in matrix.segment_names:
        column = matrix.segment(name)
        if _tells_no_group(name) or len(column.known) > _MAX_VALUES:
            continue
        inside = _people_by_value(desk, name, reporting)
        everyone = _everyone_by_value(desk, name)
        total, base_total = inside[""], everyone[""]
        for value in sorted(str(value) for value in column.known):
            own, base = inside.get(value, 0), everyone.get(value, 0)
            if len(value) > _LONGEST_VALUE or own < 5 or not base:
                continue
            expected = base / base_total
            if own / total < 0.4 or own / total < 1.4 * expected:
                continue
            score = round((own / total - expected) / sqrt(expected * (1 - expected) / total + 1e-9), 6)
            if best is None or (-score, name, value) < (-best[0], best[1], best[2]):
                best = (score, name, value)
    if best is None or best[0] < 2.6:
        return None
    return Lift(best[1], best[2], narrow(desk.book.scope, segments={best[1]: (best[2],)}))


def _people_by_value(desk: Desk, name: str, rows: Rows) -> dict[str, int]:
    """Value of a segment → distinct people (or voices) that have it; the empty value stands for all of them."""
    column = desk.reader.matrix.segment(name)
    rows = rows[column.codes[rows] >= 0]
    people = _people_codes(desk, rows)
    known = people >= 0
    holds = column.codes[rows][known]
    pairs = holds * (int(people.max(initial=0)) + 1) + people[known]
    counts = np.bincount(holds[are_first(pairs)], minlength=len(column.known))
    return {str(value): int(counts[code]) for value, code in column.known.items()} | {"": _distinct(people)}


_EVERYONE: "WeakKeyDictionary[CorpusMatrix, dict[tuple[str, str, str], dict[str, int]]]" = WeakKeyDictionary()


def _everyone_by_value(desk: Desk, name: str) -> dict[str, int]:
    """As `_people_by_value` over the whole scope; kept as long as the snapshot is."""
    kept = _EVERYONE.setdefault(desk.reader.matrix, {})
    key = (canonical_json(desk.book.scope), desk.counts.value, name)
    if key not in kept:
        kept[key] = _people_by_value(desk, name, desk.book.rows(None, desk.book.scope))
    return kept[key]


def _people_codes(desk: Desk, rows: Rows) -> Rows:
    column = desk.reader.matrix.person if desk.counts is Measure.people else desk.reader.matrix.voice
    codes: Rows = column.codes[rows]
    return codes


def _tells_no_group(name: str) -> bool:
    """Whether a segment is about the record rather than about who wrote it."""
    plain = name.casefold()
    return plain in _OF_THE_RECORD or any(mark in plain for mark in VERSION)


def _distinct(codes: Rows) -> int:
    return int(are_first(codes[codes >= 0]).sum())
