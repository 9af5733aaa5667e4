"""Dev pack, layer 1: statements without proof, with half of it, or with one person's word for everybody's."""

from random import Random

from assistant.domain.draft import Claim, Draft, MetricBlock, Stance
from assistant.domain.evidence import Quote
from evals.mutators.parts import (
    behind,
    block_slots,
    blocks_of,
    claim_homes,
    claims_with,
    free_id,
    kind,
    plus_claim,
    put,
    requirements_of,
    stories_of,
    with_block,
    with_claim,
)
from evals.mutators.port import Seeded

_UNPROVEN = (
    "The current state drives customers away.",
    "Field teams can't do their work with it.",
    "Support spends its afternoons on this.",
    "Competitors win deals because of it.",
    "The sales team hears about it in every call.",
)
_SOLD = (
    "Customers need this every day.",
    "Teams depend on it.",
    "People can't work without it.",
    "Users ask for it again and again.",
)


def _new(draft: Draft, text: str, stance: Stance, *quotes: str) -> Claim:
    return Claim(id=free_id(draft.claims, "C"), text=text, stance=stance, quote_ids=quotes)


def _unproven(draft: Draft, at: tuple[int, int], rng: Random) -> Draft:
    return plus_claim(draft, at, _new(draft, rng.choice(_UNPROVEN), Stance.supported))


def _stripped(draft: Draft, claim: Claim, rng: Random) -> Draft:
    return with_claim(
        draft, claim.id, text=rng.choice(_UNPROVEN), quote_ids=(), fact_ids=(), counter_quote_ids=()
    )


def _with_counter(draft: Draft) -> list[Claim]:
    return claims_with(draft, lambda claim: bool(claim.counter_quote_ids))


def _one_sided(draft: Draft, claim: Claim, rng: Random) -> Draft:
    """What speaks against it disappears from the sentence and the appendix; the claim keeps saying that it is disputed."""
    text = claim.text
    for name in claim.counter_quote_ids:
        text = text.replace(f": {{{name}}}", ".").replace(f"{{{name}}}", "")
    return with_claim(draft, claim.id, text=text, stance=Stance.contradicted, counter_quote_ids=())


def _hidden(draft: Draft, claim: Claim, rng: Random) -> Draft:
    """A claim that others contradict loses its other side, and its label with it."""
    gone = set(claim.counter_quote_ids)
    sections = tuple(
        section.model_copy(
            update={
                "blocks": tuple(
                    block.model_copy(update={"quote_ids": tuple(q for q in block.quote_ids if q not in gone)})
                    if block.type == "quotes"
                    else block.model_copy(
                        update={"claim_ids": tuple(c for c in block.claim_ids if c != claim.id)}
                    )
                    if block.type == "claims"
                    else block
                    for block in section.blocks
                )
            }
        )
        for section in draft.sections
    )
    claims = {key: held for key, held in draft.claims.items() if key != claim.id}
    quotes = {key: held for key, held in draft.quotes.items() if key not in gone}
    return draft.model_copy(update={"sections": sections, "claims": claims, "quotes": quotes})


def _single(draft: Draft) -> list[tuple[tuple[int, int], str]]:
    """(place, quote) for a need that rests on one person's word."""
    cited = [name for claim in draft.claims.values() for name in claim.quote_ids if name in draft.quotes]
    return [(at, name) for at in claim_homes(draft) for name in dict.fromkeys(cited)]


def _anecdote(draft: Draft, site: tuple[tuple[int, int], str], rng: Random) -> Draft:
    return plus_claim(draft, site[0], _new(draft, rng.choice(_SOLD), Stance.supported, site[1]))


def _story_on_one(draft: Draft, site: tuple[int, int, object], rng: Random) -> Draft:
    """The story's claim is exchanged for one that a single quote carries."""
    at = claim_homes(draft)[0]
    name = next(name for claim in draft.claims.values() for name in claim.quote_ids if name in draft.quotes)
    claim = _new(draft, rng.choice(_SOLD), Stance.supported, name)
    told = plus_claim(draft, at, claim)
    return with_block(told, site[0], site[1], claim_ids=(claim.id,))


def _carried(draft: Draft) -> list[tuple[int, int, object]]:
    held = [name for claim in draft.claims.values() for name in claim.quote_ids if name in draft.quotes]
    return (
        [(at, place, story) for at, place, story in stories_of(draft)] if held and claim_homes(draft) else []
    )


