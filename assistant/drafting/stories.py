"""User stories from what people ask for: role from segments, want and benefit from their sentences, criteria from what fails."""

import re
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Literal

import numpy as np

from assistant.domain.draft import Criterion, StoryBlock
from assistant.domain.text import content_words, stem
from assistant.drafting.desk import Desk
from assistant.drafting.paragraphs import DEVICE_SEGMENTS, PLAN_SEGMENTS, ROLE_SEGMENTS, named, says_problem
from assistant.drafting.profile import READ, TOO_FEW, Facet, Profile, pick
from assistant.drafting.reader import Saying, Sentence
from assistant.search.phrases import Phrase, Symptom, symptoms

_FAMILIES: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("done", ("empty", "timeout", "slow", "crash", "loss", "broken")),
    ("progress", ("unknown", "double")),
    ("reason", ("silent",)),
    ("notice", ("late", "flood")),
)
"""Symptoms that one story can answer together."""
_SIZE = re.compile(
    r"\b(\d[\d.,]*\s?k?)\s+(cards|rows|tasks|items|boards|records|files|users|people|entries|lines|pages|tickets)\b",
    re.IGNORECASE,
)
_VAGUE = re.compile(r"\b(?:it|this|that|them|these|those|so|one|here|there)\b", re.IGNORECASE)
_ASKED_OF_US = (
    (re.compile(r"(?:show|let) (?:me |us )?(?:see )?", re.IGNORECASE), "to see "),
    (re.compile(r"tell (?:me|us) ", re.IGNORECASE), "to be told "),
    (re.compile(r"warn (?:me|us) ", re.IGNORECASE), "to be warned "),
    (re.compile(r"(?:give|send|bring) (?:me|us) ", re.IGNORECASE), "to get "),
)
_NOT_A_WISH = re.compile(
    r"(?:fix|keep|stop|make|save|ask|offer|support|remember|bring|show|give|send|tell|warn|let)\b",
    re.IGNORECASE,
)
_PRESENT = {"lost": "lose", "losing": "lose", "wasted": "waste", "spent": "spend", "missed": "miss"}
_CANONICAL = {
    "progress": ("to see how far it is while it runs", "I start it and come back before it is done"),
    "reason": ("to be told in one sentence what went wrong", "it fails"),
    "notice": ("to be told in time, and only of what concerns me", "something happens that concerns me"),
}
"""Family → the want where nobody words one, and the step in which it shows."""
Assumed = Literal["role", "want", "benefit"]


@dataclass(frozen=True)
class Seed:
    """What a story is made from: a need, or those in it who name one family of symptoms."""

    need: Profile
    family: str
    symptom: Symptom | None
    selection: str
    people: int
    sayings: tuple[Saying, ...]


@dataclass(frozen=True)
class _Found:
    """A phrase with the sentence it stands in."""

    sentence: Sentence
    phrase: Phrase
    worth: float


def seeds(desk: Desk, needs: list[Profile], limit: int) -> list[Seed]:
    """What to write stories about, most people first: families of symptoms, then wishes that several people share."""
    found: list[Seed] = []
    for need in needs:
        if need.people < TOO_FEW or (not need.is_problem and not need.split):
            continue
        own = [seed for seed in (_family_seed(desk, need, family, ids) for family, ids in _FAMILIES) if seed]
        wishes = _wish_seeds(desk, need)
        found.extend(
            [*own, *wishes] or [Seed(need, "request", None, need.hurts, need.people, tuple(need.sayings))]
        )
    found.sort(key=lambda seed: (-seed.people, seed.need.label, seed.family))
    return found[:limit]


def _wish_seeds(desk: Desk, need: Profile) -> list[Seed]:
    """Wishes that share their words, as far as they are worded by enough people."""
    wishes: list[tuple[frozenset[str], list[Saying]]] = []
    for saying in need.sayings:
        for stems in {_wish_stems(phrase) for sentence in saying.sentences for phrase in sentence.phrases} - {
            frozenset()
        }:
            near = [members for leader, members in wishes if 2 * len(stems & leader) >= len(stems | leader)]
            if near:
                near[0].append(saying)
            else:
                wishes.append((stems, [saying]))
    seeds_found = []
    for _, members in wishes:
        distinct = tuple({saying.passage: saying for saying in members}.values())
        rows = np.array(sorted({saying.row for saying in distinct}), dtype=np.int64)
        if len(rows) < TOO_FEW:
            continue
        selection = desk.book.select(
            rows, f"of those close to «{need.label}»: the ones that word the same wish"
        )
        people = desk.how_many(selection)
        if people >= TOO_FEW:
            seeds_found.append(Seed(need, "request", None, selection, people, distinct))
    return seeds_found


