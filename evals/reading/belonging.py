"""Whether a number belongs where it stands: it counts what its noun says, over records of the need that the sentence is about."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from assistant.domain.draft import Claim, Draft, StoryBlock
from assistant.domain.fact import Fact, Measure
from assistant.domain.text import stem, words
from evals.reading.prose import Place, Voice
from evals.reading.selected import members_of
from evals.reading.told import untold


def _listed(listed: str) -> frozenset[str]:
    return frozenset(listed.split())


_COUNTS = {Measure.people, Measure.accounts, Measure.records, Measure.duplicates}
_NOUNS = {
    "people": (
        {Measure.people},
        r"people|persons?|users?|customers?|respondents?|reviewers?|clients?|members?|individuals?|subscribers?|voices?|folks?|authors?",
    ),
    "accounts": (
        {Measure.accounts},
        r"accounts?|companies|company|firms?|organi[sz]ations?|businesses|teams?|tenants?|workspaces?",
    ),
    "records": (
        {Measure.records, Measure.duplicates},
        r"records?|reports?|reviews?|tickets?|comments?|messages?|complaints?|requests?|mentions?|entries|submissions?|duplicates?",
    ),
}
COUNTED_NOUNS = tuple(nouns for _, nouns in _NOUNS.values())
"""Patterns of the nouns that a count may size."""
NO_ADJECTIVE = "|".join(["of|in|on|or|and|to|against|for|by|with|from|who|that|as", *COUNTED_NOUNS])
_BETWEEN = rf"(?:\s+(?!(?:{NO_ADJECTIVE})\b)[a-z-]+){{0,2}}"
_COUNT_OF = {
    what: re.compile(rf"\{{(F\d+)\}}{_BETWEEN}\s+({nouns})\b", re.IGNORECASE)
    for what, (_, nouns) in _NOUNS.items()
}
_OF_THE_SCOPE = re.compile(r"\b(?:of|among) the \{(F\d+)\}\s+\w+ in the scope\b", re.IGNORECASE)
_THE_NEED = re.compile(r"\b(?:this|that|it|these|those)\b", re.IGNORECASE)
_CLAUSE = re.compile(r"[^;:.!?(){}]*(?:\{[^{}]*\}[^;:.!?(){}]*)*")
_SINCE = re.compile(r"\b(?:since|after|seit)\s+\{(F\d+)\}", re.IGNORECASE)
_UNTIL = re.compile(r"\b(?:until|before|bis)\s+(?:then\b|\{(F\d+)\})", re.IGNORECASE)
_FACT = re.compile(r"\{(F\d+)\}")
_SHARES = {Measure.share_of_people, Measure.share_of_records, Measure.top_accounts_share}
_TOUCHED = re.compile(
    r"[^\s(\[{“„«»\"'‘’—–/·|-]\{F\d+\}|(?<![\w])[-−+]\{F\d+\}|\{F\d+\}(?:[^\s.,;:!?)\]}”“»\"'’—–/|-]|[-–](?=\w)|\s?(?:%|per\s?cent\w*|percentage points?|points\b|times (?:as|more|less)|fold\b|k\b|thousand|million|hundred|dozen))",
    re.IGNORECASE,
)
_ABOUT = re.compile(
    r"\b(?:(?:well |far |just |slightly )?(?:more|fewer|less|greater|higher|lower) than|(?:well |far |just |slightly )?(?:over|under|above|below|beyond)|upwards? of|north of|south of"
    r"|in excess of|exceed(?:s|ing)|no (?:fewer|less|more) than|nearly|almost|not quite|close to|getting on for|at least|at most|as (?:many|few|much) as|up to|half|double|twice|triple|another|(?:an )?additional|a further|further|some|an estimated|estimated|about|around|roughly|approximately|circa|easily"
    r"|a (?:good|full|mere|whopping|massive|staggering|solid)|whopping|merely|at the very least|every one of)"
    r" (?:the |other )?\{(F\d+)\}",
    re.IGNORECASE,
)
_OF_THEM = re.compile(r"\{(F\d+)\} of (?:the |our |all |those |these )*(\w+(?: \w+)?)", re.IGNORECASE)
_WHOLE = {
    Measure.share_of_people: "people",
    Measure.share_of_records: "records",
    Measure.top_accounts_share: "records",
}
_OF_WHICH = re.compile(r"\b[Oo]f the \{(F\d+)\}[^.;:!?{}]*?,\s*\{(F\d+)\}")
_IN_WHICH = re.compile(r"\{(F\d+)\} \w+ in \{(F\d+)\} (?:accounts?|companies|firms)\b")
_NAMES = "whose passage names "
_OF_WHAT = re.compile(r"\{(F\d+)\} of (?=\w)", re.IGNORECASE)
_WHO_WROTE = re.compile(
    r"(?!(?:all|the|our|the (?:whole|entire)|all (?:the|our)) (?:customers|users|clients|accounts|companies)\b)(?:(?:all|the|our|these|those) )*(?:\{F\d+\}|(?:everyone|everybody|those|them|what|people|persons|users|customers|respondents|reviewers|accounts|companies|records|reports|reviews|tickets|feedback"
    r"|comments|messages|(?:\w+ )?(?:who|that) (?:wrote|write|rate|judge)|voices|statements|answers|complaints|mentions|requests)\b)",
    re.IGNORECASE,
)
_CONTENT = re.compile(
    r"(?:\s+\w+){0,4}?\s+(?:say that it works|speak well|praise|are (?:content|happy|satisfied|pleased|fine)|love|like|enjoy|recommend|thank)\b",
    re.IGNORECASE,
)
_COMPLAINING = re.compile(
    r"(?:\s+\w+){0,4}?\s+(?:report|complain|suffer|struggle|are (?:troubled|affected|angry|unhappy|frustrated)|criticise|criticize|can['’]?t|cannot|fail)\b",
    re.IGNORECASE,
)
_THING = re.compile(r"\{(F\d+)\}((?:\s+[a-z-]+)?)\s+([a-z-]{3,}s|children|men|women)\b")
_NO_NOUN = _listed(
    "is was has does this its his us as says speaks writes asks reports others yes less across besides towards unless perhaps always sometimes"
    " agrees wants needs uses waits wishes ranks states names judges gives comes goes thus versus plus minus times"
)
_LINK = _listed(
    "of in on or and to against for by with from who that were are is was have had has ask say write use since at the"
)


@dataclass(frozen=True)
class Stray:
    """A number that doesn't belong there."""

    span: tuple[int, int]
    message: str
    fix: str
    blocks: bool = True
    """False where names alone tell two sets of records apart: a need's own part may bear another's name."""


