"""The one transaction that adds a batch: records, passages, vectors, words, outbox, snapshot and checkpoint."""

from collections.abc import Container, Mapping, Sequence

import numpy as np
import numpy.typing as npt
from sqlalchemy import Column, Connection, Row, Table, bindparam, delete, exists, func, select, update

from assistant.domain.record import Passage, Record
from assistant.errors import EmbedderMismatch, StoreError
from assistant.stores.columns import insert_rows, listed, one_of, unindexed
from assistant.stores.erased_rows import guard_erased
from assistant.stores.facets import note_worded_by, put_wordings
from assistant.stores.imports import save_checkpoint
from assistant.stores.lexical import add_terms, remove_terms
from assistant.stores.people import add_identities
from assistant.stores.port import RecordBatch
from assistant.stores.rows import chunks, make_workspace, moved_snapshot, record_row
from assistant.stores.tables import outbox, passages, records, tombstones, vectors, workspaces
from assistant.stores.twins import add_sketches, put_sketches

_CURRENT_KEYS = select(records.c.id, records.c.key, records.c.revision).where(
    records.c.workspace == bindparam("workspace"), records.c.current, one_of(records.c.id, bindparam("ids"))
)
_ANY_TOMBSTONE = (
    select(tombstones.c.record_id).where(tombstones.c.workspace == bindparam("workspace")).limit(1)
)
_VECTOR_KEYS = select(vectors.c.text_hash, vectors.c.key).where(
    vectors.c.workspace == bindparam("workspace"),
    vectors.c.embedder == bindparam("embedder"),
    one_of(vectors.c.text_hash, bindparam("hashes")),
)


def add_batch(connection: Connection, workspace: str, batch: RecordBatch) -> int:
    """Save a batch inside the connection's transaction. Returns records that were new or changed."""
    key = make_workspace(connection, workspace)
    latest = {record.id: record for record in batch.records}
    revisions = {record_id: record.revision for record_id, record in latest.items()}
    before = current_keys(connection, key, list(latest))
    changed = [r for r in latest.values() if before.get(r.id, (0, ""))[1] != revisions[r.id]]
    if changed:
        guard_erased(connection, key, changed, batch.restores_erased)
        _check_embedder(connection, key, workspace, batch.embedder)
        note_worded_by(connection, key, batch.worded_by)
        replaced = {r.id: before[r.id] for r in changed if r.id in before}
        gone, freed = take_passages(connection, key, [known[0] for known in replaced.values()])
        back = _take_back(connection, key, [r.id for r in changed if r.id not in before])
        returned, fresh = _save_records(connection, key, changed, revisions, replaced, back)
        keys = returned | fresh
        told = {r.id: batch.wordings[r.id] for r in changed if r.id in batch.wordings}
        put_wordings(connection, keys, told, stored=returned.keys())
        come = _save_passages(connection, key, batch, keys)
        known = {one: sketch for one, sketch in batch.sketches.items() if one in keys}
        put_sketches(connection, {fresh[one]: sketch for one, sketch in known.items() if one in fresh})
        add_sketches(connection, key, {one: sketch for one, sketch in known.items() if one in returned})
        add_identities(connection, key, batch.identities)
        drop_unused_vectors(connection, freed)
        announce(connection, key, [*dict.fromkeys([*gone, *come])])
        left = [(record_id, known[1]) for record_id, known in replaced.items()]
        move_snapshot(connection, key, left, [(r.id, revisions[r.id]) for r in changed])
    if batch.checkpoint is not None:
        save_checkpoint(connection, key, batch.checkpoint)
    return len(changed)


def current_keys(
    connection: Connection, workspace: int, record_ids: Sequence[str]
) -> dict[str, tuple[int, str]]:
    """Record id → (integer key, revision) of the current revision."""
    found = connection.execute(_CURRENT_KEYS, {"workspace": workspace, "ids": listed(record_ids)})
    return {record_id: (key, revision) for record_id, key, revision in found}


def take_passages(
    connection: Connection, workspace: int, record_keys: Sequence[int]
) -> tuple[list[str], set[int]]:
    """Remove the passages of records, with their words. Returns their ids, and the keys of the vectors they used."""
    gone: list[Row[int, str, int, str]] = []
    for some in chunks(record_keys):
        query = select(passages.c.key, passages.c.id, passages.c.vector, passages.c.terms)
        gone += connection.execute(query.where(passages.c.record.in_(some))).all()
        connection.execute(delete(passages).where(passages.c.record.in_(some)))
    if gone:
        remove_terms(connection, workspace, [(row.key, row.terms) for row in gone])
    return [row.id for row in gone], {row.vector for row in gone}


