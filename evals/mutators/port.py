"""What a mutator is: one kind of defect that it puts into a clean draft, or one harmless edit. Others add packs of their own."""

from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from typing import Literal, Protocol, runtime_checkable

from assistant.domain.draft import Draft

MutatedLayer = Literal[0, 1, 2, 3, 4]
"""0 structure, 1 evidence, 2 the set as a whole, 3 safety, 4 meaning: what only a model judge or a person sees."""


@runtime_checkable
class Mutator(Protocol):
    """One kind of defect or of harmless edit. A pack of others needs these four alone.

    Example:
        >>> class Upper:
        ...     name, expected = "title-in-capitals", ("no_shouting",)
        ...     def applies(self, draft): return any(map(str.islower, draft.title))
        ...     def mutate(self, draft, rng): return draft.model_copy(update={"title": draft.title.upper()})
    """

    @property
    def name(self) -> str:
        """Unique in its pack."""
        ...

    @property
    def expected(self) -> tuple[str, ...]:
        """Graders of which one must see the defect for it to be seen for the right reason; empty: a harmless edit."""
        ...

    def applies(self, draft: Draft) -> bool:
        """Whether the draft has what this changes."""
        ...

    def mutate(self, draft: Draft, rng: Random) -> Draft:
        """The draft with one change. Pure: the same draft and state of `rng` give the same bytes; `rng` alone decides where."""
        ...


@dataclass(frozen=True)
class Seeded:
    """A mutator made of two functions; what our own packs hold."""

    name: str
    layer: MutatedLayer
    expected: tuple[str, ...]
    applies: Callable[[Draft], bool]
    mutate: Callable[[Draft, Random], Draft]
    about: str = ""
    """What goes wrong where this isn't seen, in one sentence; for the table of what is missed."""
