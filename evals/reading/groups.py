"""Whether a number counts the group that its words name: the need, the part of it, and no narrower people than were counted."""

import math
import re
from collections.abc import Iterator

from assistant.domain.draft import Draft
from assistant.domain.fact import Fact, Measure
from assistant.domain.text import stem, words
from evals.reading.belonging import COUNTED_NOUNS, NO_ADJECTIVE, Stray, is_role
from evals.reading.proofs import piece_at
from evals.reading.prose import Place, Voice
from evals.reading.selected import members_of

_COUNTS = {Measure.people, Measure.accounts, Measure.records, Measure.duplicates}
_FACT = re.compile(r"\{(F\d+)\}")
_PART = "of those:"
"""How the rule of a part of a need begins."""
_NAMES = "whose passage names "
_QUALIFIED = re.compile(
    rf"\{{(F\d+)\}}((?:\s+(?!(?:{NO_ADJECTIVE})\b)[a-z-]+){{1,2}})\s+(?:{'|'.join(COUNTED_NOUNS)})\b",
    re.IGNORECASE,
)
_UNQUALIFYING = frozenset(
    [
        "distinct",
        "different",
        "other",
        "others",
        "more",
        "further",
        "known",
        "separate",
        "individual",
        "single",
        "such",
        "same",
        "said",
        "various",
        "such",
        "these",
        "those",
        "all",
        "own",
        "anonymous",
        "named",
    ]
)
_LABEL = re.compile(r"\A\s*[“\"]?([^:{}“”\"]{2,80}?)[”\"]?\s*:\s*\{(F\d+)\}")
_OF_NAME = re.compile(
    r"\{(F\d+)\}\s+(?:people|persons?|accounts?|records?|customers|users)\s+(?:\w+\s+){0,4}?(?:about|of|with|for|need|name)\s+“([^”]+)”",
    re.IGNORECASE,
)
_PERIOD = re.compile(
    r"\b(?:this|last|past|(?:in|within|over|during|of) (?:the|a|one|this|the same)(?: single| very| last| past)?) (?P<period>hour|day|night|morning|afternoon|evening|weekend|week|fortnight|month|quarter|year)\b"
    r"|\b(?P<day>today|yesterday|overnight|tonight)\b",
    re.IGNORECASE,
)
_DAYS = {"weekend": 3, "week": 7, "fortnight": 14, "month": 31, "quarter": 92, "year": 366}
"""How long a period is at most; shorter ones than a weekend: one day."""
_LISTED = re.compile(r"([^(),;:{}]+?)\s*\(\{(F\d+)\}")


def other_groups(draft: Draft, place: Place) -> Iterator[Stray]:
    """Numbers of a place that count another group than their words say."""
    if place.voice is not Voice.world:
        return
    yield from _narrowed(draft, place)
    yield from _longer(draft, place)
    if place.target in draft.claims:
        yield from _of_two_needs(draft, place)
        yield from _under_another_label(draft, place)
        yield from _of_another_part(draft, place)


def _narrowed(draft: Draft, place: Place) -> Iterator[Stray]:
    """`{F1} paying customers`: an adjective makes a group that nobody counted, unless the fact's filter says it."""
    for match in _QUALIFIED.finditer(place.text):
        fact = draft.facts.get(match.group(1))
        if fact is None or fact.measure not in _COUNTS:
            continue
        held = {stem(word) for text in _filtered_by(draft, fact) for word in words(text)}
        unsaid = [
            word
            for word in words(match.group(2))
            if word not in _UNQUALIFYING and stem(word) not in held and not is_role(word, draft)
        ]
        if unsaid:
            yield Stray(
                match.span(),
                f"{fact.id} doesn't count the {unsaid[0]} ones alone.",
                "Count those, or leave the word out.",
            )


def _longer(draft: Draft, place: Place) -> Iterator[Stray]:
    """`{F1} people this week`, counted over months."""
    for match in _PERIOD.finditer(place.text):
        piece = piece_at(place.text, match.start())
        counted = [draft.facts[name] for name in _FACT.findall(piece) if name in draft.facts]
        counted = [fact for fact in counted if fact.measure in _COUNTS]
        days = _DAYS.get((match["period"] or "day").casefold(), 1)
        if counted and not any(_lasts(fact) <= days for fact in counted):
            message = f"{counted[0].id} counts a longer time than '{match.group()}'."
            yield Stray(match.span(), message, "Count over that time, or leave it out.")


