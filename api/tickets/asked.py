"""Who stands behind an item of a draft: the selection of records that its claims count, and the stored number of people in it. No I/O."""

from collections.abc import Iterator

from assistant.domain.draft import Draft, RequirementBlock, Stance, StoryBlock
from assistant.domain.evidence import Scope
from assistant.domain.fact import Fact, Measure


def claims_of(draft: Draft, item: str) -> list[str]:
    """Ids of the claims that an item rests on, a story's before those of the requirements that it carries; an empty item: all of them."""
    if not item:
        return list(draft.claims)
    blocks = list(draft.blocks())
    held = [one for one in blocks if isinstance(one, StoryBlock | RequirementBlock)]
    own = [name for one in held if one.id == item for name in one.claim_ids]
    carried = [name for one in held if isinstance(one, RequirementBlock) and item in one.story_ids for name in one.claim_ids]  # fmt: skip
    return [name for name in dict.fromkeys([*own, *carried]) if name in draft.claims]


def asked_facts(draft: Draft, item: str) -> Iterator[tuple[str, Fact]]:
    """Facts of an item's supported claims that count everybody in one selection, each with its claim's id, in the order of the claims."""
    for name in claims_of(draft, item):
        claim = draft.claims[name]
        if claim.stance is not Stance.supported:
            continue
        for fact_id in claim.fact_ids:
            fact = draft.facts.get(fact_id)
            if fact is not None and _counts_all(draft, fact):
                yield name, fact


def _counts_all(draft: Draft, fact: Fact) -> bool:
    """Whether it says how many asked, not how many of them in a month or a segment."""
    return (
        fact.measure in (Measure.people, Measure.records)
        and fact.filter.selection in draft.selections
        and fact.filter.scope in (draft.scope, Scope())
    )
