"""Which tickets say the same as one that comes in, or that is about to be made.

Candidates come from the stores' own indexes by meaning and by words; what they share with the ticket is then weighed
(`assistant.triage.weights`), without what all tickets of the tracker share (`assistant.triage.background`). Evidence of a ticket, its own or another's, counts as further text of it: it can only bring two nearer. Only
tickets that are records of the workspace are looked at.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np

from assistant.domain.record import Record
from assistant.domain.triage import Alike
from assistant.search.by_words import best_rows
from assistant.search.matrix import Bools, CorpusMatrix, Ints, matrix_of
from assistant.search.plan import dense
from assistant.stores.index_port import Vectors
from assistant.stores.moved import Moved
from assistant.stores.port import CorpusRows
from assistant.triage.background import Common, common_of
from assistant.triage.behind import MOST, Behind, behind_tickets
from assistant.triage.cut import passages_of
from assistant.triage.tickets import SOURCE, title_of
from assistant.triage.weights import FEW, WEIGHTS, Weights
from assistant.triage.wording import Wording, worded
from assistant.workbench import Workbench

CANDIDATES = 100
"""From each ranking. Of gitbugs' known duplicates, three rankings of so many hold 99 %."""
FINALISTS = 40
"""Candidates whose titles are embedded: on gitbugs the first ten are found as often as with all of them, for a fifth of the work."""
MOST_QUOTED = 32
"""Quotes that are embedded for one question: of the comments under the candidates."""
_MOST_TITLES = 20_000
"""Kept between tickets, 2 kB each."""
_MONTH_S = 30 * 24 * 3600


@dataclass(frozen=True)
class _Asked:
    """The ticket, as it is looked up and compared."""

    said: Vectors
    """Title, passages and evidence without what all tickets share, shape (n, dimension)."""
    passages: int
    common: Common | None
    gist: Vectors
    """Of title and opening, shape (dimension,)."""
    words: Wording
    at: float
    """Unix seconds."""

    @property
    def leading(self) -> list[Vectors]:
        """Gist, title and the opening."""
        return [self.gist, self.said[0], self.said[1]]

    @property
    def evidence(self) -> Vectors:
        """Shape (n, dimension), n may be 0."""
        return self.said[1 + self.passages :]


@dataclass(frozen=True)
class _Support:
    """Evidence of the tickets of the workspace."""

    behind: Behind
    passages: Mapping[str, Sequence[int]]
    """Rows of passages, by the id of a ticket's record."""


def alike(
    bench: Workbench,
    title: str,
    body: str,
    limit: int,
    *,
    without: str = "",
    created_at: datetime | None = None,
    evidence: Sequence[str] = (),
    weights: Weights | None = None,
) -> list[Alike]:
    """Tickets of the workspace that say the same as this one or nearly, best first.

    Args:
        without: id of the ticket's own record, where it is one.
        created_at: when the ticket was made; None: as new as the newest of the workspace.
        evidence: what people said that stands behind it, beside what is linked to it already.
        weights: None: those that suit so many tickets.

    Returns: at most `limit`; empty where the workspace holds no tickets, or nothing is said.
    Raises: EmbedderMismatch, StoreError, ModelError.
    """
    matrix = matrix_of(bench)
    mask = _tickets(matrix, without)
    pieces = passages_of(f"{title}\n\n{body}")
    if not pieces or not mask.any() or limit < 1:
        return []
    behind = behind_tickets(bench)
    quoted = [*evidence, *behind.texts(bench, [without]).get(without, ())][:MOST]
    common = common_of(matrix, _tickets(matrix, ""))
    weights = weights or (WEIGHTS if common else FEW)
    asked = _asked(bench, matrix, mask, title, body, pieces, quoted, created_at, common)
    support = _Support(behind, behind.passages(bench, matrix))
    rows = _candidates(bench, matrix, mask, asked, support)
    records = bench.catalog.records.get(bench.workspace, [matrix.rows.record_ids[row] for row in rows])
    rows = [row for row in rows if matrix.rows.record_ids[row] in records]
    found = [records[matrix.rows.record_ids[row]] for row in rows]
    scores = _scores(bench, matrix, rows, found, asked, support, weights, max(FINALISTS, limit))
    ranked = sorted(
        ((score, found[at]) for at, score in scores.items()), key=lambda pair: (-pair[0], pair[1].id)
    )
    return [_alike(record, score, weights) for score, record in ranked[:limit]]


def _alike(record: Record, score: float, weights: Weights) -> Alike:
    return Alike(
        connection=record.source.removeprefix(SOURCE),
        ticket=record.external_id or "",
        record_id=record.id,
        title=title_of(record),
        score=score,
        is_duplicate=score >= weights.duplicate_at,
    )


