"""The acceptance criteria of a story: what works, what happens when it can't, with the sizes that people name."""

import re
from collections import Counter

from assistant.domain.draft import Criterion
from assistant.drafting.desk import Desk
from assistant.drafting.reader import Sentence
from assistant.drafting.seeds import FAMILIES, Seed
from assistant.drafting.wants import Part

_SIZE = re.compile(
    r"\b(\d[\d.,]*\s?k?)\s+(cards|rows|tasks|items|boards|records|files|users|people|entries|lines|pages|tickets)\b",
    re.IGNORECASE,
)


def criteria_of(desk: Desk, seed: Seed, want: Part, role: str) -> tuple[Criterion, ...]:
    """A scenario in which it goes through, and one in which it can't be finished."""
    own = [
        facet.symptom for facet in seed.need.facets if facet.symptom.id in dict(FAMILIES).get(seed.family, ())
    ]
    outcomes = list(dict.fromkeys(symptom.outcome for symptom in own[:2])) or [
        "I can do so and see the result"
    ]
    guards = list(dict.fromkeys(symptom.guard for symptom in own[:1])) or [
        "I am told in one sentence why not"
    ]
    size = _stated_size(desk, seed)
    given = f"there are {size}" if size else f"I am {article(role)}"
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