def _wish_stems(phrase: Phrase) -> frozenset[str]:
    if phrase.kind not in {"want", "thing"}:
        return frozenset()
    stems = {
        stem(word) for word in content_words(phrase.text) if not any(letter.isdigit() for letter in word)
    }
    return frozenset(stems) if len(stems) >= 2 else frozenset()


def _family_seed(desk: Desk, need: Profile, family: str, ids: tuple[str, ...]) -> Seed | None:
    facets: list[Facet] = [facet for facet in need.facets if facet.symptom.id in ids]
    if not facets:
        return None
    members = np.unique(np.concatenate([facet.passages for facet in facets]))
    central = [passage for facet in facets for passage in facet.passages[:READ].tolist()]
    ordered = tuple(desk.reader.read(list(dict.fromkeys(central))))
    rows = desk.reader.matrix.passage_record[members]
    nouns = " or ".join(facet.symptom.noun for facet in facets)
    selection = desk.book.select(
        rows, f"of those close to «{need.label}»: the ones whose passage names {nouns}"
    )
    people = desk.how_many(selection)
    least = max(TOO_FEW, 0.1 * need.people)
    return Seed(need, family, facets[0].symptom, selection, people, ordered) if people >= least else None


def write_stories(desk: Desk, needs: list[Profile], limit: int) -> list[tuple[StoryBlock, Seed]]:
    """Write stories about the needs; one that would say the same as an earlier one is left out."""
    written: list[tuple[StoryBlock, Seed]] = []
    for seed in seeds(desk, needs, 2 * limit):
        want = _want(desk, seed)
        if seed.family == "request" and (
            want.quote is None or _answered(want.text, [other for _, other in written])
        ):
            continue
        if any(alike(want.text, block.want) for block, _ in written):
            continue
        written.append((_story(desk, seed, want, len(written) + 1), seed))
        if len(written) == limit:
            break
    return written


def _answered(want: str, written: list[Seed]) -> bool:
    """Whether a story about the symptom that a wish would cure is written already."""
    cured = {symptom.id for symptom in symptoms(want)}
    families = {seed.family for seed in written}
    return any(cured & set(ids) for family, ids in _FAMILIES if family in families)


def parked_wishes(
    desk: Desk, need: Profile, stories: list[tuple[StoryBlock, Seed]], limit: int = 3
) -> list[str]:
    """Claims about wishes of the topic that none of the stories answers."""
    claims: list[str] = []
    wants = [story.want for story, _ in stories]
    seeds_written = [seed for _, seed in stories]
    for seed in sorted(_wish_seeds(desk, need), key=lambda one: -one.people):
        want = _want(desk, seed)
        if want.quote is None or _answered(want.text, seeds_written):
            continue
        if len(claims) < limit and not any(alike(want.text, other) for other in wants):
            wants = [*wants, want.text]
            wish = want.text.removeprefix("to have ").removeprefix("to ")
            text = f"{wish[:1].upper()}{wish[1:]}: {desk.many(seed.selection)}, parked until the stories are done."
            claims.append(desk.claim(text, quotes=[want.quote]))
    return claims


@dataclass(frozen=True)
class _Part:
    """A part of a story and where it comes from; without a quote it is an assumption."""

    text: str
    quote: str | None = None
    step: str = ""


def _story(desk: Desk, seed: Seed, want: _Part, number: int) -> StoryBlock:
    benefit = _benefit(desk, seed, want.text)
    parts: list[tuple[Assumed, _Part]] = [("want", want), ("benefit", benefit)]
    quotes = [part.quote for _, part in parts if part.quote] or _any_quote(desk, seed)
    who = f"{desk.many(seed.selection)}{desk.accounts(seed.selection)}"
    if seed.symptom:
        verb = desk.verb(seed.selection, "speaks", "speak")
        text = f"{who} {verb} of {_nouns(seed)} when they write about {named(seed.need)}."
    else:
        text = f"{who} {desk.verb(seed.selection, 'words', 'word')} this wish about {named(seed.need)}."
    return StoryBlock(
        id=f"US-{number}",
        title=_title(want.text),
        role=_role(desk, seed),
        want=want.text,
        benefit=benefit.text,
        claim_ids=(desk.claim(text, quotes=quotes),),
        criteria=_criteria(desk, seed, want),
        assumptions=tuple(name for name, part in parts if part.quote is None),
    )


def _nouns(seed: Seed) -> str:
    ids = next(ids for family, ids in _FAMILIES if family == seed.family)
    nouns = [facet.symptom.noun for facet in seed.need.facets if facet.symptom.id in ids]
    return " or ".join(nouns[:3])