def strays(draft: Draft, place: Place) -> Iterator[Stray]:
    """Numbers of a place that count something else than it says."""
    if "{" not in place.text:
        return
    yield from _other_noun(draft, place)
    yield from _joined(draft, place)
    yield from _inexact(draft, place)
    yield from _of_the_same(draft, place)
    yield from _in_the_same(draft, place)
    if place.voice is Voice.world:
        yield from _of_more(draft, place)
        yield from _of_another_name(draft, place)
        yield from _of_another_mood(draft, place)
        yield from _other_records(draft, place)
        yield from _other_window(draft, place)
        if place.target in draft.claims:
            fix = "Say what was counted, or count what is said."
            for span, message in untold(draft, draft.claims[place.target]):
                yield Stray(span, message, fix)


def _other_noun(draft: Draft, place: Place) -> Iterator[Stray]:
    for what, (measures, _) in _NOUNS.items():
        for match in _COUNT_OF[what].finditer(place.text):
            fact = draft.facts.get(match.group(1))
            if fact is None or fact.measure in measures or _may_stand(draft, place, fact, match.group(2)):
                continue
            yield Stray(match.span(), f"{fact.id} {_told(fact)}, not {what}.", "Name what was counted.")
    yield from _other_thing(draft, place)
    for match in _OF_THEM.finditer(place.text):
        fact = draft.facts.get(match.group(1))
        wrong = [
            what
            for what, (measures, nouns) in _NOUNS.items()
            if fact is not None
            and _WHOLE.get(fact.measure, what) != what
            and any(re.fullmatch(nouns, word, re.IGNORECASE) for word in match.group(2).split())
        ]
        if fact is not None and wrong:
            message = f"{fact.id} is a share of {_WHOLE[fact.measure]}, not of {wrong[0]}."
            yield Stray(match.span(), message, "Name what it is a share of.")