def _tickets(matrix: CorpusMatrix, without: str) -> Bools:
    mask = matrix.source.among(
        [name for name in matrix.source.known if isinstance(name, str) and name.startswith(SOURCE)]
    )
    if (own := matrix.row_of(without)) is not None:
        mask[own] = False
    return mask


def _asked(
    bench: Workbench,
    matrix: CorpusMatrix,
    mask: Bools,
    title: str,
    body: str,
    pieces: Sequence[str],
    quoted: Sequence[str],
    created_at: datetime | None,
    common: Common | None,
) -> _Asked:
    said = _compared(common, bench.embedder.embed([title, *pieces, *quoted]))
    lengths = np.array([len(piece) for piece in pieces[:2]], dtype=np.float32)
    if created_at is None:
        known = matrix.said_at[mask & ~np.isnan(matrix.said_at)]
        at = float(known.max()) if len(known) else np.nan
    else:
        at = created_at.timestamp()
    return _Asked(
        said=said,
        passages=len(pieces),
        common=common,
        gist=_gist(said[0], said[1 : 1 + len(lengths)], lengths),
        words=worded(bench, title, body),
        at=at,
    )


def _compared(common: Common | None, vectors: Vectors) -> Vectors:
    return common.without(vectors) if common else vectors


def _gist(title: Vectors, opening: Vectors, lengths: Vectors) -> Vectors:
    """Title and the first two passages as one unit vector. Shapes (dimension,), (n, dimension), (n,)."""
    return _unit(_unit((opening * lengths[:, None]).sum(axis=0)) + title)


def _unit(vector: Vectors) -> Vectors:
    length = float(np.sqrt(np.square(vector.astype(np.float64)).sum()))
    unit: Vectors = (vector / max(length, 1e-12)).astype(np.float32)
    return unit


def _candidates(
    bench: Workbench, matrix: CorpusMatrix, mask: Bools, asked: _Asked, support: _Support
) -> list[int]:
    """Rows of records, ascending."""
    found = set(_by_evidence(matrix, mask, asked, support))
    # What all share is at a right angle to these vectors, so that it needn't be taken out of those in the index.
    for vector in (*asked.leading, *asked.evidence[:3]):
        hits = dense(bench, matrix, vector, mask, CANDIDATES)
        found.update(int(matrix.passage_record[row]) for row, _ in hits)
    scored = bench.catalog.lexical.scored(bench.workspace, asked.words.rarest)
    named, _ = best_rows(matrix, *scored, 20 * CANDIDATES)
    records = matrix.passage_record[named]
    by_words = dict.fromkeys(records[mask[records]].tolist())
    found.update(list(by_words)[:CANDIDATES])
    return sorted(found)


def _by_evidence(matrix: CorpusMatrix, mask: Bools, asked: _Asked, support: _Support) -> list[int]:
    """Tickets whose evidence is nearest to what is asked."""
    pairs = [
        (row, passage)
        for ticket, passages in support.passages.items()
        if (row := matrix.row_of(ticket)) is not None and mask[row]
        for passage in passages
    ]
    if not pairs:
        return []
    held = matrix.unit_rows(np.array([passage for _, passage in pairs]))
    nearest = (held @ np.vstack([*asked.leading, asked.evidence]).T).max(axis=1)
    best = np.argsort(-nearest, kind="stable")[: 2 * CANDIDATES]
    return list(dict.fromkeys(pairs[place][0] for place in best.tolist()))[:CANDIDATES]


def _scores(
    bench: Workbench,
    matrix: CorpusMatrix,
    rows: Sequence[int],
    records: Sequence[Record],
    asked: _Asked,
    support: _Support,
    weights: Weights,
    most: int,
) -> dict[int, float]:
    """Scores of the likeliest, at most so many, by their place among the records."""
    held = _held(bench, matrix, rows, records, support, asked.common)
    texts = support.behind.texts(bench, [record.id for record in records])
    openings: list[float] = []
    rest: list[float] = []
    for place, record in enumerate(records):
        words, title_words = _shared(asked, record, texts.get(record.id, ()))
        title, passages = _nearest(asked, held[place])
        parts = (
            (weights.title, title),
            (weights.passages, passages),
            (weights.words, words),
            (weights.title_words, title_words),
            (weights.near, _nearness(asked.at, float(matrix.said_at[rows[place]]))),
        )
        first, last = np.searchsorted(matrix.passage_record, [rows[place], rows[place] + 1])
        opening = held[place][: min(last - first, 2)].sum(axis=0)
        openings.append(float(asked.gist @ _unit(opening)))
        rest.append(sum(weight * value for weight, value in parts))
    # The gist asks the embedder for a title, which costs more than all the rest: until then the opening speaks for it.
    likely = sorted(
        range(len(records)), key=lambda at: (-rest[at] - weights.gist * openings[at], records[at].id)
    )
    chosen = sorted(likely[:most])
    gists = _gists(bench, matrix, [rows[at] for at in chosen], [records[at] for at in chosen], asked)
    return {
        at: round(min(1.0, max(0.0, rest[at] + weights.gist * gist)), 4)
        for at, gist in zip(chosen, gists, strict=True)
    }


