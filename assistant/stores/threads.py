"""Chats: the `ThreadStore` and the `TurnStore`, what an erasure takes out of both, and the `SpendStore`."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, bindparam, func, insert, select, update

from assistant.domain.base import canonical_json
from assistant.domain.erased_words import ErasedWords
from assistant.domain.events import ThreadEvent, all_pieces
from assistant.domain.spent import Spent
from assistant.domain.thread import Body, Thread, Turn, TurnState, rests_on
from assistant.errors import Cancelled, Conflict, NotFound
from assistant.stores.database import Database
from assistant.stores.rows import KEY_OF, make_workspace, workspace_key
from assistant.stores.thread_tables import spending, thread_events, threads, turns

_OPEN = TurnState.open.value


class SqlThreads:
    """The `ThreadStore` over table `threads`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def put(self, thread: Thread) -> None:
        """Keep a thread, in place of what was kept of it."""
        with self._database.write(thread.workspace) as connection:
            _put(connection, make_workspace(connection, thread.workspace), thread)

    def get(self, workspace: str, thread_id: str) -> Thread | None:
        """The thread."""
        with self._database.read() as connection:
            key = workspace_key(connection, workspace)
            query = select(threads.c.thread).where(threads.c.workspace == key, threads.c.id == thread_id)
            held = connection.execute(query).scalar()
        return Thread.model_validate_json(held) if held is not None else None

    def newest(self, workspace: str, after: str | None, limit: int) -> list[Thread]:
        """Newest first, after that thread's id."""
        with self._database.read() as connection:
            key = workspace_key(connection, workspace)
            query = select(threads.c.thread).where(threads.c.workspace == key)
            if after is not None:
                place = select(threads.c.key).where(threads.c.workspace == key, threads.c.id == after)
                query = query.where(threads.c.key < place.scalar_subquery())
            rows = connection.execute(query.order_by(threads.c.key.desc()).limit(limit)).scalars()
            return [Thread.model_validate_json(row) for row in rows]


