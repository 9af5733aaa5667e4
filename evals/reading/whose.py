"""Whether a number counts those that its sentence tells of: all of a need, those in trouble, the content ones, those who wish."""

import re
from collections.abc import Iterator

from assistant.domain.draft import Draft
from assistant.domain.fact import Fact, Measure, Selection
from evals.once import once_each
from evals.reading.belonging import Stray
from evals.reading.parts import WIDE, Part, label_of, names_of, needs_of, part_of
from evals.reading.proofs import pieces
from evals.reading.prose import Place, placeholders
from evals.reading.selected import members_of

_COUNTS = {Measure.people, Measure.accounts, Measure.records, Measure.duplicates}
_BY = r"\{(F\d+)\}(?: (?!when\b|that\b|which\b)[\w'’-]+| \{F\d+\}){0,7}?"
"""A number and the few words up to what is said of those it counts; `in {F2} accounts` may stand between."""
_GLAD = re.compile(
    rf"{_BY} (?:says?(?: that)? it works|speaks? well|praises?|(?:are|is) (?:content|happy|satisfied|pleased))\b"
)
_SORRY = re.compile(
    rf"{_BY} (?:(?:reports?|reported) (?:it|this|that|trouble)|complains?|complained|suffers?|struggles?)\b"
)
_WISH = re.compile(rf"{_BY} asks? for (?:it|this|that)\b")
_GLAD_WORD = re.compile(
    r"\b(?:works?|well|prais\w+|content|happy|satisfied|pleased|fine|loves?|likes?|enjoys?|recommends?|thanks?)\b"
)
_ALLOWED = (
    (_GLAD, {Part.content, Part.nobody, Part.judging}, "say that it works"),
    (_SORRY, {Part.troubled, Part.whole, Part.judging}, "have trouble with it"),
)
_IT = re.compile(r"\b(?:it|this|that|these|those)\b", re.IGNORECASE)
_THEN = re.compile(r"\buntil then\b|\bbefore (?:that|then)\b", re.IGNORECASE)
_NAMED = re.compile(r"“([^”]+)” \(\{(F\d+)\}|“([^”]+)” (?:comes|come) from \{(F\d+)\}")
_LABEL = re.compile(r"\A\s*[“\"]?([^:{}“”\"]{2,80}?)[”\"]?\s*:\s*\{(F\d+)\}")
_ABOUT = re.compile(
    r"\{(F\d+)\}\s+\w+(?:\s+in\s+\{F\d+\}\s+\w+)?\s+(?!speaks? well\b)(?:(?!when\b|well\b)\w+\s+){0,4}?(?:about|of|with|name)\s+“([^”]+)”"
)
_FIX = "Count those who are told of."


def miscounted(draft: Draft, place: Place) -> Iterator[Stray]:
    """Numbers of a claim whose selection, by its own rule, holds others than those that the sentence tells of."""
    if place.target not in draft.claims or "{F" not in place.text:
        return
    yield from _of_another_mind(draft, place)
    yield from _part_for_all(draft, place)
    yield from _before_and_after(draft, place)
    yield from _naming_others(draft, place)
    yield from _of_what_was_told(draft, place)


def _counted(draft: Draft, name: str) -> tuple[Fact, Selection] | None:
    """A count and the selection it is counted over, where it has one."""
    fact = draft.facts.get(name)
    if fact is None or fact.measure not in _COUNTS:
        return None
    own = draft.selections.get(fact.filter.selection or "")
    return (fact, own) if own else None


def _of_another_mind(draft: Draft, place: Place) -> Iterator[Stray]:
    """`{F3} people say that it works` counts those who praise; `{F1} people report it` those who have trouble."""
    for pattern, allowed, told in _ALLOWED:
        for match in pattern.finditer(place.text):
            held = _counted(draft, match.group(1))
            # Nobody has trouble with what nobody of the draft tells of.
            nobody = Part.nobody if Part.nobody in allowed or not _anybody(draft) else Part.other
            if held and part_of(held[1]) not in {*allowed, nobody, Part.other}:
                yield Stray(match.span(), f"{held[0].id} doesn't count those who {told}.", _FIX)
    quoted = {draft.quotes[name].record_id for name in draft.claims[place.target].quote_ids if name in draft.quotes}  # fmt: skip
    for match in _WISH.finditer(place.text):
        held = _counted(draft, match.group(1))
        # Parts with the same records are one selection under the first one's name; then no other holds the quote.
        wishes = [one for one in draft.selections.values() if part_of(one) is Part.wishing and quoted & members_of(one)]  # fmt: skip
        if held and wishes and held[1] not in wishes:
            yield Stray(match.span(), f"{held[0].id} doesn't count those who word this wish.", _FIX)


