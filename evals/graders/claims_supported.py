"""No evidence, no claim: each statement has its proof or carries its label, and stories rest on claims."""

from collections.abc import Iterator

from assistant.domain.draft import Claim, Draft, MetricBlock, RequirementBlock, Stance, StoryBlock
from assistant.domain.fact import Measure
from assistant.domain.finding import Finding, Severity
from evals.grader import Grader
from evals.sample import with_claim
from evals.view import EvidenceView

_NAME = "claims_supported"


def claims_supported(draft: Draft, view: EvidenceView) -> list[Finding]:
    """Block on a supported claim without a quote or fact, and on a contradicted one without both sides.

    Block, too, on a story that rests on no claim unless its wish is marked as assumed, and advise on a requirement
    that comes from nowhere or a baseline that isn't said to be unknown.
    """
    return [
        *(finding for claim in draft.claims.values() for finding in _claim(draft, claim)),
        *(finding for block in draft.blocks() for finding in _block(draft, block)),
    ]


def _claim(draft: Draft, claim: Claim) -> Iterator[Finding]:
    quotes = [name for name in claim.quote_ids if name in draft.quotes]
    counter = [name for name in claim.counter_quote_ids if name in draft.quotes]
    counted = [
        name
        for name in claim.fact_ids
        if name in draft.facts and draft.facts[name].measure is not Measure.constant
    ]
    if not claim.text.strip():
        yield _finding(claim.id, "The claim says nothing.", "Write it or take it out.")
    if claim.stance is Stance.supported and not quotes and not counted:
        yield _finding(
            claim.id,
            "Nothing in the evidence supports this.",
            "Cite a quote or a fact, or label it as an assumption.",
        )
    if claim.stance is Stance.contradicted and not (quotes or counted):
        yield _finding(
            claim.id, "The side that speaks for it is missing.", "Cite it, or state the other side alone."
        )
    if claim.stance is Stance.contradicted and not counter:
        yield _finding(
            claim.id, "The side that speaks against it is missing.", "Cite it, or call it supported."
        )
    for name in sorted(set(quotes) & set(counter)) if claim.stance is Stance.contradicted else ():
        yield _finding(claim.id, f"{name} is cited both for and against.", "Keep it on one side.")
    if claim.stance is Stance.target and quotes:
        yield _finding(
            claim.id, "A target is set by a person; no quote proves it.", "Take the quotes out.", False
        )


def _block(draft: Draft, block: object) -> Iterator[Finding]:
    if isinstance(block, StoryBlock):
        held = [name for name in block.claim_ids if name in draft.claims]
        if not held and "want" not in block.assumptions:
            yield _finding(
                block.id, f"{block.id} rests on no claim.", "Cite one, or mark the wish as assumed."
            )
    elif isinstance(block, RequirementBlock):
        if not block.claim_ids and not block.story_ids:
            yield _finding(
                block.id, f"{block.id} comes from no claim and no story.", "Say where it comes from.", False
            )
    elif isinstance(block, MetricBlock) and not block.baseline.strip():
        yield _finding(block.id, f"{block.id} has no baseline.", "Give a fact, or 'unknown'.", False)


def _finding(target: str, message: str, fix: str, blocks: bool = True) -> Finding:
    severity = Severity.block if blocks else Severity.advise
    return Finding(grader=_NAME, severity=severity, target=target, message=message, fix=fix)


def _good(draft: Draft) -> Draft:
    return with_claim(draft, "C1", stance=Stance.assumption)


def _bad(draft: Draft) -> Draft:
    return with_claim(draft, "C4", stance=Stance.supported)


GRADER = Grader(_NAME, 1, Severity.block, claims_supported, _good, _bad)