def _voiced(draft: Draft) -> list[tuple[tuple[int, int], str]]:
    return [(at, name) for at, name in _single(draft) if len(draft.quotes[name].text) > 24]


def _one_voice_twice(draft: Draft, site: tuple[tuple[int, int], str], rng: Random) -> Draft:
    """The same person's sentence is cited under two ids, as if two had said it."""
    held = draft.quotes[site[1]]
    again = free_id(draft.quotes, "Q")
    twin: Quote = held.model_copy()
    more = draft.model_copy(update={"quotes": {**draft.quotes, again: twin}})
    claim = _new(more, "Several people say the same.", Stance.supported, site[1], again)
    return plus_claim(more, site[0], claim)


def _assumed(draft: Draft) -> list[Claim]:
    return claims_with(draft, lambda claim: claim.stance is Stance.assumption)


def _bare(draft: Draft) -> list[Claim]:
    return claims_with(
        draft, lambda claim: claim.stance is Stance.supported and bool(claim.quote_ids or claim.fact_ids)
    )


def _both_sides(draft: Draft, claim: Claim, rng: Random) -> Draft:
    return with_claim(draft, claim.id, stance=Stance.contradicted, counter_quote_ids=claim.quote_ids[:1])


CLAIMS: tuple[Seeded, ...] = (
    kind("claim without evidence", 1, "claims_supported", claim_homes, _unproven, "A sentence that nothing proves is called supported."),
    kind("claim lost its proof", 1, "claims_supported", _bare, _stripped, "The proof went, a stronger sentence came."),
    kind("assumption called supported", 1, "claims_supported", _assumed, lambda d, c, _: with_claim(d, c.id, stance=Stance.supported), "A guess is sold as what customers say."),
    kind("statement in connecting text", 1, "claims_supported", lambda d: block_slots(d, {"text"}, "text"), lambda d, s, rng: put(d, s, behind(s.text, rng.choice(_UNPROVEN))), "A statement about the world hides in connecting words, where no proof is asked for."),
    kind("target proven by a quote", 1, "claims_supported", lambda d: claims_with(d, lambda c: c.stance is Stance.supported and bool(c.quote_ids)), lambda d, c, _: with_claim(d, c.id, stance=Stance.target), "A statement of customers is relabelled as a goal."),
    kind("disputed, one side only", 1, "claims_supported", lambda d: claims_with(d, lambda c: bool(c.quote_ids) and not c.counter_quote_ids), lambda d, c, _: with_claim(d, c.id, stance=Stance.contradicted), "It is called disputed; who disputes it isn't shown."),
    kind("disputed by itself", 1, "claims_supported", lambda d: claims_with(d, lambda c: bool(c.quote_ids) and not c.counter_quote_ids), _both_sides, "The same quote speaks for and against."),
    kind("counter-quote dropped", 1, "claims_supported", _with_counter, _one_sided, "The words of those who object are gone."),
    kind("objection hidden", 1, "claims_supported counter_evidence", _with_counter, _hidden, "The whole objection is gone, label and quote."),
    kind("anecdote sold as need", 1, "anecdotes", _single, _anecdote, "'Customers need this' on one person's word."),
    kind("story on an anecdote", 1, "anecdotes", _carried, _story_on_one, "A story rests on a single voice and doesn't say so."),
    kind("one voice cited twice", 1, "anecdotes", _voiced, _one_voice_twice, "One sentence under two ids looks like two people."),
    kind("story on no claim", 1, "claims_supported", lambda d: [s for s in stories_of(d) if s[2].claim_ids and "want" not in s[2].assumptions], lambda d, s, _: with_block(d, s[0], s[1], claim_ids=()), "Nobody can say who wanted this."),
    kind("requirement from nowhere", 1, "claims_supported", requirements_of, lambda d, s, _: with_block(d, s[0], s[1], claim_ids=(), story_ids=()), "A requirement that no claim and no story asks for."),
    kind("baseline left out", 1, "claims_supported", lambda d: blocks_of(d, MetricBlock), lambda d, s, _: with_block(d, s[0], s[1], baseline=""), "A goal that can't be compared with today."),
    kind("claim empty", 1, "claims_supported", _bare, lambda d, c, _: with_claim(d, c.id, text=" "), "Proof of nothing."),
)  # fmt: skip
