"""A workspace's corpus as numpy columns and one unit matrix, kept as long as the rows they come from.

What is where lives here; which records a question may use is `scope`, how near they are is `exact`.
"""

import threading
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Optional, Protocol

import numpy as np
import numpy.typing as npt

from assistant.domain.ratings import Scale, scale_of, share_of
from assistant.search.column import Column, column_of
from assistant.stores.index_port import Vectors
from assistant.stores.moved import MOVED, Moved, spliced_rows
from assistant.stores.port import CorpusRows
from assistant.workbench import Workbench

Bools = npt.NDArray[np.bool_]
Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]


class Kept(Protocol):
    """Something that was worked out of a matrix and is kept with it."""

    def moved(self, moved: Moved, rows: CorpusRows) -> Optional["Kept"]:
        """The same over newer rows, to the bit as if it were worked out of them; None where it has to be."""
        ...


@dataclass(eq=False)
class CorpusMatrix:
    """Columns and vectors of a snapshot. Each is built when it is first used: 100,000 vectors take 150 MB."""

    rows: CorpusRows
    embedders: set[str] = field(default_factory=set)
    """Identities that were found to be the one of these vectors."""
    kept: dict[str, Kept] = field(default_factory=dict, repr=False)
    """By what it is: carried over to the next snapshot where only a few records came."""
    _segments: dict[str, Column] = field(default_factory=dict, repr=False)

    @cached_property
    def vectors(self) -> Vectors:
        """Shape (passages, dimension), float32, unit rows in the order of `rows.passage_ids`."""
        return self.unit_rows(np.arange(len(self.rows.passage_ids)))

    def unit_rows(self, passages: Ints) -> Vectors:
        """The vectors of some passages, bit for bit as in `vectors`, without building all of it."""
        if "vectors" in self.__dict__:
            return self.vectors[passages]
        wide = self.rows.stack.at(self.rows.places[passages]).astype(np.float32)
        lengths = np.sqrt(np.vecdot(wide, wide))
        # float16 leaves lengths off by 1e-4; a zero vector stays zero.
        wide /= np.where(lengths > 0, lengths, np.float32(1.0))[:, None]
        return wide

    @cached_property
    def passage_record(self) -> Ints:
        """Row of the record that each passage belongs to."""
        return self.rows.passage_record.astype(np.int64)

    @cached_property
    def passage_row(self) -> dict[str, int]:
        """Passage id → its row."""
        return {passage_id: row for row, passage_id in enumerate(self.rows.passage_ids)}

    @cached_property
    def record_row(self) -> dict[str, int]:
        """Record id → its row."""
        return {record_id: row for row, record_id in enumerate(self.rows.record_ids)}

    def row_of(self, record_id: str) -> int | None:
        """Row of a record. For a few: `record_row` holds all of them, and is made anew for each snapshot."""
        return _place(self.rows.record_ids, record_id)

    def row_of_passage(self, passage_id: str) -> int | None:
        """Row of a passage, as `row_of`."""
        return _place(self.rows.passage_ids, passage_id)

    def rows_of_keys(self, keys: Ints) -> Ints:
        """Rows of passages by the catalog's numbers; -1 for those that the snapshot doesn't hold."""
        known, rows = self._by_key
        if not len(known):
            return np.full(len(keys), -1, dtype=np.int64)
        places = np.minimum(np.searchsorted(known, keys), len(known) - 1)
        return np.where(known[places] == keys, rows[places], -1)

    @cached_property
    def _by_key(self) -> tuple[Ints, Ints]:
        """The catalog's numbers, ascending, and the rows of their passages."""
        rows = np.argsort(self.rows.passage_keys, kind="stable")
        return self.rows.passage_keys[rows], rows

    def _column(self, name: str) -> Column:
        return column_of(_TOLD[name](self.rows))

    @cached_property
    def kind(self) -> Column:
        return self._column("kind")

    @cached_property
    def source(self) -> Column:
        return self._column("source")

    @cached_property
    def language(self) -> Column:
        return self._column("language")

    @cached_property
    def account(self) -> Column:
        return self._column("account")

    @cached_property
    def type(self) -> Column:
        return self._column("type")

    @cached_property
    def sentiment(self) -> Column:
        return self._column("sentiment")

    @cached_property
    def reach_account(self) -> Column:
        """The account that is counted, where `account` is the one that filters ask for."""
        return self._column("reach_account")

    @cached_property
    def person(self) -> Column:
        return self._column("person")

    @cached_property
    def voice(self) -> Column:
        return self._column("voice")

    @cached_property
    def own_voice(self) -> Column:
        """Exact copies by one author: what search folds. Near twins say something of their own, and stay to be found."""
        return self._column("own_voice")

    @cached_property
    def rating(self) -> Floats:
        """NaN where there is none."""
        return _floats(self.rows.rating)

    @cached_property
    def said_at(self) -> Floats:
        """Unix seconds, NaN where there is none."""
        return _floats(self.rows.said_at)

    def segment(self, name: str) -> Column:
        """The values of one segment attribute; None where a record doesn't have it."""
        if name not in self._segments:
            self._segments[name] = column_of([held.get(name) for held in self.rows.segments])
        return self._segments[name]

    @cached_property
    def segment_names(self) -> tuple[str, ...]:
        """Names of the segment attributes that occur, sorted."""
        return tuple(sorted({name for segments in self.rows.segments for name in segments}))

    @cached_property
    def _voice_members(self) -> tuple[Ints, Ints]:
        order = np.argsort(self.own_voice.codes, kind="stable")
        starts = np.searchsorted(self.own_voice.codes[order], np.arange(len(self.own_voice.values) + 1))
        return order, starts

    def first_of_voice(self, record: int, mask: Bools | None = None) -> int:
        """Row of the smallest record id that is an exact copy by the same author (and is in the mask)."""
        order, starts = self._voice_members
        code = int(self.own_voice.codes[record])
        members = order[starts[code] : starts[code + 1]]
        if mask is not None:
            members = members[mask[members]]
        return int(members[0]) if len(members) else record

    @cached_property
    def rating_shares(self) -> Floats:
        """Ratings on a scale from 0 (worst) to 1 (best), shape (records,); NaN where it can't be told."""
        pairs = list(zip(self.rows.source, self.rows.rating, strict=True))
        # Few combinations occur, so each is worked out once.
        known = {pair: self.rating_share(*pair) for pair in set(pairs)}
        shares = [known[pair] for pair in pairs]
        return _floats(shares)

    @cached_property
    def rating_ends(self) -> dict[str, Scale]:
        """Source → the scale that nearly all of its ratings keep to."""
        counts: dict[str, Counter[float]] = {}
        for source, rating in zip(self.rows.source, self.rows.rating, strict=True):
            if rating is not None:
                counts.setdefault(source, Counter())[rating] += 1
        return {source: scale_of(ratings) for source, ratings in counts.items()}

    def rating_share(self, source: str, rating: float | None) -> float | None:
        """A rating on a scale from 0 (worst) to 1 (best); None where it can't be told."""
        scale = self.rating_ends.get(source)
        return None if scale is None else share_of(rating, scale)


