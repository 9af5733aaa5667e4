"""Records, passages and vectors in the catalog: the `RecordStore`, `RecordPages` and `VectorStore`."""

from collections.abc import Iterator, Sequence

from sqlalchemy import bindparam, func, select

from assistant.domain.record import Passage, Record
from assistant.stores.adding import add_batch, current_keys
from assistant.stores.columns import listed, one_of
from assistant.stores.corpus import read_corpus
from assistant.stores.corpus_since import caught_up
from assistant.stores.database import Database
from assistant.stores.port import CorpusRows, RecordBatch
from assistant.stores.removing import remove_records
from assistant.stores.rows import (
    NO_RECORDS,
    chunks,
    passage_from,
    record_from,
    workspace_key,
)
from assistant.stores.tables import passages, records, vectors, workspaces

_ROWS_AT_ONCE = 1000
_EMBEDDER = select(workspaces.c.embedder).where(workspaces.c.name == bindparam("name"))
_SNAPSHOT = select(workspaces.c.snapshot).where(workspaces.c.name == bindparam("name"))
_ALL = select(records).where(
    records.c.workspace == bindparam("workspace"), one_of(records.c.id, bindparam("ids"))
)
_CURRENT = _ALL.where(records.c.current)
_PASSAGES = (
    select(
        records.c.id.label("record_id"),
        *(passages.c[name] for name in ("id", "start", "end", "marks")),
        vectors.c.text_hash,
    )
    .select_from(
        passages.join(records, records.c.key == passages.c.record).join(
            vectors, vectors.c.key == passages.c.vector
        )
    )
    .where(passages.c.workspace == bindparam("workspace"), one_of(passages.c.id, bindparam("ids")))
)


class SqlRecords:
    """The `RecordStore`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, workspace: str, batch: RecordBatch) -> int:
        """Save a batch in one transaction; see the port."""
        with self._database.write(workspace) as connection:
            return add_batch(connection, workspace, batch)

    def known(self, workspace: str, record_ids: Sequence[str]) -> dict[str, str]:
        """Ids that are stored, with their current revision."""
        with self._database.read() as connection:
            key = workspace_key(connection, workspace)
            if key is None:
                return {}
            found = current_keys(connection, key, list(dict.fromkeys(record_ids)))
        return {record_id: revision for record_id, (_, revision) in found.items()}

    def get(
        self, workspace: str, record_ids: Sequence[str], revision: str | None = None
    ) -> dict[str, Record]:
        """Records by id (current, or that revision); unknown ids are absent."""
        query = _CURRENT if revision is None else _ALL.where(records.c.revision == revision)
        found: dict[str, Record] = {}
        with self._database.read() as connection:
            key = workspace_key(connection, workspace)
            for some in chunks(list(dict.fromkeys(record_ids))):
                rows = connection.execute(query, {"workspace": key, "ids": listed(some)}).mappings()
                found |= {row["id"]: record_from(workspace, row) for row in rows}
        return found

    def passages(self, workspace: str, passage_ids: Sequence[str]) -> dict[str, Passage]:
        """Passages of current records by id; unknown ids are absent."""
        found: dict[str, Passage] = {}
        with self._database.read() as connection:
            key = workspace_key(connection, workspace)
            for some in chunks(list(dict.fromkeys(passage_ids))):
                rows = connection.execute(_PASSAGES, {"workspace": key, "ids": listed(some)}).mappings()
                found |= {row["id"]: passage_from(row) for row in rows}
        return found

    def corpus(
        self, workspace: str, *, with_passages: bool = True, held: CorpusRows | None = None
    ) -> CorpusRows:
        """All current records and passages as columns; see the port."""
        with self._database.read() as connection:
            if held is not None and held.has_passages >= with_passages:
                newer = caught_up(connection, workspace, held)
                if newer is not None:
                    return newer
            return read_corpus(connection, workspace, with_passages=with_passages)

    def snapshot(self, workspace: str) -> str:
        """Hash of the current records, the same for any order of arrival."""
        with self._database.read() as connection:
            return connection.execute(_SNAPSHOT, {"name": workspace}).scalar() or NO_RECORDS


class SqlRecordPages:
    """The `RecordPages`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def page(self, workspace: str, after: str | None, limit: int) -> list[Record]:
        """Current records by id, after that id."""
        with self._database.read() as connection:
            key = workspace_key(connection, workspace)
            query = select(records).where(
                records.c.workspace == key, records.c.current, records.c.id > (after or "")
            )
            rows = connection.execute(query.order_by(records.c.id).limit(limit)).mappings()
            return [record_from(workspace, row) for row in rows]

    def erase(self, workspace: str, record_ids: Sequence[str]) -> int:
        """Remove records with all that is theirs, also where they left their source before. The freed pages are overwritten, the log is emptied."""
        with self._database.write(workspace) as connection:
            key = workspace_key(connection, workspace)
            if key is None:
                return 0
            removed = remove_records(connection, key, record_ids)
        self._database.compact_log()
        return removed.records

    def languages(self, workspace: str) -> dict[str, int]:
        """Current records by language."""
        query = (
            select(records.c.language, func.count())
            .where(records.c.workspace == bindparam("workspace"), records.c.current)
            .group_by(records.c.language)
            .order_by(records.c.language)
        )
        with self._database.read() as connection:
            found = connection.execute(query, {"workspace": workspace_key(connection, workspace)})
            return {row[0]: row[1] for row in found}

    def voices(self, workspace: str) -> Iterator[tuple[str, str]]:
        """(record id, voice) of all current records, one after the other."""
        with self._database.read() as connection:
            key = workspace_key(connection, workspace)
            query = select(records.c.id, records.c.voice).where(records.c.workspace == key, records.c.current)
            for row in connection.execute(query.execution_options(yield_per=_ROWS_AT_ONCE)):
                yield row[0], row[1]

    def embedder(self, workspace: str) -> str | None:
        """The embedder whose vectors the workspace holds."""
        with self._database.read() as connection:
            found: str | None = connection.execute(_EMBEDDER, {"name": workspace}).scalar()
            return found

    def workspaces(self) -> list[str]:
        """Names of the workspaces that hold records."""
        held = select(records.c.key).where(records.c.workspace == workspaces.c.key, records.c.current)
        query = select(workspaces.c.name).where(held.exists()).order_by(workspaces.c.name)
        with self._database.read() as connection:
            return list(connection.execute(query).scalars())
