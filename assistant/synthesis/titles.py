"""Names of themes without a model: the words that people use for it, as a phrase that they write.

A name is a run of words from the statements that ends in a noun, covers the theme and is rare in the others; where no such run
covers it, a short clause of its most central statement.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np

from assistant.domain.languages import by_script
from assistant.domain.quantities import stated_quantities
from assistant.domain.text import STOP_WORDS
from assistant.search.phrases import symptoms
from assistant.synthesis.areas import NOWHERE, Spread, of_parts, stems_of
from assistant.synthesis.grammar import grammar_of
from assistant.synthesis.labels import Label, labels_of
from assistant.synthesis.names import Said
from assistant.synthesis.nouns import Clause, Nouns, clauses_of, stops_of

LONGEST = 60
"""Characters of a name."""
_UNSPACED = frozenset({"ja", "zh", "ko", "th"})
_MOST_WORDS = 5
_NOUN, _VERB = 0.5, 0.55
"""Likelihood of being a noun from which a word may end a name, and of being a verb from which it can't start one."""
_COVERS = 0.25
"""Share of a theme's statements that must hold a word of its name, else its most central statement says more."""
_TOGETHER, _SHORT = 0.45, 0.25
"""How much a phrase loses where its words mostly stand apart, and by each further word."""
_MOSTLY = 0.18
"""Share of a word's statements in which it stands in a phrase, from which the phrase is the name."""
_SIGNS_OFF = frozenset(
    [
        "thanks",
        "thank",
        "best",
        "kind",
        "regards",
        "hi",
        "hello",
        "hey",
        "dear",
        "danke",
        "viele",
        "grüße",
        "merci",
        "gracias",
        "saludos",
    ]
)
_SIGNED = 5
"""Words below which such a clause is a greeting with somebody's name."""
_CENTRAL = 8
"""Statements that a clause is taken from."""


@dataclass(eq=False)
class _Group:
    """What is known of one theme's statements."""

    sayings: Sequence[Said]
    clauses: list[list[Clause]]
    stems: list[frozenset[str]]
    """Of each statement."""
    label: Label
    parts: Sequence[str]
    weight: dict[str, float] = field(default_factory=dict)
    counts: Counter[str] = field(default_factory=Counter)
    holding: dict[str, int] = field(default_factory=dict)
    """Stem → the statements that hold it, one bit each."""


def titles_of(
    groups: Sequence[Sequence[Said]],
    others: Iterable[str] = (),
    *,
    spread: Spread = NOWHERE,
    parts: Sequence[Sequence[str]] = (),
) -> list[Label]:
    """Name each theme apart from the others, with its keywords.

    Args:
        groups: statements of each theme, most central first, the theme of most people first. No group may be empty.
        others: names that are given already.
        spread: tells which words are everybody's, and so name nothing.
        parts: names of the themes in each group, where groups are areas; the theme of most people first.

    Returns: labels in that order, no two of the same name.
    """
    known = [
        _Group(
            sayings,
            [clauses_of(one) for one in sayings],
            [stems_of(one.text, one.language) for one in sayings],
            label,
            parts[place] if parts else (),
        )
        for place, (sayings, label) in enumerate(zip(groups, labels_of(groups), strict=True))
    ]
    _weigh(known)
    nouns = Nouns.seen_in(clauses for group in known for clauses in group.clauses)
    taken = {name.casefold() for name in others}
    return [_titled(group, nouns, taken, spread) for group in known]


@lru_cache(maxsize=50_000)
def _stems_of(word: str, language: str) -> frozenset[str]:
    return stems_of(word, language)


def _weigh(groups: list[_Group]) -> None:
    """Weight of each stem: how much of the theme it covers, and how rare it is elsewhere (c-TF-IDF)."""
    everywhere: Counter[str] = Counter()
    for group in groups:
        for place, stems in enumerate(group.stems):
            group.counts.update(stems)
            for one in stems:
                group.holding[one] = group.holding.get(one, 0) | 1 << place
        everywhere.update(group.counts)
    every = sum(len(group.stems) for group in groups)
    for group in groups:
        group.weight = {
            one: count / len(group.stems) * (_rarity(every, everywhere[one]) if len(groups) > 1 else 1.0)
            for one, count in group.counts.items()
        }


def _rarity(every: int, count: int) -> float:
    return float(np.log((every + 1) / (count + 1)))


def _titled(group: _Group, nouns: Nouns, taken: set[str], spread: Spread) -> Label:
    parts = _of_parts(group, spread)
    if _is_unspaced(group):
        names = [*parts, *_unspaced(group)]
    else:
        names = [*_phrases(group, nouns, spread), *parts, *_clauses(group)]
    names += [group.label.name, " / ".join(group.label.keywords[:2])]
    for name in [*names, *(f"{names[0]} / {word}" for word in group.label.keywords)]:
        short = name[:LONGEST].rstrip()
        if short and short.casefold() not in taken:
            break
    else:
        short = next(
            numbered
            for number in range(2, 1_000_000)
            if (numbered := f"{names[0][:50]} ({number})").casefold() not in taken
        )
    taken.add(short.casefold())
    return Label(short, group.label.keywords, group.label.told)


def _is_unspaced(group: _Group) -> bool:
    written = [by_script(one.text) or one.language for one in group.sayings]
    return 2 * sum(code in _UNSPACED for code in written) > len(written)


