"""The want and the benefit of a story, cut from the sentences of those who have the need."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from assistant.domain.text import content_words, stem
from assistant.drafting.desk import Desk
from assistant.drafting.paragraphs import named
from assistant.drafting.reader import Saying, Sentence
from assistant.drafting.seeds import FAMILIES, Seed, wish_stems
from assistant.search.phrases import Phrase
from assistant.synthesis.names import name_words

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
    "reason": ("to be told in one sentence what went wrong", "it is done"),
    "notice": ("to be told in time, and only of what concerns me", "something happens that concerns me"),
}
"""Family → the want where nobody words one, and the step in which it shows."""
_RELIEF = {
    "empty": "to get complete results from {it}",
    "timeout": "to see {it} finish in time",
    "slow": "to use {it} without waiting",
    "crash": "to use {it} without crashes",
    "loss": "to keep what I enter when I use {it}",
    "broken": "to have {it} work the first time",
}
"""Symptom → the want where nobody words one."""
_NOBODYS_DUTY = re.compile(
    r"(?:lose|lost|losing) (?:the |my |our )?(?:signal|connection|reception|network|coverage|wi-?fi)\b",
    re.IGNORECASE,
)
"""Losses that no product can take away."""


@dataclass(frozen=True)
class _Found:
    """A phrase with the sentence it stands in."""

    sentence: Sentence
    phrase: Phrase
    worth: float
    named: frozenset[str]
    """Symptoms of its passage."""


@dataclass(frozen=True)
class Part:
    """A part of a story and where it comes from; without a quote it is an assumption."""

    text: str
    quote: str | None = None
    step: str = ""
    named: frozenset[str] | None = None
    """Symptoms that the passage of the quote names; None where there is no quote."""


def want_of(desk: Desk, seed: Seed) -> Part:
    """What they want, as an infinitive: the plainest wording that others echo, or what the symptom calls for."""
    canonical = _CANONICAL.get(seed.family)

    def worth(sentence: Sentence, phrase: Phrase) -> float:
        if phrase.kind not in {"want", "thing"} or not (phrase.original or len(phrase.text.split()) > 1):
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
            if not item.phrase.original:
                worded = re.sub(r"\s+(?:again|too|now|asap|anymore)$", "", re.sub(r"\bi\b", "I", worded))
            return Part(worded, quote, canonical[1] if canonical else "", item.named)
    if canonical:
        return Part(canonical[0], None, canonical[1])
    it = f"“{(*seed.need.keywords, seed.need.label)[0]}”" if seed.need.is_topic else named(seed.need)
    relief = _RELIEF.get(seed.symptom.id) if seed.symptom else None
    return Part((relief or "to rely on {it}").format(it=it), None, f"I use {it}")


def benefit_of(desk: Desk, seed: Seed, want: str) -> Part:
    """Why they want it: what they could then do, or no longer have to."""

    # Doing the thing itself is no burden.
    own = {stem(word) for word in seed.need.keywords}

    def worth(sentence: Sentence, phrase: Phrase) -> float:
        if (
            phrase.kind != "benefit"
            and not phrase.original
            and stem(phrase.text.split()[0].casefold()) in own
        ):
            return 0.0
        if phrase.kind == "loss" and _NOBODYS_DUTY.match(phrase.text):
            return 0.0
        if phrase.kind == "benefit" and _wishes_otherwise(sentence, want):
            return 0.0
        return {"benefit": 1.0, "burden": 0.9, "loss": 0.8}.get(phrase.kind, 0.0) * phrase.weight

    for sayings in _where_benefits_are(seed):
        for item in _found(seed, sayings, worth)[:12]:
            if item.worth >= 0.6 and not alike(item.phrase.text, want):
                text, quote = desk.cite(item.sentence, item.phrase.start, item.phrase.end)
                seed.need.benefits.append(item.phrase.text)
                told = _as_benefit(item.phrase, text)
                return Part(told if item.phrase.original else re.sub(r"\bi\b", "I", told), quote)
    return Part("I can do my work without a way round")


def _where_benefits_are(seed: Seed) -> list[list[Saying]]:
    """Passages whose costs are those of this story: where another trouble is named too, the cost may be of that one."""
    if seed.family == "done":
        return [list(seed.sayings), seed.need.sayings]
    done = set(dict(FAMILIES)["done"]) - {"broken"}
    return [[saying for saying in seed.sayings if not (seed.symptom and saying.symptom_ids & done)]]


def _wishes_otherwise(sentence: Sentence, want: str) -> bool:
    """Whether the sentence says why somebody wants something else."""
    wishes = [phrase.text for phrase in sentence.phrases if phrase.kind in {"want", "thing"}]
    return bool(wishes) and not any(alike(wish, want) for wish in wishes)


def _found(seed: Seed, sayings: Iterable[Saying], worth: Callable[[Sentence, Phrase], float]) -> list[_Found]:
    """Phrases by worth; ties go to the more central passage."""
    found = []
    for place, saying in enumerate(sayings):
        if not saying.usable:
            continue
        language = saying.language
        marks = {stem(word, language) for keyword in seed.need.keywords for word in keyword.split()}
        for sentence in saying.sentences:
            for phrase in sentence.phrases:
                base = worth(sentence, phrase)
                if base > 0:
                    told = len(marks & _stems_of(phrase.text, language))
                    vague = 0.5 if _VAGUE.search(phrase.text) else 0.0
                    vague += 0.4 if any(alike(phrase.text, other) for other in seed.need.benefits) else 0.0
                    vague += 0.4 if phrase.kind in {"want", "thing"} and not told else 0.0
                    worth_of = base + 0.3 * min(told, 2) - vague - 0.003 * min(place, 100)
                    found.append(_Found(sentence, phrase, worth_of, saying.symptom_ids))
    return sorted(
        found,
        key=lambda item: (-round(item.worth, 6), item.sentence.row, item.sentence.start, item.phrase.start),
    )


def _stems_of(text: str, language: str) -> set[str]:
    return {stem(word, language) for word in name_words(text.casefold(), language)}


def _echo(item: _Found, found: list[_Found]) -> float:
    """How many others word the same wish, as a bonus to its worth."""
    stems = wish_stems(item.phrase)
    echoes = {
        other.sentence.row for other in found[:60] if 2 * len(stems & wish_stems(other.phrase)) > len(stems)
    }
    return 0.1 * min(len(echoes), 6)


def _as_want(phrase: Phrase, text: str) -> str:
    """The phrase as an infinitive; empty where it is a wish that can't be turned round. Another language's words are quoted."""
    if phrase.original:
        return f"to have “{text}”" if phrase.kind == "thing" else f"to be able to “{text}”"
    if phrase.kind == "thing":
        return f"to have {text}"
    for pattern, start in _ASKED_OF_US:
        if match := pattern.match(text):
            return start + text[match.end() :]
    return "" if _NOT_A_WISH.match(text) else f"to {text}"


def _as_benefit(phrase: Phrase, text: str) -> str:
    if phrase.original:
        return (
            f"I no longer have to “{text}”"
            if phrase.kind == "burden"
            else f"I no longer have to say “{text}”"
        )
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


def alike(one: str, other: str) -> bool:
    """Whether two wordings share most of their content words."""
    first, second = ({stem(word) for word in content_words(text)} for text in (one, other))
    return len(first & second) >= 0.6 * len(first | second) if first and second else one == other