def _other_thing(draft: Draft, place: Place) -> Iterator[Stray]:
    """A count with a plural after it counts that: after `{F1}` no verb ends in s, so such a word is a noun."""
    known = "|".join(nouns for _, nouns in _NOUNS.values())
    for match in _THING.finditer(place.text):
        fact, between, noun = draft.facts.get(match.group(1)), match.group(2).strip(), match.group(3)
        if fact is None or between in _LINK or noun in _NO_NOUN or re.fullmatch(known, noun, re.IGNORECASE):
            continue
        if between and re.fullmatch(known, between, re.IGNORECASE):
            continue
        fine = fact.measure not in _COUNTS or (fact.measure is Measure.people and is_role(noun, draft))
        if not fine:
            yield Stray(match.span(), f"{fact.id} {_told(fact)}, not {noun}.", "Name what was counted.")


def is_role(noun: str, draft: Draft) -> bool:
    """Whether a word names people by what they do, as the stories' roles and the facts' segments call them."""
    roles = [block.role for block in draft.blocks() if isinstance(block, StoryBlock)]
    scopes = [
        where.scope for fact in draft.facts.values() for where in (fact.filter, fact.denominator) if where
    ]
    roles += [value for scope in scopes for values in scope.segments.values() for value in values]
    return stem(noun) in {stem(word) for role in roles for word in words(role)}


def _joined(draft: Draft, place: Place) -> Iterator[Stray]:
    """A sign, letter or unit that touches a number makes another number of it: `{F1}k`, `${F1}`, `{F1} percent`."""
    for match in _TOUCHED.finditer(place.text):
        fact = draft.facts.get(_FACT.findall(match.group())[0])
        if fact is None or fact.measure in (Measure.stated, Measure.constant):
            continue
        yield Stray(
            match.span(), f"'{match.group()}' makes another number of the fact.", "Show the fact as it is."
        )


def _inexact(draft: Draft, place: Place) -> Iterator[Stray]:
    for match in _ABOUT.finditer(place.text):
        fact = draft.facts.get(match.group(1))
        if fact is not None and fact.measure in _COUNTS | _SHARES and place.voice is Voice.world:
            message = f"{fact.id} counts exactly; '{match.group()}' says another number."
            yield Stray(match.span(), message, "Show the number alone.")


def _of_the_same(draft: Draft, place: Place) -> Iterator[Stray]:
    """`Of the {F8} people, {F9} …`: both count the same, and the part isn't more than the whole."""
    for match in _OF_WHICH.finditer(place.text):
        whole, part = draft.facts.get(match.group(1)), draft.facts.get(match.group(2))
        if (
            whole
            and part
            and whole.measure in _COUNTS
            and part.measure in _COUNTS
            and whole.measure != part.measure
        ):
            message = f"{part.id} {_told(part)}, {whole.id} {whole.measure.value}."
            yield Stray(match.span(2), message, "Count both alike.")
        elif whole and part and whole.measure in _COUNTS and float(part.value) > float(whole.value):
            message = f"{part.id} is more than {whole.id}, of which it is said to be a part."
            yield Stray(match.span(2), message, "Say which of the two is the whole.")


