"""What a person changed in a rendered file: blocks that are as they were, changed ones, and those that are gone."""

from collections import Counter, defaultdict
from dataclasses import dataclass

from evals.documents.blocks import Block, Page
from evals.documents.statements import Statement, statements

_SAME = 0.5
"""Share of a statement's content words that must still be there for it to be the same statement, reworded."""

LONGEST_BLOCK = 10_000
"""Characters of a changed block that are read; no paragraph of a draft comes near it."""


@dataclass(frozen=True)
class Changed:
    """A block that doesn't stand in the rendered draft, with what each of its statements was before."""

    block: Block
    statements: tuple[Statement, ...]
    was: tuple[Statement | None, ...]


@dataclass(frozen=True)
class Edits:
    """The differences between a file and the rendering of its draft."""

    changed: tuple[Changed, ...]
    gone: tuple[Block, ...]
    moved: bool
    """Whether blocks that are as they were stand in another order."""


def compare_pages(file: Page, rendered: Page) -> Edits:
    """Find the file's blocks in the rendering, whatever the typography, and pair what was reworded."""
    places: defaultdict[object, list[int]] = defaultdict(list)
    for place, block in enumerate(rendered.blocks):
        places[block.key].append(place)
    changed: list[Block] = []
    order: list[int] = []
    for block in file.blocks:
        if places[block.key]:
            order.append(places[block.key].pop(0))
        else:
            changed.append(block)
    gone = tuple(rendered.blocks[place] for place in sorted(p for held in places.values() for p in held))
    before = _Before([said for block in gone if not block.anchor for said in statements(block)])
    told = [
        Changed(block, said := tuple(statements(block)), tuple(map(before.of, said))) for block in changed
    ]
    return Edits(tuple(told), gone, order != sorted(order))


class _Before:
    """Finds what a statement was before it was reworded."""

    def __init__(self, said: list[Statement]) -> None:
        self._said = said
        self._by_word: defaultdict[str, list[int]] = defaultdict(list)
        for place, one in enumerate(said):
            for word in one.words:
                self._by_word[word].append(place)

    def of(self, now: Statement) -> Statement | None:
        shared = Counter(place for word in sorted(now.words) for place in self._by_word[word])
        near = [place for place, count in shared.items() if count >= _SAME * len(self._said[place].words)]
        # The closest by what both say, then by the proof they share; the first where two are alike.
        return max(
            (self._said[place] for place in sorted(near)),
            key=lambda was: (
                len(was.words & now.words) / len(was.words | now.words),
                len(was.marks & now.marks),
            ),
            default=None,
        )
