"""What of a draft has an id of its own - stories, requirements, metrics, risks, questions, decisions - as rows."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from assistant.domain.draft import (
    Block,
    DecisionBlock,
    Draft,
    MetricBlock,
    QuestionBlock,
    RequirementBlock,
    RiskBlock,
    StoryBlock,
)
from assistant.drafting.formats.tree import article, gherkin, plain


@dataclass(frozen=True)
class Item:
    """One row. Texts have their numbers filled in; empty where the kind of item has no such part."""

    id: str
    type: str
    title: str
    text: str
    criteria: str = ""
    priority: str = ""
    reason: str = ""
    bound: str = ""
    stories: str = ""
    assumptions: str = ""
    rests_on: str = ""
    """The claims, in words."""
    quotes: str = ""
    """Each quote with its id and its place, one a line."""


def items_of(draft: Draft) -> list[Item]:
    """The items in reading order."""
    return [item for block in draft.blocks() for item in _item(draft, block)]


def _item(draft: Draft, block: Block) -> Iterator[Item]:
    def told(text: str) -> str:
        return " ".join(plain(draft, text).split())

    if isinstance(block, StoryBlock):
        benefit = told(block.benefit).rstrip(".")
        words = f"As {article(block.role)} {told(block.role)}, I want {told(block.want)}, so that {benefit}."
        criteria, rests, quotes = gherkin(draft, block.criteria), *_proof(draft, block.claim_ids)
        yield Item(
            block.id, "story", told(block.title), words, criteria,
            assumptions=", ".join(block.assumptions), rests_on=rests, quotes=quotes,
        )  # fmt: skip
    elif isinstance(block, RequirementBlock):
        rests, quotes = _proof(draft, block.claim_ids)
        bound = f"{block.bound} {block.unit}".strip() + (" (proposed)" if block.bound_proposed else "")
        yield Item(
            block.id, "requirement", "", told(block.text), priority=block.priority.value, reason=told(block.reason),
            bound=bound, stories=", ".join(block.story_ids), rests_on=rests, quotes=quotes,
        )  # fmt: skip
    elif isinstance(block, MetricBlock):
        text = f"baseline {told(block.baseline)}; target (proposed) {told(block.target)} {block.unit}; {told(block.window)}"
        yield Item(block.id, "metric", told(block.name), text, reason=told(block.guardrail))
    elif isinstance(block, RiskBlock | QuestionBlock | DecisionBlock):
        rests, quotes = _proof(draft, block.claim_ids)
        reason = block.mitigation if isinstance(block, RiskBlock) else ""
        reason = block.ask if isinstance(block, QuestionBlock) else reason
        yield Item(
            block.id, block.type, "", told(block.text), reason=told(reason), rests_on=rests, quotes=quotes
        )


def _proof(draft: Draft, claim_ids: Iterable[str]) -> tuple[str, str]:
    claims = [draft.claims[name] for name in claim_ids if name in draft.claims]
    names = dict.fromkeys(name for claim in claims for name in claim.quote_ids if name in draft.quotes)
    rests = " ".join(" ".join(plain(draft, claim.text).split()) for claim in claims)
    quotes = [draft.quotes[name] for name in names]
    told = [
        f"{name}: “{' '.join(quote.text.split())}” ({quote.record_id} [{quote.start}:{quote.end}])"
        for name, quote in zip(names, quotes, strict=True)
    ]
    return rests, "\n".join(told)
