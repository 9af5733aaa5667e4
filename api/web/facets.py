"""Which values the records of a workspace hold, counted, as the filters of a search offer them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

import numpy as np

from assistant.domain.evidence import Scope
from assistant.search.column import Column
from assistant.search.matrix import CorpusMatrix
from assistant.search.scope import record_mask

_FIELDS = ("source", "type", "sentiment", "kind", "language")
_SCOPED = {
    "source": "sources",
    "type": "types",
    "sentiment": "sentiments",
    "kind": "kinds",
    "language": "languages",
}
_MOST_VALUES = 12
_MOST_SEGMENTS = 4
_FEW = 40
"""A segment with more values than this is no choice but a text."""


@dataclass(frozen=True)
class Choice:
    """One value, with how many records it would leave."""

    filter: str
    """As `field=value`."""
    value: str
    records: int
    is_chosen: bool


@dataclass(frozen=True)
class Facet:
    """A field with its values, most frequent first."""

    name: str
    choices: tuple[Choice, ...]
    more: int
    """Values that are left out."""


def facets_of(matrix: CorpusMatrix, scope: Scope, chosen: Sequence[str]) -> list[Facet]:
    """The facets of a scope. Each counts the records that all *other* fields of the scope leave.

    Fields with one value only are left out, unless it is chosen.
    """
    return [facet for facet in _all(matrix, scope, frozenset(chosen)) if facet is not None]


def _all(matrix: CorpusMatrix, scope: Scope, chosen: frozenset[str]) -> Iterator[Facet | None]:
    for name in _FIELDS:
        column: Column = getattr(matrix, name)
        free = scope.model_copy(update={_SCOPED[name]: ()})
        yield _facet(name, name, column, record_mask(matrix, free), chosen)
    for segment in _segments(matrix):
        others = {name: values for name, values in scope.segments.items() if name != segment}
        mask = record_mask(matrix, scope.model_copy(update={"segments": others}))
        yield _facet(segment, f"segment.{segment}", matrix.segment(segment), mask, chosen)


def _segments(matrix: CorpusMatrix) -> list[str]:
    """Segments that are choices, those that most records have first."""
    sized = [
        (-int((column.codes >= 0).sum()), name)
        for name in matrix.segment_names
        if 1 < len((column := matrix.segment(name)).known) <= _FEW
    ]
    return [name for _, name in sorted(sized)[:_MOST_SEGMENTS]]


def _facet(name: str, field: str, column: Column, mask: np.ndarray, chosen: frozenset[str]) -> Facet | None:
    codes = column.codes[mask & (column.codes >= 0)]
    counts = np.bincount(codes, minlength=len(column.known))
    rows = [
        Choice(f"{field}={value}", str(value), int(counts[code]), f"{field}={value}" in chosen)
        for value, code in column.known.items()
        if counts[code] or f"{field}={value}" in chosen
    ]
    rows.sort(key=lambda one: (not one.is_chosen, -one.records, one.value))
    if len(rows) < 2 and not any(one.is_chosen for one in rows):
        return None
    return Facet(name.replace("_", " "), tuple(rows[:_MOST_VALUES]), max(0, len(rows) - _MOST_VALUES))


def search_link(question: str, filters: Sequence[str], **more: str | int) -> str:
    """The address of a search."""
    pairs: list[tuple[str, str | int]] = [("q", question)] if question else []
    pairs += [("filter", one) for one in filters] + [(name, value) for name, value in more.items() if value]
    return f"/search?{urlencode(pairs)}" if pairs else "/search"
