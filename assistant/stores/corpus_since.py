"""Columns that were read before, brought up to date: only records that came since are read, and the snapshot proves that this was all.

A ticket that comes into 100,000 records then costs some copying, not the reading of all of them.
"""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from sqlalchemy import Connection, select

from assistant.stores.corpus import COLUMNS, read_segments, record_rows
from assistant.stores.facets import sentiments
from assistant.stores.moved import MOVED, Moved, Moves, spliced, spliced_rows
from assistant.stores.port import CorpusRows
from assistant.stores.resolve import resolved_again
from assistant.stores.rows import chunks, moved_snapshot
from assistant.stores.stack import Stack
from assistant.stores.tables import passages, records, twins, vectors, workspaces

_MOST = 2_000
"""Records that came; where there are more, reading all costs about the same."""
_MOST_SPENT = 1.25
"""Vectors of a stack for each that is in use; those of passages that went are then left behind."""
_Row = tuple[Any, ...]


def caught_up(connection: Connection, workspace: str, held: CorpusRows) -> CorpusRows | None:
    """The rows of now, made of those that were read before.

    Returns: None where all has to be read: much came, something else changed, which the snapshot shows, or ratings came or went,
        whose scale all records of a source share.
    """
    found = connection.execute(select(workspaces).where(workspaces.c.name == workspace)).first()
    if found is None or (found.embedder, found.worded_by) != (held.reached.embedder, held.reached.worded_by):
        return None
    come = record_rows(connection, found.key, held.reached.last_key, _MOST + 1) if held.record_ids else []
    if not come or len(come) > _MOST or (held.has_passages and not held.passage_ids):
        return None
    names = [row[1] for row in come]
    gone = [place for name in names if (place := _place(held.record_ids, name)) is not None]
    if any(row[-2] is not None for row in come) or any(held.rating[place] is not None for place in gone):
        return None
    last = held.reached.last_key
    before = _revisions(connection, found.key, [held.record_ids[place] for place in gone], last)
    now = _revisions(connection, found.key, names, None)
    if moved_snapshot(held.snapshot, before, now) != found.snapshot:
        return None
    if _apart(connection, found.key) != held.ledger.apart:
        # A link that was made and undone leaves the snapshot as it was.
        return None
    records_moved = _moves(held.record_ids, gone, names)
    rows = resolved_again(_with_records(held, records_moved, come), Moved(held, records_moved, ()))
    if rows is None:
        return None
    passages_moved: Moves = ()
    if held.has_passages:
        added = _passages_of(connection, [row[0] for row in come])
        lost = np.flatnonzero(np.isin(held.passage_record, gone)).tolist()
        passages_moved = _moves(held.passage_ids, lost, [row.id for row in added])
        rows = _with_passages(rows, Moved(held, records_moved, passages_moved), added, come)
        if len(rows.passage_ids) != found.passages:
            return None
    reached = replace(held.reached, last_key=max([last, *(row[0] for row in come)]))
    rows = replace(rows, snapshot=found.snapshot, reached=reached)
    # What was worked out of the old rows is carried over once, by whoever needs it; a longer chain would hold all of them.
    vars(held).pop(MOVED, None)
    vars(rows)[MOVED] = Moved(held, records_moved, passages_moved)
    return rows


def _apart(connection: Connection, workspace: int) -> set[str]:
    query = select(twins.c.record_id).where(twins.c.workspace == workspace, twins.c.undone)
    return set(connection.execute(query).scalars())


def _place(ids: Sequence[str], name: str) -> int | None:
    place = bisect_left(ids, name)
    return place if place < len(ids) and ids[place] == name else None


def _revisions(
    connection: Connection, workspace: int, ids: Sequence[str], up_to: int | None
) -> list[tuple[str, str]]:
    """Id and revision of records: the current ones, or those that were made last up to a key."""
    found: dict[str, str] = {}
    those = records.c.current if up_to is None else records.c.key <= up_to
    for some in chunks(ids):
        query = select(records.c.id, records.c.revision).where(
            records.c.workspace == workspace, records.c.id.in_(some), those
        )
        found |= dict(connection.execute(query.order_by(records.c.key)).tuples().all())
    return list(found.items())


def _passages_of(connection: Connection, record_keys: Sequence[int]) -> list[Any]:
    """Rows of `key, id, record, marks, vector`, by id."""
    found: list[Any] = []
    for some in chunks(record_keys):
        query = (
            select(passages.c.key, passages.c.id, passages.c.record, passages.c.marks, vectors.c.vector)
            .join(vectors, vectors.c.key == passages.c.vector)
            .where(passages.c.record.in_(some))
        )
        found += connection.execute(query).all()
    return sorted(found, key=lambda row: str(row.id))


def _moves(held: Sequence[str], gone: Sequence[int], come: Sequence[str]) -> Moves:
    """Args: held, come: ids, ascending. gone: places in `held`."""
    # What comes stands before what goes at the same place, which is the same id.
    events = [(bisect_left(held, name), 0, place) for place, name in enumerate(come)]
    events += [(place, 1, -1) for place in gone]
    moves: list[tuple[int, int, int]] = []
    start = 0
    for at, is_gone, place in sorted(events):
        moves.append((start, at, place))
        start = at + is_gone
    return (*moves, (start, len(held), -1))


def _with_records(held: CorpusRows, moves: Moves, come: Sequence[_Row]) -> CorpusRows:
    """As the records have them: people and voices are resolved afterwards."""
    columns = list(zip(*come, strict=True)) or [()] * (len(COLUMNS) + 5)
    new: dict[str, Sequence[Any]] = dict(zip(COLUMNS, columns[5:], strict=True))
    new |= {"record_ids": columns[1], "segments": read_segments(columns[2]), "type": columns[3]}
    new["sentiment"] = sentiments(new["source"], new["rating"], columns[4])
    old = {"person": held.authors, "voice": held.own_voices}
    columns_now: dict[str, Any] = {
        name: spliced(moves, old.get(name, getattr(held, name)), one) for name, one in new.items()
    }
    return replace(held, **columns_now)


def _with_passages(rows: CorpusRows, moved: Moved, added: Sequence[Any], come: Sequence[_Row]) -> CorpusRows:
    held, moves = moved.before, moved.passages
    of_key = dict(zip((row[0] for row in come), moved.records_come.tolist(), strict=True))
    # Those of records that went aren't taken over.
    now = moved.record_now.astype(np.int32)
    flat = np.frombuffer(b"".join(row.vector for row in added), dtype="<f2").astype(np.float16, copy=False)
    vectors_added = flat.reshape(len(added), held.stack.dimension)
    stack, places = held.stack, held.places
    if len(stack) > _MOST_SPENT * len(places) + _MOST:
        stack, places = Stack(held.vectors), np.arange(len(places))
    return replace(
        rows,
        passage_ids=spliced(moves, held.passage_ids, [row.id for row in added]),
        passage_keys=spliced_rows(
            moves, held.passage_keys, np.array([row.key for row in added], dtype=np.int64)
        ),
        marks=spliced(moves, held.marks, [row.marks for row in added]),
        passage_record=spliced_rows(
            moves, now[held.passage_record], np.array([of_key[row.record] for row in added], dtype=np.int32)
        ),
        stack=stack,
        places=spliced_rows(moves, places, stack.add(vectors_added)),
    )
