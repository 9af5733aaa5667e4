"""Ranking the passages for a question: meaning and words fused, duplicates of one voice folded."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from assistant.domain.clean import clean
from assistant.domain.evidence import Scope
from assistant.errors import EmbedderMismatch, UsageError
from assistant.search.exact import cosines
from assistant.search.fuse import DENSE_WEIGHT, LEXICAL_WEIGHT, fuse
from assistant.search.matrix import Bools, CorpusMatrix, matrix_of
from assistant.search.plan import dense
from assistant.search.scope import record_mask
from assistant.search.terms import Terms, terms_for
from assistant.stores.index_port import Vectors
from assistant.workbench import Workbench

DEPTH = 50
"""Passages taken from each ranking at least. On banking77 depths of 20 to 1,000 differ by 0.003 nDCG@10."""
_WIDEN = 4
_MOST_TERMS = 64
_MOST_LEXICAL = 2_000
"""Asked of the lexical index for a narrow scope; its ids cost 3 us each."""


@dataclass(frozen=True)
class Candidate:
    """A passage that may answer, with how it was found."""

    passage: int
    """Row of the passage in the matrix."""
    record: int
    score: float
    """Fused, in [0, 1]."""
    cosine: float
    bm25: float | None


@dataclass(frozen=True)
class Ranking:
    """The candidates of a question, best first, at most one per voice."""

    matrix: CorpusMatrix
    terms: Terms
    """Stems of the question's content words, as each language of the workspace makes them."""
    candidates: tuple[Candidate, ...]
    looked_at: int
    """Passages that either ranking brought in."""


def rank(bench: Workbench, question: str, scope: Scope, limit: int) -> Ranking:
    """Rank the passages of the scope's records for a question.

    Passages of exact duplicates (one voice) fold to the smallest record id of the scope before the rankings are fused,
    so that copies push nothing else down.

    Raises: UsageError for an empty question or limit, EmbedderMismatch.
    """
    text = clean(question).text
    if not text:
        raise UsageError("The question is empty.", hint="Say in a few words what you look for.")
    if limit < 1:
        raise UsageError(f"A limit of {limit} leaves nothing.", hint="Use a limit of 1 or more.")
    matrix = matrix_of(bench)
    terms = terms_for(matrix, text)
    words = terms.all[:_MOST_TERMS]
    mask = None if scope.is_empty else record_mask(matrix, scope)
    if not matrix.rows.passage_ids or (mask is not None and not mask.any()):
        return Ranking(matrix, terms, (), 0)
    depth = max(DEPTH, _WIDEN * limit)
    vector = _embedded(bench, matrix, text)
    by_meaning = _by_meaning(bench, matrix, vector, mask, depth, limit)
    by_words = _by_words(bench, matrix, words, mask, depth)
    fused = fuse(
        [_folded(matrix, by_meaning, mask), _folded(matrix, [row for row, _ in by_words], mask)],
        [DENSE_WEIGHT, LEXICAL_WEIGHT],
    )
    rows = np.array([row for row, _ in fused], dtype=np.int64)
    similarity = cosines(matrix.unit_rows(rows), vector).tolist() if len(rows) else []
    bm25 = _best_scores(matrix, by_words, mask)
    candidates = (
        Candidate(row, int(matrix.passage_record[row]), score, round(cosine, 6), bm25.get(row))
        for (row, score), cosine in zip(fused, similarity, strict=True)
    )
    return Ranking(matrix, terms, _one_per_voice(matrix, candidates, limit), len(fused))


def _embedded(bench: Workbench, matrix: CorpusMatrix, text: str) -> Vectors:
    asked = bench.embedder.identity
    if asked not in matrix.embedders:
        stored = bench.catalog.pages.embedder(bench.workspace)
        if stored is not None and stored != asked:
            raise EmbedderMismatch(
                f"The workspace was embedded with {stored}, the question would be with {asked}.",
                hint="Leave VOXSPEC_EMBEDDER out: the workspace knows its embedder. 'voxspec embedder NAME' embeds it anew with another.",
            )
        matrix.embedders.add(asked)
    vector: Vectors = bench.embedder.embed([text])[0]
    return vector


def _by_meaning(
    bench: Workbench, matrix: CorpusMatrix, vector: Vectors, mask: Bools | None, depth: int, limit: int
) -> list[int]:
    """Rows of the nearest passages; more of them where copies of one voice crowd the top."""
    while True:
        rows = [row for row, _ in dense(bench, matrix, vector, mask, depth)]
        voices = {int(code) for code in matrix.own_voice.codes[matrix.passage_record[rows]]}
        if len(rows) < depth or len(voices) >= limit:
            return rows
        depth *= _WIDEN


def _by_words(
    bench: Workbench, matrix: CorpusMatrix, words: Sequence[str], mask: Bools | None, depth: int
) -> list[tuple[int, float]]:
    """(row, BM25) of passages of the mask. The lexical index knows no scopes, so more are asked of it."""
    if not words:
        return []
    share = 1.0 if mask is None else float(mask.mean())
    asked = min(max(_MOST_LEXICAL, depth), int(np.ceil(depth / share)))
    found = bench.catalog.lexical.search(bench.workspace, words, asked)
    known = ((matrix.passage_row.get(name), score) for name, score in found)
    rows = [(row, score) for row, score in known if row is not None]
    return [(row, score) for row, score in rows if mask is None or mask[matrix.passage_record[row]]][:depth]


def _folded(matrix: CorpusMatrix, rows: Sequence[int], mask: Bools | None) -> list[int]:
    return list(dict.fromkeys(_first_copy(matrix, row, mask) for row in rows))


def _first_copy(matrix: CorpusMatrix, row: int, mask: Bools | None) -> int:
    """The same passage in the smallest record id of its voice."""
    record = int(matrix.passage_record[row])
    first = matrix.first_of_voice(record, mask)
    if first == record:
        return row
    ordinal = matrix.rows.passage_ids[row].rpartition(".")[2]
    return matrix.passage_row.get(f"{matrix.rows.record_ids[first]}.{ordinal}", row)


def _best_scores(
    matrix: CorpusMatrix, by_words: Sequence[tuple[int, float]], mask: Bools | None
) -> dict[int, float]:
    best: dict[int, float] = {}
    for row, score in by_words:
        best.setdefault(_first_copy(matrix, row, mask), round(score, 6))
    return best


def _one_per_voice(
    matrix: CorpusMatrix, candidates: Iterable[Candidate], limit: int
) -> tuple[Candidate, ...]:
    kept: dict[int, Candidate] = {}
    for candidate in candidates:
        kept.setdefault(int(matrix.own_voice.codes[candidate.record]), candidate)
        if len(kept) == limit:
            break
    return tuple(kept.values())
