"""How grave a ticket reads, where no rule knows its words: a weighted sum over the vectors of its sentences.

The vectors are those of the multilingual embedder, whatever the workspace is embedded with, rounded to float16; weights are whole numbers,
so each sum is exact whatever the order. They are made by `python -m evals.severity.train` from texts of this project. Sentences, and pairs
of neighbours, are read alone and the worst counts: text that is added doesn't make a ticket harmless.
"""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from assistant.domain.clean import clean
from assistant.domain.text import sentences
from assistant.errors import ModelError
from assistant.llm.port import Embedder

GRAVE_FROM = 1.3
"""Log-odds from which on a ticket is critical: of 47 harmless reports 2 read so, of 54 critical ones 37, cross-validated (`evals.severity.train`)."""
HARMLESS_TO = -1.0
"""Above it a ticket isn't ranked low, whatever its words ask for: three critical reports that are put as wishes, under a title that plays
them down, read below 0."""
MOST = 24
"""Sentences that are read: 2 ms each, twice."""
_SHORT = 4
"""Characters of what is no sentence."""
_LONGEST = 400
_FILE = "severity.use.json"
_SHA256 = "6f185e503ed5599b85743e8fc8026842353585cee6383a236f64f30816945715"

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Part:
    """A sentence, or two neighbours."""

    start: int
    end: int
    """Span of the raw text."""
    text: str
    """Cleaned."""


@dataclass(frozen=True)
class Weights:
    """Whole numbers; `scale` of them make one unit of log-odds."""

    embedder: str
    scale: float
    bias: float
    vector: Floats
    """Shape (dimension,)."""


@dataclass(frozen=True)
class Reading:
    """The gravest part and how it reads."""

    odds: float
    part: Part
    is_quoted: bool = True
    """Whether the part stands in the record's text."""


def read_gravely(embedder: Embedder, raw: str, skipped: Sequence[tuple[int, int]] = ()) -> Reading | None:
    """The part of a text that reads gravest.

    Args:
        embedder: the multilingual one; of another nothing is known.
        skipped: spans of the raw text that don't count.

    Returns: None where there is nothing to read, or the embedder is another.
    Raises: ModelError.
    """
    weights = open_weights()
    if embedder.identity != weights.embedder:
        return None
    parts = parts_of(raw, skipped)
    if not parts:
        return None
    odds = log_odds(weights, rounded(embedder, [part.text for part in parts]))
    worst = int(np.argmax(odds))
    return Reading(float(odds[worst]), parts[worst])


def parts_of(raw: str, skipped: Sequence[tuple[int, int]] = ()) -> list[Part]:
    """Sentences and pairs of neighbours of a text, the first ones."""
    cleaned = clean(raw[: MOST * _LONGEST])
    alone: list[Part] = []
    for start, end in sentences(cleaned.text):
        text = cleaned.text[start:end].strip()
        first, last = cleaned.to_raw(start, end)
        if len(text) >= _SHORT and not any(first < stop and begin < last for begin, stop in skipped):
            alone.append(Part(first, last, text[:_LONGEST]))
    alone = alone[:MOST]
    pairs = [Part(one.start, other.end, f"{one.text} {other.text}") for one, other in pairwise(alone)]
    return [*alone, *pairs]


def rounded(embedder: Embedder, texts: Sequence[str]) -> Floats:
    """Vectors as they are weighed, shape (texts, dimension)."""
    return embedder.embed(texts).astype(np.float16).astype(np.float64)


def log_odds(weights: Weights, vectors: Floats) -> Floats:
    """How grave each reads, shape (texts,)."""
    odds: Floats = (vectors @ weights.vector + weights.bias) / weights.scale
    return odds


@lru_cache(maxsize=1)
def open_weights() -> Weights:
    """Raises: ModelError where the file is damaged."""
    content = resources.files("assistant.models").joinpath(_FILE).read_bytes()
    sha256 = hashlib.sha256(content).hexdigest()
    if sha256 != _SHA256:
        raise ModelError(
            f"The file {_FILE} is damaged: SHA-256 {sha256[:12]}…, expected {_SHA256[:12]}….",
            hint="Install voxspec again.",
        )
    held = json.loads(content)
    return Weights(held["embedder"], held["scale"], held["bias"], np.array(held["vector"], dtype=np.float64))
