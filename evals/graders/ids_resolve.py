"""Whatever the draft points at exists: claims, quotes, facts, stories, selections, placeholders."""

from collections.abc import Iterable, Iterator

from assistant.domain.draft import (
    Block,
    ClaimsBlock,
    Draft,
    QuotesBlock,
    RequirementBlock,
    Stance,
    StoryBlock,
)
from assistant.domain.finding import Finding, Severity
from evals.grader import Grader
from evals.reading.prose import placeholders, places, stories
from evals.recounting.table import table_of
from evals.sample import with_claim
from evals.view import EvidenceView

_NAME = "ids_resolve"


def ids_resolve(draft: Draft, view: EvidenceView) -> list[Finding]:
    """Block on each id that leads nowhere, and on a claim whose placeholder it doesn't list as its proof."""
    return [
        *_claims(draft),
        *_blocks(draft),
        *_facts(draft),
        *_selections(draft, view),
        *_placeholders(draft),
    ]


def _claims(draft: Draft) -> Iterator[Finding]:
    for key, claim in draft.claims.items():
        yield from _missing(key, "quote", (*claim.quote_ids, *claim.counter_quote_ids), draft.quotes)
        yield from _missing(key, "fact", claim.fact_ids, draft.facts)
        listed = {*claim.quote_ids, *claim.fact_ids}
        if claim.stance is not Stance.supported:
            # A supported claim shows no quote that only speaks against it.
            listed |= {*claim.counter_quote_ids}
        for name in dict.fromkeys(placeholders(claim.text)):
            if name not in listed:
                yield _finding(
                    key, f"The text of {key} shows {name}, which {key} doesn't list.", f"Add {name} to it."
                )


def _blocks(draft: Draft) -> Iterator[Finding]:
    known = {story.id for story in stories(draft)}
    for section in draft.sections:
        for block in section.blocks:
            target = str(getattr(block, "id", section.id))
            yield from _missing(target, "claim", _claim_ids(block), draft.claims)
            if isinstance(block, QuotesBlock):
                yield from _missing(target, "quote", block.quote_ids, draft.quotes)
            if isinstance(block, RequirementBlock):
                yield from _missing(target, "story", block.story_ids, known)
            if isinstance(block, StoryBlock):
                yield from _missing(target, "story", block.depends_on, known)
                if block.id in block.depends_on:
                    yield _finding(target, f"{block.id} depends on itself.", "Take that out.")


def _claim_ids(block: Block) -> tuple[str, ...]:
    held = getattr(block, "claim_ids", ())
    return tuple(held) if isinstance(block, ClaimsBlock) or held else ()


def _facts(draft: Draft) -> Iterator[Finding]:
    for key, fact in draft.facts.items():
        filters = [fact.filter, *([fact.denominator] if fact.denominator else [])]
        named = [where.selection for where in filters if where.selection is not None]
        yield from _missing(key, "selection", (*named, *fact.peers), draft.selections)


def _selections(draft: Draft, view: EvidenceView) -> Iterator[Finding]:
    known = table_of(view.corpus).row_of
    for key, selection in draft.selections.items():
        if gone := [name for name in selection.record_ids if name not in known]:
            message = f"{key} holds {len(gone)} records that this workspace doesn't have, such as {gone[0]}."
            yield _finding(key, message, "Write the draft again.")


def _placeholders(draft: Draft) -> Iterator[Finding]:
    for place in places(draft):
        for name in dict.fromkeys(placeholders(place.text)):
            if name not in draft.facts and name not in draft.quotes:
                yield _finding(
                    place.target, f"{{{name}}} in {place.target} stands for nothing.", "Take it out."
                )


def _missing(target: str, what: str, names: Iterable[str], known: Iterable[str]) -> list[Finding]:
    held = set(known)
    return [
        _finding(
            target,
            f"{target} points at the {what} {name}, which doesn't exist.",
            f"Take {name} out of {target}.",
        )
        for name in dict.fromkeys(names)
        if name not in held
    ]


def _finding(target: str, message: str, fix: str) -> Finding:
    return Finding(grader=_NAME, severity=Severity.block, target=target, message=message, fix=fix)


def _good(draft: Draft) -> Draft:
    return with_claim(draft, "C1", counter_quote_ids=("Q4",))


def _bad(draft: Draft) -> Draft:
    return with_claim(draft, "C1", quote_ids=("Q1", "Q2", "Q9"))


GRADER = Grader(_NAME, 0, Severity.block, ids_resolve, _good, _bad)
