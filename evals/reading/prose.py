"""Every piece of prose in a draft, with what kind of place it stands in. Quotes aren't prose: they are evidence."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import assert_never

from assistant.domain.draft import (
    PLACEHOLDER,
    Block,
    Claim,
    ClaimsBlock,
    DecisionBlock,
    Draft,
    MetricBlock,
    QuestionBlock,
    QuotesBlock,
    RequirementBlock,
    RiskBlock,
    ScoreBlock,
    Section,
    Stance,
    StoryBlock,
    TableBlock,
    TextBlock,
)
from evals.once import once_each

_PERCENTILE = re.compile(r"\b\d\d(?:st|nd|rd|th)(?= percentile\b)|\bp\d\d\b")


class Voice(StrEnum):
    """How a place speaks."""

    world = "world"
    """It says what is: every number and quantifier needs a fact."""
    spec = "spec"
    """It says what shall be: numbers need a fact, `every card` doesn't."""
    proposed = "proposed"
    """It is marked as a proposal or an assumption: its numbers are a person's to set."""


@dataclass(frozen=True)
class Place:
    """One text of the draft."""

    target: str
    """Id for a Finding."""
    field: str
    text: str
    voice: Voice
    fact_ids: tuple[str, ...] = ()
    """Facts that may license its words: its own placeholders, its claim's facts, or those of its section's claims."""
    bound: str = ""
    """Numbers that the text may repeat: of a requirement its proposed bound, of the title the brief."""
    row: tuple[str, ...] = ()
    """Of a table's cell: the facts of its row. Whatever else is counted over their selections licenses its words, too."""


@once_each
def places(draft: Draft) -> tuple[Place, ...]:
    """All prose in reading order: the title, each section with its blocks, then the claims by id."""
    return tuple(_places(draft))


def _places(draft: Draft) -> Iterator[Place]:
    yield Place("draft", "title", draft.title, Voice.world, bound=draft.brief)
    for section in draft.sections:
        facts = _section_facts(draft, section)
        yield Place(section.id, "title", section.title, Voice.world, facts)
        for block in section.blocks:
            for place in _block(section.id, block, (*facts, *_claim_facts(draft, block))):
                if place.text:
                    yield place
    for claim in draft.claims.values():
        yield _claim(claim)


def placeholders(text: str) -> tuple[str, ...]:
    """Ids of the placeholders of a text, in order."""
    return tuple(PLACEHOLDER.findall(text))


def blank_placeholders(text: str) -> str:
    """The text with each placeholder overwritten by as many `·`, so that offsets stay."""
    return PLACEHOLDER.sub(lambda match: "·" * len(match.group()), text)


def stories(draft: Draft) -> tuple[StoryBlock, ...]:
    """The draft's stories, in reading order."""
    return tuple(block for block in draft.blocks() if isinstance(block, StoryBlock))


def natural(name: str) -> tuple[tuple[int, int | str], ...]:
    """Sort key by which Q2 stands before Q10."""
    return tuple((0, int(part)) if part.isdecimal() else (1, part) for part in re.split(r"(\d+)", name))


def _claim(claim: Claim) -> Place:
    # An assumption that cites evidence was a proven sentence until somebody typed over it: its numbers are still about the world.
    cites = claim.quote_ids or claim.fact_ids
    proposed = claim.stance is Stance.target or (claim.stance is Stance.assumption and not cites)
    return Place(claim.id, "text", claim.text, Voice.proposed if proposed else Voice.world, claim.fact_ids)


def _section_facts(draft: Draft, section: Section) -> tuple[str, ...]:
    held = [
        _claim_facts(draft, block) for block in section.blocks if isinstance(block, ClaimsBlock | StoryBlock)
    ]
    return tuple(dict.fromkeys(fact_id for facts in held for fact_id in facts))


def _claim_facts(draft: Draft, block: Block) -> tuple[str, ...]:
    claim_ids: tuple[str, ...] = getattr(block, "claim_ids", ())
    claims = [draft.claims[claim_id] for claim_id in claim_ids if claim_id in draft.claims]
    return tuple(dict.fromkeys(fact_id for claim in claims for fact_id in claim.fact_ids))


def _block(section: str, block: Block, facts: tuple[str, ...]) -> Iterator[Place]:
    match block:
        case TextBlock():
            yield Place(section, "text", block.text, Voice.world, facts)
        case ClaimsBlock() | QuotesBlock():
            yield Place(section, "lead", block.lead, Voice.world, facts)
        case StoryBlock():
            yield from _story(block)
        case RequirementBlock():
            yield from _requirement(block, facts)
        case MetricBlock():
            yield Place(block.id, "name", block.name, Voice.world, bound=_percentiles(block.name))
            yield Place(block.id, "baseline", block.baseline, Voice.world)
            yield Place(block.id, "unit", block.unit, Voice.world)
            for name in ("target", "window", "guardrail"):
                yield Place(block.id, name, getattr(block, name), Voice.proposed)
        case TableBlock():
            for row in (block.header, *block.rows):
                its = placeholders(" ".join(row))
                for cell in row:
                    yield Place(section, "cell", cell, Voice.world, (*its, *facts), row=its)
        case QuestionBlock():
            yield Place(block.id, "text", block.text, Voice.world, facts)
            yield Place(block.id, "ask", block.ask, Voice.spec)
        case RiskBlock():
            yield Place(block.id, "text", block.text, Voice.world, facts)
            yield Place(block.id, "mitigation", block.mitigation, Voice.spec)
        case DecisionBlock():
            yield Place(block.id, "text", block.text, Voice.world, facts)
        case ScoreBlock():
            for name, text in (("name", block.name), ("value", block.value), *block.inputs.items()):
                yield Place(block.id, name, text, Voice.world)
        case _:
            assert_never(block)


def _story(story: StoryBlock) -> Iterator[Place]:
    yield Place(story.id, "title", story.title, Voice.spec)
    yield Place(story.id, "role", story.role, Voice.world)
    for name in ("want", "benefit", "size_hint"):
        yield Place(story.id, name, getattr(story, name), Voice.spec)
    for criterion in story.criteria:
        marked = re.search(r"\b(?:target|proposed|vorschlag|ziel)", criterion.note.casefold()) is not None
        voice = Voice.proposed if marked else Voice.spec
        yield Place(story.id, "criterion", criterion.title, voice)
        for step in (*criterion.given, *criterion.when, *criterion.then):
            yield Place(story.id, "criterion", step, voice)
        yield Place(story.id, "note", criterion.note, voice)


def _percentiles(text: str) -> str:
    return " ".join(match.group() for match in _PERCENTILE.finditer(text))


def _requirement(block: RequirementBlock, facts: tuple[str, ...]) -> Iterator[Place]:
    bound = f"{block.bound} {_percentiles(block.text)}" if block.bound_proposed else ""
    yield Place(block.id, "text", block.text, Voice.spec, bound=bound)
    yield Place(block.id, "bound", block.bound, Voice.proposed if block.bound_proposed else Voice.spec)
    yield Place(block.id, "unit", block.unit, Voice.spec, bound=bound)
    yield Place(block.id, "reason", block.reason, Voice.world, facts)
