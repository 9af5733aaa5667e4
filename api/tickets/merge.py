"""Three texts become one, block by block: what we wrote last, what stands there now, and what we want to write. No I/O.

A block is what stands between empty lines; a fenced one is whole. What a person changed, added or took out stays as they left it. Where
we want to change the same place, it is a conflict, and nothing is to be written.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher


@dataclass(frozen=True)
class Merged:
    """The outcome."""

    text: str
    """What to write; where there is a conflict, what stands there now."""
    conflicts: tuple[tuple[str, str], ...] = ()
    """Places that both changed: as it stands there, and as we want it."""


def merge(base: str, theirs: str, ours: str) -> Merged:
    """Put our changes since `base` into `theirs`.

    What only one side changed is taken; what both changed alike is taken once. Two changes touch each other where they have a place in
    common, or both put something in at the same place.
    """
    if theirs == base:
        return Merged(ours)
    if ours in (base, theirs):
        return Merged(theirs)
    held = blocks(base)
    by_them, by_us = _changes(held, blocks(theirs)), _changes(held, blocks(ours))
    kept: list[_Change] = list(by_them)
    conflicts = []
    for ours_change in by_us:
        touching = [one for one in by_them if one.touches(ours_change)]
        if not touching:
            kept.append(ours_change)
        elif ours_change not in touching:
            conflicts.append(
                (
                    "\n\n".join(block for one in touching for block in one.blocks),
                    "\n\n".join(ours_change.blocks),
                )
            )
    if conflicts:
        return Merged(theirs, tuple(conflicts))
    return Merged("\n\n".join(_applied(held, sorted(kept, key=lambda one: (one.start, one.end)))))


def blocks(text: str) -> list[str]:
    """The blocks of a text; joined by an empty line they give it again, but for how many empty lines there were."""
    found: list[list[str]] = [[]]
    fence = ""
    for line in text.splitlines():
        mark = line.lstrip()[:3]
        if fence:
            fence = "" if line.strip().startswith(fence) else fence
        elif mark in ("```", "~~~"):
            fence = mark
        elif not line.strip():
            found.append([])
            continue
        found[-1].append(line.rstrip())
    return ["\n".join(lines) for lines in found if lines]


@dataclass(frozen=True)
class _Change:
    """Blocks `start` to `end` of the base become these."""

    start: int
    end: int
    blocks: tuple[str, ...]

    def touches(self, other: "_Change") -> bool:
        if self.start == self.end and other.start == other.end:
            return self.start == other.start
        # What is put in beside a changed block touches it not: people write at the end, where our last line changes.
        return self.start < other.end and other.start < self.end


def _changes(base: Sequence[str], text: Sequence[str]) -> list[_Change]:
    steps = SequenceMatcher(a=base, b=text, autojunk=False).get_opcodes()
    return [_Change(i, j, tuple(text[k:m])) for what, i, j, k, m in steps if what != "equal"]


def _applied(base: Sequence[str], changes: Sequence[_Change]) -> list[str]:
    left: list[str] = []
    position = 0
    for one in changes:
        left += base[position : one.start]
        left += one.blocks
        position = one.end
    return left + list(base[position:])