def _found(seed: Seed, sayings: Iterable[Saying], worth: Callable[[Sentence, Phrase], float]) -> list[_Found]:
    """Phrases by worth; ties go to the more central passage."""
    marks = {stem(word) for keyword in seed.need.keywords for word in keyword.split()}
    found = []
    for place, saying in enumerate(sayings):
        if not saying.usable:
            continue
        for sentence in saying.sentences:
            for phrase in sentence.phrases:
                base = worth(sentence, phrase)
                if base > 0:
                    told = len(marks & {stem(word) for word in content_words(phrase.text)})
                    vague = 0.5 if _VAGUE.search(phrase.text) else 0.0
                    vague += 0.4 if any(alike(phrase.text, other) for other in seed.need.benefits) else 0.0
                    vague += 0.4 if phrase.kind in {"want", "thing"} and not told else 0.0
                    found.append(
                        _Found(sentence, phrase, base + 0.3 * min(told, 2) - vague - 0.003 * min(place, 100))
                    )
    return sorted(
        found,
        key=lambda item: (-round(item.worth, 6), item.sentence.row, item.sentence.start, item.phrase.start),
    )


def _want(desk: Desk, seed: Seed) -> _Part:
    canonical = _CANONICAL.get(seed.family)

    def worth(sentence: Sentence, phrase: Phrase) -> float:
        if phrase.kind not in {"want", "thing"} or len(phrase.text.split()) < 2:
            return 0.0
        if canonical and not (seed.symptom and seed.symptom in sentence.symptoms):
            return 0.0
        exact = 0.25 if any(letter.isdigit() for letter in phrase.text) else 0.0
        return phrase.weight - (0.3 if phrase.kind == "thing" else 0.0) - exact

    found = _found(seed, seed.sayings, worth)
    for item in sorted(found[:60], key=lambda one: -round(one.worth + _echo(one, found), 6))[:12]:
        if item.worth < 0.75:
            continue
        text, quote = desk.cite(item.sentence, item.phrase.start, item.phrase.end)
        worded = _as_want(item.phrase, text)
        if worded:
            worded = re.sub(r"\bi\b", "I", worded)
            return _Part(worded, quote, canonical[1] if canonical else "")
    if canonical:
        return _Part(canonical[0], None, canonical[1])
    trouble = f" without {seed.symptom.noun}" if seed.symptom else ""
    return _Part(
        f"to rely on {named(seed.need) if not seed.need.is_topic else f'“{seed.need.keywords[0]}”'}{trouble}"
    )


def _echo(item: _Found, found: list[_Found]) -> float:
    """How many others word the same wish, as a bonus to its worth."""
    stems = _wish_stems(item.phrase)
    echoes = {
        other.sentence.row for other in found[:60] if 2 * len(stems & _wish_stems(other.phrase)) > len(stems)
    }
    return 0.1 * min(len(echoes), 6)


def _as_want(phrase: Phrase, text: str) -> str:
    """The phrase as an infinitive; empty where it is a wish that can't be turned round."""
    if phrase.kind == "thing":
        return f"to have {text}"
    for pattern, start in _ASKED_OF_US:
        if match := pattern.match(text):
            return start + text[match.end() :]
    return "" if _NOT_A_WISH.match(text) else f"to {text}"


def _benefit(desk: Desk, seed: Seed, want: str) -> _Part:
    def worth(sentence: Sentence, phrase: Phrase) -> float:
        return {"benefit": 1.0, "burden": 0.9, "loss": 0.8}.get(phrase.kind, 0.0) * phrase.weight

    for sayings in (seed.sayings, seed.need.sayings):
        for item in _found(seed, sayings, worth)[:12]:
            if item.worth >= 0.6 and not alike(item.phrase.text, want):
                text, quote = desk.cite(item.sentence, item.phrase.start, item.phrase.end)
                seed.need.benefits.append(item.phrase.text)
                return _Part(re.sub(r"\bi\b", "I", _as_benefit(item.phrase, text)), quote)
    return _Part("I can do my work without a way round")


def _as_benefit(phrase: Phrase, text: str) -> str:
    first, _, rest = text.partition(" ")
    if phrase.kind == "burden":
        return f"I no longer have to {first[:1].lower()}{first[1:]} {rest}".strip()
    if phrase.kind == "loss":
        return f"I no longer {_PRESENT.get(first.casefold(), first)} {rest}".strip()
    return (
        text
        if first.casefold() in {"i", "we", "you", "they", "my", "our", "people", "users"}
        else f"I can {text}"
    )


