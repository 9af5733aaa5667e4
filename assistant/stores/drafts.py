"""Drafts with their events, and finished model calls: the `DraftStore` and the `CallStore`."""

import json
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, bindparam, func, insert, select

from assistant.domain.base import canonical_json
from assistant.domain.draft import Draft
from assistant.domain.events import DraftEvent, all_pieces
from assistant.errors import Conflict
from assistant.stores.columns import insert_new
from assistant.stores.database import Database
from assistant.stores.erased_rows import guard_draft
from assistant.stores.rows import KEY_OF, make_workspace, workspace_key
from assistant.stores.staleness import note_proof
from assistant.stores.tables import calls, draft_events, drafts

_KEPT = 64
"""Drafts that stay read, by their whole text: reading one takes 2 ms, and the first page shows fifty."""
# Built once: a stream reads its log for each piece, and building costs more than SQLite takes to answer.
_EVENTS = (
    select(draft_events.c.seq, draft_events.c.type, draft_events.c.data)
    .where(
        draft_events.c.workspace == KEY_OF,
        draft_events.c.draft_id == bindparam("log"),
        draft_events.c.seq > bindparam("after"),
    )
    .order_by(draft_events.c.seq)
)
_REPLY = select(calls.c.reply).where(calls.c.workspace == KEY_OF, calls.c.call_key == bindparam("call"))


class SqlDrafts:
    """The `DraftStore` over tables `drafts` and `draft_events`."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._draft_of = lru_cache(maxsize=_KEPT)(Draft.model_validate_json)

    def save(self, draft: Draft) -> None:
        """Keep a version. Raises: Conflict where that version is stored with other bytes, or rests on what was erased meanwhile."""
        with self._database.write(draft.workspace) as connection:
            key = make_workspace(connection, draft.workspace)
            stored = stored_document(connection, key, draft)
            if stored is not None and stored != canonical_json(draft):
                raise Conflict(
                    f"Version {draft.version} of draft {draft.id} is stored already, with other content.",
                    hint="Save the change as a new version.",
                )
            if stored is None:
                insert_version(connection, key, draft)

    def get(self, workspace: str, draft_id: str, version: int | None = None) -> Draft | None:
        """That version, or the newest."""
        with self._database.read() as connection:
            key = workspace_key(connection, workspace)
            query = select(drafts.c.document).where(drafts.c.workspace == key, drafts.c.id == draft_id)
            if version is not None:
                query = query.where(drafts.c.version == version)
            document = connection.execute(query.order_by(drafts.c.version.desc()).limit(1)).scalar()
        return self._draft_of(document) if document is not None else None

    def newest(self, workspace: str, after: str | None, limit: int) -> list[Draft]:
        """Newest versions, newest first, after that draft id."""
        with self._database.read() as connection:
            key = workspace_key(connection, workspace)
            saved = func.max(drafts.c.key)
            query = select(saved.label("key")).where(drafts.c.workspace == key).group_by(drafts.c.id)
            if after is not None:
                place = select(saved).where(drafts.c.workspace == key, drafts.c.id == after)
                query = query.having(saved < place.scalar_subquery())
            last = query.subquery()
            documents = connection.execute(
                select(drafts.c.document)
                .join(last, last.c.key == drafts.c.key)
                .order_by(drafts.c.key.desc())
                .limit(limit)
            ).scalars()
            return [self._draft_of(document) for document in documents]

    def append_events(self, workspace: str, draft_id: str, events: Sequence[DraftEvent]) -> None:
        """Append to the log. An event whose `seq` is there already is left out."""
        if not events:
            return
        fresh = {event.seq: event for event in reversed(events)}
        with self._database.write(workspace, synced=not all_pieces(events)) as connection:
            key = make_workspace(connection, workspace)
            rows = [
                {
                    "workspace": key,
                    "draft_id": draft_id,
                    "seq": event.seq,
                    "type": event.type,
                    "data": canonical_json(event.data),
                }
                for event in fresh.values()
            ]
            connection.execute(insert_new(connection, draft_events), rows)

    def events(self, workspace: str, draft_id: str, after_seq: int) -> list[DraftEvent]:
        """Events with a greater `seq`, in order."""
        with self._database.read() as connection:
            named = {"name": workspace, "log": draft_id, "after": after_seq}
            rows = connection.execute(_EVENTS, named).all()
        return [DraftEvent(seq=row.seq, type=row.type, data=json.loads(row.data)) for row in rows]


def stored_document(connection: Connection, workspace: int, draft: Draft) -> str | None:
    """The JSON under which that version is stored, if it is."""
    this = (drafts.c.workspace == workspace, drafts.c.id == draft.id, drafts.c.version == draft.version)
    document: str | None = connection.execute(select(drafts.c.document).where(*this)).scalar()
    return document


def insert_version(connection: Connection, workspace: int, draft: Draft) -> None:
    """Add a version that isn't stored. Raises: Conflict where it rests on what was erased."""
    guard_draft(connection, workspace, draft)
    row = {
        "workspace": workspace,
        "id": draft.id,
        "version": draft.version,
        "document": canonical_json(draft),
    }
    connection.execute(insert(drafts), row)
    note_proof(connection, workspace, draft)


class SqlCalls:
    """The `CallStore` over table `calls`. The first reply for a key stays, so that replays see what was paid for."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def get(self, workspace: str, key: str) -> dict[str, Any] | None:
        """The stored reply."""
        with self._database.read() as connection:
            reply = connection.execute(_REPLY, {"name": workspace, "call": key}).scalar()
        if reply is None:
            return None
        found: dict[str, Any] = json.loads(reply)
        return found

    def put(self, workspace: str, key: str, reply: Mapping[str, Any]) -> None:
        """Keep a reply before anyone uses it."""
        with self._database.write(workspace) as connection:
            number = make_workspace(connection, workspace)
            row = {"workspace": number, "call_key": key, "reply": canonical_json(dict(reply))}
            connection.execute(insert_new(connection, calls), row)
