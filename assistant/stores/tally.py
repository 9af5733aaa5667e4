"""Counts for whoever keeps the service running, in the catalog: the `TallyStore`.

Cheap enough for a scrape every few seconds. Documents of drafts are large and never change their verdict, so each is read once.
"""

import json
import threading
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from sqlalchemy import (
    JSON,
    Column,
    ColumnElement,
    Connection,
    Table,
    TextClause,
    func,
    literal,
    select,
    text,
    type_coerce,
)

from assistant.stores.database import Database
from assistant.stores.hook_tables import hook_messages
from assistant.stores.rows import CHUNK, chunks, workspace_key
from assistant.stores.tables import calls, drafts, records, workspaces
from assistant.stores.tally_port import Tally
from assistant.stores.thread_tables import spending
from assistant.stores.tracker_tables import arrived, deliveries, effects

_NOBODY = -1
"""No workspace has this key."""


class SqlTally:
    """The `TallyStore` over all tables."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._reading = threading.Lock()
        self._known: dict[int, tuple[str, str]] = {}
        """Key of a draft's version → kind and verdict."""

    def tally(self, workspace: str | None) -> Tally:
        """Count now; see the port."""
        with self._database.read() as held:
            key = None
            if workspace is not None:
                found = workspace_key(held, workspace)
                key = _NOBODY if found is None else found
            tokens, usd = held.execute(
                select(func.coalesce(func.sum(spending.c.tokens), 0), func.coalesce(func.sum(spending.c.usd), 0.0))
                .where(_of(spending, key))
            ).one()  # fmt: skip
            mine = workspaces.c.key == key if key is not None else literal(True)
            passages = select(func.coalesce(func.sum(workspaces.c.passages), 0)).where(mine)
            return Tally(
                # As the partial index says it; `current = 1` would read the table.
                records=_count(held, records, key, text("current")),
                passages=int(held.execute(passages).scalar_one()),
                drafts=self._drafts(held, key),
                calls=_count(held, calls, key),
                tokens=int(tokens),
                usd=float(usd),
                effects=_by_state(held, effects, effects.c.state, key),
                hook_messages=_by_state(held, hook_messages, hook_messages.c.state, key),
                deliveries=_count(held, deliveries, key),
                arrived=_count(held, arrived, key),
            )

    def _drafts(self, held: Connection, key: int | None) -> Mapping[tuple[str, str], int]:
        there = list(held.execute(select(drafts.c.key).where(_of(drafts, key))).scalars())
        with self._reading:
            for some in chunks([one for one in there if one not in self._known], CHUNK):
                for one, kind, verdict in _verdicts(held, some):
                    self._known[one] = (kind, verdict)
            return Counter(self._known[one] for one in there if one in self._known)


def _verdicts(held: Connection, keys: Sequence[int]) -> Iterator[tuple[int, str, str]]:
    """Key, kind and verdict."""
    these = drafts.c.key.in_(keys)
    if held.dialect.name == "sqlite":
        document = type_coerce(drafts.c.document, JSON)
        kind, verdict = document["kind"].as_string(), document["report", "verdict"].as_string()
        for key, name, said in held.execute(select(drafts.c.key, kind, verdict).where(these)):
            yield key, name or "", said or ""
        return
    # Postgres' JSON knows no \u0000, which a quote may hold.
    for key, stored in held.execute(select(drafts.c.key, drafts.c.document).where(these)):
        found = json.loads(stored)
        yield key, found["kind"], (found.get("report") or {}).get("verdict", "")


def _of(table: Table, key: int | None) -> ColumnElement[bool]:
    return table.c.workspace == key if key is not None else literal(True)


def _count(held: Connection, table: Table, key: int | None, *which: TextClause) -> int:
    return int(held.execute(select(func.count()).select_from(table).where(_of(table, key), *which)).scalar_one())  # fmt: skip


def _by_state(held: Connection, table: Table, state: Column[str], key: int | None) -> Mapping[str, int]:
    query = select(state, func.count().label("many")).where(_of(table, key)).group_by(state)
    return {row.state: row.many for row in held.execute(query)}
