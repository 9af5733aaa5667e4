"""Counting over many groups of records at once: (group, record) pairs as two columns, every count one pass over them."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar

import numpy as np

from assistant.search.column import Column
from assistant.search.matrix import CorpusMatrix, Ints

Value = TypeVar("Value")


@dataclass(eq=False)
class Pairs:
    """Which records are in which group. A record may be in many groups, in each of them once."""

    matrix: CorpusMatrix
    groups: int
    group: Ints
    """Ascending."""
    record: Ints
    """Row of the corpus, ascending within its group."""

    @cached_property
    def sizes(self) -> Ints:
        """Records of each group."""
        return self.per_group(self.group)

    @cached_property
    def person(self) -> Ints:
        """Code of the author of each pair, -1 where none is known."""
        return self.matrix.person.codes[self.record]

    @cached_property
    def by_person(self) -> "Held":
        """The people of each group."""
        return held(self.groups, self.group, self.person)

    @cached_property
    def by_account(self) -> "Held":
        """The accounts of each group, by name."""
        codes = by_name(self.matrix.reach_account)[self.matrix.reach_account.codes[self.record]]
        return held(self.groups, self.group, codes)

    def per_group(self, group: Ints) -> Ints:
        """How often each group stands in a column."""
        return np.bincount(group, minlength=self.groups)

    def tally(self, column: Column, none: str | None = None) -> list[dict[str, int]]:
        """Records of each group by value, most frequent first, ties by value. Args: none: name for records without one."""
        codes = column.codes[self.record]
        names = [str(value) for value in column.known]
        if none is not None:
            codes, names = np.where(codes < 0, len(names), codes), [*names, none]
        kept = codes >= 0
        return tallied(self.groups, self.group[kept], codes[kept], names)


@dataclass(frozen=True)
class Held:
    """Distinct holders (people, accounts) of each group, by group, then holder."""

    group: Ints
    holder: Ints
    records: Ints
    """How many records each holder has in its group."""
    place: Ints
    """For each pair: its row of the three columns above; -1 where no holder is known."""
    sizes: Ints
    """Holders of each group."""
    known: Ints
    """Records of each group whose holder is known."""


def pairs_of(matrix: CorpusMatrix, members: Sequence[Ints]) -> Pairs:
    """Args: members: corpus rows of each group, ascending and distinct."""
    sizes = [len(one) for one in members]
    record = np.concatenate([np.empty(0, np.int64), *members]).astype(np.int64)
    return Pairs(matrix, len(members), np.repeat(np.arange(len(members)), sizes), record)


def held(groups: int, group: Ints, codes: Ints) -> Held:
    """The distinct codes of each group. Args: group, codes: one for each pair; codes below 0 are unknown."""
    known = codes >= 0
    width = int(codes.max(initial=0)) + 1
    keys, place, records = np.unique(
        group[known] * width + codes[known], return_inverse=True, return_counts=True
    )
    places = np.full(len(codes), -1, dtype=np.int64)
    places[known] = place
    of = keys // width
    return Held(
        of,
        keys % width,
        records,
        places,
        np.bincount(of, minlength=groups),
        np.bincount(group[known], minlength=groups),
    )


def tallied(groups: int, group: Ints, codes: Ints, names: Sequence[str]) -> list[dict[str, int]]:
    """How often each name stands in each group, most frequent first, ties by name. Args: codes: rows of `names`."""
    counted = held(groups, group, codes)
    found: list[dict[str, int]] = [{} for _ in range(groups)]
    rank = np.empty(len(names), dtype=np.int64)
    rank[sorted(range(len(names)), key=names.__getitem__)] = np.arange(len(names))
    order = np.lexsort((rank[counted.holder], -counted.records, counted.group))
    columns = (counted.group[order], counted.holder[order], counted.records[order])
    for at, code, count in zip(*(column.tolist() for column in columns), strict=True):
        found[at][names[code]] = count
    return found


def by_name(column: Column) -> Ints:
    """Code → place of its value among all values by name; the last entry, for code -1, is -1."""
    places = np.full(len(column.known) + 1, -1, dtype=np.int64)
    ordered: list[Hashable] = sorted(column.known, key=str)
    places[[column.known[value] for value in ordered]] = np.arange(len(ordered))
    return places