def _anybody(draft: Draft) -> bool:
    return any(part_of(one) in WIDE for one in draft.selections.values())


def _part_for_all(draft: Draft, place: Place) -> Iterator[Stray]:
    """`{F3} people write about “export”` counts all of them, no part that names or wishes one thing."""
    said = [(match.group(1) or match.group(3), match.group(2) or match.group(4), match.span()) for match in _NAMED.finditer(place.text)]  # fmt: skip
    said += [(match.group(2), match.group(1), match.span()) for match in _ABOUT.finditer(place.text)]
    if label := _LABEL.match(place.text):
        said.append((label.group(1), label.group(2), label.span()))
    if not said:
        return
    labels = {label_of(one) for one in draft.selections.values()}
    for name, fact_id, span in said:
        held = _counted(draft, fact_id)
        needle = name.strip().casefold()
        if held is None or needle not in labels or part_of(held[1]) is Part.other:
            continue
        glad = part_of(held[1]) is Part.content and _GLAD_WORD.search(place.text)
        if needle not in needs_of(draft)[held[1].id] or not (glad or part_of(held[1]) in WIDE):
            yield Stray(span, f"{fact_id} counts others than all those who speak of “{name.strip()[:60]}”.", _FIX)  # fmt: skip


def _before_and_after(draft: Draft, place: Place) -> Iterator[Stray]:
    """`Since {F1}, {F2} people …; from {F3} until then, {F4} had`: both counts are of the same ones."""
    for start, end in pieces(place.text):
        if not _THEN.search(place.text, start, end):
            continue
        counts = [held for name in placeholders(place.text[start:end]) if (held := _counted(draft, name))]
        strange = [fact for fact, own in counts if own.id != counts[0][1].id]
        if strange:
            yield Stray((start, end), f"{strange[0].id} counts others than {counts[0][0].id}.", _FIX)


def _naming_others(draft: Draft, place: Place) -> Iterator[Stray]:
    """`Whether PDF and CSV are affected: only {F3} people say which` counts those who name PDF or CSV."""
    counts = [held for name in dict.fromkeys(placeholders(place.text)) if (held := _counted(draft, name))]
    if len(counts) != 1 or not re.search(r"\bwhich\b", place.text) or part_of(counts[0][1]) is Part.other:
        return
    fact, own = counts[0]
    said = place.text.casefold()
    for one in draft.selections.values():
        told = [name for name in names_of(one) if re.search(rf"(?<!\w){re.escape(name)}(?!\w)", said)]
        if len(told) < 2 or own.id == one.id:
            continue
        if set(told) <= names_of(own) or not _apart(draft, place, own, one):
            return
        yield Stray((0, len(place.text)), f"{fact.id} doesn't count those who name {told[0]}.", _FIX)
        return


def _apart(draft: Draft, place: Place, own: Selection, meant: Selection) -> bool:
    """Whether two selections are of one need, or the number's is of none that the place's neighbours tell of."""
    needs = needs_of(draft)
    told = _told_before(draft).get(place.target, frozenset())
    return bool(needs[own.id] & needs[meant.id]) or bool(told and not told & needs[own.id])


def _of_what_was_told(draft: Draft, place: Place) -> Iterator[Stray]:
    """`The {F1} people who report it`, without a quote or a name, counts those of the need that was told of before."""
    if draft.claims[place.target].quote_ids or "“" in place.text or not _IT.search(place.text):
        return
    told = _told_before(draft).get(place.target, frozenset())
    needs = needs_of(draft)
    for name in dict.fromkeys(placeholders(place.text)):
        held = _counted(draft, name)
        if (
            held
            and told
            and not needs[held[1].id] & told
            and part_of(held[1]) not in (Part.nobody, Part.other)
        ):
            at = place.text.index(f"{{{name}}}")
            message = f"{name} counts another need than the sentences before it."
            yield Stray((at, at + len(name) + 2), message, "Count the need that is told of.")


@once_each
def _told_before(draft: Draft) -> dict[str, frozenset[str]]:
    """Claim → the needs that the claims before it in its section count; those of the first counted claim, where there are none."""
    needs = needs_of(draft)
    found: dict[str, frozenset[str]] = {}
    first: frozenset[str] = frozenset()
    for section in draft.sections:
        told: frozenset[str] = frozenset()
        for name in (name for block in section.blocks for name in getattr(block, "claim_ids", ())):
            if name not in draft.claims:
                continue
            found.setdefault(name, told or first)
            for fact_id in placeholders(draft.claims[name].text):
                if held := _counted(draft, fact_id):
                    told |= needs[held[1].id]
            first = first or told
    return found
