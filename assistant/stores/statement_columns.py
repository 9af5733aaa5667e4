"""Reading all statements of a workspace as columns, without ever holding them row by row."""

from array import array
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from sqlalchemy import Connection, select

from assistant.stores.tables import records, statement_vectors, statements, vectors
from assistant.stores.theme_port import StatementRows

_PAGE = 10_000


def read_statements(connection: Connection, workspace: int | None, embedder: str) -> StatementRows:
    """All statements that have a vector of that embedder; see the port."""
    held = _held(connection, workspace)
    matrix, found = _matrix(connection, workspace, embedder, held.hashes)
    if not found.all():
        held, matrix = _embedded(held, found), matrix[found]
    return StatementRows(vectors=matrix, **vars(held))


@dataclass(frozen=True)
class _Columns:
    """`StatementRows` without the vectors."""

    record_ids: tuple[str, ...]
    keys: npt.NDArray[np.int64]
    record: npt.NDArray[np.int32]
    start: npt.NDArray[np.int64]
    end: npt.NDArray[np.int64]
    text: npt.NDArray[np.int32]
    hashes: tuple[str, ...]
    theme: npt.NDArray[np.int32]
    theme_ids: tuple[str, ...]
    found: npt.NDArray[np.int32]


def _held(connection: Connection, workspace: int | None) -> _Columns:
    """Page by page into columns of numbers, each name once: 64 bytes a statement, where a row is several objects."""
    query = (
        select(
            statements.c.key,
            statements.c.start,
            statements.c.end,
            statements.c.ordinal,
            records.c.id,
            statements.c.text_hash,
            statements.c.theme,
            statements.c.found_theme,
        )
        .select_from(statements.join(records, records.c.key == statements.c.record))
        .where(statements.c.workspace == workspace, records.c.current)
    )
    numbers = array("q")
    ids: dict[str, int] = {}
    hashes: dict[str, int] = {}
    places: dict[str, int] = {}
    for row in connection.execute(query.execution_options(yield_per=_PAGE)):
        key, start, end, ordinal, record_id, text_hash, theme, found_theme = row
        numbers.extend((key, start, end, ordinal))
        numbers.append(ids.setdefault(record_id, len(ids)))
        numbers.append(hashes.setdefault(text_hash, len(hashes)))
        for name in (theme, found_theme or theme):
            numbers.append(-1 if name is None else places.setdefault(name, len(places)))
    table = np.frombuffer(numbers, np.int64).reshape(-1, 8)
    (record_ids, record), (texts, text) = (_ranked(one, table[:, at]) for one, at in ((ids, 4), (hashes, 5)))
    order = np.lexsort((table[:, 3], record))
    theme_ids, theme = _ranked(places, table[order, 6])
    return _Columns(
        record_ids=record_ids,
        keys=table[order, 0],
        record=record[order],
        start=table[order, 1],
        end=table[order, 2],
        text=text[order],
        hashes=texts,
        theme=theme,
        theme_ids=theme_ids,
        found=_ranked(places, table[order, 7])[1],
    )


def _ranked(
    names: Mapping[str, int], places: npt.NDArray[np.int64]
) -> tuple[tuple[str, ...], npt.NDArray[np.int32]]:
    """The names, sorted, and places by first appearance as places among the sorted; -1 stays."""
    ordered = tuple(sorted(names))
    rank = np.full(len(ordered) + 1, -1, dtype=np.int32)
    rank[[names[one] for one in ordered]] = np.arange(len(ordered), dtype=np.int32)
    ranked: npt.NDArray[np.int32] = rank[places]
    return ordered, ranked


def _embedded(held: _Columns, found: npt.NDArray[np.bool_]) -> _Columns:
    """Without the statements whose text has no vector. Args: found: which of the texts have one."""
    kept = found[held.text]
    place = (np.cumsum(found) - 1).astype(np.int32)
    used = np.unique(held.record[kept])
    themes = np.unique(np.concatenate([held.theme[kept], held.found[kept]]))
    themes = themes[themes >= 0]
    row = np.full(len(held.record_ids), -1, dtype=np.int32)
    row[used] = np.arange(len(used))
    theme = np.full(len(held.theme_ids) + 1, -1, dtype=np.int32)
    theme[themes] = np.arange(len(themes))
    return _Columns(
        record_ids=tuple(held.record_ids[one] for one in used.tolist()),
        keys=held.keys[kept],
        record=row[held.record[kept]],
        start=held.start[kept],
        end=held.end[kept],
        text=place[held.text[kept]],
        hashes=tuple(one for one, is_there in zip(held.hashes, found.tolist(), strict=True) if is_there),
        theme=theme[held.theme[kept]],
        theme_ids=tuple(held.theme_ids[one] for one in themes.tolist()),
        found=theme[held.found[kept]],
    )


def _matrix(
    connection: Connection, workspace: int | None, embedder: str, hashes: Sequence[str]
) -> tuple[npt.NDArray[np.float16], npt.NDArray[np.bool_]]:
    """Vectors in the order of the hashes, and which of them there are. Read in pages: 200,000 take 150 MB as they are."""
    place = {text_hash: row for row, text_hash in enumerate(hashes)}
    found = np.zeros(len(hashes), dtype=bool)
    matrix = np.empty((0, 0), np.float16)
    for table in (vectors, statement_vectors):
        query = select(table.c.text_hash, table.c.vector).where(
            table.c.workspace == workspace, table.c.embedder == embedder
        )
        for page in connection.execute(query.execution_options(yield_per=_PAGE)).partitions():
            here = [(place[row.text_hash], row.vector) for row in page if row.text_hash in place]
            if not here:
                continue
            part = np.frombuffer(b"".join(blob for _, blob in here), dtype="<f2").reshape(len(here), -1)
            if not matrix.size:
                matrix = np.zeros((len(hashes), part.shape[1]), np.float16)
            rows = np.array([row for row, _ in here])
            matrix[rows] = part
            found[rows] = True
    return matrix, found
