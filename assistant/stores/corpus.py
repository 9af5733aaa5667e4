"""Reading a whole workspace as columns: everything that search and facts compute over, in one pass."""

import json
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt
from sqlalchemy import Connection, select

from assistant.stores.columns import unindexed
from assistant.stores.facets import sentiments
from assistant.stores.ledger import Ledger
from assistant.stores.moved import Reached
from assistant.stores.people import read_people
from assistant.stores.port import CorpusRows
from assistant.stores.resolve import resolved
from assistant.stores.rows import NO_RECORDS
from assistant.stores.stack import Halves, Places, Stack
from assistant.stores.tables import passages, records, vectors, wordings, workspaces
from assistant.stores.twins import read_links

_PAGE = 10_000
COLUMNS = ("kind", "source", "person", "account", "voice", "language", "rating", "said_at")
"""Of a record's row, behind its key, id, segments and facets."""


def read_corpus(connection: Connection, workspace: str, *, with_passages: bool = True) -> CorpusRows:
    """All current records and passages of a workspace, ordered by id.

    No model is built per row: 100,000 records with their vectors load in about two seconds.

    Args: with_passages: False leaves passages, their marks and vectors out.
    """
    found = connection.execute(select(workspaces).where(workspaces.c.name == workspace)).first()
    key = found.key if found else None
    rows = record_rows(connection, key)
    embedder = found.embedder if found else None
    passage_ids, passage_record, matrix, places, marks, keys = (
        _passage_rows(connection, key, embedder, [row[0] for row in rows])
        if with_passages
        else (
            (),
            np.empty(0, np.int32),
            np.empty((0, 0), np.float16),
            np.empty(0, np.int64),
            (),
            np.empty(0, np.int64),
        )
    )
    columns = list(zip(*rows, strict=True)) or [()] * (len(COLUMNS) + 5)
    del rows
    named: dict[str, Any] = dict(zip(COLUMNS, columns[5:], strict=True))
    rows_as_said = CorpusRows(
        snapshot=found.snapshot if found else NO_RECORDS,
        record_ids=columns[1],
        segments=read_segments(columns[2]),
        passage_ids=passage_ids,
        passage_record=passage_record,
        stack=Stack(matrix),
        places=places,
        passage_keys=keys,
        marks=marks,
        type=columns[3],
        sentiment=sentiments(named["source"], named["rating"], columns[4]),
        has_passages=with_passages,
        reached=Reached(max(columns[0], default=0), found.worded_by if found else "", embedder),
        **named,
    )
    return resolved(rows_as_said, _ledger(connection, key))


def _ledger(connection: Connection, workspace: int | None) -> Ledger:
    links = read_links(connection, workspace)
    merged = read_people(connection, workspace)
    return Ledger(
        twins={record_id: one for record_id, one in links.items() if not one.undone},
        apart=frozenset(record_id for record_id, one in links.items() if one.undone),
        people={person: one.first_person for person, one in merged.items() if not one.undone},
    )


def record_rows(
    connection: Connection, workspace: int | None, after: int = 0, limit: int | None = None
) -> list[tuple[Any, ...]]:
    """Current records by id: key, id, segments, facets, `COLUMNS`. Args: after: those with a greater key. limit: at most."""
    facets = wordings.c.type, wordings.c.tone
    query = (
        select(records.c.key, records.c.id, records.c.segments, *facets, *(records.c[n] for n in COLUMNS))
        .select_from(records.outerjoin(wordings, wordings.c.record == records.c.key))
        .where(records.c.current)
    )
    if after:
        query = query.where(unindexed(records.c.workspace) == workspace, records.c.key > after)
        query = query.order_by(records.c.key).limit(limit)
    else:
        query = query.where(records.c.workspace == workspace)
    # Few sources, languages and people occur many times; each value is held once.
    known: dict[object, object] = {}
    once = known.setdefault
    # Sorted here: in SQL, following the index through the table's pages is slower than one scan.
    rows = [
        tuple(once(value, value) if isinstance(value, str) else value for value in row)
        for row in connection.execute(query.execution_options(yield_per=_PAGE))
    ]
    rows.sort(key=lambda row: str(row[1]))
    return rows


def _passage_rows(
    connection: Connection, workspace: int | None, embedder: str | None, record_keys: Sequence[object]
) -> tuple[tuple[str, ...], npt.NDArray[np.int32], Halves, Places, tuple[str, ...], npt.NDArray[np.int64]]:
    place = {key: i for i, key in enumerate(record_keys)}
    columns = (passages.c[name] for name in ("id", "record", "vector", "marks", "key"))
    query = select(*columns).where(passages.c.workspace == workspace)
    rows = sorted((tuple(row) for row in connection.execute(query)), key=lambda row: str(row[0]))
    matrix, vector_row = _matrix(connection, workspace, embedder)
    return (
        tuple(row[0] for row in rows),
        np.array([place[row[1]] for row in rows], dtype=np.int32),
        matrix,
        np.array([vector_row[row[2]] for row in rows], dtype=np.int64),
        tuple(row[3] for row in rows),
        np.array([row[4] for row in rows], dtype=np.int64),
    )


def _matrix(
    connection: Connection, workspace: int | None, embedder: str | None
) -> tuple[npt.NDArray[np.float16], Mapping[int, int]]:
    # Those of another embedder are being made for a switch; they have another length.
    query = select(vectors.c.key, vectors.c.vector).where(
        vectors.c.workspace == workspace, vectors.c.embedder == embedder
    )
    parts: list[npt.NDArray[np.float16]] = []
    place: dict[int, int] = {}
    for page in connection.execute(query.execution_options(yield_per=_PAGE)).partitions():
        flat = np.frombuffer(b"".join(row[1] for row in page), dtype="<f2").astype(np.float16, copy=False)
        parts.append(flat.reshape(len(page), -1))
        for row in page:
            place[row[0]] = len(place)
    return (np.concatenate(parts) if parts else np.empty((0, 0), np.float16)), place


def read_segments(texts: Sequence[str]) -> tuple[Mapping[str, str], ...]:
    """The segments of records, as they are stored."""
    # Few combinations of segments occur, so most are read once and shared.
    parse = lru_cache(maxsize=10_000)(json.loads)
    return tuple(parse(text) for text in texts)
