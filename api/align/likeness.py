"""How near what a branch says comes to what a requirement asks for: by the words that both hold, and by meaning.

Words are compared as concepts (stems, one name for what has several), weighted by how few items of the draft hold them: a word of all
of them tells nothing. Meaning is the cosine of the workspace's own embedder. Both are told with what matched, never as a verdict alone.
"""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import log

import numpy as np

from api.align.naming import Passage, Where
from assistant.domain.text import content_words, stem
from assistant.llm.port import Embedder
from evals.reading.concepts import concepts

_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])|[_/.\\\-]+")
_NO_WORDS = re.compile(r"[^\w/.\\-]+")
_FRAME = frozenset(
    [
        "system", "people", "person", "user", "work", "thing", "way", "round", "someth", "anyth", "everyth", "use", "get", "make", "want", "need",
        "abl", "goe", "tell", "told", "see", "take", "percentil", "95th", "95", "test", "src", "app", "def", "return", "import", "self", "none",
        "true", "fals", "const", "function", "class", "fix", "add", "new", "support", "chang", "updat", "one", "done",
    ]
)  # fmt: skip
"""Stems that code and wishes are full of."""


@dataclass(frozen=True)
class Likeness:
    """How near a passage comes to an item."""

    item: str
    passage: Passage
    coverage: float
    """Weighted share of the item's words that the passage holds, from 0 to 1."""
    words: tuple[str, ...]
    """The words that matched, as the item has them."""
    cosine: float = 0.0
    """0: not compared by meaning."""


@dataclass(frozen=True)
class Wanted:
    """Something of the draft that a branch may come near to."""

    id: str
    gist: str


class Comparison:
    """The words of a draft's items, ready to be looked for."""

    def __init__(self, wanted: Sequence[Wanted], language: str, embedder: Embedder | None) -> None:
        self._wanted = wanted
        self._language = language
        self._embedder = embedder
        self._terms = {one.id: self._concepts(one.gist) for one in wanted}
        held = Counter(term for terms in self._terms.values() for term in terms)
        self._weights = {term: 1 + log(len(wanted) / count) for term, count in held.items()}
        self._shown = self._words()

    def near(self, passages: Sequence[Passage], least: float) -> list[Likeness]:
        """Every pair whose words or meaning come as near as `least`, in the order of the passages.

        Args: passages: what persons said is compared by meaning, too; lines and paths by words alone.
        """
        said = [one for one in passages if one.is_said]
        cosines = self._cosines([one.text for one in said])
        found = []
        for passage in passages:
            terms = self._terms_of(passage)
            row = cosines.get(passage.text, {}) if passage.is_said else {}
            for one in self._wanted:
                likeness = self._likeness(one.id, passage, terms, row.get(one.id, 0.0))
                if max(likeness.coverage, likeness.cosine) >= least:
                    found.append(likeness)
        return found

    def _likeness(self, item: str, passage: Passage, terms: frozenset[str], cosine: float) -> Likeness:
        own = self._terms[item]
        shared = own & terms
        total = sum(self._weights[term] for term in sorted(own))
        share = sum(self._weights[term] for term in sorted(shared)) / total if total else 0.0
        return Likeness(item, passage, share, tuple(sorted(self._shown[term] for term in shared)), cosine)

    def _terms_of(self, passage: Passage) -> frozenset[str]:
        if passage.is_said:
            return self._concepts(passage.text)
        return self._concepts(plain_words(passage.text))

    def _concepts(self, text: str) -> frozenset[str]:
        found = concepts(text, self._language)
        return frozenset(one for one in found if one not in _FRAME and not one.isdecimal())

    def _words(self) -> Mapping[str, str]:
        """Stem → the word of the draft that it comes from, as a reader knows it."""
        shown: dict[str, str] = {}
        for one in self._wanted:
            for word in content_words(one.gist, self._language):
                for term in {*concepts(word, self._language), stem(word, self._language)}:
                    shown.setdefault(term, word)
        return {term: shown.get(term, term) for terms in self._terms.values() for term in terms}

    def _cosines(self, texts: Sequence[str]) -> dict[str, dict[str, float]]:
        texts = list(dict.fromkeys(texts))
        if not texts or self._embedder is None:
            return {}
        rows = _unit(np.asarray(self._embedder.embed(texts), dtype=np.float32))
        table = rows @ self._vectors.T
        return {
            text: {one.id: float(table[at, to]) for to, one in enumerate(self._wanted)}
            for at, text in enumerate(texts)
        }

    @cached_property
    def _vectors(self) -> "np.ndarray[tuple[int, ...], np.dtype[np.float32]]":
        assert self._embedder is not None
        return _unit(np.asarray(self._embedder.embed([one.gist for one in self._wanted]), dtype=np.float32))


def plain_words(code: str) -> str:
    """The words that identifiers and paths are made of: `exportWholeBoard` and `export_whole/board.py`."""
    return " ".join(_CAMEL.sub(" ", _NO_WORDS.sub(" ", code)).split())


def of_files(passages: Sequence[Passage]) -> list[Passage]:
    """Lines that stand together in a file as one passage with its path, as many words belong to one thing."""
    found: list[Passage] = []
    held: list[Passage] = []
    for one in [*passages, None]:
        if one is not None and one.where not in (Where.path, Where.added):
            continue
        if held and (one is None or one.place != held[-1].place or one.line > held[-1].line + 3):
            found.append(_joined(held))
            held = []
        if one is not None:
            held.append(one)
    return found


def _joined(held: Sequence[Passage]) -> Passage:
    first = next((one for one in held if one.where is Where.added), held[0])
    text = " ".join(dict.fromkeys([held[0].place, *(one.text for one in held)]))
    return Passage(first.where, text, first.place, first.line)


def _unit(rows: "np.ndarray[tuple[int, ...], np.dtype[np.float32]]") -> "np.ndarray[tuple[int, ...], np.dtype[np.float32]]":  # fmt: skip
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    return np.asarray(rows / np.where(lengths == 0, 1, lengths), dtype=np.float32)