def _unspaced(group: _Group) -> list[str]:
    return [group.label.name, *group.label.keywords]


def _of_parts(group: _Group, spread: Spread) -> list[str]:
    languages = sorted({one.language for one in group.sayings})
    parts = [(name, frozenset().union(*(stems_of(name, one) for one in languages))) for name in group.parts]
    return of_parts(parts, group.stems, spread)


def _phrases(group: _Group, nouns: Nouns, spread: Spread) -> list[str]:
    """Names that cover the theme, best first."""
    held: dict[frozenset[str], Counter[str]] = {}
    for clauses in group.clauses:
        told: dict[str, frozenset[str]] = {}
        for clause in clauses:
            for start, end in _runs(clause, nouns):
                words = clause.lower[start:end]
                told[" ".join(_written(clause, start, end))] = frozenset().union(
                    *(_stems_of(word, clause.language) for word in words)
                )
        for name, key in sorted(told.items(), key=lambda one: one[0]):
            held.setdefault(key, Counter())[name] += 1
    # What one person alone says names a theme only where nobody says anything twice.
    least = min(2, max((forms.total() for forms in held.values()), default=0))
    scored = []
    for key, forms in held.items():
        count = forms.total()
        if count < least or not key:
            continue
        most = max(max(group.counts[one] for one in key), count)
        score = sum(group.weight.get(one, 0.0) for one in key) * (count / most) ** _TOGETHER
        score /= len(key) ** _SHORT
        if _covers(group, key, spread) >= _COVERS and not spread.is_common(key):
            scored.append(
                (-round(score, 9), min(forms, key=lambda one: (-forms[one], len(one), one)), key, count)
            )
    scored.sort(key=lambda one: one[:2])
    return [_fuller(name, key, scored, group) for _, name, key, _ in scored]


def _fuller(
    name: str, key: frozenset[str], scored: list[tuple[float, str, frozenset[str], int]], group: _Group
) -> str:
    """A single word with what mostly stands beside it: `help pages`, not `pages`."""
    if len(key) > 1:
        return name
    often = _MOSTLY * max(group.counts[one] for one in key)
    return next((longer for _, longer, other, count in scored if key < other and count >= often), name)


def _covers(group: _Group, key: frozenset[str], spread: Spread) -> float:
    """Share of the statements that hold a word of a name; in areas, a word that is theirs."""
    if group.parts:
        return len(spread.told_by(key, group.stems)) / len(group.stems)
    holding = 0
    for one in key:
        holding |= group.holding.get(one, 0)
    return holding.bit_count() / len(group.stems)


def _runs(clause: Clause, nouns: Nouns) -> Iterator[tuple[int, int]]:
    """Spans of words that may name something: a noun with what describes it, or a thing with what is wrong with it."""
    language, lower = clause.language, clause.lower
    grammar = grammar_of(language)
    fits = [_fits(word, language) for word in lower]
    for start, fit in enumerate(fits):
        if not fit:
            continue
        told = start > 0 and lower[start - 1] in grammar.determiners
        acts = not told and nouns.acts(lower[start], language) >= _VERB
        wrong = False
        for end in range(start + 1, min(start + _MOST_WORDS, len(fits)) + 1):
            word = lower[end - 1]
            if end - start > 1 and _goes_wrong(word):
                yield start, end
            elif fits[end - 1]:
                if not wrong and (end - start > 1 or not acts) and nouns.likely(word, language) >= _NOUN:
                    yield start, end
            elif word in grammar.predicates:
                wrong = True
            elif word not in grammar.links:
                break


@lru_cache(maxsize=50_000)
def _goes_wrong(word: str) -> bool:
    return bool(symptoms(word)) and word not in STOP_WORDS


@lru_cache(maxsize=50_000)
def _fits(word: str, language: str) -> bool:
    return (
        word not in stops_of(language)
        and word not in grammar_of(language).unfit
        and len(word) > 1
        and "." not in word
        and word[:1].isalpha()
        and not any(map(str.isdigit, word))
        and not stated_quantities(word)
    )


def _written(clause: Clause, start: int, end: int) -> list[str]:
    """Words as they are written; a capital letter that only opens the sentence goes."""
    written = list(clause.words[start:end])
    first = written[0]
    if (
        start == 0
        and clause.opens
        and clause.language != "de"
        and first[1:] == first[1:].lower()
        and len(first) > 1
    ):
        written[0] = clause.lower[start]
    return written


def _clauses(group: _Group) -> list[str]:
    """Short clauses of the most central statements, those that hold most of what tells the theme first."""
    found = []
    for place, (said, clauses) in enumerate(zip(group.sayings[:_CENTRAL], group.clauses, strict=False)):
        for clause in clauses:
            text = " ".join(_written(clause, 0, len(clause.words)))
            stems = stems_of(text, said.language)
            if clause.lower[0] in _SIGNS_OFF and len(clause.words) < _SIGNED:
                continue
            if (
                2 <= len(clause.words) <= 9
                and len(text) <= LONGEST
                and not stated_quantities(text)
                and len(stems) > 1
            ):
                weight = sum(group.weight.get(one, 0.0) for one in stems)
                found.append((-round(weight / len(clause.words) ** 0.5, 9), place, text))
    return [text for _, _, text in sorted(found)]