def _held(
    bench: Workbench,
    matrix: CorpusMatrix,
    rows: Sequence[int],
    records: Sequence[Record],
    support: _Support,
    common: Common | None,
) -> list[Vectors]:
    """The vectors of each ticket's passages and of its evidence, as they are compared. Shapes (n, dimension)."""
    said = [(record.id, text) for record in records for text in support.behind.said.get(record.id, ())]
    said = said[:MOST_QUOTED]
    vectors = bench.embedder.embed([text for _, text in said])
    found: list[Vectors] = []
    for row, record in zip(rows, records, strict=True):
        first, last = np.searchsorted(matrix.passage_record, [row, row + 1])
        quoted = [vectors[at] for at, (ticket, _) in enumerate(said) if ticket == record.id]
        further = np.array(support.passages.get(record.id, ()), dtype=np.int64)
        own = [matrix.unit_rows(np.arange(first, last)), matrix.unit_rows(further), *quoted]
        found.append(_compared(common, np.vstack(own)))
    return found


def _gists(
    bench: Workbench, matrix: CorpusMatrix, rows: Sequence[int], records: Sequence[Record], asked: _Asked
) -> list[float]:
    """Cosines of the gists."""
    titles = _compared(asked.common, _titles(bench, matrix, [title_of(record) for record in records]))
    first = np.searchsorted(matrix.passage_record, rows)
    last = np.minimum(np.searchsorted(matrix.passage_record, rows, side="right"), first + 2)
    return [
        float(
            asked.gist
            @ _gist(
                title,
                _compared(asked.common, matrix.unit_rows(np.arange(start, end))),
                np.array(long, dtype=np.float32),
            )
        )
        for title, start, end, long in zip(
            titles, first, last, _lengths(bench, matrix, first, last), strict=True
        )
    ]


def _nearest(asked: _Asked, held: Vectors) -> tuple[float, float]:
    """Cosine of the title with the nearest of what the other ticket holds, and of the nearest two of all the rest."""
    if not len(held):
        return 0.0, 0.0
    cosines = (held @ asked.said.T).max(axis=0)
    return float(cosines[0]), float(cosines[1:].max())


def _shared(asked: _Asked, record: Record, quoted: Sequence[str]) -> tuple[float, float]:
    """What the other ticket holds of the words and of the title's: its text, or its evidence, whichever holds more."""
    words, title_words = asked.words.shared(title_of(record), record.raw, record.language)
    if not quoted:
        return words, title_words
    further = asked.words.shared("", "\n".join(quoted), record.language)
    return max(words, further[0]), max(title_words, further[1])


@dataclass(frozen=True)
class _KeptTitles:
    """Vectors of titles that were compared before: embedding those of 200 candidates took half of the time of a ticket."""

    vectors: dict[str, Vectors]

    def moved(self, _moved: Moved, _rows: CorpusRows) -> "_KeptTitles":
        return self


def _titles(bench: Workbench, matrix: CorpusMatrix, titles: Sequence[str]) -> Vectors:
    """Shape (titles, dimension)."""
    kept = matrix.kept.setdefault(f"titles {bench.embedder.identity}", _KeptTitles({}))
    assert isinstance(kept, _KeptTitles)
    held = {title: kept.vectors[title] for title in titles if title in kept.vectors}
    if missing := sorted({*titles} - held.keys()):
        made = dict(zip(missing, bench.embedder.embed(missing), strict=True))
        held |= made
        if len(kept.vectors) < _MOST_TITLES:
            kept.vectors.update(made)
    return np.array([held[title] for title in titles], dtype=np.float32).reshape(len(titles), -1)


def _lengths(bench: Workbench, matrix: CorpusMatrix, first: Ints, last: Ints) -> list[list[int]]:
    """Characters of the first two passages of each record."""
    names = [
        [matrix.rows.passage_ids[row] for row in range(start, min(start + 2, end))]
        for start, end in zip(first.tolist(), last.tolist(), strict=True)
    ]
    known = bench.catalog.records.passages(bench.workspace, [name for some in names for name in some])
    return [[known[n].end - known[n].start if n in known else 1 for n in some] for some in names]


def _nearness(one: float, other: float) -> float:
    if np.isnan(one) or np.isnan(other):
        return 0.0
    return float(1.0 / (1.0 + np.log1p(abs(one - other) / _MONTH_S)))
