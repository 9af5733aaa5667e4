"""What the words of records tell, in the catalog: the `FacetStore`. Sentiments are worked out when they are read.

A rating's meaning depends on the scale of its source, which the next import may show to be another. So the tone of the words is
stored, and the rating is weighed at each reading: the answer depends on what is there, never on the order in which it came.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

import numpy as np
import numpy.typing as npt
from sqlalchemy import Connection, bindparam, case, delete, func, select, update

from assistant.domain.facets import Facets, RecordType, Sentiment, Wording
from assistant.domain.ratings import Scale, scale_of, sentiment_of, share_of
from assistant.stores.columns import insert_rows
from assistant.stores.database import Database
from assistant.stores.port import Uttered
from assistant.stores.rows import chunks, workspace_key
from assistant.stores.tables import passages, records, vectors, wordings, workspaces

_RATED = (
    select(records.c.source, records.c.rating, func.count())
    .where(
        records.c.workspace == bindparam("workspace"),
        records.c.current,
        records.c.rating.is_not(None),
    )
    .group_by(records.c.source, records.c.rating)
)
_WORDED = (
    select(records.c.id, records.c.source, records.c.rating, wordings.c.type, wordings.c.tone)
    .select_from(records.outerjoin(wordings, wordings.c.record == records.c.key))
    .where(records.c.workspace == bindparam("workspace"), records.c.id.in_(bindparam("ids", expanding=True)))
)

_PASSAGES = (
    select(passages.c.record, passages.c.start, passages.c.end, passages.c.marks, vectors.c.vector)
    .select_from(passages.join(vectors, vectors.c.key == passages.c.vector))
    .where(passages.c.record.in_(bindparam("keys", expanding=True)))
    .order_by(passages.c.record, passages.c.start, passages.c.id)
)


class SqlFacets:
    """The `FacetStore`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def get(
        self, workspace: str, record_ids: Sequence[str], revision: str | None = None
    ) -> dict[str, Facets]:
        """Facets of records by id; see the port."""
        query = _WORDED.where(records.c.current if revision is None else records.c.revision == revision)
        found: dict[str, Facets] = {}
        with self._database.read() as connection:
            key = workspace_key(connection, workspace)
            rows = [
                row
                for some in chunks(list(dict.fromkeys(record_ids)))
                for row in connection.execute(query, {"workspace": key, "ids": some})
            ]
            # Counting the ratings of 100,000 records takes 50 ms: not for those that have none, as tickets.
            is_rated = any(row.rating is not None for row in rows)
            scales = _scales(connection, key) if is_rated else {}
        for row in rows:
            sentiment = _sentiment(scales.get(row.source), row.rating, row.tone)
            found[row.id] = Facets(RecordType(row.type) if row.type else None, sentiment)
        return found

    def worded_by(self, workspace: str) -> tuple[str, str | None]:
        """What the wordings were decided with, and the embedder."""
        query = select(workspaces.c.worded_by, workspaces.c.embedder).where(workspaces.c.name == workspace)
        with self._database.read() as connection:
            row = connection.execute(query).first()
        return (row.worded_by, row.embedder) if row else ("", None)

    def uttered(self, workspace: str, after: str | None, limit: int) -> list[tuple[str, list[Uttered]]]:
        """Current records after that one by id, each with its passages."""
        with self._database.read() as connection:
            key = workspace_key(connection, workspace)
            these = records.c.workspace == key, records.c.current, records.c.id > (after or "")
            query = select(records.c.key, records.c.id, records.c.raw).where(*these)
            held = connection.execute(query.order_by(records.c.id).limit(limit)).all()
            said: dict[int, list[Uttered]] = {row.key: [] for row in held}
            raws = {row.key: (row.id, row.raw) for row in held}
            for some in chunks(list(said)):
                for row in connection.execute(_PASSAGES, {"keys": some}):
                    text = raws[row.record][1][row.start : row.end]
                    said[row.record].append(Uttered(text, row.marks, _stored(row.vector)))
        return [(raws[key][0], passages) for key, passages in said.items()]

    def put(self, workspace: str, wordings: Mapping[str, Wording]) -> None:
        """Keep what the words of current records tell."""
        with self._database.write(workspace) as connection:
            key = workspace_key(connection, workspace)
            for some in chunks(list(wordings)):
                query = select(records.c.id, records.c.key).where(
                    records.c.workspace == key, records.c.current, records.c.id.in_(some)
                )
                found = {row.id: row.key for row in connection.execute(query)}
                put_wordings(connection, found, {one: wordings[one] for one in some}, stored=found)

    def finish(self, workspace: str, worded_by: str) -> None:
        """Remember that all wordings were decided with that."""
        with self._database.write(workspace) as connection:
            these = workspaces.c.name == workspace
            connection.execute(update(workspaces).where(these).values(worded_by=worded_by))


def note_worded_by(connection: Connection, workspace: int, worded_by: str) -> None:
    """Before a batch is saved: what decided its wordings decided all, or the workspace has some to make up for."""
    kept = case(
        (workspaces.c.passages == 0, worded_by), (workspaces.c.worded_by == worded_by, worded_by), else_=""
    )
    connection.execute(update(workspaces).where(workspaces.c.key == workspace).values(worded_by=kept))


def put_wordings(
    connection: Connection, keys: Mapping[str, int], given: Mapping[str, Wording], stored: Iterable[str]
) -> None:
    """Save wordings inside the connection's transaction.

    Args:
        keys: record id → integer key.
        stored: records that may have a wording already.
    """
    rows = [
        {"record": keys[record_id], "type": one.type.value, "tone": one.tone.value}
        for record_id, one in given.items()
        if record_id in keys
    ]
    for some in chunks([keys[record_id] for record_id in stored if record_id in given]):
        connection.execute(delete(wordings).where(wordings.c.record.in_(some)))
    insert_rows(connection, wordings, rows)


def sentiments(
    sources: Sequence[str], ratings: Sequence[float | None], tones: Sequence[str | None]
) -> tuple[str | None, ...]:
    """The sentiment of every record of a workspace; None where neither rating nor tone is known."""
    counts: dict[str, Counter[float]] = {}
    for source, rating in zip(sources, ratings, strict=True):
        if rating is not None:
            counts.setdefault(source, Counter())[rating] += 1
    scales = {source: scale_of(held) for source, held in counts.items()}
    # Few combinations occur, so each is worked out once.
    known: dict[tuple[str, float | None, str | None], str | None] = {}
    found: list[str | None] = []
    for combination in zip(sources, ratings, tones, strict=True):
        if combination not in known:
            source, rating, tone = combination
            sentiment = _sentiment(scales.get(source), rating, tone)
            known[combination] = None if sentiment is None else sentiment.value
        found.append(known[combination])
    return tuple(found)


def _sentiment(scale: Scale | None, rating: float | None, tone: str | None) -> Sentiment | None:
    share = None if scale is None else share_of(rating, scale)
    if share is not None:
        return sentiment_of(share)
    return None if tone is None else Sentiment(tone)


def _scales(connection: Connection, workspace: int | None) -> dict[str, Scale]:
    counts: dict[str, dict[float, int]] = {}
    for source, rating, times in connection.execute(_RATED, {"workspace": workspace}):
        counts.setdefault(source, {})[rating] = times
    return {source: scale_of(held) for source, held in counts.items()}


def _stored(blob: bytes) -> npt.NDArray[np.float16]:
    return np.frombuffer(blob, dtype="<f2").astype(np.float16, copy=False)
