"""Seeded faults of evidence, second pack: quotes cut, joined and moved; claims with less behind them than they say."""

import re
from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Any

from assistant.domain.draft import ClaimsBlock, Draft, RequirementBlock, Stance
from assistant.domain.evidence import Quote
from evals.mutators.port import Seeded
from evals.mutators.second_tools import (
    Finder,
    claiming,
    found,
    in_block,
    in_quote,
    proven,
    remarking,
    saying,
    seeded,
    with_claim,
    with_quote,
    with_section,
)  # fmt: skip

_NOT = re.compile(
    r"\b(?:not|never|no longer|cannot|hardly|nicht|kein\w*|nie|ne|pas)\b|n['’]t\b", re.IGNORECASE
)
_FLIPS = {
    "early": "late", "late": "early", "before": "after", "after": "before", "wrong": "right", "slow": "fast", "fast": "slow",
    "lost": "kept", "always": "sometimes", "every": "almost every", "more": "less", "fine": "badly", "loses": "keeps",
    "fails": "works", "love": "hate", "clear": "muddled", "good": "bad", "easy": "hard", "too": "not too", "well": "poorly",
    "can't": "can", "doesn't": "does", "don't": "do", "without": "with", "please": "don't", "immer": "selten", "falsch": "richtig",
}  # fmt: skip
_HEDGED = re.compile(
    r"^(?:(?:i think|i guess|i wish|sometimes|maybe|vielleicht|manchmal)\s+|(?:if|when|wenn)\b[^,]{3,60},\s*)",
    re.IGNORECASE,
)


def _cut_round_not(quote: Quote) -> Iterable[dict[str, Any]]:
    for match in _NOT.finditer(quote.text):
        before, rest = quote.text[: match.start()].rstrip(), quote.text[match.end() :].lstrip(" ,")
        if match[0].lower() in ("n't", "n’t"):
            before = {"ca": "can", "wo": "will"}.get(before[-2:], before[-2:]).join([before[:-2], ""])
        yield {"text": f"{before} … {rest}"}
        yield {"text": f"{before} {rest}".strip()}


def _begun_after_not(quote: Quote) -> Iterable[dict[str, Any]]:
    for match in _NOT.finditer(quote.text):
        rest = quote.text[match.end() :]
        cut = match.end() + len(rest) - len(rest.lstrip(" ,"))
        if len(quote.text) - cut >= 12:
            yield {"text": quote.text[cut:], "start": quote.start + cut}


def _condition_cut(quote: Quote) -> Iterable[dict[str, Any]]:
    match = _HEDGED.match(quote.text)
    if match and len(quote.text) - match.end() >= 12:
        yield {
            "text": quote.text[match.end()].upper() + quote.text[match.end() + 1 :],
            "start": quote.start + match.end(),
        }


def _turned(quote: Quote) -> Iterable[dict[str, Any]]:
    for word, other in _FLIPS.items():
        text = re.sub(rf"\b{re.escape(word)}\b", other, quote.text, count=1, flags=re.IGNORECASE)
        if text != quote.text:
            yield {"text": text}


def _louder(quote: Quote) -> Iterable[dict[str, Any]]:
    stem = quote.text.rstrip(".!")
    return (
        {"text": f"{stem}{tail}"}
        for tail in (
            " every single time.",
            ", for all of us.",
            ", and I am done with it.",
            "!!! Unbelievable.",
        )
    )


def _joined(draft: Draft) -> Sequence[Draft]:
    return [
        with_quote(draft, key, text=f"{one.text.rstrip('.')}{glue}{two.text}")
        for key, one in draft.quotes.items()
        for two in draft.quotes.values()
        if one.person != two.person and one.record_id != two.record_id
        for glue in (" … ", " – ", " [...] ")
    ]


def _someone_else(field: str) -> Finder:
    def finder(draft: Draft) -> Sequence[Draft]:
        return [
            with_quote(draft, key, **{field: getattr(two, field)})
            for key, one in draft.quotes.items()
            for two in draft.quotes.values()
            if getattr(one, field) != getattr(two, field) and getattr(two, field)
        ]

    return finder


def _other_day(quote: Quote) -> Iterable[dict[str, Any]]:
    if quote.said_at:
        yield {"said_at": quote.said_at + timedelta(days=28)}
        yield {"said_at": quote.said_at - timedelta(days=365)}


def _guess_as_known(draft: Draft) -> Sequence[Draft]:
    guesses = [claim for claim in draft.claims.values() if claim.stance in (Stance.assumption, Stance.target)]
    return [with_claim(draft, claim.id, stance=Stance.supported) for claim in guesses]


def _one_for_all(draft: Draft) -> Sequence[Draft]:
    ways: list[Draft] = []
    for claim in proven(draft):
        if claim.quote_ids:
            for words in (
                "Customers lose work over this.",
                "Users find it confusing.",
                "Teams work round it.",
            ):
                changes: dict[str, Any] = {
                    "text": words,
                    "quote_ids": claim.quote_ids[:1],
                    "fact_ids": (),
                    "counter_quote_ids": (),
                }
                ways.append(with_claim(draft, claim.id, **changes))
    return ways


def _same_voice_twice(draft: Draft) -> Sequence[Draft]:
    ways: list[Draft] = []
    for claim in proven(draft):
        if claim.quote_ids and claim.quote_ids[0] in draft.quotes:
            twin = f"Q{len(draft.quotes) + 40}"
            more = draft.model_copy(
                update={"quotes": {**draft.quotes, twin: draft.quotes[claim.quote_ids[0]]}}
            )
            changes: dict[str, Any] = {
                "text": "Several people say so independently.",
                "quote_ids": (claim.quote_ids[0], twin),
                "fact_ids": (),
            }
            ways.append(with_claim(more, claim.id, **changes))
    return ways


