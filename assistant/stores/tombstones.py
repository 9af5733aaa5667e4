"""Records that left their source: the `TombstoneStore`, and what adding and erasing do about them in their own transactions."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from sqlalchemy import insert, select, update

from assistant.stores.adding import announce, current_keys, drop_unused_vectors, move_snapshot, take_passages
from assistant.stores.database import Database
from assistant.stores.decisions import Tombstone
from assistant.stores.rows import chunks, workspace_key
from assistant.stores.tables import records, tombstones
from assistant.stores.twins import relink_twins

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class SqlTombstones:
    """The `TombstoneStore` over table `tombstones`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def of_source(self, workspace: str, source: str, kind: str) -> list[str]:
        """Ids of the current records of a source and kind of record."""
        with self._database.read() as connection:
            key = workspace_key(connection, workspace)
            these = (records.c.workspace == key, records.c.current, records.c.source == source)
            query = select(records.c.id).where(*these, records.c.kind == kind)
            return sorted(connection.execute(query).scalars())

    def bury(self, workspace: str, record_ids: Sequence[str], since: datetime) -> int:
        """Take records out of everything that is counted and found; see the port."""
        with self._database.write(workspace) as connection:
            key = workspace_key(connection, workspace)
            if key is None:
                return 0
            known = current_keys(connection, key, list(dict.fromkeys(record_ids)))
            gone, freed = take_passages(connection, key, [number for number, _ in known.values()])
            drop_unused_vectors(connection, freed)
            announce(connection, key, gone)
            for some in chunks([number for number, _ in known.values()]):
                connection.execute(update(records).where(records.c.key.in_(some)).values(current=False))
            if known:
                at = int(since.timestamp())
                rows = [
                    {"workspace": key, "record_id": record_id, "record": number, "since": at}
                    for record_id, (number, _) in known.items()
                ]
                connection.execute(insert(tombstones), rows)
            move_snapshot(connection, key, [(one, revision) for one, (_, revision) in known.items()], [])
            relink_twins(connection, key)
        return len(known)

    def find(self, workspace: str, record_ids: Sequence[str]) -> dict[str, Tombstone]:
        """Tombstones by record id; ids without one are absent."""
        found: dict[str, Tombstone] = {}
        with self._database.read() as connection:
            key = workspace_key(connection, workspace)
            for some in chunks(list(dict.fromkeys(record_ids))):
                query = (
                    select(tombstones.c.record_id, records.c.revision, records.c.source, tombstones.c.since)
                    .join(records, records.c.key == tombstones.c.record)
                    .where(tombstones.c.workspace == key, tombstones.c.record_id.in_(some))
                )
                for row in connection.execute(query):
                    since = _EPOCH + timedelta(seconds=row.since)
                    found[row.record_id] = Tombstone(row.record_id, row.revision, row.source, since)
        return found

    def of_people(self, workspace: str, people: Sequence[str]) -> list[str]:
        """Ids of tombstones whose record was written by one of these pseudonyms."""
        found: list[str] = []
        with self._database.read() as connection:
            key = workspace_key(connection, workspace)
            for some in chunks(list(dict.fromkeys(people))):
                query = select(tombstones.c.record_id).join(records, records.c.key == tombstones.c.record)
                these = (tombstones.c.workspace == key, records.c.person.in_(some))
                found += connection.execute(query.where(*these)).scalars()
        return sorted(found)
