"""Which words name things, as the texts themselves show: by what stands before and behind a word. No dictionary, no tagger."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Literal

from assistant.domain.languages import stop_words_of
from assistant.domain.text import STOP_WORDS
from assistant.synthesis.grammar import Grammar, grammar_of
from assistant.synthesis.names import Said

TOKEN = re.compile(r"[^\W_]+(?:['’.\-](?=\w)[^\W_]+)*")
_PARTS = re.compile(r"[^\w\s'’\-/&]|\s[-–—]\s|(?<!\w)['’]|['’](?!\w)")
_CAPITALISED = "de"
_LIKELY = 0.5
Part = Literal["noun", "adjective", "verb"]


@dataclass(frozen=True)
class Clause:
    """Words between two marks, as they are written."""

    words: tuple[str, ...]
    lower: tuple[str, ...]
    language: str
    opens: bool
    """Whether it starts a sentence."""


def clauses_of(said: Said) -> list[Clause]:
    """The clauses of a text, in order."""
    found, opens = [], True
    at = 0
    for match in [*_PARTS.finditer(said.text), None]:
        piece = said.text[at : match.start() if match else len(said.text)]
        if words := tuple(TOKEN.findall(piece)):
            found.append(Clause(words, tuple(word.casefold() for word in words), said.language, opens))
        opens = match is not None and match[0] in ".!?…\n"
        at = match.end() if match else at
    return found


@dataclass
class Nouns:
    """What was seen of each word of a language: how often it stood as a noun does, as an adjective does, as a verb does."""

    _seen: dict[tuple[str, str, Part | None], int] = field(default_factory=dict)
    """Of each language, word and part; under no part, of all parts together."""

    @classmethod
    def seen_in(cls, texts: Iterable[Sequence[Clause]]) -> "Nouns":
        """Look at all texts of a run."""
        nouns = cls()
        for clauses in texts:
            for clause in clauses:
                nouns._look(clause)
        return nouns

    def likely(self, word: str, language: str) -> float:
        """How likely the word names a thing, in [0, 1]. Args: word: in lower case."""
        return self._share(word, language, "noun")

    def acts(self, word: str, language: str) -> float:
        """How likely it is a verb, in [0, 1]."""
        return self._share(word, language, "verb")

    def _share(self, word: str, language: str, part: Part) -> float:
        base = _base(language)
        return (self._seen.get((base, word, part), 0) + _LIKELY) / (
            self._seen.get((base, word, None), 0) + 1.0
        )

    def _look(self, clause: Clause) -> None:
        language = _base(clause.language)
        grammar = grammar_of(language)
        stop = stops_of(language)
        for place, word in enumerate(clause.lower):
            if word in stop:
                continue
            if part := _part(clause, place, language, grammar, stop):
                for seen in ((language, word, part), (language, word, None)):
                    self._seen[seen] = self._seen.get(seen, 0) + 1


@lru_cache(maxsize=64)
def stops_of(language: str) -> frozenset[str]:
    """The stop words of a language, those of English among them."""
    return STOP_WORDS | stop_words_of(language)


def _part(clause: Clause, place: int, language: str, grammar: Grammar, stop: frozenset[str]) -> Part | None:
    """What a word is where it stands; None where its neighbours don't tell."""
    if language == _CAPITALISED:
        is_noun: Part = "noun" if clause.words[place][:1].isupper() else "verb"
        return is_noun if place or not clause.opens else None
    before = clause.lower[place - 1] if place else ""
    behind = clause.lower[place + 1] if place + 1 < len(clause.lower) else ""
    if before in grammar.marks:
        return "adjective"
    if before in grammar.subjects or behind in grammar.objects:
        return "verb"
    ends = not behind or behind in stop
    if ends and (before in grammar.determiners or before in grammar.prepositions):
        return "noun"
    if behind in grammar.predicates or (ends and _described(clause, place, grammar, stop)):
        return "noun"
    return None


def _described(clause: Clause, place: int, grammar: Grammar, stop: frozenset[str]) -> bool:
    """Whether an article stands before the word with one word between, as in `the due date`."""
    return (
        place >= 2 and clause.lower[place - 2] in grammar.determiners and clause.lower[place - 1] not in stop
    )


def _base(language: str) -> str:
    return "en" if language == "und" else language
