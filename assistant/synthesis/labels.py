"""Names of groups without a model: the words that cover a group and are rare in the others."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

import numpy as np

from assistant.domain.languages import stop_words_of, whole_names
from assistant.domain.quantities import stated_quantities
from assistant.domain.text import STOP_WORDS, stem
from assistant.synthesis.names import Said, as_written, name_words

_SAYS_ALL = 0.7
"""Share of a group's texts from which its best word is name enough."""
_PUNCTUATION = re.compile(r"[.,;:!?()\"“”…\n]")
_GREETING = frozenset(
    [
        "hi",
        "hello",
        "hey",
        "dear",
        "team",
        "good",
        "morning",
        "afternoon",
        "evening",
        "thanks",
        "thank",
        "regards",
        "please",
        "kind",
        "best",
        "everyone",
    ]
)


@dataclass(frozen=True)
class Label:
    """What a group is called, and by which words."""

    name: str
    keywords: tuple[str, ...]
    """At most six, best first."""
    told: float
    """Share of its texts that hold one of the first four keywords: low where it has no one subject."""


def labels_of(groups: Sequence[Sequence[Said]]) -> list[Label]:
    """Name each group by the words that cover it and are rare in the others (after c-TF-IDF, Grootendorst 2022).

    Args: groups: texts of each, most central first; the first ones, about 120, say enough. No group may be empty.
    """
    counted = [_term_counts(sayings) for sayings in groups]
    everywhere: Counter[str] = Counter()
    holding: Counter[str] = Counter()
    for counts in counted:
        everywhere.update(counts)
        holding.update(counts.keys())
    every = sum(len(sayings) for sayings in groups)
    common = {term for term, held in holding.items() if held > max(3, 0.6 * len(groups))}
    others = len(groups) > 1
    named = []
    for sayings, counts in zip(groups, counted, strict=True):
        scored = {
            # Where there is nothing to tell it from, a group is named by what it says most.
            term: count
            / len(sayings)
            * (float(np.log((every + 1) / (everywhere[term] + 1))) if others else 1.0)
            for term, count in counts.items()
            if count >= max(1, len(sayings) // 40) and not (term in common and len(groups) > 4)
        }
        ranked = sorted(scored, key=lambda term: (-round(scored[term], 6), term))
        whole = whole_names(counts)
        words = [term for term in ranked if " " not in term and term in whole][:6]
        label = as_written(_label(words, ranked, counts, sayings), sayings)
        named.append(Label(label, tuple(words), _told(words[:4], sayings)))
    return named


def _term_counts(sayings: Sequence[Said]) -> Counter[str]:
    """In how many passages each word and each pair of neighbouring words occurs."""
    counts: Counter[str] = Counter()
    for saying in sayings:
        lowered = saying.text.casefold()
        tokens = [word for word in name_words(lowered, saying.language) if _may_tell(word)]
        pairs = {pair for one, other in pairwise(tokens) if (pair := f"{one} {other}") in lowered}
        counts.update({*tokens, *pairs})
    return counts


@lru_cache(maxsize=50_000)
def _may_tell(word: str) -> bool:
    return word not in _GREETING and not stated_quantities(word)


def _told(words: list[str], sayings: Sequence[Said]) -> float:
    holding = sum(1 for saying in sayings if any(word in saying.text.casefold() for word in words))
    return holding / len(sayings) if sayings else 0.0


def _label(words: list[str], ranked: list[str], counts: Counter[str], sayings: Sequence[Said]) -> str:
    """The best word where it says all; a pair or phrase where people mostly say it so; else two words side by side."""
    if not words:
        return " ".join(name_words(sayings[0].text.casefold(), sayings[0].language)[:4]) or "unnamed"
    best = words[0]
    for pair in ranked:
        if " " in pair and best in pair.split() and counts[pair] >= 0.35 * counts[best]:
            return pair
    if counts[best] >= _SAYS_ALL * len(sayings):
        return best
    if phrase := _phrase(words[:4], sayings):
        return phrase
    for other in words[1:3]:
        if counts[other] >= 0.5 * counts[best] and other not in best and best not in other:
            return f"{best} / {other}"
    return best


def _phrase(words: list[str], sayings: Sequence[Said]) -> str:
    """The most frequent run of two to four words that holds two of the keywords; empty where none is frequent."""
    counts: Counter[str] = Counter()
    for saying in sayings:
        parts = (part.split() for part in _PUNCTUATION.split(saying.text.casefold()))
        keys = frozenset(stem(word, saying.language) for word in words)
        counts.update({run for tokens in parts for run in _runs(tokens, keys, saying.language)})
    likely = [run for run in counts if counts[run] >= max(3, 0.04 * len(sayings))]
    return min(likely, key=lambda run: (-counts[run], len(run), run), default="")


def _runs(tokens: list[str], keys: frozenset[str], language: str) -> Iterator[str]:
    stems = [stem(word, language) for word in tokens]
    # Most parts of a text hold no two of the keywords, and so no run of them.
    if len(keys.intersection(stems)) < 2:
        return
    fits = [_may_end(word, language) for word in tokens]
    for length in (2, 3, 4):
        for start in range(len(tokens) - length + 1):
            if (
                fits[start]
                and fits[start + length - 1]
                and len(keys.intersection(stems[start : start + length])) >= 2
                and not stated_quantities(run := " ".join(tokens[start : start + length]))
            ):
                yield run


@lru_cache(maxsize=50_000)
def _may_end(word: str, language: str) -> bool:
    return (
        word.isalpha()
        and word not in STOP_WORDS
        and word not in _GREETING
        and word not in stop_words_of(language)
    )