def drop_unused_vectors(connection: Connection, keys: set[int]) -> None:
    """Delete those of the vectors that no passage uses, so that nothing of an erased text stays."""
    used = exists().where(passages.c.vector == vectors.c.key)
    for some in chunks(sorted(keys)):
        unused = select(vectors.c.workspace, vectors.c.text_hash).where(vectors.c.key.in_(some), ~used)
        texts = connection.execute(unused).all()
        connection.execute(delete(vectors).where(vectors.c.key.in_(some), ~used))
        # What another embedder made of the same text, for a switch that isn't finished, goes too.
        for workspace in sorted({row.workspace for row in texts}):
            hashes = [row.text_hash for row in texts if row.workspace == workspace]
            made = (vectors.c.workspace == workspace, vectors.c.text_hash.in_(hashes))
            connection.execute(delete(vectors).where(*made, ~used))


def announce(connection: Connection, workspace: int, passage_ids: Sequence[str]) -> None:
    """Append passages to the outbox."""
    if not passage_ids:
        return
    head = connection.execute(select(workspaces.c.head).where(workspaces.c.key == workspace)).scalar_one()
    rows = [
        {"workspace": workspace, "seq": seq, "passage_id": passage_id}
        for seq, passage_id in enumerate(passage_ids, start=head + 1)
    ]
    insert_rows(connection, outbox, rows)
    connection.execute(update(workspaces).where(workspaces.c.key == workspace).values(head=head + len(rows)))


def move_snapshot(
    connection: Connection,
    workspace: int,
    gone: Sequence[tuple[str, str]],
    come: Sequence[tuple[str, str]],
) -> None:
    """Move the workspace's snapshot by records that left and came, as (id, revision)."""
    this = workspaces.c.key == workspace
    snapshot = connection.execute(select(workspaces.c.snapshot).where(this)).scalar_one()
    connection.execute(update(workspaces).where(this).values(snapshot=moved_snapshot(snapshot, gone, come)))


def _check_embedder(connection: Connection, key: int, workspace: str, embedder: str) -> None:
    row = connection.execute(select(workspaces).where(workspaces.c.key == key)).one()
    if row.embedder == embedder:
        return
    if row.embedder is not None and row.passages:
        raise EmbedderMismatch(
            f"Workspace '{workspace}' holds vectors of {row.embedder}; {embedder} can't be mixed in.",
            hint="Leave VOXSPEC_EMBEDDER out: the workspace knows its embedder. 'voxspec embedder NAME' embeds it anew with another.",
        )
    connection.execute(update(workspaces).where(workspaces.c.key == key).values(embedder=embedder))


def _save_records(
    connection: Connection,
    workspace: int,
    changed: Sequence[Record],
    revisions: Mapping[str, str],
    replaced: Mapping[str, tuple[int, str]],
    back: Sequence[str],
) -> tuple[dict[str, int], dict[str, int]]:
    """Returns the keys of revisions that were there before, and those of new ones, by record id."""
    for old in chunks([known[0] for known in replaced.values()]):
        connection.execute(update(records).where(records.c.key.in_(old)).values(current=False))
    returning: dict[str, int] = {}
    for ids in chunks([*replaced, *back]):
        query = select(records.c.key, records.c.id, records.c.revision).where(
            records.c.workspace == workspace, records.c.id.in_(ids)
        )
        rows = connection.execute(query)
        returning |= {row.id: row.key for row in rows if row.revision == revisions[row.id]}
    for keys in chunks(list(returning.values())):
        connection.execute(update(records).where(records.c.key.in_(keys)).values(current=True))
    fresh = [record_row(workspace, r, revisions[r.id]) for r in changed if r.id not in returning]
    return returning, _inserted(connection, workspace, records, records.c.id, fresh)


def _inserted(
    connection: Connection,
    workspace: int,
    table: Table,
    name: Column[str],
    rows: Sequence[Mapping[str, object]],
) -> dict[str, int]:
    """Insert rows of the workspace. Returns the keys that they got, by the column of their names, in their order.

    Keys grow, and nobody else writes into the workspace meanwhile: those above the last one are ours.
    """
    last = connection.execute(select(func.max(table.c.key))).scalar() or 0
    insert_rows(connection, table, rows)
    ours = select(name, table.c.key).where(unindexed(table.c.workspace) == workspace, table.c.key > last)
    return dict(connection.execute(ours.order_by(table.c.key)).tuples().all())


