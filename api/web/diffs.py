"""Two documents side by side: lines that stayed, went, came or changed, with the words that differ."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import zip_longest
from typing import Literal

Kind = Literal["same", "gone", "come", "changed", "folded"]
Pieces = tuple[tuple[bool, str], ...]
"""Runs of text, each with whether it differs from the other side."""
_WORD = re.compile(r"\s+|\w+|[^\w\s]")
_AROUND = 2
"""Lines that stayed and are shown next to a change."""
_LONGEST = 20_000
"""Characters of a line up to which its words are compared."""


@dataclass(frozen=True)
class Row:
    """One line of each side; a side without one is empty."""

    kind: Kind
    before: Pieces = ()
    after: Pieces = ()
    folded: int = 0
    """Lines that stayed and are left out here."""


def side_by_side(before: str, after: str) -> list[Row]:
    """Compare by lines, and changed lines by words. Equal inputs give equal rows."""
    one, other = before.splitlines(), after.splitlines()
    rows: list[Row] = []
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    for tag, low, high, first, last in matcher.get_opcodes():
        if tag == "equal":
            rows += [Row("same", ((False, line),), ((False, line),)) for line in one[low:high]]
        else:
            rows += [_row(gone, come) for gone, come in zip_longest(one[low:high], other[first:last])]
    return _folded(rows)


def _row(gone: str | None, come: str | None) -> Row:
    if gone is None:
        return Row("come", (), ((True, come or ""),))
    if come is None:
        return Row("gone", ((True, gone),), ())
    if len(gone) + len(come) > _LONGEST:
        return Row("changed", ((True, gone),), ((True, come),))
    one, other = _WORD.findall(gone), _WORD.findall(come)
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    left: list[tuple[bool, str]] = []
    right: list[tuple[bool, str]] = []
    for tag, low, high, first, last in matcher.get_opcodes():
        left.append((tag != "equal", "".join(one[low:high])))
        right.append((tag != "equal", "".join(other[first:last])))
    return Row("changed", _joined(left), _joined(right))


def _joined(pieces: Sequence[tuple[bool, str]]) -> Pieces:
    return tuple((differs, text) for differs, text in pieces if text)


def _folded(rows: list[Row]) -> list[Row]:
    """Leave out long stretches of lines that stayed."""
    near = {
        place + by
        for place, row in enumerate(rows)
        if row.kind != "same"
        for by in range(-_AROUND, _AROUND + 1)
    }
    found: list[Row] = []
    left_out = 0
    for place, row in enumerate(rows):
        if place in near:
            if left_out:
                found.append(Row("folded", folded=left_out))
                left_out = 0
            found.append(row)
        else:
            left_out += 1
    return [*found, Row("folded", folded=left_out)] if left_out else found
