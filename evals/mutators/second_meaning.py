"""Seeded faults of meaning, second pack: each sentence has its form and its proof, and yet it is wrong."""

import re
from collections.abc import Iterable, Sequence
from itertools import permutations

from assistant.domain.draft import Claim, Draft, RiskBlock, Stance, StoryBlock
from evals.mutators.port import Seeded
from evals.mutators.second_tools import (
    Finder,
    found,
    in_block,
    in_claim,
    in_story,
    lowered,
    proven,
    seeded,
    with_block,
    with_claim,
)


def _exchanged(field: str) -> Finder:
    def finder(draft: Draft) -> Sequence[Draft]:
        return [
            with_block(
                with_block(draft, one[0], **{field: getattr(two[1], field)}),
                two[0],
                **{field: getattr(one[1], field)},
            )
            for one, two in permutations(found(draft, StoryBlock), 2)
            if getattr(one[1], field) != getattr(two[1], field)
        ]

    return finder


def _of_other_work(story: StoryBlock) -> Iterable[object]:
    steps = {"title": "the invoice is sent", "given": ("the month is over",), "when": ("I close the books",), "then": ("an invoice of this month is in the outbox",)}  # fmt: skip
    return (tuple(one if one.path == "failure" else one.model_copy(update=steps) for one in story.criteria),)


def _opposite(_: Draft, claim: Claim) -> Iterable[str]:
    for was, now in (("report this as a problem", "say that this works for them"), ("report trouble with", "speak well of"), ("speak well of", "are put off by"), ("has another need", "has the same need"), ("have another need", "have the same need"), ("works for them", "fails for them")):  # fmt: skip
        yield claim.text.replace(was, now, 1)


def _quotes_of_others(draft: Draft) -> Sequence[Draft]:
    """Those of praise or of a competitor: another quote of the same need might carry the claim as well."""
    held = [claim for claim in proven(draft) if claim.quote_ids and "{Q" not in claim.text]
    foreign = [
        claim.quote_ids
        for claim in proven(draft)
        if claim.quote_ids
        and (claim.counter_quote_ids or all(draft.quotes[name].person is None for name in claim.quote_ids))
    ]
    return [
        with_claim(draft, claim.id, quote_ids=names)
        for claim in held
        for names in foreign
        if not claim.counter_quote_ids and not set(names) & set(claim.quote_ids)
    ]


def _guess_with_borrowed_proof(draft: Draft) -> Sequence[Draft]:
    guesses = [claim for claim in draft.claims.values() if claim.stance is Stance.assumption]
    return [
        with_claim(
            draft, claim.id, stance=Stance.supported, quote_ids=other.quote_ids, fact_ids=other.fact_ids
        )
        for claim in guesses
        for other in proven(draft)
        if other.quote_ids
    ]


def _certain(block: RiskBlock) -> Iterable[object]:
    return (re.sub(r"\bmay(?: not)?\b", lambda match: "don't" if "not" in match[0] else "will", block.text),)


def _wish_turned(story: StoryBlock) -> Iterable[object]:
    wish = lowered(story.want).removeprefix("to ")
    return (f"to be spared having to {wish}", f"to stop others from being able to {wish}")


PACK: tuple[Seeded, ...] = (
    seeded("benefits-exchanged", 4, "judge_story", _exchanged("benefit"), "Each story has the other's benefit."),
    seeded("criteria-of-another-story", 4, "judge_criteria", _exchanged("criteria"), "Each story is tested by the other's criteria."),
    seeded("criteria-of-other-work", 4, "judge_criteria", in_story("criteria", _of_other_work), "The criteria test something else."),
    seeded("claim-says-the-opposite", 4, "judge_follows judge_contradiction", in_claim(_opposite), "The claim says the opposite of what its quotes say."),
    seeded("quotes-of-another-claim", 4, "judge_follows", _quotes_of_others, "A claim rests on quotes that speak of something else."),
    seeded("guess-with-borrowed-proof", 4, "judge_follows", _guess_with_borrowed_proof, "An assumption became known by a quote that doesn't say it."),
    seeded("may-became-will", 4, "judge_contradiction judge_follows", in_block(RiskBlock, "text", _certain), "A risk is told as certain."),
    seeded("wish-turned-round", 4, "judge_story", in_story("want", _wish_turned), "The story wants the opposite of what was asked for."),
)  # fmt: skip
"""Meaning: what only a judge or a person sees."""
