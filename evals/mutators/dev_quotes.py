"""Dev pack, layer 1: quotations that nobody said, or not like that, or not then."""

import re
from datetime import timedelta
from random import Random

from assistant.domain.draft import Draft, Stance
from assistant.domain.evidence import Quote
from evals.mutators.parts import (
    Sites,
    Slot,
    cited_quotes,
    claim_slots,
    kind,
    put,
    with_claim,
    with_quote,
)
from evals.mutators.port import Seeded

Cited = tuple[str, Quote]
_WORD = re.compile(r"[^\W\d_]{4,}")
_DIGITS = re.compile(r"\d+")
_NOT = re.compile(r"\b(?:not|never|cannot|no longer)\s+|n['’]t\b", re.IGNORECASE)
_NEGATED = re.compile(
    r"\b(?:do not|don['’]t|does not|doesn['’]t|cannot|can['’]t|never|not|won['’]t|didn['’]t|no longer)\s+(?P<rest>\w+(?:\s+\w+){2,})",
    re.IGNORECASE,
)
_VERB = re.compile(r"\b(?:is|are|was|were|can|will|does|do|has|have|should)\b", re.IGNORECASE)
_SPOKEN = (
    "I would pay twice as much for this tomorrow",
    "this is the one thing that keeps us from renewing our contract",
    "we have all been waiting for this for ages",
    "honestly, my whole team depends on it every single day",
)


def _matching(pattern: re.Pattern[str]) -> Sites[Cited]:
    return lambda draft: [one for one in cited_quotes(draft) if pattern.search(one[1].text)]


def _sub(draft: Draft, one: Cited, rng: Random, pattern: re.Pattern[str], by: str) -> Draft:
    match = rng.choice(list(pattern.finditer(one[1].text)))
    text = one[1].text
    changed = f"{text[: match.start()]}{by}{text[match.end() :]}"
    return with_quote(draft, one[0], text=re.sub(r" {2,}", " ", changed))


def _other_word(draft: Draft, one: Cited, rng: Random) -> Draft:
    match = rng.choice(list(_WORD.finditer(one[1].text)))
    words = sorted(
        {word for _, quote in cited_quotes(draft) for word in _WORD.findall(quote.text)} - {match.group()}
    )
    return _placed(draft, one, match, rng.choice(words or ["really"]))


def _placed(draft: Draft, one: Cited, match: re.Match[str], by: str) -> Draft:
    text = one[1].text
    return with_quote(draft, one[0], text=f"{text[: match.start()]}{by}{text[match.end() :]}")


def _other_digits(draft: Draft, one: Cited, rng: Random) -> Draft:
    match = rng.choice(list(_DIGITS.finditer(one[1].text)))
    digits = list(match.group())
    at = rng.randrange(len(digits))
    digits[at] = rng.choice([c for c in "123456789" if c != digits[at]])
    return _placed(draft, one, match, "".join(digits))


def _not_added(draft: Draft, one: Cited, rng: Random) -> Draft:
    match = rng.choice(list(_VERB.finditer(one[1].text)))
    return _placed(draft, one, match, f"{match.group()} not")


def _cut_negation(draft: Draft, one: Cited, rng: Random) -> Draft:
    match = rng.choice(list(_NEGATED.finditer(one[1].text)))
    start = match.start("rest")
    return with_quote(draft, one[0], start=one[1].start + start, text=one[1].text[start:])


def _cut_word(draft: Draft, one: Cited, rng: Random) -> Draft:
    match = rng.choice(list(_WORD.finditer(one[1].text))[:-1])
    start = match.start() + rng.randint(1, 3)
    return with_quote(draft, one[0], start=one[1].start + start, text=one[1].text[start:])


def _elsewhere(draft: Draft) -> list[tuple[str, str]]:
    """(id, other's id): quotes of two records."""
    held = cited_quotes(draft)
    return [(key, name) for key, quote in held for name, other in held if quote.record_id != other.record_id]


def _moved(draft: Draft, pair: tuple[str, str], rng: Random) -> Draft:
    other = draft.quotes[pair[1]]
    return with_quote(draft, pair[0], record_id=other.record_id, revision=other.revision)


def _other_author(draft: Draft) -> list[tuple[str, str]]:
    return [(a, b) for a, b in _elsewhere(draft) if draft.quotes[a].person != draft.quotes[b].person]


def _other_source(draft: Draft) -> list[tuple[str, str]]:
    return [(a, b) for a, b in _elsewhere(draft) if draft.quotes[a].source != draft.quotes[b].source]


def _stitched(draft: Draft, pair: tuple[str, str], rng: Random) -> Draft:
    one, other = draft.quotes[pair[0]].text, draft.quotes[pair[1]].text
    return with_quote(draft, pair[0], text=f"{one.rstrip('.')} … {other}")


def _polished(draft: Draft, one: Cited, rng: Random) -> Draft:
    text = one[1].text
    last = "!" if text[-1] == "." else "."
    return with_quote(
        draft, one[0], text=rng.choice((f"{text.rstrip('.!')}{last}", text.swapcase(), f"{text} "))
    )