def _take_back(connection: Connection, workspace: int, record_ids: Sequence[str]) -> list[str]:
    """Take the tombstones off records that come back to their source. Returns their ids."""
    found: list[str] = []
    if connection.execute(_ANY_TOMBSTONE, {"workspace": workspace}).first() is None:
        return found
    for some in chunks(record_ids):
        these = (tombstones.c.workspace == workspace, tombstones.c.record_id.in_(some))
        if back := list(connection.execute(select(tombstones.c.record_id).where(*these)).scalars()):
            connection.execute(delete(tombstones).where(*these))
            found += back
    return found


def _save_passages(
    connection: Connection, workspace: int, batch: RecordBatch, record_keys: Mapping[str, int]
) -> list[str]:
    wanted = _latest_passages(batch.passages, record_keys)
    if not wanted:
        return []
    vector_keys = _save_vectors(connection, workspace, batch, {p.text_hash for p in wanted})
    rows = [
        {
            "workspace": workspace,
            "id": passage.id,
            "record": record_keys[passage.record_id],
            "start": passage.start,
            "end": passage.end,
            "vector": vector_keys[passage.text_hash],
            "terms": batch.terms.get(passage.id, ""),
            "marks": passage.marks,
        }
        for passage in wanted
    ]
    keys = _inserted(connection, workspace, passages, passages.c.id, rows)
    add_terms(connection, workspace, ((key, batch.terms.get(name, "")) for name, key in keys.items()))
    return [passage.id for passage in wanted]


def _latest_passages(given: Sequence[Passage], record_ids: Container[str]) -> list[Passage]:
    """The passages of these records; where a batch holds a record twice, those that were given last."""
    groups: dict[str, dict[str, Passage]] = {}
    for passage in given:
        if passage.record_id not in record_ids:
            continue
        group = groups.setdefault(passage.record_id, {})
        if passage.id in group:
            group.clear()
        group[passage.id] = passage
    return [passage for group in groups.values() for passage in group.values()]


def _save_vectors(
    connection: Connection, workspace: int, batch: RecordBatch, hashes: set[str]
) -> dict[str, int]:
    known = vector_keys(connection, workspace, batch.embedder, sorted(hashes))
    fresh = sorted(hashes - known.keys())
    if lacking := [text_hash for text_hash in fresh if text_hash not in batch.vectors]:
        raise StoreError(
            f"{len(lacking)} passages came without a vector; nothing of the batch was saved.",
            hint="Import the file again; if it stays so, report it as a bug.",
        )
    if fresh:
        packed = packed_vectors([batch.vectors[text_hash] for text_hash in fresh])
        _check_dimension(connection, workspace, batch.embedder, len(packed[0]))
        rows = [
            {"workspace": workspace, "embedder": batch.embedder, "text_hash": h, "vector": blob}
            for h, blob in zip(fresh, packed, strict=True)
        ]
        known |= _inserted(connection, workspace, vectors, vectors.c.text_hash, rows)
    return known


def vector_keys(
    connection: Connection, workspace: int, embedder: str, hashes: Sequence[str]
) -> dict[str, int]:
    """Text hash → integer key of its stored vector."""
    asked = {"workspace": workspace, "embedder": embedder, "hashes": listed(hashes)}
    return dict(connection.execute(_VECTOR_KEYS, asked).tuples().all())


def packed_vectors(given: Sequence[npt.NDArray[np.float32]]) -> list[bytes]:
    """Vectors as they are stored. Raises: StoreError where they aren't numbers, or not of one length."""
    if len({vector.shape for vector in given}) != 1 or given[0].ndim != 1:
        raise StoreError("The embedder gave vectors of different lengths.", hint="Check VOXSPEC_EMBEDDER.")
    matrix = np.stack(given)
    if not np.isfinite(matrix).all():
        raise StoreError("The embedder gave a vector that isn't a number.", hint="Check VOXSPEC_EMBEDDER.")
    return [row.tobytes() for row in matrix.astype("<f2")]


def _check_dimension(connection: Connection, workspace: int, embedder: str, width: int) -> None:
    query = select(vectors.c.vector).where(vectors.c.workspace == workspace, vectors.c.embedder == embedder)
    query = query.limit(1)
    stored = connection.execute(query).scalar()
    if stored is not None and len(stored) != width:
        raise EmbedderMismatch(
            f"The workspace holds vectors of {len(stored) // 2} numbers, the embedder gave {width // 2}.",
            hint="Use the embedder of the first import, or another workspace (-w NAME).",
        )