def _role(desk: Desk, seed: Seed) -> str:
    role = _typical_role(desk, seed)
    lift = seed.need.lift
    if lift and lift.segment.casefold() in ROLE_SEGMENTS:
        role = lift.value
    place = ""
    if lift and lift.segment.casefold() in PLAN_SEGMENTS:
        place = f" on the {lift.value} plan"
    elif lift and lift.segment.casefold() in DEVICE_SEGMENTS:
        place = f" on {lift.value}"
    return f"{role or 'customer'}{place}"


def _typical_role(desk: Desk, seed: Seed) -> str:
    """The role that is most over-represented among those who have the need, where several people share it."""
    matrix = desk.reader.matrix
    for name in matrix.segment_names:
        if name.casefold() not in ROLE_SEGMENTS:
            continue
        own = Counter(
            value for saying in seed.sayings if (value := matrix.rows.segments[saying.row].get(name))
        )
        every = Counter(
            value
            for row in desk.book.rows(None, desk.book.scope)
            if (value := matrix.rows.segments[row].get(name))
        )
        common = [value for value in own if own[value] >= max(TOO_FEW, 0.2 * sum(own.values()))]
        if common:
            return min(common, key=lambda value: (-own[value] / every[value], value))
    return ""


def _title(want: str) -> str:
    words = want.removeprefix("to ").removeprefix("have ").split()
    text = " ".join(words[:10]).rstrip(",;")
    return text[:1].upper() + text[1:]


def _any_quote(desk: Desk, seed: Seed) -> list[str]:
    shown = pick(seed.need, seed.sayings, 1, says_problem)
    return [desk.quote(sentence) for sentence in shown]


def _criteria(desk: Desk, seed: Seed, want: _Part) -> tuple[Criterion, ...]:
    own = [
        facet.symptom
        for facet in seed.need.facets
        if facet.symptom.id in dict(_FAMILIES).get(seed.family, ())
    ]
    outcomes = list(dict.fromkeys(symptom.outcome for symptom in own[:2])) or [
        "I can do so and see the result"
    ]
    guards = list(dict.fromkeys(symptom.guard for symptom in own[:1])) or [
        "I am told in one sentence why not"
    ]
    size = _stated_size(desk, seed)
    given = f"there are {size}" if size else f"I am {article(_role(desk, seed))}"
    happy = Criterion(
        title=f"it goes through with {size}" if size else "it goes through",
        given=(given,),
        when=(want.step or _step(want.text),),
        then=tuple(outcomes),
        note="target, proposed" if any(re.search(r"\d", outcome) for outcome in outcomes) else "",
    )
    failure = Criterion(
        title="it can't be finished",
        given=("something stops it before the end",),
        when=("I come back to it",),
        then=(*guards, "nothing that was there before is lost"),
        path="failure",
        note="target, proposed" if any(re.search(r"\d", guard) for guard in guards) else "",
    )
    return happy, failure


def _step(want: str) -> str:
    if want.startswith("to have "):
        return "I need it"
    if want.startswith(("to be ", "to see ", "to get ", "to rely ")):
        return "I do the work that this is about"
    return f"I {want.removeprefix('to ')}"


def _stated_size(desk: Desk, seed: Seed) -> str:
    """The largest size that somebody names, in the unit that is named most, as a stated fact: `{F3} cards`."""
    sizes: list[tuple[str, float, Sentence, tuple[int, int]]] = []
    for saying in seed.sayings:
        for sentence in saying.sentences if saying.usable else ():
            found = _SIZE.finditer(sentence.text)
            sizes.extend((match[2].casefold(), _value(match[1]), sentence, match.span(1)) for match in found)
    if not sizes:
        return ""
    units = Counter(unit for unit, _, _, _ in sizes)
    unit = min(units, key=lambda name: (-units[name], name))
    if units[unit] < 3:
        return ""
    best = max((size for size in sizes if size[0] == unit), key=lambda size: (size[1], -size[2].row))
    text, _ = desk.cite(best[2], *best[3])
    return f"{text} {unit}"


def _value(words: str) -> float:
    digits = re.sub(r"[^\d]", "", words) or "0"
    return float(digits) * (1000 if words.rstrip().casefold().endswith("k") else 1)


def article(noun: str) -> str:
    """`an admin`, `a team lead`."""
    return f"{'an' if noun[:1].casefold() in 'aeiou' else 'a'} {noun}"


def alike(one: str, other: str) -> bool:
    first, second = ({stem(word) for word in content_words(text)} for text in (one, other))
    return len(first & second) >= 0.6 * len(first | second) if first and second else one == other
