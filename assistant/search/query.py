"""Find what was said: a question in, ranked quotes out."""

from dataclasses import dataclass

from assistant.domain.evidence import Hit, Scope
from assistant.domain.record import Passage, Record
from assistant.search.candidates import Candidate, Ranking, rank
from assistant.search.sentences import best_sentence
from assistant.search.stance import stance
from assistant.workbench import Workbench

EVERYTHING = Scope()


@dataclass(frozen=True)
class Found:
    """A hit with everything it was made of."""

    hit: Hit
    candidate: Candidate
    record: Record
    passage: Passage


def search(bench: Workbench, question: str, scope: Scope = EVERYTHING, limit: int = 10) -> list[Hit]:
    """Quotes that answer a question, best first; at most one per voice.

    Returns: at most `limit` hits; empty where the scope holds no records.
    Raises: UsageError for an empty question or limit, EmbedderMismatch, StoreError, ModelError.
    """
    return [found.hit for found in cut(bench, rank(bench, question, scope, limit))]


def cut(bench: Workbench, ranking: Ranking) -> list[Found]:
    """Cut the best sentence of each candidate. Records that went away meanwhile are left out."""
    rows = ranking.matrix.rows
    chosen = [(c, rows.record_ids[c.record], rows.passage_ids[c.passage]) for c in ranking.candidates]
    if not chosen:
        return []
    records = bench.catalog.records.get(bench.workspace, [record_id for _, record_id, _ in chosen])
    passages = bench.catalog.records.passages(bench.workspace, [passage_id for _, _, passage_id in chosen])
    everything: list[Found] = []
    for candidate, record_id, passage_id in chosen:
        record, passage = records.get(record_id), passages.get(passage_id)
        if record is not None and passage is not None and passage.end <= len(record.raw):
            hit = _hit(ranking, candidate, record, passage)
            everything.append(Found(hit, candidate, record, passage))
    return everything


def _hit(ranking: Ranking, candidate: Candidate, record: Record, passage: Passage) -> Hit:
    quote = best_sentence(record, passage, ranking.terms.of(record.language))
    return Hit(
        record_id=record.id,
        passage_id=passage.id,
        score=candidate.score,
        quote=quote,
        dense=candidate.cosine,
        lexical=candidate.bm25,
        stance=stance(quote.text, ranking.matrix.rating_share(record.source, record.rating), record.language),
    )
