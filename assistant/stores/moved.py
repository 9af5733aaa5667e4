"""How the rows of a corpus moved when records came: what was worked out of them before is carried over instead of worked out again."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from assistant.stores.port import CorpusRows

_Scalar = TypeVar("_Scalar", bound=np.generic)
_Item = TypeVar("_Item")
Moves = Sequence[tuple[int, int, int]]
"""The new column in pieces: rows [start, end) of the old one, then one row that came, by its place; -1: none."""
MOVED = "_moved"
"""Under which a `CorpusRows` that was made of another one holds its `Moved`, until it is asked for."""


@dataclass(frozen=True)
class Reached:
    """How far a reading of a workspace came; by it, a later one reads only what came since."""

    last_key: int = 0
    """The catalog's number of the record that came last."""
    worded_by: str = ""
    """What the facets were decided with."""
    embedder: str | None = None


@dataclass(frozen=True, eq=False)
class Moved:
    """From the rows of one snapshot to those of a later one."""

    before: "CorpusRows"
    records: Moves
    passages: Moves

    @cached_property
    def passage_now(self) -> npt.NDArray[np.int64]:
        """Row of each old passage; -1 where it went."""
        return _now(self.passages, len(self.before.passage_ids))

    @cached_property
    def passages_come(self) -> npt.NDArray[np.int64]:
        """Rows of the passages that came, ascending."""
        return _come(self.passages)

    @cached_property
    def records_come(self) -> npt.NDArray[np.int64]:
        """Rows of the records that came, ascending."""
        return _come(self.records)

    @cached_property
    def record_now(self) -> npt.NDArray[np.int64]:
        """Row of each old record; -1 where it went."""
        return _now(self.records, len(self.before.record_ids))

    @cached_property
    def records_gone(self) -> npt.NDArray[np.int64]:
        """Old rows of the records that went, or have other words now."""
        return np.flatnonzero(self.record_now < 0)

    def mask(self, old: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
        """A mask of records over the new rows, without those that came."""
        return spliced_rows(self.records, old, np.zeros(len(self.records_come), dtype=np.bool_))


def spliced_rows(moves: Moves, old: npt.NDArray[_Scalar], new: npt.NDArray[_Scalar]) -> npt.NDArray[_Scalar]:
    """A column, or a matrix by its rows."""
    parts: list[npt.NDArray[Any]] = []
    for start, end, place in moves:
        parts.append(old[start:end])
        if place >= 0:
            parts.append(new[place : place + 1])
    return np.concatenate(parts)


def spliced(moves: Moves, old: Sequence[_Item], new: Sequence[_Item]) -> tuple[_Item, ...]:
    """The same of values."""
    held: list[_Item] = []
    for start, end, place in moves:
        held += old[start:end]
        if place >= 0:
            held.append(new[place])
    return tuple(held)


def _now(moves: Moves, count: int) -> npt.NDArray[np.int64]:
    now = np.full(count, -1, dtype=np.int64)
    row = 0
    for start, end, place in moves:
        now[start:end] = np.arange(row, row + end - start)
        row += end - start + (place >= 0)
    return now


def _come(moves: Moves) -> npt.NDArray[np.int64]:
    found = []
    row = 0
    for start, end, place in moves:
        row += end - start
        if place >= 0:
            found.append(row)
            row += 1
    return np.array(found, dtype=np.int64)
