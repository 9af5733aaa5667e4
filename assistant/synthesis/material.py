"""What themes are made of: the statements of a workspace, their vectors, and the records that they stand in."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from assistant.domain.clean import clean
from assistant.domain.record import Record, RecordKind
from assistant.domain.theme_edit import EditAction, LoggedEdit
from assistant.search.matrix import Bools, CorpusMatrix, Ints, columns_of, matrix_of
from assistant.stores.index_port import Vectors
from assistant.stores.theme_port import StatementRows
from assistant.workbench import Workbench

_AT_ONCE = 2_000
_MOST_KEPT = 5_000
"""Records that are kept once they were read: a theme's are asked for again while it is described."""


@dataclass(frozen=True, slots=True)
class Spoken:
    """A statement as it was read."""

    statement: int
    """Row of the statement."""
    text: str
    """Cleaned."""
    language: str
    """Of its record."""


@dataclass(eq=False)
class Material:
    """Statements as columns, beside the columns of their records. One per run; what was read is kept."""

    bench: Workbench
    rows: StatementRows
    matrix: CorpusMatrix
    excluded: Bools | None = None
    """Which records a person took out of all themes, shape (records,); none of their statements is in `rows`."""

    def __post_init__(self) -> None:
        self._records: dict[int, Record] = {}

    @cached_property
    def record(self) -> Ints:
        """Corpus row of the record of each statement, shape (statements,)."""
        place = self.matrix.record_row
        of_records = np.array([place[one] for one in self.rows.record_ids], dtype=np.int64)
        return of_records[self.rows.record] if len(of_records) else np.empty(0, np.int64)

    @cached_property
    def customers(self) -> Ints:
        """Corpus rows of the customer records that count, ascending."""
        said = self.matrix.kind.among([RecordKind.customer])
        return np.flatnonzero(said if self.excluded is None else said & ~self.excluded)

    @property
    def vectors(self) -> Vectors:
        """Shape (texts, dimension), float32, unit rows in the order of `rows.hashes`. Made anew each time: 236,000 take 360 MB."""
        return unit_rows(self.rows.vectors)

    def vectors_of(self, texts: npt.NDArray[np.signedinteger[Any]]) -> Vectors:
        """The same of some texts, bit for bit."""
        return unit_rows(self.rows.vectors[texts])

    def read(self, statements: Sequence[int]) -> list[Spoken]:
        """Read statements, in that order."""
        self._load({int(self.record[one]) for one in statements})
        return [self._spoken(one) for one in statements]

    def texts(self) -> list[str]:
        """What each text says, in the order of `rows.hashes`; empty where no statement that counts says it."""
        held, first = np.unique(self.rows.text, return_index=True)
        texts = [""] * len(self.rows.hashes)
        for text, spoken in zip(held.tolist(), self.read(first.tolist()), strict=True):
            texts[text] = spoken.text
        return texts

    def of(self, statement: int) -> Record:
        """The record of a statement."""
        return self.at(int(self.record[statement]))

    def at(self, row: int) -> Record:
        """The record of a row of the corpus."""
        self._load({row})
        return self._records[row]

    def _spoken(self, statement: int) -> Spoken:
        record = self._records[int(self.record[statement])]
        raw = record.raw[int(self.rows.start[statement]) : int(self.rows.end[statement])]
        return Spoken(statement, clean(raw).text, record.language)

    def _load(self, rows: set[int]) -> None:
        # Not a difference with the keys, which would look at all that was read before.
        missing = sorted(row for row in rows if row not in self._records)
        if len(self._records) + len(missing) > _MOST_KEPT:
            missing, self._records = sorted(rows), {}
        for first in range(0, len(missing), _AT_ONCE):
            some = missing[first : first + _AT_ONCE]
            ids = [self.matrix.rows.record_ids[row] for row in some]
            found = self.bench.catalog.records.get(self.bench.workspace, ids)
            self._records |= {row: found[one] for row, one in zip(some, ids, strict=True)}


def unit_rows(vectors: npt.NDArray[np.float16]) -> Vectors:
    """As float32 of unit length, row by row: float16 leaves lengths off by 1e-4. A row of zeros stays as it is."""
    wide = vectors.astype(np.float32)
    lengths = np.sqrt(np.vecdot(wide, wide)) if wide.size else np.ones(len(wide), np.float32)
    wide /= np.where(lengths > 0, lengths, np.float32(1.0))[:, None]
    return wide


def material_of(bench: Workbench, *, everyone: bool = False, with_passages: bool = False) -> Material:
    """The statements and records of now. Statements of records that the corpus doesn't hold (a change in between) are left out.

    Args:
        everyone: also of authors whom a person excluded from themes. Clustering sees them, so that they can come back.
        with_passages: the corpus has its passages too, for what searches it besides.
    """
    matrix = matrix_of(bench) if with_passages else columns_of(bench)
    rows = bench.catalog.statements.rows(bench.workspace, bench.embedder.identity)
    excluded = None if everyone else excluded_records(matrix, bench.catalog.themes.edits(bench.workspace))
    return Material(bench, _known(rows, matrix, excluded), matrix, excluded)


def replace_rows(material: Material, rows: StatementRows) -> Material:
    """The same material with other statements."""
    return Material(material.bench, rows, material.matrix, material.excluded)


def without(material: Material, excluded: Bools | None) -> Material:
    """The same without some records; texts that nobody else says keep their rows."""
    if excluded is None:
        return material
    return Material(
        material.bench, _known(material.rows, material.matrix, excluded), material.matrix, excluded
    )


def excluded_records(matrix: CorpusMatrix, edits: Iterable[LoggedEdit]) -> Bools | None:
    """Which records are of authors who are excluded, under whatever name; None where nobody is."""
    wanted = {one.edit.person for one in edits if one.is_in_force and one.edit.action is EditAction.exclude}
    if not wanted:
        return None
    rows = matrix.rows
    authors = rows.authors or rows.person
    people = {person for author, person in zip(authors, rows.person, strict=True) if author in wanted}
    return np.array([person is not None and person in people for person in rows.person], dtype=np.bool_)


def _known(rows: StatementRows, matrix: CorpusMatrix, excluded: Bools | None) -> StatementRows:
    places = [matrix.record_row.get(one) for one in rows.record_ids]
    known = np.array(
        [place is not None and (excluded is None or not excluded[place]) for place in places], dtype=bool
    )
    if known.all():
        return rows
    kept = known[rows.record]
    place = np.cumsum(known) - 1
    return StatementRows(
        record_ids=tuple(
            one for one, is_known in zip(rows.record_ids, known.tolist(), strict=True) if is_known
        ),
        keys=rows.keys[kept],
        record=place[rows.record[kept]].astype(np.int32),
        start=rows.start[kept],
        end=rows.end[kept],
        text=rows.text[kept],
        hashes=rows.hashes,
        vectors=rows.vectors,
        theme=rows.theme[kept],
        theme_ids=rows.theme_ids,
        found=rows.found[kept],
    )