def _of_more(draft: Draft, place: Place) -> Iterator[Stray]:
    """A share is one of those who wrote, never of the market."""
    for match in _OF_WHAT.finditer(place.text):
        fact = draft.facts.get(match.group(1))
        if fact is not None and fact.measure in _SHARES and not _WHO_WROTE.match(place.text, match.end()):
            message = f"{fact.id} is a share of those who wrote, not of what is named here."
            yield Stray(match.span(), message, "Say of whom it is a share.")


def _in_the_same(draft: Draft, place: Place) -> Iterator[Stray]:
    """`{F3} people in {F7} accounts`: both are counted over the same records."""
    for match in _IN_WHICH.finditer(place.text):
        people, accounts = draft.facts.get(match.group(1)), draft.facts.get(match.group(2))
        if people is None or accounts is None or not {people.measure, accounts.measure} <= _COUNTS:
            continue
        if people.filter != accounts.filter:
            message = f"{accounts.id} is counted over other records than {people.id}."
            yield Stray(match.span(2), message, "Count both over the same.")


def _of_another_name(draft: Draft, place: Place) -> Iterator[Stray]:
    """A sentence that says to the letter what one set of records is, beside the count of another."""
    plain = place.text.replace(", ", " or ").replace(" and ", " or ")
    counted = {
        draft.facts[name].filter.selection: name
        for name in _FACT.findall(place.text)
        if name in draft.facts and draft.facts[name].measure in _COUNTS
    }
    if not counted:
        return
    named = {
        selection.rule.rpartition(_NAMES)[2]: members_of(selection)
        for selection in draft.selections.values()
        if _NAMES in selection.rule
    }
    sets = {key: members_of(one) for key, one in draft.selections.items()}
    alone: list[str] = []
    for name, members in named.items():
        for match in re.finditer(rf"{re.escape(name)}(?: \(\{{(F\d+)\}})?", plain):
            own = draft.facts.get(match.group(1) or "")
            if own is None:
                alone.append(name)
            elif own.measure in _COUNTS and members < sets.get(own.filter.selection or "", members):
                yield _stray_group(place, own.id, name)
    longest = max(alone, key=len, default="")
    held = [sets[one] for one in counted if one in sets]
    narrower = [named[one] for one in alone if one != longest]
    if longest and held and not any("({" + one in place.text for one in counted.values()):
        wider = any(named[longest] < one for one in held)
        smaller = any(one in narrower and one < named[longest] for one in held)
        if (wider or smaller) and named[longest] not in held:
            yield _stray_group(place, next(iter(counted.values())), longest)


def _stray_group(place: Place, fact_id: str, name: str) -> Stray:
    message = f"{fact_id} counts other records than those that speak of {name}."
    return Stray((0, len(place.text)), message, "Count what is named.", blocks=False)


def _of_another_mood(draft: Draft, place: Place) -> Iterator[Stray]:
    """Those who complain told as content, or those who are content told as complaining."""
    for clause in _CLAUSE.finditer(place.text):
        names = [name for name in _FACT.findall(clause.group()) if name in draft.facts]
        facts = [draft.facts[name] for name in names if draft.facts[name].measure in _COUNTS]
        if len(facts) != 1 or facts[0].filter.selection not in draft.selections:
            continue
        rule = draft.selections[facts[0].filter.selection].rule
        said = clause.group().partition("{" + facts[0].id + "}")[2]
        praised, blamed = rule.endswith("that praise it"), "the ones that complain, ask for something" in rule
        if (blamed and _CONTENT.match(said)) or (praised and _COMPLAINING.match(said)):
            message = f"{facts[0].id} counts the ones that {'praise it' if praised else 'complain or ask'}."
            yield Stray((clause.start(), clause.end()), message, "Count those who are told of.")


def _told(fact: Fact) -> str:
    if fact.measure is Measure.stated:
        return "is what somebody wrote"
    return f"counts {fact.measure.value.replace('_', ' ')}"


