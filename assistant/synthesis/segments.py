"""Who has which value of a segment: people by value, so that values, several and unknown add up to all of them."""

import numpy as np

from assistant.domain.theme_facts import Counts, SegmentFacts
from assistant.search.matrix import CorpusMatrix, Ints
from assistant.synthesis.pairs import Pairs, tallied

MOST_VALUES = 24
"""More values are counted together, as others."""


def segments_of(pairs: Pairs, everyone: Ints, counts: Counts) -> list[dict[str, SegmentFacts]]:
    """The segments of each group, by name, without those of which its records say nothing.

    Args: everyone: rows of all that customers said, every record.
    """
    found: list[dict[str, SegmentFacts]] = [{} for _ in range(pairs.groups)]
    for name in pairs.matrix.segment_names:
        for of_group, one in zip(found, _segment(pairs, everyone, counts, name), strict=True):
            if one.unknown < one.total:
                of_group[name] = one
    return found


def _segment(pairs: Pairs, everyone: Ints, counts: Counts, name: str) -> list[SegmentFacts]:
    column = pairs.matrix.segment(name)
    codes = column.codes[pairs.record]
    if counts == "people":
        group, codes, several, unknown = _of_people(pairs, codes)
    else:
        group, several = pairs.group, np.zeros(pairs.groups, dtype=np.int64)
        unknown = pairs.per_group(pairs.group[codes < 0])
    group, codes = group[codes >= 0], codes[codes >= 0]
    names, place = _frequent(pairs.matrix, everyone, counts, name)
    places = place[codes]
    is_other = places == len(names)
    others = pairs.per_group(group[is_other])
    values = tallied(pairs.groups, group[~is_other], places[~is_other], names)
    rest = zip(others.tolist(), several.tolist(), unknown.tolist(), strict=True)
    return [
        SegmentFacts(values=one, others=other, several=more, unknown=nothing)
        for one, (other, more, nothing) in zip(values, rest, strict=True)
    ]


def _of_people(pairs: Pairs, codes: Ints) -> tuple[Ints, Ints, Ints, Ints]:
    """Each person's only value (-1: none or several) with its group, and of each group: people with several, and with none."""
    people = pairs.by_person
    known = (codes >= 0) & (people.place >= 0)
    width = int(codes.max(initial=0)) + 1
    keys = np.unique(people.place[known] * width + codes[known])
    person = keys // width
    said = np.bincount(person, minlength=len(people.group))
    only = np.full(len(people.group), -1, dtype=np.int64)
    only[person] = keys % width
    only[said > 1] = -1
    return (
        people.group,
        only,
        pairs.per_group(people.group[said > 1]),
        pairs.per_group(people.group[said == 0]),
    )


def _frequent(matrix: CorpusMatrix, everyone: Ints, counts: Counts, name: str) -> tuple[list[str], Ints]:
    """The values of most people (or records) of the workspace, ties by name; and code → place among them, after them for others."""
    column = matrix.segment(name)
    codes = column.codes[everyone]
    who = (matrix.person if counts == "people" else matrix.voice).codes[everyone]
    known = (codes >= 0) & (who >= 0)
    width = int(who.max(initial=0)) + 1
    sizes = np.bincount(np.unique(codes[known] * width + who[known]) // width, minlength=len(column.known))
    values = sorted(column.known, key=lambda value: (-int(sizes[column.known[value]]), str(value)))[
        :MOST_VALUES
    ]
    place = np.full(len(column.known), len(values), dtype=np.int64)
    place[[column.known[value] for value in values]] = np.arange(len(values))
    return [str(value) for value in values], place
