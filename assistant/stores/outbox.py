"""What the vector index has still to hear of: the `OutboxStore`."""

from collections.abc import Iterator

import numpy as np
from sqlalchemy import func, select

from assistant.stores.database import Database
from assistant.stores.index_port import IndexChange, Vectors
from assistant.stores.rows import vector_from, workspace_key
from assistant.stores.tables import outbox, passages, vectors, workspaces


class SqlOutbox:
    """The `OutboxStore` over table `outbox`.

    A row says that a passage changed. Its vector is read when the index asks, so a passage that was removed since is
    None in every one of its changes, and applying them in order, once or twice, ends in the same state.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def pending(self, workspace: str, after_seq: int, limit: int) -> list[IndexChange]:
        """Changes after that sequence number, oldest first."""
        with self._database.read() as connection:
            key = workspace_key(connection, workspace)
            here = (passages.c.workspace == outbox.c.workspace) & (passages.c.id == outbox.c.passage_id)
            query = (
                select(outbox.c.seq, outbox.c.passage_id, vectors.c.vector)
                .select_from(
                    outbox.outerjoin(passages, here).outerjoin(vectors, vectors.c.key == passages.c.vector)
                )
                .where(outbox.c.workspace == key, outbox.c.seq > after_seq)
                .order_by(outbox.c.seq)
                .limit(limit)
            )
            return [
                IndexChange(row.seq, row.passage_id, None if row.vector is None else vector_from(row.vector))
                for row in connection.execute(query)
            ]

    def head(self, workspace: str) -> int:
        """Greatest sequence number given out; 0 where there is none."""
        with self._database.read() as connection:
            query = select(workspaces.c.head).where(workspaces.c.name == workspace)
            return connection.execute(query).scalar() or 0

    def count(self, workspace: str) -> int:
        """Current passages, that is what an index holds that has heard of everything."""
        with self._database.read() as connection:
            key = workspace_key(connection, workspace)
            query = select(func.count()).select_from(passages).where(passages.c.workspace == key)
            return connection.execute(query).scalar() or 0

    def rows(self, workspace: str, batch: int) -> Iterator[tuple[list[str], Vectors]]:
        """All current passages with their vectors, in batches by passage id."""
        after = ""
        while True:
            with self._database.read() as connection:
                key = workspace_key(connection, workspace)
                query = (
                    select(passages.c.id, vectors.c.vector)
                    .join(vectors, vectors.c.key == passages.c.vector)
                    .where(passages.c.workspace == key, passages.c.id > after)
                    .order_by(passages.c.id)
                    .limit(batch)
                )
                found = connection.execute(query).all()
            if not found:
                return
            yield [row.id for row in found], np.stack([vector_from(row.vector) for row in found])
            after = found[-1].id
