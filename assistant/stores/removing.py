"""The one transaction that removes records: revisions, passages, vectors, words, outbox rows, twins, people, snapshot."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, delete, func, select, update

from assistant.stores.adding import announce, current_keys, drop_unused_vectors, move_snapshot, take_passages
from assistant.stores.columns import before_dot
from assistant.stores.judgements import forget_judged
from assistant.stores.people import forget_people
from assistant.stores.rows import chunks
from assistant.stores.statements import forget_statements
from assistant.stores.tables import outbox, records, tombstones, twins, vectors
from assistant.stores.theme_edits import forget_in_edits
from assistant.stores.themes import forget_cited
from assistant.stores.twins import relink_twins


@dataclass(frozen=True)
class Removed:
    """How many of each were removed."""

    records: int
    revisions: int
    passages: int
    vectors: int


def remove_records(connection: Connection, workspace: int, record_ids: Sequence[str]) -> Removed:
    """Remove records with all that is theirs, also such as left their source before, inside the connection's transaction."""
    wanted = list(dict.fromkeys(record_ids))
    known = current_keys(connection, workspace, wanted)
    buried = _buried(connection, workspace, wanted)
    before = _vectors(connection, workspace)
    gone, freed = take_passages(connection, workspace, [number for number, _ in known.values()])
    drop_unused_vectors(connection, freed)
    announce(connection, workspace, gone)
    revisions = sum(
        connection.execute(
            delete(records).where(records.c.workspace == workspace, records.c.id.in_(some))
        ).rowcount
        for some in chunks([*known, *buried])
    )
    move_snapshot(connection, workspace, [(one, revision) for one, (_, revision) in known.items()], [])
    relink_twins(connection, workspace)
    forget_people(connection, workspace)
    forget_statements(connection, workspace)
    forget_cited(connection, workspace, wanted)
    forget_in_edits(connection, workspace, wanted)
    forget_judged(connection, workspace, wanted)
    return Removed(len(known) + len(buried), revisions, len(gone), before - _vectors(connection, workspace))


def forget_ids(connection: Connection, workspace: int, record_ids: Sequence[str]) -> int:
    """Remove the ids of removed records from the outbox and the ledger of twins. Returns outbox rows.

    For an erasure, after which the index is built anew: an index that has still to hear of them would keep the passages.
    """
    owner = before_dot(outbox.c.passage_id)
    rows = sum(
        connection.execute(delete(outbox).where(outbox.c.workspace == workspace, owner.in_(some))).rowcount
        for some in chunks(record_ids)
    )
    for some in chunks(record_ids):
        apart = (twins.c.workspace == workspace, twins.c.first_id.in_(some))
        connection.execute(update(twins).where(*apart).values(first_id=twins.c.record_id))
    return rows


def _buried(connection: Connection, workspace: int, record_ids: Sequence[str]) -> list[str]:
    found: list[str] = []
    for some in chunks(record_ids):
        these = (tombstones.c.workspace == workspace, tombstones.c.record_id.in_(some))
        found += connection.execute(select(tombstones.c.record_id).where(*these)).scalars()
    return found


def _vectors(connection: Connection, workspace: int) -> int:
    query = select(func.count()).select_from(vectors).where(vectors.c.workspace == workspace)
    return connection.execute(query).scalar_one()
