"""What the second pack changes drafts with: places found by their type, one of them changed."""

import re
from collections.abc import Callable, Iterable, Sequence
from random import Random
from typing import Any, TypeVar

from assistant.domain.draft import Block, Claim, ClaimsBlock, Draft, Section, Stance, StoryBlock, TextBlock
from assistant.domain.evidence import Quote
from assistant.domain.fact import Fact, Measure
from evals.mutators.port import MutatedLayer, Seeded

_Made = TypeVar("_Made", bound=Block)
_Held = TypeVar("_Held", Claim, Quote, Fact)
Spot = tuple[int, int]
"""Which section, which of its blocks."""
Change = Callable[[Random], Draft]
Finder = Callable[[Draft], Sequence[Draft]]
"""All the ways in which one fault can be put into a draft; none where it has no place for it."""


def seeded(name: str, layer: MutatedLayer, expected: str, finder: Finder, about: str) -> Seeded:
    """A mutator that makes one of the changes found. Args: expected: names of graders, parted by spaces."""

    def mutate(draft: Draft, rng: Random) -> Draft:
        return rng.choice(finder(draft))

    return Seeded(name, layer, tuple(expected.split()), lambda draft: bool(finder(draft)), mutate, about)


def found(draft: Draft, kind: type[_Made]) -> list[tuple[Spot, _Made]]:
    """The blocks of a type with where they stand, in reading order."""
    return [
        ((row, column), block)
        for row, section in enumerate(draft.sections)
        for column, block in enumerate(section.blocks)
        if isinstance(block, kind)
    ]


def with_block(draft: Draft, spot: Spot, **changes: Any) -> Draft:
    """The draft with fields of the block at a spot changed."""
    section = draft.sections[spot[0]]
    changed = section.blocks[spot[1]].model_copy(update=changes)
    blocks = (*section.blocks[: spot[1]], changed, *section.blocks[spot[1] + 1 :])
    return with_section(draft, spot[0], blocks=blocks)


def with_section(draft: Draft, row: int, **changes: Any) -> Draft:
    """The draft with fields of one section changed."""
    changed: Section = draft.sections[row].model_copy(update=changes)
    return draft.model_copy(update={"sections": (*draft.sections[:row], changed, *draft.sections[row + 1 :])})


def after(draft: Draft, spot: Spot, block: Block) -> Draft:
    """The draft with a block more, right after the one at a spot."""
    blocks = draft.sections[spot[0]].blocks
    return with_section(draft, spot[0], blocks=(*blocks[: spot[1] + 1], block, *blocks[spot[1] + 1 :]))


def with_claim(draft: Draft, claim_id: str, **changes: Any) -> Draft:
    """The draft with fields of one claim changed."""
    return draft.model_copy(update={"claims": _with(draft.claims, claim_id, changes)})


def with_quote(draft: Draft, quote_id: str, **changes: Any) -> Draft:
    """The draft with fields of one quote changed; its end follows the length of its text."""
    held = draft.quotes[quote_id]
    if "text" in changes:
        changes = {"end": changes.get("start", held.start) + len(changes["text"])} | changes
    return draft.model_copy(update={"quotes": _with(draft.quotes, quote_id, changes)})


def with_fact(draft: Draft, fact_id: str, **changes: Any) -> Draft:
    """The draft with fields of one fact changed."""
    return draft.model_copy(update={"facts": _with(draft.facts, fact_id, changes)})


def _with(held: dict[str, _Held], key: str, changes: dict[str, Any]) -> dict[str, _Held]:
    return {**held, key: held[key].model_copy(update=changes)}


def proven(draft: Draft) -> list[Claim]:
    """The claims that are shown as supported, in reading order."""
    shown = [claim_id for _, block in found(draft, ClaimsBlock) for claim_id in block.claim_ids]
    held = [draft.claims[claim_id] for claim_id in dict.fromkeys(shown) if claim_id in draft.claims]
    return [claim for claim in held if claim.stance is Stance.supported]