class SqlTurns:
    """The `TurnStore` over tables `turns` and `thread_events`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, workspace: str, turn: Turn) -> None:
        """Keep a person's turn; see the port."""
        with self._database.write(workspace) as connection:
            key = workspace_key(connection, workspace)
            held = select(threads.c.key).where(threads.c.workspace == key, threads.c.id == turn.thread_id)
            if connection.execute(held).first() is None:
                raise NotFound(
                    f"There is no thread {turn.thread_id[:60]}.", hint="GET /v1/threads lists them."
                )
            rows = connection.execute(_of(key, turn.thread_id)).all()
            if any(row.state == _OPEN for row in rows):
                raise Conflict(
                    "This thread is still answering the turn before.",
                    hint="Wait for turn.completed, or cancel that turn.",
                )
            if len(rows) + 1 != turn.seq:
                raise Conflict("Another turn came in between.", hint="Read the thread, and send it again.")
            assert key is not None
            connection.execute(insert(turns), _row(key, turn))

    def turns(self, workspace: str, thread_id: str) -> list[Turn]:
        """In the order in which they were said."""
        with self._database.read() as connection:
            rows = connection.execute(_of(workspace_key(connection, workspace), thread_id)).all()
        return [Turn.model_validate_json(row.turn) for row in rows]

    def open_turns(self, workspace: str) -> int:
        """How many turns of all threads aren't over."""
        with self._database.read() as connection:
            here = turns.c.workspace == workspace_key(connection, workspace)
            query = select(func.count()).select_from(turns).where(here, turns.c.state == _OPEN)
            return int(connection.execute(query).scalar_one())

    def append_events(self, workspace: str, thread_id: str, events: Sequence[ThreadEvent]) -> None:
        """Append to the log; see the port."""
        if not events:
            return
        with self._database.write(workspace, synced=not all_pieces(events)) as connection:
            key = make_workspace(connection, workspace)
            for turn_id in {event.data.get("turn") for event in events}:
                state = select(turns.c.state).where(turns.c.workspace == key, turns.c.id == turn_id)
                if connection.execute(state).scalar() != _OPEN:
                    raise Cancelled("The turn is over.", hint="Send another one.")
            wanted = {event.seq: event for event in reversed(events)}
            known = select(thread_events.c.seq).where(
                thread_events.c.workspace == key,
                thread_events.c.thread_id == thread_id,
                thread_events.c.seq >= min(wanted),
            )
            taken = set(connection.execute(known).scalars())
            rows = [_event_row(key, thread_id, event) for event in wanted.values() if event.seq not in taken]
            if rows:
                connection.execute(insert(thread_events), rows)

    def events(self, workspace: str, thread_id: str, after_seq: int) -> list[ThreadEvent]:
        """Events with a greater `seq`, in order."""
        with self._database.read() as connection:
            here = (
                thread_events.c.workspace == workspace_key(connection, workspace),
                thread_events.c.thread_id == thread_id,
                thread_events.c.seq > after_seq,
            )
            query = select(thread_events).where(*here).order_by(thread_events.c.seq)
            rows = connection.execute(query).all()
        return [ThreadEvent(seq=row.seq, type=row.type, data=json.loads(row.data)) for row in rows]

    def end(
        self, workspace: str, turn: Turn, last: Mapping[str, Any], answer: Turn | None, thread: Thread | None
    ) -> bool:
        """Keep the outcome of a turn in one transaction; see the port."""
        with self._database.write(workspace) as connection:
            key = make_workspace(connection, workspace)
            this = (turns.c.workspace == key, turns.c.id == turn.id)
            values = {"state": turn.state.value, "turn": canonical_json(turn)}
            if not connection.execute(
                update(turns).where(*this, turns.c.state == _OPEN).values(values)
            ).rowcount:
                return False
            if answer is not None:
                connection.execute(insert(turns), _row(key, answer))
            if thread is not None:
                _put(connection, key, thread)
            seqs = select(func.max(thread_events.c.seq)).where(
                thread_events.c.workspace == key, thread_events.c.thread_id == turn.thread_id
            )
            event = ThreadEvent(
                seq=(connection.execute(seqs).scalar() or 0) + 1,
                type="turn.completed" if turn.state is TurnState.done else "turn.failed",
                data={"turn": turn.id, **last},
            )
            connection.execute(insert(thread_events), _event_row(key, turn.thread_id, event))
        return True


_SPEND = (
    update(spending)
    .where(spending.c.workspace == KEY_OF, spending.c.day == bindparam("on"))
    .values(tokens=spending.c.tokens + bindparam("more_tokens"), usd=spending.c.usd + bindparam("more_usd"))
)