def _other_side_hidden(draft: Draft) -> Sequence[Draft]:
    against = {claim.id for claim in draft.claims.values() if claim.counter_quote_ids}
    return [
        _without(draft, spot[0], spot[1], left)
        for spot, block in found(draft, ClaimsBlock)
        if (left := tuple(name for name in block.claim_ids if name not in against)) != block.claim_ids
    ]


def _without(draft: Draft, row: int, column: int, left: tuple[str, ...]) -> Draft:
    blocks = draft.sections[row].blocks
    kept = (blocks[column].model_copy(update={"claim_ids": left}),) if left else ()
    return with_section(draft, row, blocks=(*blocks[:column], *kept, *blocks[column + 1 :]))


def _praise_as_complaint(draft: Draft) -> Sequence[Draft]:
    said = [claim for claim in draft.claims.values() if claim.counter_quote_ids]
    hosts = [claim for claim in proven(draft) if claim.quote_ids and not claim.counter_quote_ids]
    return [
        with_claim(
            draft,
            host.id,
            text=f"Again and again they name it: {{{one.counter_quote_ids[0]}}}",
            quote_ids=one.counter_quote_ids,
        )
        for host in hosts
        for one in said
    ]


def _proposal_as_given(block: RequirementBlock) -> Iterable[object]:
    return (False,) if block.bound_proposed else ()


PACK: tuple[Seeded, ...] = (
    seeded("not-cut-out-of-a-quote", 1, "quote_verbatim", in_quote(_cut_round_not), "The word that negates is gone, with or without an ellipsis."),
    seeded("quote-begins-after-the-not", 1, "quote_verbatim", in_quote(_begun_after_not), "Verbatim, but what negated it is left out."),
    seeded("condition-cut-off-a-quote", 1, "quote_verbatim", in_quote(_condition_cut), "What limited the statement is left out and its beginning made a sentence."),
    seeded("word-turned-into-its-opposite", 1, "quote_verbatim", in_quote(_turned), "One word of a quote says the opposite."),
    seeded("quote-made-louder", 1, "quote_verbatim", in_quote(_louder), "A quote goes on with words that nobody said."),
    seeded("two-people-in-one-quote", 1, "quote_verbatim", _joined, "Words of two people are joined."),
    seeded("quote-of-another-person", 1, "quote_verbatim", _someone_else("person"), "Right words, wrong person."),
    seeded("quote-of-another-source", 1, "quote_verbatim", _someone_else("source"), "Right words, wrong source."),
    seeded("quote-said-another-day", 1, "quote_verbatim", in_quote(_other_day), "Right words, wrong day."),
    seeded("quote-typed-by-hand", 1, "quote_verbatim claims_supported placeholders", saying("“We are looking at other tools because of this,” one of them wrote.", "»Das kostet uns jeden Freitag einen halben Tag«, heißt es.", "In their words: ‘never again’."), "Words in quotation marks that are no quote of the evidence."),
    seeded("guess-told-as-known", 1, "claims_supported numbers_bound", _guess_as_known, "An assumption loses its label."),
    seeded("one-voice-as-many", 1, "anecdotes claims_supported numbers_bound", _one_for_all, "One person's words stand for customers at large."),
    seeded("same-voice-under-two-ids", 1, "anecdotes claims_supported numbers_bound", _same_voice_twice, "One quote is there twice and counts for two people."),
    seeded("other-side-hidden", 1, "claims_supported theme_coverage claims_used schema_sections orphan_stories", _other_side_hidden, "What speaks against is no longer shown."),
    seeded("praise-shown-as-complaint", 1, "claims_supported numbers_bound", _praise_as_complaint, "A quote against is used as one for."),
    seeded("cause-without-proof", 1, "claims_supported numbers_bound", saying("This is what makes them cancel.", "Because of it, teams fall back on paper.", "It comes down to the new release.", "The slow network is to blame.", "That in turn leads to churn."), "A cause that nothing shows."),
    seeded("claim-widened-to-the-market", 1, "claims_supported numbers_bound", saying("The whole industry struggles with this.", "Customers everywhere feel it.", "The market expects it by now.", "Anyone in this line of work would agree."), "What some said is told of the market."),
    seeded("competitor-made-up", 1, "claims_supported numbers_bound", claiming(Stance.supported, "Rival products have had this for a while.", "The next best tool on the market does this out of the box.", "Competitors advertise with it."), "A statement about competitors that no page makes."),
    seeded("statement-among-connecting-words", 1, "claims_supported numbers_bound", remarking("People are leaving over this.", "Support is drowning in tickets.", "The team in Lyon has stopped using it.", "Die Stimmung kippt."), "A statement about the world where only connecting words stand."),
    seeded("date-promised", 1, "numbers_bound claims_supported brief_coverage", claiming(Stance.supported, "This ships before the summer.", "It will be live by the end of the quarter.", "Rollout is done by Christmas.", "Das kommt noch im Herbst."), "A promise of a date."),
    seeded("law-invoked", 1, "claims_supported brief_coverage", claiming(Stance.supported, "The law obliges us to do this.", "As it stands, this is a breach of the data protection rules.", "Auditors will insist on it."), "A claim about the law that nothing supports."),
    seeded("proposed-bound-as-given", 1, "numbers_bound requirement_form", in_block(RequirementBlock, "bound_proposed", _proposal_as_given), "A proposed bound loses its label."),
)  # fmt: skip
"""Evidence, second half: quotes and claims."""
