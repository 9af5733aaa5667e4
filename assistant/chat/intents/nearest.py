"""Likeness of a turn to the example sentences: by pieces of words in any language, and by meaning where there is an embedder.

Kernel ridge regression over both (Saunders et al. 1998), one value per intent. Solved in closed form from some hundred sentences, it
takes milliseconds and needs no stored weights. Strength and mixture were chosen by leave-one-out over the examples.
"""

import math
import tomllib
from collections import Counter
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import numpy.typing as npt

from assistant.domain.thread import Intent
from assistant.llm.port import Embedder

_GRAMS = (2, 3, 4)
_MEANING = 0.5
"""Weight of the meaning beside that of the pieces of words."""
_RIDGE = 0.2
Matrix = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Nearness:
    """The likeliest intent."""

    intent: Intent
    score: float
    """About 1 for an example itself, about 0 for what no intent has."""
    lead: float
    """Over the next intent."""


@cache
def examples() -> tuple[tuple[Intent, str], ...]:
    """The example sentences with their intents."""
    held = tomllib.loads((Path(__file__).parent / "examples.toml").read_text(encoding="utf-8"))
    return tuple((Intent(name), text) for name, texts in held.items() for text in texts)


def nearest(words: str, embedder: Embedder | None) -> Nearness:
    """The intent whose examples the words are most like. Args: embedder: None: pieces of words alone."""
    likeness = _pieces().unit_rows() @ _pieces().row(words)
    if embedder is not None:
        meaning = _embedded(embedder) @ embedder.embed([words])[0].astype(np.float64)
        likeness = (1 - _MEANING) * likeness + _MEANING * meaning
    scores = np.round(likeness @ _weights(embedder), 4)
    intents = _intents()
    ranked = sorted(zip(scores.tolist(), intents, strict=True), key=lambda item: (-item[0], item[1]))
    (best, intent), (second, _) = ranked[:2]
    return Nearness(intent, best, round(best - second, 4))


@cache
def _intents() -> tuple[Intent, ...]:
    return tuple(dict.fromkeys(intent for intent, _ in examples()))


class _Pieces:
    """Character n-grams of the examples, weighted by how few of them hold each."""

    def __init__(self) -> None:
        counts = [_grams(text) for _, text in examples()]
        held = Counter(gram for row in counts for gram in row)
        self._place = {gram: place for place, gram in enumerate(sorted(held))}
        self._weight = np.array([math.log((1 + len(counts)) / (1 + held[gram])) for gram in self._place])
        self._rows = np.stack([self._unit(row) for row in counts])

    def unit_rows(self) -> Matrix:
        """Shape (examples, n-grams)."""
        return self._rows

    def row(self, text: str) -> Matrix:
        """A text in the same space; what no example holds is left out."""
        return self._unit(_grams(text))

    def _unit(self, counts: Counter[str]) -> Matrix:
        row = np.zeros(len(self._place))
        for gram, number in counts.items():
            if (place := self._place.get(gram)) is not None:
                row[place] = (1 + math.log(number)) * self._weight[place]
        length = float(np.sqrt(row @ row))
        return row / length if length else row


@cache
def _pieces() -> _Pieces:
    return _Pieces()


_VECTORS: dict[str, Matrix] = {}
_WEIGHTS: dict[str, Matrix] = {}


def _embedded(embedder: Embedder) -> Matrix:
    if embedder.identity not in _VECTORS:
        vectors = embedder.embed([text for _, text in examples()])
        _VECTORS[embedder.identity] = vectors.astype(np.float64)
    return _VECTORS[embedder.identity]


def _weights(embedder: Embedder | None) -> Matrix:
    """Shape (examples, intents)."""
    key = embedder.identity if embedder is not None else ""
    if key not in _WEIGHTS:
        rows = _pieces().unit_rows()
        likeness = rows @ rows.T
        if embedder is not None:
            vectors = _embedded(embedder)
            likeness = (1 - _MEANING) * likeness + _MEANING * vectors @ vectors.T
        wanted = np.array([[float(intent is own) for intent in _intents()] for own, _ in examples()])
        _WEIGHTS[key] = np.linalg.solve(likeness + _RIDGE * np.eye(len(rows)), wanted)
    return _WEIGHTS[key]


def _grams(text: str) -> Counter[str]:
    folded = f" {' '.join(text.casefold().split())} "
    return Counter(folded[at : at + size] for size in _GRAMS for at in range(max(0, len(folded) - size + 1)))