_TOLD: Mapping[str, Callable[[CorpusRows], Sequence[Hashable | None]]] = {
    "kind": lambda rows: rows.kind,
    "source": lambda rows: rows.source,
    "language": lambda rows: rows.language,
    "account": lambda rows: rows.account,
    "type": lambda rows: rows.type or [None] * len(rows.record_ids),
    "sentiment": lambda rows: rows.sentiment or [None] * len(rows.record_ids),
    "reach_account": lambda rows: rows.reach_account or rows.account,
    "person": lambda rows: rows.person,
    "voice": lambda rows: rows.voice,
    "own_voice": lambda rows: rows.own_voices or rows.voice,
}
"""What the columns of a matrix are made of."""


def _place(ids: Sequence[str], name: str) -> int | None:
    place = bisect_left(ids, name)
    return place if place < len(ids) and ids[place] == name else None


def matrix_for(rows: CorpusRows) -> CorpusMatrix:
    """The matrix of these rows; asking again gives the same object. Threads may ask at once."""
    # Kept on the rows themselves, so that it goes when the snapshot goes.
    held: CorpusMatrix | None = vars(rows).get("_matrix")
    if held is None:
        with _making:
            held = vars(rows).get("_matrix") or vars(rows).setdefault("_matrix", _made(rows))
    return held


_making = threading.Lock()


def _made(rows: CorpusRows) -> CorpusMatrix:
    matrix = CorpusMatrix(rows)
    moved: Moved | None = vars(rows).pop(MOVED, None)
    before: CorpusMatrix | None = vars(moved.before).get("_matrix") if moved is not None else None
    if moved is None or before is None:
        return matrix
    matrix.embedders.update(before.embedders)
    if "vectors" in vars(before):
        # 110,000 of them: 40 ms, where making them from float16 takes 250.
        matrix.vectors = spliced_rows(moved.passages, before.vectors, matrix.unit_rows(moved.passages_come))
    known = ((name, one.moved(moved, rows)) for name, one in list(before.kept.items()))
    matrix.kept = {name: one for name, one in known if one is not None}
    _carry(matrix, before, moved)
    return matrix


def _carry(matrix: CorpusMatrix, before: CorpusMatrix, moved: Moved) -> None:
    """The columns that were in use, brought up to date: making eight of them anew takes 0.2 s for 100,000 records.

    No rating came or went, or the rows would have been read anew, so all ratings are on the scales that they were on.
    """
    come, rows, held = moved.records_come.tolist(), matrix.rows, dict(vars(before))
    found: dict[str, object] = {}
    for name, told in _TOLD.items():
        if (column := held.get(name)) is not None:
            values = told(rows)
            found[name] = column.spliced(moved.records, [values[row] for row in come])
    for name, values in (("rating", rows.rating), ("said_at", rows.said_at)):
        if (numbers := held.get(name)) is not None:
            found[name] = spliced_rows(moved.records, numbers, _floats([values[row] for row in come]))
    if (shares := held.get("rating_shares")) is not None:
        found |= {"rating_shares": spliced_rows(moved.records, shares, _floats([None] * len(come)))}
    if (ends := held.get("rating_ends")) is not None:
        found["rating_ends"] = ends
    gone = {name for row in moved.records_gone.tolist() for name in moved.before.segments[row]}
    new = {name for row in come for name in rows.segments[row]}
    if (names := held.get("segment_names")) is not None and gone <= new:
        found["segment_names"] = names if new <= {*names} else tuple(sorted({*names, *new}))
    vars(matrix).update(found)
    for name, column in list(before._segments.items()):
        matrix._segments[name] = column.spliced(moved.records, [rows.segments[row].get(name) for row in come])


def _floats(values: Sequence[float | None]) -> Floats:
    return np.array([np.nan if value is None else value for value in values], dtype=np.float64)


def matrix_of(bench: Workbench) -> CorpusMatrix:
    """The matrix of the workbench's current snapshot."""
    return matrix_for(bench.corpus())


def columns_of(bench: Workbench) -> CorpusMatrix:
    """The same for what only counts: passages and vectors may be missing (`CorpusRows.has_passages`)."""
    return matrix_for(bench.columns())
