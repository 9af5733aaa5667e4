"""How a mutator reaches into a draft: its places, and the draft with one of them changed. Nothing here knows a grader."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any, TypeVar

from assistant.domain.draft import (
    PLACEHOLDER,
    Block,
    Claim,
    ClaimsBlock,
    Draft,
    QuotesBlock,
    RequirementBlock,
    Section,
    Stance,
    StoryBlock,
    TextBlock,
)
from assistant.domain.evidence import Quote
from assistant.domain.fact import Fact
from evals.mutators.port import MutatedLayer, Seeded

Site = TypeVar("Site")
_Block = TypeVar("_Block", bound=Block)
Sites = Callable[[Draft], Sequence[Site]]
"""Where in a draft a kind can strike; nothing: it doesn't apply."""
Change = Callable[[Draft, Site, Random], Draft]
"""The draft with that one place changed."""


def kind(
    name: str,
    layer: MutatedLayer,
    expected: str,
    sites: Sites[Site],
    change: Change[Site],
    about: str,
) -> Seeded:
    """A mutator that strikes at one of several places. Args: expected: names of graders, separated by blanks."""
    return Seeded(
        name=name,
        layer=layer,
        expected=tuple(expected.split()),
        applies=lambda draft: len(sites(draft)) > 0,
        mutate=lambda draft, rng: change(draft, rng.choice(sites(draft)), rng),
        about=about,
    )


@dataclass(frozen=True)
class Slot:
    """One text of a draft that a writer words: of a claim, or a field of a block."""

    text: str
    claim: str = ""
    """Id of the claim; empty: a block's."""
    section: int = 0
    block: int = 0
    field: str = "text"


def claim_slots(draft: Draft, *stances: Stance) -> list[Slot]:
    """Texts of the claims that some block shows, of these stances."""
    shown = {name for block in draft.blocks() for name in getattr(block, "claim_ids", ())}
    return [
        Slot(claim.text, claim=key)
        for key, claim in draft.claims.items()
        if key in shown and claim.stance in stances
    ]


def world_slots(draft: Draft) -> list[Slot]:
    """Texts that say what is: supported claims, connecting texts, risks and questions."""
    return [*claim_slots(draft, Stance.supported), *block_slots(draft, {"text", "risk", "question"}, "text")]


def all_slots(draft: Draft) -> list[Slot]:
    """Every text a writer may smuggle something into."""
    return [
        *world_slots(draft),
        *block_slots(draft, {"story"}, "title", "want", "benefit"),
        *block_slots(draft, {"requirement"}, "text", "reason"),
        *block_slots(draft, {"risk"}, "mitigation"),
    ]


def block_slots(draft: Draft, types: set[str], *fields: str) -> list[Slot]:
    """Fields of the blocks of some types that hold words."""
    return [
        Slot(held, section=at, block=place, field=name)
        for at, section in enumerate(draft.sections)
        for place, block in enumerate(section.blocks)
        if block.type in types
        for name in fields
        if (held := str(getattr(block, name, ""))).strip()
    ]


def put(draft: Draft, slot: Slot, text: str) -> Draft:
    """The draft with another text in a slot."""
    if slot.claim:
        return with_claim(draft, slot.claim, text=text)
    return with_block(draft, slot.section, slot.block, **{slot.field: text})


def with_claim(draft: Draft, key: str, **changes: Any) -> Draft:
    """The draft with fields of one claim changed."""
    return _with(draft, "claims", key, changes)


def with_quote(draft: Draft, key: str, **changes: Any) -> Draft:
    """The draft with fields of one quote changed; its end follows its text, so that it stays a quote to the eye."""
    if "text" in changes:
        changes = {"end": changes.get("start", draft.quotes[key].start) + len(changes["text"]), **changes}
    return _with(draft, "quotes", key, changes)


def with_fact(draft: Draft, key: str, **changes: Any) -> Draft:
    """The draft with fields of one fact changed."""
    return _with(draft, "facts", key, changes)


def _with(draft: Draft, field: str, key: str, changes: dict[str, Any]) -> Draft:
    held = getattr(draft, field)
    return draft.model_copy(update={field: {**held, key: held[key].model_copy(update=changes)}})


def with_block(draft: Draft, section: int, place: int, **changes: Any) -> Draft:
    """The draft with fields of the block at that place changed."""
    blocks = list(draft.sections[section].blocks)
    blocks[place] = blocks[place].model_copy(update=changes)
    return with_blocks(draft, section, blocks)


