"""A corpus as numbers, for counting again. Made once per corpus: 100,000 records take 0.1 s, and each fact then a millisecond."""

from collections.abc import Sequence
from functools import cached_property

import numpy as np
import numpy.typing as npt

from assistant.stores.port import CorpusRows
from evals.recounting.reach import Named, Reach, named, reach_of

Rows = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
_FEW = 20


class Table:
    """The columns that facts are counted over; each is made when it is first asked for."""

    def __init__(self, corpus: CorpusRows) -> None:
        self._corpus = corpus
        self._columns: dict[tuple[str, ...], Named] = {}

    @cached_property
    def everything(self) -> Rows:
        """All rows."""
        return np.arange(len(self._corpus.record_ids))

    @cached_property
    def row_of(self) -> dict[str, int]:
        """Record id → its row."""
        return {record_id: row for row, record_id in enumerate(self._corpus.record_ids)}

    def id_of(self, row: int) -> str:
        """The record of a row."""
        return self._corpus.record_ids[row]

    @cached_property
    def reach(self) -> Reach:
        """Who counts as whom."""
        return reach_of(self._corpus)

    @cached_property
    def said_at(self) -> Floats:
        """Unix seconds, NaN where there is none."""
        return _floats(self._corpus.said_at)

    @cached_property
    def rating(self) -> Floats:
        """NaN where there is none."""
        return _floats(self._corpus.rating)

    def column(self, name: str) -> Named:
        """A column of the corpus by its name; of nothing but None where it wasn't read."""
        return self._named((name,), getattr(self._corpus, name) or [None] * len(self.everything))

    def segment(self, name: str) -> Named:
        """The values of one segment attribute."""
        key = ("segment", name)
        held = self._columns.get(key)
        return held or self._named(key, [one.get(name) for one in self._corpus.segments])

    def one_per_voice(self, rows: Rows) -> Rows:
        """Of each voice among these rows the one with the smallest id."""
        # Rows ascend, so a voice's first row is its smallest id. Of few rows the search is shorter than the sheet of all voices.
        if len(rows) * _FEW < len(self.everything):
            return rows[np.sort(np.unique(self.reach.voice[rows], return_index=True)[1])]
        first = np.full(len(self.everything), -1)
        first[self.reach.voice[rows[::-1]]] = rows[::-1]
        return np.sort(first[first >= 0])

    def _named(self, key: tuple[str, ...], values: Sequence[str | None]) -> Named:
        if key not in self._columns:
            self._columns[key] = named(values)
        return self._columns[key]


def table_of(corpus: CorpusRows) -> Table:
    """The table of a corpus; asking again gives the same one. Threads may ask at once."""
    # Kept on the corpus itself, so that it goes when the snapshot goes; setdefault on a dict is atomic.
    table: Table = vars(corpus).setdefault("_recounted", Table(corpus))
    return table


def _floats(values: Sequence[float | None]) -> Floats:
    return np.array([np.nan if value is None else value for value in values], dtype=np.float64)