def saying(*sentences: str) -> Finder:
    """One of these sentences after a supported claim's own, which goes on resting on what it rested on."""

    def finder(draft: Draft) -> Sequence[Draft]:
        return [
            with_claim(draft, claim.id, text=f"{claim.text} {words}")
            for claim in proven(draft)
            for words in sentences
        ]

    return finder


def claiming(stance: Stance, *sentences: str) -> Finder:
    """One of these sentences as a claim of its own that rests on nothing, after a paragraph of claims."""

    def made(draft: Draft, spot: Spot, block: ClaimsBlock, words: str) -> Draft:
        claim_id = free_id(draft.claims, "C")
        held = {**draft.claims, claim_id: Claim(id=claim_id, text=words, stance=stance)}
        shown = with_block(draft, spot, claim_ids=(*block.claim_ids, claim_id))
        return shown.model_copy(update={"claims": held})

    def finder(draft: Draft) -> Sequence[Draft]:
        return [
            made(draft, spot, block, words)
            for spot, block in found(draft, ClaimsBlock)
            for words in sentences
        ]

    return finder


def remarking(*sentences: str) -> Finder:
    """One of these sentences among the connecting words, after a paragraph of claims."""

    def finder(draft: Draft) -> Sequence[Draft]:
        return [
            after(draft, spot, TextBlock(text=words))
            for spot, _ in found(draft, ClaimsBlock)
            for words in sentences
        ]

    return finder


def in_story(field: str, write: Callable[[StoryBlock], Iterable[Any]]) -> Finder:
    """Another value of one field of a story; `write` gives the values, of which those that change nothing are left out."""
    return in_block(StoryBlock, field, write)


def in_block(kind: type[_Made], field: str, write: Callable[[_Made], Iterable[Any]]) -> Finder:
    """Another value of one field of a block of a type."""

    def finder(draft: Draft) -> Sequence[Draft]:
        return [
            with_block(draft, spot, **{field: value})
            for spot, block in found(draft, kind)
            for value in write(block)
            if value != getattr(block, field)
        ]

    return finder


def in_quote(write: Callable[[Quote], Iterable[dict[str, Any]]]) -> Finder:
    """Other fields of a quote; `write` gives them."""

    def finder(draft: Draft) -> Sequence[Draft]:
        return [
            with_quote(draft, key, **changes)
            for key, quote in draft.quotes.items()
            for changes in write(quote)
            if any(value != getattr(quote, name) for name, value in changes.items())
        ]

    return finder


def in_fact(write: Callable[[Fact], Iterable[dict[str, Any]]]) -> Finder:
    """Other fields of a fact; `write` gives them."""

    def finder(draft: Draft) -> Sequence[Draft]:
        return [
            with_fact(draft, key, **changes)
            for key, fact in draft.facts.items()
            for changes in write(fact)
            if any(value != getattr(fact, name) for name, value in changes.items())
        ]

    return finder


def in_claim(write: Callable[[Draft, Claim], Iterable[str]]) -> Finder:
    """Another text of a supported claim; `write` gives them."""

    def finder(draft: Draft) -> Sequence[Draft]:
        return [
            with_claim(draft, claim.id, text=text)
            for claim in proven(draft)
            for text in write(draft, claim)
            if text != claim.text
        ]

    return finder


def counted(draft: Draft, text: str, *measures: Measure) -> list[tuple[str, Fact]]:
    """Placeholders of a text that stand for a fact of one of these measures."""
    named = [(match, match.strip("{}")) for match in re.findall(r"\{F\d+\}", text)]
    return [
        (whole, draft.facts[key])
        for whole, key in named
        if key in draft.facts and draft.facts[key].measure in measures
    ]


def free_id(held: Iterable[str], letters: str) -> str:
    """An id of these letters that isn't taken."""
    taken = set(held)
    return next(name for number in range(1, 10_000) if (name := f"{letters}{number}") not in taken)


def lowered(text: str) -> str:
    """The text with a small first letter."""
    return text[:1].lower() + text[1:]
