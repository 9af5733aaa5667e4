"""Statements in the catalog, with the vectors of those that are no whole passage: the `StatementStore`."""

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt
from sqlalchemy import ColumnElement, Connection, and_, delete, exists, insert, or_, select, update

from assistant.domain.record import RecordKind
from assistant.domain.theme import Statement
from assistant.errors import Conflict
from assistant.stores.adding import current_keys, packed_vectors
from assistant.stores.counted import forget_counted
from assistant.stores.database import Database
from assistant.stores.rows import chunks, workspace_key
from assistant.stores.statement_columns import read_statements
from assistant.stores.tables import (
    passages,
    records,
    statement_vectors,
    statements,
    themes,
    vectors,
    workspaces,
)
from assistant.stores.theme_port import StatementRows, Uncut


class SqlStatements:
    """The `StatementStore`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def uncut(
        self, workspace: str, embedder: str, after: str | None, limit: int, until: str | None = None
    ) -> list[Uncut]:
        """Records whose statements or vectors are missing; see the port."""
        with self._database.read() as connection:
            key = workspace_key(connection, workspace)
            mine = statements.c.record == records.c.key
            lacking = exists().where(mine, ~_has_vector(key, embedder))
            query = select(records.c.key, records.c.id, records.c.raw, records.c.language).where(
                records.c.workspace == key,
                records.c.current,
                records.c.kind == RecordKind.customer.value,
                records.c.id > (after or ""),
                exists().where(passages.c.record == records.c.key),
                or_(~exists().where(mine), lacking),
            )
            if until is not None:
                query = query.where(records.c.id < until)
            held = connection.execute(query.order_by(records.c.id).limit(limit)).all()
            spans = _passages(connection, [row.key for row in held])
        return [Uncut(row.id, row.raw, row.language, tuple(sorted(spans[row.key]))) for row in held]

    def without_vector(self, workspace: str, embedder: str, text_hashes: Sequence[str]) -> list[str]:
        """Hashes that nobody embedded yet."""
        known: set[str] = set()
        wanted = list(dict.fromkeys(text_hashes))
        with self._database.read() as connection:
            key = workspace_key(connection, workspace)
            for table in (vectors, statement_vectors):
                here = table.c.workspace == key, table.c.embedder == embedder
                for some in chunks(wanted):
                    query = select(table.c.text_hash).where(*here, table.c.text_hash.in_(some))
                    known.update(connection.execute(query).scalars())
        return [text_hash for text_hash in wanted if text_hash not in known]

    def add(
        self,
        workspace: str,
        embedder: str,
        statements: Mapping[str, Sequence[Statement]],
        vectors: Mapping[str, npt.NDArray[np.float32]],
    ) -> int:
        """Keep statements and vectors in one transaction; see the port."""
        with self._database.write(workspace) as connection:
            key = workspace_key(connection, workspace)
            if key is None:
                return 0
            _check_embedder(connection, key, workspace, embedder)
            added = _add_statements(connection, key, statements)
            _add_vectors(connection, key, embedder, vectors)
        return added

    def rows(self, workspace: str, embedder: str) -> StatementRows:
        """All statements with their vectors, as columns."""
        with self._database.read() as connection:
            return read_statements(connection, workspace_key(connection, workspace), embedder)


def forget_statements(connection: Connection, workspace: int) -> None:
    """Remove vectors that no statement uses, and the copies of what themes show and of what was counted. Statements go with their records."""
    used = exists().where(
        statements.c.workspace == workspace, statements.c.text_hash == statement_vectors.c.text_hash
    )
    connection.execute(delete(statement_vectors).where(statement_vectors.c.workspace == workspace, ~used))
    connection.execute(update(themes).where(themes.c.workspace == workspace).values(shown=None))
    forget_counted(connection, workspace)


def forget_other_vectors(connection: Connection, workspace: int, embedder: str) -> None:
    """Remove the vectors of statements that another embedder made."""
    others = statement_vectors.c.workspace == workspace, statement_vectors.c.embedder != embedder
    connection.execute(delete(statement_vectors).where(*others))


def _has_vector(workspace: int | None, embedder: str) -> ColumnElement[bool]:
    return or_(
        *(
            exists().where(
                and_(
                    table.c.workspace == workspace,
                    table.c.embedder == embedder,
                    table.c.text_hash == statements.c.text_hash,
                )
            )
            for table in (vectors, statement_vectors)
        )
    )


def _passages(connection: Connection, keys: Sequence[int]) -> dict[int, list[tuple[int, int]]]:
    spans: dict[int, list[tuple[int, int]]] = {key: [] for key in keys}
    for some in chunks(keys):
        query = select(passages.c.record, passages.c.start, passages.c.end).where(passages.c.record.in_(some))
        for row in connection.execute(query):
            spans[row.record].append((row.start, row.end))
    return spans


def _check_embedder(connection: Connection, workspace: int, name: str, embedder: str) -> None:
    query = select(workspaces.c.embedder).where(workspaces.c.key == workspace)
    if connection.execute(query).scalar_one() != embedder:
        raise Conflict(
            f"Workspace '{name}' changed to another embedder meanwhile.", hint="Run the same command again."
        )


def _add_statements(connection: Connection, workspace: int, given: Mapping[str, Sequence[Statement]]) -> int:
    keys = {
        record_id: found[0] for record_id, found in current_keys(connection, workspace, list(given)).items()
    }
    has: set[int] = set()
    for some in chunks(list(keys.values())):
        has.update(
            connection.execute(select(statements.c.record).where(statements.c.record.in_(some))).scalars()
        )
    rows = [
        {
            "workspace": workspace,
            "record": keys[record_id],
            "ordinal": one.ordinal,
            "start": one.start,
            "end": one.end,
            "text_hash": one.text_hash,
        }
        for record_id, said in given.items()
        if record_id in keys and keys[record_id] not in has
        for one in said
    ]
    if rows:
        connection.execute(insert(statements), rows)
    return len(rows)


def _add_vectors(
    connection: Connection, workspace: int, embedder: str, given: Mapping[str, npt.NDArray[np.float32]]
) -> None:
    known: set[str] = set()
    here = statement_vectors.c.workspace == workspace, statement_vectors.c.embedder == embedder
    for some in chunks(sorted(given)):
        query = select(statement_vectors.c.text_hash).where(*here, statement_vectors.c.text_hash.in_(some))
        known.update(connection.execute(query).scalars())
    if fresh := sorted(given.keys() - known):
        packed = packed_vectors([given[text_hash] for text_hash in fresh])
        rows = [
            {"workspace": workspace, "embedder": embedder, "text_hash": text_hash, "vector": blob}
            for text_hash, blob in zip(fresh, packed, strict=True)
        ]
        connection.execute(insert(statement_vectors), rows)
