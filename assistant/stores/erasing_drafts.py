"""Taking erased words out of drafts, the events of their writing, and the model calls that they were worded by."""

import json
from collections.abc import Iterable, Iterator

from pydantic import JsonValue
from sqlalchemy import Connection, delete, select, update

from assistant.domain.base import canonical_json
from assistant.domain.draft import Draft
from assistant.domain.erased_words import ErasedWords
from assistant.domain.erasure import ERASED_RECORD
from assistant.domain.redaction import redact_draft, rests_on, without_words
from assistant.stores.rows import chunks
from assistant.stores.staleness import forget_proofs
from assistant.stores.tables import calls, draft_events, drafts

_TYPED_OUT = frozenset({"draft.text.delta"})
"""Events that hold a piece of a text each: words may be cut in two between them."""
_POINTER = "run"


class RunsOf:
    """Which logs of events belong to which drafts."""

    def __init__(self, connection: Connection, workspace: int) -> None:
        self._connection = connection
        self._workspace = workspace

    def drafts(self) -> Iterator[tuple[int, Draft]]:
        """Row and draft, every version."""
        query = select(drafts.c.key, drafts.c.document).where(drafts.c.workspace == self._workspace)
        for key, document in self._connection.execute(query.order_by(drafts.c.key)).all():
            yield key, Draft.model_validate_json(document)

    def resting_on(self, record_ids: frozenset[str]) -> set[str]:
        """Ids of the drafts that were made with these records, and of their runs."""
        return self.of(draft.id for _, draft in self.drafts() if rests_on(draft, _NONE, record_ids))

    def of(self, draft_ids: Iterable[str]) -> set[str]:
        """The drafts' ids with those of their runs."""
        found = set(draft_ids)
        for some in chunks(sorted(found)):
            query = select(draft_events.c.data).where(
                draft_events.c.workspace == self._workspace, draft_events.c.draft_id.in_(some)
            )
            for data in self._connection.execute(query).scalars().all():
                if isinstance(run := json.loads(data).get(_POINTER), str):
                    found.add(run)
        return found


_NONE = ErasedWords((), (), ())


def clean_drafts(
    connection: Connection, workspace: int, record_ids: frozenset[str], words: ErasedWords, reason: str
) -> dict[str, int]:
    """Redact the drafts that rest on these records, their logs, and drop their model calls. Returns counts per place."""
    runs = RunsOf(connection, workspace)
    touched: set[str] = set()
    paid: set[str] = set()
    changed = quotes = 0
    for key, draft in runs.drafts():
        if not rests_on(draft, words, record_ids):
            continue
        left = redact_draft(draft, words, record_ids, reason)
        document = canonical_json(left.draft)
        connection.execute(update(drafts).where(drafts.c.key == key).values(document=document))
        touched.add(draft.id)
        paid.update(draft.provenance.calls)
        changed, quotes = changed + 1, quotes + left.quotes
    forget_proofs(connection, workspace, touched, words)
    return {
        "drafts": changed,
        "quotes": quotes,
        "events": _clean_events(connection, workspace, runs.of(touched), words, record_ids),
        "calls": _drop_calls(connection, workspace, paid, record_ids, words),
    }


def _clean_events(
    connection: Connection, workspace: int, touched: set[str], words: ErasedWords, record_ids: frozenset[str]
) -> int:
    logs = (
        connection.execute(
            select(draft_events.c.draft_id).where(draft_events.c.workspace == workspace).distinct()
        )
        .scalars()
        .all()
    )
    changed = 0
    for log in sorted(logs):
        this = (draft_events.c.workspace == workspace, draft_events.c.draft_id == log)
        query = select(draft_events.c.seq, draft_events.c.type, draft_events.c.data)
        rows = [
            (row.seq, row.type, json.loads(row.data))
            for row in connection.execute(query.where(*this).order_by(draft_events.c.seq))
        ]
        if log not in touched and not _repeats([data for _, _, data in rows], words, record_ids):
            continue
        for seq, kind, data in rows:
            left = (
                {**data, "text": ""}
                if kind in _TYPED_OUT
                else _without_ids(without_words(data, words), record_ids)
            )
            if left != data:
                where = (*this, draft_events.c.seq == seq)
                connection.execute(update(draft_events).where(*where).values(data=canonical_json(left)))
                changed += 1
    return changed


def _repeats(held: list[dict[str, JsonValue]], words: ErasedWords, record_ids: frozenset[str]) -> bool:
    if any(data.get("record_id") in record_ids for data in held):
        return True
    # The pieces of a streamed text are read as one, as they were written.
    whole = "".join(text for data in held for text in _strings(data))
    return words.occur_in(whole) or any(words.occur_in(text) for data in held for text in _strings(data))


def _strings(value: JsonValue) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for one in value.values():
            yield from _strings(one)
    elif isinstance(value, list):
        for one in value:
            yield from _strings(one)


def _without_ids(value: JsonValue, record_ids: frozenset[str]) -> JsonValue:
    if isinstance(value, str):
        return ERASED_RECORD if value.partition(".")[0] in record_ids else value
    if isinstance(value, dict):
        return {name: _without_ids(one, record_ids) for name, one in value.items()}
    if isinstance(value, list):
        return [_without_ids(one, record_ids) for one in value]
    return value


def _drop_calls(
    connection: Connection, workspace: int, keys: set[str], record_ids: frozenset[str], words: ErasedWords
) -> int:
    """Replies to calls that showed such records go whole: a model may have said the same in other words."""
    query = select(calls.c.call_key, calls.c.reply).where(calls.c.workspace == workspace)
    gone = sorted(
        key
        for key, reply in connection.execute(query).all()
        if key in keys or _repeats_or_rests(json.loads(reply), record_ids, words)
    )
    for some in chunks(gone):
        connection.execute(delete(calls).where(calls.c.workspace == workspace, calls.c.call_key.in_(some)))
    return len(gone)


def _repeats_or_rests(reply: dict[str, JsonValue], record_ids: frozenset[str], words: ErasedWords) -> bool:
    shown = reply.get("rests_on")
    if isinstance(shown, list) and not record_ids.isdisjoint(map(str, shown)):
        return True
    return any(words.occur_in(text) for text in _strings(reply))
