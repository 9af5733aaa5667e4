"""Stories and requirements hang together: each story is taken up by a requirement, each requirement is about its story."""

from collections.abc import Iterator

from assistant.domain.draft import Draft, RequirementBlock, Stance, StoryBlock
from assistant.domain.finding import Finding, Severity
from evals.grader import Grader
from evals.reading.concepts import concepts
from evals.reading.prose import stories
from evals.sample import with_block, with_claim
from evals.view import EvidenceView

_NAME = "orphan_stories"
_PROVEN = (Stance.supported, Stance.contradicted)


def orphan_stories(draft: Draft, view: EvidenceView) -> list[Finding]:
    """Block on a story whose claims are all assumptions or targets, where its wish isn't marked as assumed.

    Advise on one without any claim whose wish is assumed, on a story that no requirement takes up where there are requirements, and on a requirement that shares no word with
    its stories and claims.
    """
    requirements = [block for block in draft.blocks() if isinstance(block, RequirementBlock)]
    held = {story.id: story for story in stories(draft)}
    taken_up = {name for block in requirements for name in block.story_ids}
    found = [finding for story in held.values() for finding in _unproven(draft, story)]
    found += [
        _finding(name, f"No requirement takes {name} up.", "", f"Add one that names {name}.")
        for name in held
        if requirements and name not in taken_up
    ]
    return found + [finding for block in requirements for finding in _estranged(draft, block, held)]


def _unproven(draft: Draft, story: StoryBlock) -> Iterator[Finding]:
    if not story.claim_ids and "want" in story.assumptions:
        message = f"{story.id} rests on an assumption alone."
        yield _finding(
            story.id, message, story.want, "Cite what was said about it, or ask before it is built."
        )
    stances = {draft.claims[name].stance for name in story.claim_ids if name in draft.claims}
    if stances and stances.isdisjoint(_PROVEN) and "want" not in story.assumptions:
        yield _finding(
            story.id,
            f"{story.id} rests on nothing but assumptions.",
            ", ".join(story.claim_ids),
            "Cite a claim with evidence, or mark the wish as assumed.",
            True,
        )


def _estranged(draft: Draft, block: RequirementBlock, held: dict[str, StoryBlock]) -> Iterator[Finding]:
    own = concepts(block.text, draft.language)
    texts = [draft.claims[name].text for name in block.claim_ids if name in draft.claims]
    quoted = [
        name for claim in block.claim_ids if claim in draft.claims for name in draft.claims[claim].quote_ids
    ]
    texts += [draft.quotes[name].text for name in quoted if name in draft.quotes]
    for name in block.story_ids:
        if name in held:
            story = held[name]
            steps = [step for one in story.criteria for step in (*one.given, *one.when, *one.then)]
            texts += [story.title, story.want, story.benefit, *steps]
            # `What US-1 asks for shall take at most 60 s` is about it, whatever its words.
            own = own if name not in block.text else frozenset()
    known = frozenset[str]().union(*(concepts(text, draft.language) for text in texts))
    if len(own) > 1 and known and not own & known:
        yield _finding(
            block.id,
            f"{block.id} shares no word with what it is said to come from.",
            ", ".join((*block.story_ids, *block.claim_ids)),
            "Name the story or claim that asks for it.",
        )


def _finding(target: str, message: str, evidence: str, fix: str, blocks: bool = False) -> Finding:
    severity = Severity.block if blocks else Severity.advise
    return Finding(
        grader=_NAME, severity=severity, target=target, message=message, evidence=evidence, fix=fix
    )


def _good(draft: Draft) -> Draft:
    return with_claim(with_block(draft, "US-1", assumptions=("want",)), "C1", stance=Stance.assumption)


def _bad(draft: Draft) -> Draft:
    return with_claim(draft, "C1", stance=Stance.assumption)


GRADER = Grader(_NAME, 2, Severity.block, orphan_stories, _good, _bad)
