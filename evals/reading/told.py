"""Whether a claim tells what its numbers were restricted to: the source, the segment, the language, the time, the ratings."""

import re
from collections.abc import Iterator

from assistant.domain.draft import Claim, Draft
from assistant.domain.evidence import Scope
from assistant.domain.fact import Fact, Measure
from assistant.domain.text import stem, words
from assistant.drafting.paragraphs import LANGUAGES

_FACT = re.compile(r"\{(F\d+)\}")
_COUNTS = {Measure.people, Measure.accounts, Measure.records, Measure.duplicates}
_TIME = re.compile(
    r"\b(?:since|until|from|before|after|between|during|within|in|by|then|now|earlier|later|early|late|last|first|recent\w*|to|ago|rising|growing|"
    r"grow\w*|grew|falling|seit|bis|von|vor|nach|zwischen|depuis|avant|après|desde|hasta|antes|después)\b|→|–",
    re.IGNORECASE,
)
_RATING = re.compile(
    r"\b(?:rat\w+|stars?|scores?|grades?|give|gives|gave|marks?|lower|higher)\b|★", re.IGNORECASE
)
_SOURCE = re.compile(r"\b[Ii]n “([^”]+)”")


def untold(draft: Draft, claim: Claim) -> Iterator[tuple[tuple[int, int], str]]:
    """Spans of numbers whose restriction the claim keeps to itself, or that lack the one it names, with what is wrong."""
    shown = _FACT.sub(lambda match: _shown(draft, match.group(1)), claim.text)
    said = {stem(word) for word in words(shown)}
    for match in _FACT.finditer(claim.text):
        fact = draft.facts.get(match.group(1))
        if fact is None or fact.measure in (Measure.stated, Measure.constant):
            continue
        if kept := _kept_to_itself(fact, draft.scope, claim.text, said):
            yield match.span(), f"{fact.id} counts only {kept}, which isn't said here."
    yield from _other_source(draft, claim)


def _shown(draft: Draft, name: str) -> str:
    return draft.facts[name].display if name in draft.facts else name


def _kept_to_itself(fact: Fact, whole: Scope, text: str, said: set[str]) -> str:
    scope = fact.filter.scope
    if scope.sources != whole.sources and not _names(scope.sources, said):
        return f"the source {' and '.join(scope.sources)}"
    for name, values in scope.segments.items():
        if whole.segments.get(name) != values and not (_names(values, said) or _names((name,), said)):
            return f"{name} {' or '.join(values)[:60]}"
    if scope.languages != whole.languages and not _names(
        tuple(LANGUAGES.get(code, code) for code in scope.languages), said
    ):
        return f"the language {' and '.join(scope.languages)}"
    # A share's two sides are of the same time, so it may leave the time to the sentence before it.
    timed = fact.measure not in _COUNTS or _TIME.search(text)
    if (scope.since, scope.until) != (whole.since, whole.until) and not timed:
        return "a part of the time"
    rated = (scope.min_rating, scope.max_rating) != (whole.min_rating, whole.max_rating)
    return "some of the ratings" if rated and not _RATING.search(text) else ""


def _names(names: tuple[str, ...], said: set[str]) -> bool:
    return any(
        stem(word) in said for name in names for word in words(name.replace("_", " ").replace("-", " "))
    )


def _other_source(draft: Draft, claim: Claim) -> Iterator[tuple[tuple[int, int], str]]:
    """Counts in a clause that begins with `In “survey”` are of that source."""
    sources = {quote.source for quote in draft.quotes.values()} | {
        source for fact in draft.facts.values() for source in fact.filter.scope.sources
    }
    shown = {source.replace("_", " ").replace("-", " ").casefold(): source for source in sources}
    for named in _SOURCE.finditer(claim.text):
        source = shown.get(named.group(1).casefold())
        if source is None:
            continue
        clause = re.match(r"[^.;!?]*", claim.text[named.end() :])
        for match in _FACT.finditer(clause.group() if clause else ""):
            fact = draft.facts.get(match.group(1))
            counts = fact is not None and fact.measure not in (Measure.stated, Measure.constant)
            if (
                fact is not None
                and counts
                and source not in (fact.filter.scope.sources or draft.scope.sources)
            ):
                start = named.end() + match.start()
                yield (start, named.end() + match.end()), f"{fact.id} isn't counted in “{named.group(1)}”."
