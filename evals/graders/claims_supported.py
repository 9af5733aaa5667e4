"""No evidence, no claim: each statement has its proof or carries its label, and stories rest on claims."""

from collections.abc import Iterator

from assistant.domain.draft import Claim, Draft, MetricBlock, RequirementBlock, Stance, StoryBlock, TextBlock
from assistant.domain.fact import Measure
from assistant.domain.finding import Finding, Severity
from assistant.domain.text import content_words, sentences, stem
from evals.grader import Grader
from evals.language.negation import negations
from evals.reading.connecting import states_the_world
from evals.reading.proofs import unproven
from evals.reading.prose import blank_placeholders, placeholders, places
from evals.sample import with_claim
from evals.view import EvidenceView

_NAME = "claims_supported"
_SAME_WORDS = 3
"""Words that say something which a claim shares with a sentence before their “not” are compared."""


def claims_supported(draft: Draft, view: EvidenceView) -> list[Finding]:
    """Block on a supported claim without a quote or fact, on a sentence of it that has neither, and on a contradicted one without both sides.

    Block, too, on a story that rests on no claim unless its wish is marked as assumed, and advise on a requirement
    that comes from nowhere or a baseline that isn't said to be unknown. Block, too, on a claim that repeats its quote with a
    `not` more or less; advise on statements in connecting text and on counts that nothing tells.
    """
    return [
        *(finding for claim in draft.claims.values() for finding in _claim(draft, claim)),
        *(finding for block in draft.blocks() for finding in _block(draft, block)),
        *_connecting(draft),
        *_unused(draft),
    ]


def _connecting(draft: Draft) -> Iterator[Finding]:
    for section in draft.sections:
        for block in section.blocks:
            if isinstance(block, TextBlock):
                for start, end in states_the_world(block.text):
                    message = f"'{block.text[start:end].strip()[:80]}' states something without proof."
                    yield _finding(section.id, message, "Make a claim of it, with its quotes.", False)


def _unused(draft: Draft) -> Iterator[Finding]:
    """What was counted and isn't told: perhaps the side that speaks against it."""
    told = {name for claim in draft.claims.values() for name in claim.fact_ids}
    told |= {name for place in places(draft) for name in placeholders(place.text)}
    for key, fact in draft.facts.items():
        if key not in told and fact.measure is not Measure.constant:
            yield _finding(
                key, f"{key} was counted, and nothing tells it.", "Tell it, or take it out.", False
            )


def _turned(draft: Draft, claim: Claim) -> Iterator[Finding]:
    """A claim that repeats the words of its quote, with a `not` more or less."""
    said = {stem(word) for word in content_words(blank_placeholders(claim.text).replace("·", " "))}
    here = negations(claim.text, draft.language)
    for name in claim.quote_ids if len(said) >= _SAME_WORDS else ():
        quote = draft.quotes.get(name)
        for start, end in sentences(quote.text) if quote else ():
            words = {stem(word) for word in content_words(quote.text[start:end])} if quote else set()
            there = negations(quote.text[start:end], quote.language) if quote else 0
            if len(said & words) >= max(_SAME_WORDS, 0.75 * len(said)) and (here == 0) != (there == 0):
                message = f"{name} says the opposite: one of the two has a “not”."
                yield _finding(claim.id, message, "Say what the quote says.")
                return


def _claim(draft: Draft, claim: Claim) -> Iterator[Finding]:
    quotes = [name for name in claim.quote_ids if name in draft.quotes]
    counter = [name for name in claim.counter_quote_ids if name in draft.quotes]
    counted = [
        name
        for name in claim.fact_ids
        if name in draft.facts and draft.facts[name].measure is not Measure.constant
    ]
    if claim.stance is Stance.supported:
        yield from _turned(draft, claim)
    if claim.stance in (Stance.supported, Stance.contradicted):
        for start, end in unproven(draft, claim):
            message = f"'{claim.text[start:end].strip()[:80]}' holds neither a number nor a quote."
            yield _finding(claim.id, message, "Give the sentence its own proof, or take it out.")
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
