"""Retrieval quality: does a question find the records of its own intent? Measured on banking77 (test → train)."""

import csv
import math
import random
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from assistant.domain.text import index_terms
from assistant.llm.port import Embedder
from assistant.search.exact import cosines, nearest
from assistant.search.fuse import DENSE_WEIGHT, LEXICAL_WEIGHT, fuse

Ranker = Callable[[str], Sequence[str]]
"""A question to the ids of texts, best first."""
_DEPTH = 100
_K1, _B = 1.2, 0.75


@dataclass(frozen=True)
class Labelled:
    """Texts with their intents; the id of a text is its row number as a string."""

    texts: tuple[str, ...]
    intents: tuple[str, ...]


@dataclass(frozen=True)
class RetrievalScores:
    """nDCG@10 of each way to rank, averaged over the questions."""

    questions: int
    dense: float
    lexical: float
    hybrid: float
    """Dense 1 : BM25 0.3, as `search` fuses them."""


def read_banking77(folder: Path, questions: int = 1000, seed: int = 7) -> tuple[Labelled, Labelled]:
    """The whole training set, and a seeded sample of test questions.

    Args:
        folder: holds `train.csv` and `test.csv` with columns `text` and `category`.
    """
    train, test = _read(folder / "train.csv"), _read(folder / "test.csv")
    count = min(questions, len(test.texts))
    rows = sorted(random.Random(seed).sample(range(len(test.texts)), count))
    return train, Labelled(tuple(test.texts[i] for i in rows), tuple(test.intents[i] for i in rows))


def _read(path: Path) -> Labelled:
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return Labelled(tuple(row["text"] for row in rows), tuple(row["category"] for row in rows))


def ndcg(found: Sequence[str], relevant: frozenset[str], k: int = 10) -> float:
    """Normalised discounted cumulative gain of a ranking with binary relevance, in [0, 1]."""
    gain = sum(1 / math.log2(place + 2) for place, name in enumerate(found[:k]) if name in relevant)
    ideal = sum(1 / math.log2(place + 2) for place in range(min(k, len(relevant))))
    return gain / ideal if ideal else 0.0


def mean_ndcg(ranker: Ranker, corpus: Labelled, questions: Labelled) -> float:
    """Mean nDCG@10 of any ranker, for example our `search` or another pipeline's retriever."""
    members: dict[str, set[str]] = {}
    for row, intent in enumerate(corpus.intents):
        members.setdefault(intent, set()).add(str(row))
    relevant = {intent: frozenset(rows) for intent, rows in members.items()}
    scores = [
        ndcg(ranker(question), relevant.get(intent, frozenset()))
        for question, intent in zip(questions.texts, questions.intents, strict=True)
    ]
    return sum(scores) / len(scores) if scores else 0.0


def measure_banking77(folder: Path, embedder: Embedder, questions: int = 1000) -> RetrievalScores:
    """Rank with the parts of `search` (exact cosine, BM25, their fusion), without a store between.

    Takes about 40 CPU-seconds with the local embedder, nearly all of it for 10,000 embeddings.
    """
    corpus, asked = read_banking77(folder, questions)
    vectors, wanted = embedder.embed(corpus.texts), embedder.embed(asked.texts)
    rows, bm25 = np.arange(len(corpus.texts)), _Bm25(corpus.texts)
    by_meaning, by_words = {}, {}
    for question, vector in zip(asked.texts, wanted, strict=True):
        by_meaning[question] = [row for row, _ in nearest(rows, cosines(vectors, vector), _DEPTH)]
        by_words[question] = bm25.nearest(question, _DEPTH)

    def hybrid(question: str) -> list[str]:
        fused = fuse([by_meaning[question], by_words[question]], [DENSE_WEIGHT, LEXICAL_WEIGHT])
        return [str(row) for row, _ in fused]

    return RetrievalScores(
        questions=len(asked.texts),
        dense=mean_ndcg(lambda q: [str(row) for row in by_meaning[q]], corpus, asked),
        lexical=mean_ndcg(lambda q: [str(row) for row in by_words[q]], corpus, asked),
        hybrid=mean_ndcg(hybrid, corpus, asked),
    )


class _Bm25:
    """Plain Okapi BM25 in memory, written apart from the catalog's, so that the two check each other."""

    def __init__(self, texts: Sequence[str]) -> None:
        terms = [index_terms(text) for text in texts]
        self._lengths = np.array([len(each) for each in terms], dtype=np.float64)
        self._norm = _K1 * (1 - _B + _B * self._lengths / max(self._lengths.mean(), 1e-9))
        self._postings: dict[str, dict[int, int]] = {}
        for row, each in enumerate(terms):
            for term, count in Counter(each).items():
                self._postings.setdefault(term, {})[row] = count

    def nearest(self, question: str, limit: int) -> list[int]:
        scores = np.zeros(len(self._lengths))
        for term in sorted(set(index_terms(question))):
            held = self._postings.get(term, {})
            rows = np.fromiter(held.keys(), dtype=np.int64, count=len(held))
            counts = np.fromiter(held.values(), dtype=np.float64, count=len(held))
            rarity = math.log1p((len(scores) - len(held) + 0.5) / (len(held) + 0.5))
            scores[rows] += rarity * counts * (_K1 + 1) / (counts + self._norm[rows])
        found = np.flatnonzero(scores)
        return [row for row, _ in nearest(found, scores[found].astype(np.float32), limit)]