def with_blocks(draft: Draft, section: int, blocks: Iterable[Block]) -> Draft:
    """The draft with other blocks in a section."""
    changed = draft.sections[section].model_copy(update={"blocks": tuple(blocks)})
    return with_section(draft, section, changed)


def with_section(draft: Draft, at: int, *sections: Section) -> Draft:
    """The draft with a section replaced by others, or by none."""
    held = list(draft.sections)
    held[at : at + 1] = sections
    return draft.model_copy(update={"sections": tuple(held)})


def blocks_of(draft: Draft, wanted: type[_Block]) -> list[tuple[int, int, _Block]]:
    """(section, place, block) of each block of a type."""
    return [
        (at, place, block)
        for at, section in enumerate(draft.sections)
        for place, block in enumerate(section.blocks)
        if isinstance(block, wanted)
    ]


def stories_of(draft: Draft) -> list[tuple[int, int, StoryBlock]]:
    """(section, place, story) of each story."""
    return blocks_of(draft, StoryBlock)


def requirements_of(draft: Draft) -> list[tuple[int, int, RequirementBlock]]:
    """(section, place, requirement) of each requirement."""
    return blocks_of(draft, RequirementBlock)


def after(draft: Draft, section: int, place: int, block: Block) -> Draft:
    """The draft with a block more, behind that place."""
    blocks = list(draft.sections[section].blocks)
    return with_blocks(draft, section, [*blocks[: place + 1], block, *blocks[place + 1 :]])


def free_id(taken: Iterable[str], prefix: str) -> str:
    """The next id of a prefix, behind the greatest that is taken: `US-4`, `Q13`."""
    numbers = [int(m[1]) for name in taken if (m := re.fullmatch(rf"{re.escape(prefix)}(\d+)", name))]
    return f"{prefix}{max(numbers, default=0) + 1}"


def plus_claim(draft: Draft, at: tuple[int, int], claim: Claim) -> Draft:
    """The draft with a new claim, shown at the end of the claims block at (section, place)."""
    block = draft.sections[at[0]].blocks[at[1]]
    assert isinstance(block, ClaimsBlock)
    told = with_block(draft, *at, claim_ids=(*block.claim_ids, claim.id))
    return told.model_copy(update={"claims": {**draft.claims, claim.id: claim}})


def claim_homes(draft: Draft) -> list[tuple[int, int]]:
    """(section, place) of the claims blocks."""
    return [(at, place) for at, place, _ in blocks_of(draft, ClaimsBlock)]


def claims_with(draft: Draft, test: Callable[[Claim], bool]) -> list[Claim]:
    """Shown claims that pass a test."""
    return [
        draft.claims[slot.claim] for slot in claim_slots(draft, *Stance) if test(draft.claims[slot.claim])
    ]


def cited_quotes(draft: Draft) -> list[tuple[str, Quote]]:
    """(id, quote) of the quotes that a shown claim or the appendix cites."""
    shown = {name for block in draft.blocks() if isinstance(block, QuotesBlock) for name in block.quote_ids}
    shown |= {
        name for claim in draft.claims.values() for name in (*claim.quote_ids, *claim.counter_quote_ids)
    }
    return [(key, quote) for key, quote in draft.quotes.items() if key in shown]


def used_facts(draft: Draft, test: Callable[[Fact], bool]) -> list[tuple[str, Fact]]:
    """(id, fact) of the facts that a claim lists and that pass a test."""
    named = dict.fromkeys(name for claim in draft.claims.values() for name in claim.fact_ids)
    return [(name, draft.facts[name]) for name in named if name in draft.facts and test(draft.facts[name])]


def sections_with(draft: Draft, ids: Iterable[str]) -> list[int]:
    """Places of the filled sections of some ids."""
    wanted = set(ids)
    return [at for at, section in enumerate(draft.sections) if section.id in wanted and section.blocks]


def texts_of(draft: Draft) -> list[tuple[int, int, TextBlock]]:
    """(section, place, block) of the connecting texts."""
    return blocks_of(draft, TextBlock)


def behind(text: str, more: str) -> str:
    """A sentence set behind a text."""
    return f"{text.rstrip()}{'' if text.rstrip().endswith(('.', '!', '?')) else '.'} {more}"


def plain_words(text: str, least: int = 4) -> list[tuple[int, int]]:
    """Spans of the words of a text outside its placeholders."""
    blank = PLACEHOLDER.sub(lambda match: " " * len(match.group()), text)
    return [match.span() for match in re.finditer(rf"[^\W\d_]{{{least},}}", blank)]
