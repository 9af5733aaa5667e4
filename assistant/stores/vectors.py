"""The vectors in the catalog: the `VectorStore`. Those of another embedder are made beside the ones in use, and adopted in one transaction."""

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt
from sqlalchemy import Connection, Select, bindparam, delete, exists, func, insert, select, update

from assistant.domain.record import Passage
from assistant.stores.adding import packed_vectors, vector_keys
from assistant.stores.columns import listed, one_of
from assistant.stores.database import Database
from assistant.stores.rows import make_workspace, vector_from, workspace_key
from assistant.stores.statements import forget_other_vectors
from assistant.stores.tables import passages, records, vectors, workspaces

_made = vectors.alias("made")
_STORED = select(vectors.c.text_hash, vectors.c.vector).where(
    vectors.c.workspace == bindparam("workspace"),
    vectors.c.embedder == bindparam("embedder"),
    one_of(vectors.c.text_hash, bindparam("hashes")),
)


class SqlVectors:
    """The `VectorStore`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def get(
        self, workspace: str, embedder: str, text_hashes: Sequence[str]
    ) -> dict[str, npt.NDArray[np.float32]]:
        """Stored vectors; hashes without one are absent."""
        with self._database.read() as connection:
            key = workspace_key(connection, workspace)
            asked = {"workspace": key, "embedder": embedder, "hashes": listed(text_hashes)}
            return {text_hash: vector_from(blob) for text_hash, blob in connection.execute(_STORED, asked)}

    def lacking(self, workspace: str, embedder: str, limit: int) -> list[Passage]:
        """Passages of current records whose text has no vector of that embedder, one of each text, in the order of their hashes."""
        with self._database.read() as connection:
            query = _without(workspace_key(connection, workspace), embedder)
            rows = connection.execute(query.order_by(query.selected_columns.text_hash).limit(limit)).all()
        return [
            Passage(id=row.id, record_id=row.record_id, start=row.start, end=row.end, text_hash=row.text_hash)
            for row in rows
        ]

    def stage(self, workspace: str, embedder: str, vectors: Mapping[str, npt.NDArray[np.float32]]) -> None:
        """Keep vectors beside those in use. Raises: StoreError, DiskFull."""
        with self._database.write(workspace) as connection:
            key = make_workspace(connection, workspace)
            known = vector_keys(connection, key, embedder, sorted(vectors))
            fresh = sorted(vectors.keys() - known.keys())
            if fresh:
                packed = packed_vectors([vectors[text_hash] for text_hash in fresh])
                _insert(connection, key, embedder, dict(zip(fresh, packed, strict=True)))

    def adopt(self, workspace: str, embedder: str) -> bool:
        """Change to that embedder's vectors; see the port."""
        with self._database.write(workspace) as connection:
            key = make_workspace(connection, workspace)
            if connection.execute(_without(key, embedder).limit(1)).first():
                return False
            same_text = (
                select(_made.c.key)
                .select_from(_made.join(vectors, vectors.c.text_hash == _made.c.text_hash))
                .where(
                    vectors.c.key == passages.c.vector,
                    _made.c.workspace == key,
                    _made.c.embedder == embedder,
                )
            )
            here = passages.c.workspace == key
            connection.execute(update(passages).where(here).values(vector=same_text.scalar_subquery()))
            connection.execute(update(workspaces).where(workspaces.c.key == key).values(embedder=embedder))
            used = exists().where(passages.c.vector == vectors.c.key)
            connection.execute(delete(vectors).where(vectors.c.workspace == key, ~used))
            forget_other_vectors(connection, key, embedder)
        return True


def _without(workspace: int | None, embedder: str) -> Select[tuple[str, str, int, int, str]]:
    """One passage of each text that has no vector of the embedder."""
    made = exists().where(
        _made.c.workspace == workspace,
        _made.c.embedder == embedder,
        _made.c.text_hash == vectors.c.text_hash,
    )
    first = (
        select(func.min(passages.c.id).label("id"), vectors.c.text_hash)
        .select_from(passages.join(vectors, vectors.c.key == passages.c.vector))
        .where(passages.c.workspace == workspace, ~made)
        .group_by(vectors.c.text_hash)
        .subquery()
    )
    this = (passages.c.workspace == workspace) & (passages.c.id == first.c.id)
    return select(
        first.c.id, records.c.id.label("record_id"), passages.c.start, passages.c.end, first.c.text_hash
    ).select_from(first.join(passages, this).join(records, records.c.key == passages.c.record))


def _insert(connection: Connection, workspace: int, embedder: str, packed: Mapping[str, bytes]) -> None:
    rows = [
        {"workspace": workspace, "embedder": embedder, "text_hash": text_hash, "vector": blob}
        for text_hash, blob in packed.items()
    ]
    connection.execute(insert(vectors), rows)