class SqlSpending:
    """The `SpendStore` over table `spending`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, workspace: str, day: str, spent: Spent) -> None:
        """Add to a day."""
        # Not synced: the reply that was paid is stored next, which syncs both.
        with self._database.write(workspace, synced=False) as connection:
            more = {"name": workspace, "on": day, "more_tokens": spent.tokens, "more_usd": spent.usd}
            if not connection.execute(_SPEND, more).rowcount:
                key = make_workspace(connection, workspace)
                row = {"workspace": key, "day": day, "tokens": spent.tokens, "usd": spent.usd}
                connection.execute(insert(spending), row)

    def of(self, workspace: str, day: str) -> Spent:
        """What that day cost so far."""
        with self._database.read() as connection:
            here = spending.c.workspace == workspace_key(connection, workspace)
            row = connection.execute(select(spending).where(here, spending.c.day == day)).first()
        return Spent(row.tokens, row.usd) if row else Spent()


def redact_threads(
    connection: Connection, workspace: int, words: ErasedWords, record_ids: frozenset[str]
) -> int:
    """Take erased records and their words out of chats. Returns: how many turns and titles held some.

    An answer that rests on an erased record is emptied: it may say the same in other words.
    """
    changed = 0
    held = connection.execute(select(threads).where(threads.c.workspace == workspace)).all()
    for thread in [Thread.model_validate_json(row.thread) for row in held]:
        left = thread.model_copy(update={"title": words.redacted(thread.title, nearby=False)})
        if left != thread:
            _put(connection, workspace, left)
            changed += 1
    for row in connection.execute(select(turns).where(turns.c.workspace == workspace)).all():
        turn = Turn.model_validate_json(row.turn)
        left_turn = _without(turn, words, record_ids)
        if left_turn != turn:
            this = (turns.c.workspace == workspace, turns.c.id == turn.id)
            connection.execute(update(turns).where(*this).values(turn=canonical_json(left_turn)))
            changed += 1
        if left_turn != turn and turn.answers is not None:
            _empty_events(connection, workspace, turn.answers)
    _redact_events(connection, workspace, words, record_ids)
    return changed


def _without(turn: Turn, words: ErasedWords, record_ids: frozenset[str]) -> Turn:
    if turn.by == "voxspec":
        if not rests_on(turn, record_ids) and not words.occur_in(turn.model_dump_json()):
            return turn
        emptied = {"text": "", "body": Body(), "question": None, "order": None, "proposal": None}
        return turn.model_copy(update=emptied)
    about = turn.about.model_copy(update={"selected": words.redacted(turn.about.selected, nearby=False)})
    return turn.model_copy(update={"text": words.redacted(turn.text, nearby=False), "about": about})


def _redact_events(
    connection: Connection, workspace: int, words: ErasedWords, record_ids: frozenset[str]
) -> None:
    """Empty the logs of turns that streamed a draft over the records, or repeat their words across pieces."""
    whole: dict[str, list[str]] = {}
    resting: set[str] = set()
    query = select(thread_events.c.turn_id, thread_events.c.data).where(
        thread_events.c.workspace == workspace
    )
    for turn_id, data in connection.execute(query.order_by(thread_events.c.thread_id, thread_events.c.seq)):
        loaded = json.loads(data)
        whole.setdefault(turn_id, []).append(str(loaded.get("text", "")) or data)
        if loaded.get("record_id") in record_ids:
            resting.add(turn_id)
    for turn_id, texts in whole.items():
        if turn_id in resting or words.occur_in("".join(texts)) or any(map(words.occur_in, texts)):
            _empty_events(connection, workspace, turn_id)


def _empty_events(connection: Connection, workspace: int, turn_id: str) -> None:
    """Types and numbers stay, so that a reader goes on where they were."""
    this = (thread_events.c.workspace == workspace, thread_events.c.turn_id == turn_id)
    left = canonical_json({"turn": turn_id, "erased": True})
    connection.execute(update(thread_events).where(*this).values(data=left))


def _put(connection: Connection, workspace: int, thread: Thread) -> None:
    this = (threads.c.workspace == workspace, threads.c.id == thread.id)
    document = canonical_json(thread)
    if not connection.execute(update(threads).where(*this).values(thread=document)).rowcount:
        row = {"workspace": workspace, "id": thread.id, "thread": document}
        connection.execute(insert(threads), row)


def _of(workspace: int | None, thread_id: str) -> Any:
    here = (turns.c.workspace == workspace, turns.c.thread_id == thread_id)
    return select(turns).where(*here).order_by(turns.c.seq)


def _row(workspace: int, turn: Turn) -> dict[str, object]:
    told = {"thread_id": turn.thread_id, "seq": turn.seq, "id": turn.id, "state": turn.state.value}
    return {"workspace": workspace, **told, "turn": canonical_json(turn)}


def _event_row(workspace: int, thread_id: str, event: ThreadEvent) -> dict[str, object]:
    place = {"workspace": workspace, "thread_id": thread_id, "seq": event.seq}
    data = canonical_json(event.data)
    return {**place, "turn_id": str(event.data.get("turn", "")), "type": event.type, "data": data}