def _lasts(fact: Fact) -> float:
    """Days that a count looks at; infinite where its beginning is open."""
    scope = fact.filter.scope
    until = scope.until or fact.as_of
    if scope.since is None or until is None:
        return math.inf
    return (until - scope.since).total_seconds() / 86_400


def _filtered_by(draft: Draft, fact: Fact) -> Iterator[str]:
    scope = fact.filter.scope
    for listed in (
        scope.sources,
        scope.kinds,
        scope.accounts,
        scope.types,
        scope.sentiments,
        scope.languages,
    ):
        yield from (str(value).replace("_", " ").replace("-", " ") for value in listed)
    for name, values in scope.segments.items():
        yield from (name, *values)
    selection = draft.selections.get(fact.filter.selection or "")
    if selection:
        yield selection.rule


def _of_two_needs(draft: Draft, place: Place) -> Iterator[Stray]:
    """Parts that one claim lists are parts of one need."""
    parts = [
        (name, members_of(draft.selections[selection]))
        for name in _FACT.findall(place.text)
        if (fact := draft.facts.get(name)) and fact.measure in _COUNTS
        if (selection := fact.filter.selection) in draft.selections
        if selection and draft.selections[selection].rule.startswith(_PART)
    ]
    needs = [members_of(one) for one in draft.selections.values() if not one.rule.startswith(_PART)]
    if len(parts) < 2 or not needs or any(all(part <= need for _, part in parts) for need in needs):
        return
    held = max(needs, key=lambda need: sum(part <= need for _, part in parts))
    for name, part in parts:
        if not part <= held:
            message = f"{name} counts another need than the numbers beside it."
            yield Stray((0, len(place.text)), message, "Count the parts of one need.")


def _under_another_label(draft: Draft, place: Place) -> Iterator[Stray]:
    """`Export / file: {F2} people` counts those who speak of export and file."""
    label = _LABEL.match(place.text)
    said = [(label.group(1), label.group(2))] if label else []
    said += [(match.group(2), match.group(1)) for match in _OF_NAME.finditer(place.text)]
    for name, fact_id in said:
        fact = draft.facts.get(fact_id)
        named = [
            one for one in draft.selections.values() if f"«{name.strip().casefold()}»" in one.rule.casefold()
        ]
        if fact is None or fact.measure not in _COUNTS or not named:
            continue
        own = draft.selections.get(fact.filter.selection or "")
        members: frozenset[str] = members_of(own) if own else frozenset()
        if own is None or not any(own.id == one.id or members <= members_of(one) for one in named):
            message = f"{fact.id} counts others than those who speak of “{name.strip()[:60]}”."
            yield Stray((0, len(place.text)), message, "Count what is named.")


def _of_another_part(draft: Draft, place: Place) -> Iterator[Stray]:
    """`slowness ({F7} people)` counts those whose words name slowness."""
    if "({F" not in place.text:
        return
    names = {
        name
        for one in draft.selections.values()
        if _NAMES in one.rule
        for name in one.rule.rpartition(_NAMES)[2].split(" or ")
    }
    listed = [(match, match.group(1).strip().casefold()) for match in _LISTED.finditer(place.text)]
    for match, said in listed:
        fact = draft.facts.get(match.group(2))
        own = draft.selections.get(fact.filter.selection or "") if fact else None
        if fact is None or own is None or fact.measure not in _COUNTS:
            continue
        meant = [name for name in names if said.endswith(name.casefold())]
        # Two parts of the same records are one selection, which bears the name of one of them.
        alike = [text for one, text in listed if one.group(2) == fact.id]
        told = [name for name in names if any(text.endswith(name.casefold()) for text in alike)]
        if meant and not any(name in own.rule for name in told):
            message = f"{fact.id} counts other records than those that speak of {meant[0]}."
            yield Stray(match.span(), message, "Count what is named.")