def _shown(draft: Draft) -> list[tuple[Slot, str]]:
    """Claims whose sentence shows a quote."""
    return [
        (slot, name)
        for slot in claim_slots(draft, Stance.supported, Stance.contradicted)
        for name in draft.claims[slot.claim].quote_ids
        if f"{{{name}}}" in slot.text
    ]


def _in_own_words(draft: Draft, site: tuple[Slot, str], rng: Random) -> Draft:
    slot, name = site
    words = draft.quotes[name].text.rstrip(".!?").split()
    rng.shuffle(words)
    return put(draft, slot, slot.text.replace(f"{{{name}}}", f"“{' '.join(words)}.”", 1))


def _typed(draft: Draft, slot: Slot, rng: Random) -> Draft:
    return put(draft, slot, f"{slot.text} One of them says: “{rng.choice(_SPOKEN)}.”")


def _before(draft: Draft) -> list[Cited]:
    return [one for one in cited_quotes(draft) if one[1].said_at is not None]


def _out_of_scope(draft: Draft, one: Cited, rng: Random) -> Draft:
    assert one[1].said_at is not None
    since = one[1].said_at + timedelta(days=rng.randint(1, 30))
    return draft.model_copy(update={"scope": draft.scope.model_copy(update={"since": since})})


def _later(draft: Draft, one: Cited, rng: Random) -> Draft:
    assert one[1].said_at is not None
    return with_quote(draft, one[0], said_at=one[1].said_at + timedelta(days=rng.randint(30, 200)))


def _names(draft: Draft) -> list[tuple[str, str]]:
    return [
        (slot.claim, name)
        for slot, name in _shown(draft)
        if name not in draft.claims[slot.claim].counter_quote_ids
    ]


def _unproven_quote(draft: Draft, site: tuple[str, str], rng: Random) -> Draft:
    """The sentence shows a quote that the claim no longer lists."""
    held = draft.claims[site[0]]
    return with_claim(draft, site[0], quote_ids=tuple(name for name in held.quote_ids if name != site[1]))


QUOTES: tuple[Seeded, ...] = (
    kind("quote off by one word", 1, "quote_verbatim", _matching(_WORD), _other_word, "A word of a quotation was exchanged."),
    kind("quote with a word less", 1, "quote_verbatim", _matching(_WORD), lambda d, one, rng: _sub(d, one, rng, _WORD, ""), "A word of a quotation was left out without a mark."),
    kind("quote with another digit", 1, "quote_verbatim", _matching(_DIGITS), _other_digits, "A number in a quotation was changed."),
    kind("quote with a not more", 1, "quote_verbatim", _matching(_VERB), _not_added, "A 'not' was put into a quotation."),
    kind("quote with a not less", 1, "quote_verbatim", _matching(_NOT), lambda d, one, rng: _sub(d, one, rng, _NOT, ""), "The 'not' was taken out of a quotation."),
    kind("quote cut after its not", 1, "quote_verbatim", _matching(_NEGATED), _cut_negation, "A quotation begins behind the 'not' that turns it round."),
    kind("quote cut inside a word", 1, "quote_verbatim", lambda d: [one for one in cited_quotes(d) if len(_WORD.findall(one[1].text)) > 2], _cut_word, "A quotation begins in the middle of a word."),
    kind("quote of another record", 1, "quote_verbatim", _elsewhere, _moved, "The words are put into another person's mouth."),
    kind("quote of another author", 1, "quote_verbatim", _other_author, lambda d, p, _: with_quote(d, p[0], person=d.quotes[p[1]].person), "The right record under another person's name."),
    kind("quote of another source", 1, "quote_verbatim", _other_source, lambda d, p, _: with_quote(d, p[0], source=d.quotes[p[1]].source), "A review is sold as a support ticket."),
    kind("quote of another day", 1, "quote_verbatim", _before, _later, "An old complaint is sold as a new one."),
    kind("quote at another place", 1, "quote_verbatim", cited_quotes, lambda d, one, rng: with_quote(d, one[0], start=one[1].start + 3, end=one[1].end + 3), "The offsets point beside the words."),
    kind("quote of another revision", 1, "quote_verbatim", cited_quotes, lambda d, one, rng: with_quote(d, one[0], revision=f"{rng.getrandbits(64):016x}"), "A revision of the record that never was."),
    kind("quote of no record", 1, "quote_verbatim", cited_quotes, lambda d, one, rng: with_quote(d, one[0], record_id=f"rec_{rng.getrandbits(80):020x}"), "A record that never was."),
    kind("quote stitched from two", 1, "quote_verbatim", _elsewhere, _stitched, "Two people's words in one pair of quotation marks."),
    kind("quote polished", 1, "quote_verbatim", cited_quotes, _polished, "Full stop, case or blanks of a quotation were 'corrected'."),
    kind("quote in own words", 1, "quote_verbatim ids_resolve", _shown, _in_own_words, "Quotation marks around what nobody wrote."),
    kind("quote invented", 1, "quote_verbatim", lambda d: claim_slots(d, Stance.supported), _typed, "A telling sentence in quotation marks that the writer made up."),
    kind("quote outside the scope", 1, "quote_verbatim", _before, _out_of_scope, "The scope was narrowed afterwards; the quotation stayed."),
    kind("quote shown, not listed", 1, "ids_resolve", _names, _unproven_quote, "A sentence shows a quotation that isn't its proof."),
)  # fmt: skip
