"""A column of a corpus as small integers, and how it is brought up to date where a few records came."""

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from operator import itemgetter

import numpy as np
import numpy.typing as npt

from assistant.stores.moved import Moves, spliced_rows

Bools = npt.NDArray[np.bool_]
Ints = npt.NDArray[np.int64]
_FEW = 16
"""So many values are looked for one by one: a table of 100,000 values takes 10 ms to make, a search in them 1."""

_MANY = 2_000


@dataclass(frozen=True, eq=False)
class Column:
    """A column of values as small integers, so that a filter is one comparison of arrays."""

    codes: Ints
    """Shape (records,); -1 where the value is None."""
    values: tuple[Hashable, ...]
    """By code: in the order of their first appearance."""

    @cached_property
    def known(self) -> dict[Hashable, int]:
        """Value → code."""
        return {value: code for code, value in enumerate(self.values)}

    def among(self, values: Iterable[Hashable]) -> Bools:
        """Which records hold one of the values. A value that nobody holds matches nothing."""
        wanted = [code for value in values if (code := self.known.get(value)) is not None]
        return np.isin(self.codes, wanted)

    def spliced(self, moves: Moves, come: Sequence[Hashable | None]) -> "Column":
        """The column over newer rows, to the bit as if it were made of them. Args: come: values of the records that came, in order."""
        fresh: dict[Hashable, None] = {}
        found = self._codes_of({value for value in come if value is not None})
        added = []
        for value in come:
            if value is not None and value not in found:
                found[value] = len(self.values) + len(fresh)
                fresh[value] = None
            added.append(-1 if value is None else found[value])
        codes = spliced_rows(moves, self.codes, np.array(added, dtype=np.int64))
        return _numbered(codes, (*self.values, *fresh) if fresh else self.values)

    def _codes_of(self, values: set[Hashable]) -> dict[Hashable, int]:
        if "known" in vars(self) or len(values) > _FEW:
            return {value: self.known[value] for value in values if value in self.known}
        found = {}
        for value in values:
            try:
                found[value] = self.values.index(value)
            except ValueError:
                continue
        return found


def column_of(values: Sequence[Hashable | None]) -> Column:
    """Number the values of a column in the order of their first appearance."""
    known: dict[Hashable, int] = {}
    codes = [-1 if value is None else known.setdefault(value, len(known)) for value in values]
    return Column(np.array(codes, dtype=np.int64), tuple(known))


def are_first(codes: Ints) -> Bools:
    """Which of the codes, 0 or more, stand there for the first time. By places: sorting 100,000 takes 6 ms, this less than one."""
    if not len(codes):
        return np.zeros(0, dtype=np.bool_)
    if len(codes) < _MANY:
        _, first = np.unique(codes, return_index=True)
        found = np.zeros(len(codes), dtype=np.bool_)
        found[first] = True
        return found
    is_first: Bools = _first_places(codes, int(codes.max()) + 1)[codes] == np.arange(len(codes))
    return is_first


def _first_places(codes: Ints, count: int) -> Ints:
    """Where each code stands first, shape (count,); `len(codes)` for one that nobody has."""
    # One more place at the end, for -1. Of what is written to one place several times, the last stays.
    first = np.full(count + 1, len(codes), dtype=np.int64)
    first[codes[::-1]] = np.arange(len(codes) - 1, -1, -1)
    return first[:-1]


def _numbered(codes: Ints, values: tuple[Hashable, ...]) -> Column:
    """With the codes in the order of their first appearance, and values that nobody holds left out."""
    first = _first_places(codes, len(values))
    held = int((first < len(codes)).sum())
    if held == len(values) and (np.diff(first) > 0).all():
        return Column(codes, values)
    order = np.argsort(first, kind="stable")[:held]
    now = np.full(len(values) + 1, -1, dtype=np.int64)
    now[order] = np.arange(held)
    chosen = itemgetter(*order.tolist())(values) if held > 1 else tuple(values[one] for one in order)
    return Column(now[codes], chosen)