def _may_stand(draft: Draft, place: Place, fact: Fact, noun: str) -> bool:
    """A number that isn't counted: words of a quote that go on with that noun, or the k of a top-k share."""
    if fact.measure is Measure.constant:
        tops = (draft.facts[name] for name in _FACT.findall(place.text) if name in draft.facts)
        return any(top.measure is Measure.top_accounts_share and top.param == fact.value for top in tops)
    if fact.measure is not Measure.stated:
        return False
    if place.voice is not Voice.world:
        return True
    quote_id, _, span = fact.param.partition(":")
    end = span.partition(":")[2]
    quote = draft.quotes.get(quote_id)
    if quote is None or not end.isdecimal() or noun.casefold() in ("people", "person", "accounts", "account"):
        return False
    return quote.text[int(end) :].strip().casefold().startswith(noun.casefold())


def _other_records(draft: Draft, place: Place) -> Iterator[Stray]:
    counted = [
        (match, fact)
        for match in _FACT.finditer(place.text)
        if (fact := draft.facts.get(match.group(1))) and fact.measure in _COUNTS
    ]
    if not counted:
        return
    claim = draft.claims.get(place.target)
    of_all = set(_OF_THE_SCOPE.findall(place.text))
    for match, fact in counted:
        if fact.filter.selection is None and fact.id not in of_all and not _overview(draft, place, claim):
            yield Stray(
                match.span(),
                f"{fact.id} counts everyone who wrote, not those who speak of this.",
                "Count over the records of the need.",
            )
    if claim is not None and _of_another_need(draft, claim, [fact for _, fact in counted]):
        yield Stray(
            counted[0][0].span(),
            "The quotes here are from other records than those that are counted.",
            "Count the need that the quotes are about.",
        )


def _of_another_need(draft: Draft, claim: Claim, counted: list[Fact]) -> bool:
    """Whether selections of the draft hold the quotes, and none of them is or contains one that is counted."""
    chosen = [
        members_of(draft.selections[fact.filter.selection])
        for fact in counted
        if fact.filter.selection in draft.selections
    ]
    quoted = {draft.quotes[name].record_id for name in claim.quote_ids if name in draft.quotes}
    holders = [members for one in draft.selections.values() if quoted & (members := members_of(one))]
    return bool(chosen and holders) and not any(part <= whole for part in chosen for whole in holders)


def _overview(draft: Draft, place: Place, claim: Claim | None) -> bool:
    """Whether a place says how much there is altogether, rather than how many speak of a need."""
    held = [draft.facts[name] for name in _FACT.findall(place.text) if name in draft.facts]
    return (
        any(fact.measure is Measure.records for fact in held)
        and all(fact.filter.selection is None for fact in held)
        and not (claim and claim.quote_ids)
        and not _THE_NEED.search(place.text)
    )


def _other_window(draft: Draft, place: Place) -> Iterator[Stray]:
    for clause in _CLAUSE.finditer(place.text):
        since, until = _SINCE.search(clause.group()), _UNTIL.search(clause.group())
        bound = draft.facts.get(since.group(1)) if since else None
        for match in _FACT.finditer(clause.group()):
            fact = draft.facts.get(match.group(1))
            if fact is None or fact.measure not in _COUNTS:
                continue
            scope = fact.filter.scope
            if (since and not until and (scope.since is None or not _starts(bound, fact))) or (
                until and scope.until is None
            ):
                yield Stray(
                    (clause.start() + match.start(), clause.start() + match.end()),
                    f"{fact.id} wasn't counted over the time that is named here.",
                    "Count it over that time, or leave the date out.",
                )


def _starts(bound: Fact | None, fact: Fact) -> bool:
    """Whether a count begins at the date that is named."""
    since = fact.filter.scope.since
    if bound is None or since is None:
        return bound is None
    if bound.measure is Measure.first_date:
        return bound.filter.scope.since == since
    return str(bound.value) == since.date().isoformat()
