"""The evidence of now, as staleness looks at it: what records say and count as, in one number each, and what filters count."""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from hashlib import blake2b
from weakref import WeakKeyDictionary

import numpy as np
import numpy.typing as npt

from assistant.domain.base import canonical_json, digest
from assistant.domain.draft import Draft
from assistant.domain.evidence import Scope
from assistant.domain.fact import FactFilter, Measure
from assistant.domain.staleness import Foundation
from assistant.drafting.facts import FactBook, Rows
from assistant.search.column import Column
from assistant.search.matrix import Bools, CorpusMatrix
from assistant.search.scope import record_mask

_STEP = np.uint64(0x9E3779B97F4A7C15)
_MIX = (
    (np.uint64(30), np.uint64(0xBF58476D1CE4E5B9)),
    (np.uint64(27), np.uint64(0x94D049BB133111EB)),
)
"""Of splitmix64 (Steele, Lea, Flood 2014): without it, two records that swap an attribute would leave their sum as it was."""
Hashes = npt.NDArray[np.uint64]
_kept: WeakKeyDictionary[CorpusMatrix, Hashes] = WeakKeyDictionary()
"""A draft is marked as soon as it is saved, mostly over the corpus of the one before."""


class Standing:
    """One corpus, and what was counted over it; many drafts share their scopes.

    Args: matrix: its columns; passages aren't looked at.
    """

    def __init__(self, matrix: CorpusMatrix) -> None:
        self.matrix = matrix
        self.masks: dict[str, Bools] = {}
        self.answers: dict[str, float | int | str] = {}
        self._sums: dict[str, str] = {}

    def book(self, draft: Draft) -> FactBook:
        """What counts a draft's facts over this corpus: selections are those of the draft, as far as their records are here."""
        return _Recount(self, draft)

    def state(self, foundation: Foundation, revisions: Mapping[str, str]) -> str:
        """A hash that changes with anything that a draft's claims could be touched by.

        Args: revisions: current ones, by the ids of records; those that aren't there are absent.
        """
        rows = self.rows_of(foundation.members)
        return digest(
            [[one, revisions.get(one, "")] for one in foundation.quoted],
            [len(rows), str(self._records()[rows].sum(dtype=np.uint64))],
            [self._of_scope(scope) for scope in foundation.scopes],
        )

    def rows_of(self, record_ids: Iterable[str]) -> Rows:
        """Rows of the records that are here, in their order."""
        known = self.matrix.record_row
        return np.array([known[one] for one in record_ids if one in known], dtype=np.int64)

    def _of_scope(self, scope: Scope) -> str:
        key = scope.model_dump_json()
        if key not in self._sums:
            if key not in self.masks:
                self.masks[key] = record_mask(self.matrix, scope)
            held = self._records()[self.masks[key]]
            self._sums[key] = f"{len(held)} {held.sum(dtype=np.uint64)}"
        return self._sums[key]

    def _records(self) -> Hashes:
        held = _kept.get(self.matrix)
        if held is None:
            held = _kept[self.matrix] = _hashes_of(self.matrix)
        return held


class _Recount(FactBook):
    """Counts over a draft's own selections. What is counted over whole scopes is counted once for all drafts."""

    def __init__(self, standing: Standing, draft: Draft) -> None:
        super().__init__(standing.matrix, draft.scope)
        self.selections = dict(draft.selections)
        self._masks = standing.masks
        self._rows = {name: standing.rows_of(one.record_ids) for name, one in draft.selections.items()}
        self._answers = standing.answers

    def count(
        self,
        measure: Measure,
        where: FactFilter,
        *,
        of: FactFilter | None = None,
        param: str = "",
        peers: tuple[str, ...] = (),
    ) -> float | int | str:
        if where.selection is not None or peers or (of is not None and of.selection is not None):
            return super().count(measure, where, of=of, param=param, peers=peers)
        key = canonical_json(
            [measure, where.model_dump(mode="json"), of and of.model_dump(mode="json"), param]
        )
        if key not in self._answers:
            self._answers[key] = super().count(measure, where, of=of, param=param)
        return self._answers[key]


def _hashes_of(matrix: CorpusMatrix) -> Hashes:
    """For each record a hash of all that a fact could count it by: 0.5 CPU-s for 100,000 records."""
    total = _hashed(matrix.rows.record_ids)
    for column in (
        *(matrix.kind, matrix.source, matrix.language, matrix.account, matrix.type, matrix.sentiment),
        *(matrix.person, matrix.voice, matrix.reach_account),
    ):
        total = total * _STEP + _of_column(column)
    total = total * _STEP + _of_segments(matrix.rows.segments)
    for numbers in (matrix.rating, matrix.said_at):
        total = total * _STEP + numbers.view(np.uint64)
    for shift, factor in _MIX:
        total = (total ^ (total >> shift)) * factor
    mixed: Hashes = total ^ (total >> np.uint64(31))
    return mixed


def _hashed(values: Sequence[Hashable]) -> Hashes:
    found = (
        blake2b(repr(value).encode("utf-8", "surrogatepass"), digest_size=8).digest() for value in values
    )
    return np.frombuffer(b"".join(found), dtype="<u8").astype(np.uint64)


def _of_column(column: Column) -> Hashes:
    # The last one is None's, whose code is -1.
    found: Hashes = _hashed([*column.known, None])[column.codes]
    return found


def _of_segments(segments: Sequence[Mapping[str, str]]) -> Hashes:
    # Records share the few combinations that occur, as objects.
    kinds = {id(one): one for one in segments}
    place = {key: number for number, key in enumerate(kinds)}
    hashed = _hashed([canonical_json(dict(one)) for one in kinds.values()])
    found: Hashes = hashed[np.array([place[id(one)] for one in segments], dtype=np.int64)]
    return found
