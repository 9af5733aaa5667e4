"""Taking records out of every table of the catalog, and the receipts: the `CatalogEraser` and the `ErasureLog`."""

import json
from collections.abc import Iterator, Mapping, Sequence

from sqlalchemy import Connection, RowMapping, insert, select, update

from assistant.domain.base import canonical_json
from assistant.domain.erased_words import ErasedWords
from assistant.domain.erasure import Asked, Receipt
from assistant.stores.database import Database
from assistant.stores.erased import Erased, account_name
from assistant.stores.erased_rows import made_key, read_erased, remember_erased
from assistant.stores.erasing_drafts import RunsOf, clean_drafts
from assistant.stores.erasure_port import Doomed
from assistant.stores.history import redact_history
from assistant.stores.judgements import redact_judged
from assistant.stores.removing import forget_ids, remove_records
from assistant.stores.rows import chunks, make_workspace, workspace_key
from assistant.stores.tables import erasures, imports, records
from assistant.stores.theme_edits import redact_edits
from assistant.stores.themes import redact_names
from assistant.stores.threads import redact_threads
from assistant.stores.trackers import redact_trackers

_TOLD = ("raw", "title", "url", "external_id", "account", "source", "segments")
_PAGE = 2000


class _CountedOnly(Exception):
    """Ends a transaction that was only to count."""


class SqlEraser:
    """The `CatalogEraser`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def find(self, workspace: str, asked: Asked, names: Sequence[str]) -> list[str]:
        """Ids of the records that are meant; see the port."""
        with self._database.read() as connection:
            here = records.c.workspace == workspace_key(connection, workspace)
            if asked is Asked.account:
                wanted = {account_name(name) for name in names}
                rows = connection.execute(select(records.c.id, records.c.account).where(here))
                return sorted({row.id for row in rows if account_name(row.account) in wanted})
            column = records.c.person if asked is Asked.author else records.c.id
            found: set[str] = set()
            for some in chunks(names):
                query = select(records.c.id).where(here, column.in_(some))
                found.update(connection.execute(query).scalars())
            return sorted(found)

    def texts(self, workspace: str, record_ids: Sequence[str]) -> list[str]:
        """What was said or is told in any revision of these records."""
        found: list[str] = []
        with self._database.read() as connection:
            key = workspace_key(connection, workspace)
            for some in chunks(record_ids):
                query = select(*(records.c[name] for name in _TOLD)).where(
                    records.c.workspace == key, records.c.id.in_(some)
                )
                found += [text for row in connection.execute(query).mappings() for text in _told(row)]
        return list(dict.fromkeys(found))

    def other_texts(self, workspace: str, record_ids: Sequence[str]) -> Iterator[str]:
        """The same of every other record, of all workspaces."""
        leaving = frozenset(record_ids)
        after = 0
        columns = (records.c.key, records.c.workspace, records.c.id, *(records.c[name] for name in _TOLD))
        while True:
            with self._database.read() as connection:
                here = workspace_key(connection, workspace)
                query = select(*columns).where(records.c.key > after).order_by(records.c.key).limit(_PAGE)
                rows = connection.execute(query).mappings().all()
            if not rows:
                return
            for row in rows:
                if row["workspace"] != here or row["id"] not in leaving:
                    yield from _told(row)
            after = rows[-1]["key"]

    def remove(
        self, workspace: str, doomed: Doomed, words: ErasedWords, reason: str, receipt: Receipt | None
    ) -> Mapping[str, int]:
        """Take everything out in one transaction; see the port."""
        counts: dict[str, int] = {}
        try:
            with self._database.write(workspace) as connection:
                key = make_workspace(connection, workspace)
                counts |= _remove(connection, key, doomed, words, reason)
                if receipt is None:
                    raise _CountedOnly
                known = made_key(connection, key)
                remember_erased(connection, key, _digests(known, doomed))
                told = receipt.model_copy(update={"counts": receipt.counts | counts})
                _save(connection, key, told, None)
        except _CountedOnly:
            pass
        return counts

    def touched_jobs(self, workspace: str, record_ids: Sequence[str]) -> list[str]:
        """Ids of the runs that wrote drafts over these records."""
        with self._database.read() as connection:
            key = workspace_key(connection, workspace)
            return sorted(RunsOf(connection, key).resting_on(frozenset(record_ids))) if key else []

    def compact(self) -> None:
        """Rewrite the file and empty its log."""
        self._database.rewrite()


class SqlErasureLog:
    """The `ErasureLog`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def save(self, receipt: Receipt, traces: str | None) -> None:
        """Keep a receipt as it is now."""
        with self._database.write(receipt.workspace) as connection:
            key = make_workspace(connection, receipt.workspace)
            where = (erasures.c.workspace == key, erasures.c.id == receipt.id)
            connection.execute(update(erasures).where(*where).values(traces=traces))
            _save(connection, key, receipt, traces)
        if traces is None:
            self._database.compact_log()

    def newest(self, workspace: str, limit: int) -> list[Receipt]:
        """Receipts, newest first."""
        with self._database.read() as connection:
            key = workspace_key(connection, workspace)
            rows = connection.execute(select(erasures.c.receipt).where(erasures.c.workspace == key)).scalars()
            found = [Receipt.model_validate_json(row) for row in rows]
        found.sort(key=lambda one: (one.asked_at, one.id), reverse=True)
        return found[:limit]

    def traces(self, workspace: str, receipt_id: str) -> str | None:
        """What is kept to search files for."""
        with self._database.read() as connection:
            key = workspace_key(connection, workspace)
            where = (erasures.c.workspace == key, erasures.c.id == receipt_id)
            return connection.execute(select(erasures.c.traces).where(*where)).scalar()

    def erased(self, workspace: str) -> Erased:
        """Hashes of what an import must not bring back."""
        with self._database.read() as connection:
            return read_erased(connection, workspace_key(connection, workspace))

    def pseudonym(self, workspace: str, what: str, name: str) -> str:
        """Keyed hash of a name."""
        with self._database.write(workspace) as connection:
            return made_key(connection, make_workspace(connection, workspace)).digest(what, name)[:16]


def _remove(
    connection: Connection, workspace: int, doomed: Doomed, words: ErasedWords, reason: str
) -> dict[str, int]:
    # Drafts first: they say which events and model calls were made with the records.
    counts = clean_drafts(connection, workspace, frozenset(doomed.record_ids), words, reason)
    removed = remove_records(connection, workspace, doomed.record_ids)
    return {
        "records": removed.records,
        "revisions": removed.revisions,
        "passages": removed.passages,
        "vectors": removed.vectors,
        "outbox": forget_ids(connection, workspace, doomed.record_ids),
        **counts,
        "imports": _clean_imports(connection, workspace, words),
        "theme_edits": _clean_edits(connection, workspace, words),
        "judgements": redact_judged(connection, workspace, words),
        "turns": redact_threads(connection, workspace, words, frozenset(doomed.record_ids)),
        "draft_history": redact_history(connection, workspace, words),
        "trackers": redact_trackers(connection, workspace, words),
    }


def _clean_imports(connection: Connection, workspace: int, words: ErasedWords) -> int:
    """Reasons that a checkpoint counts may repeat a cell."""
    changed = 0
    query = select(imports.c.import_key, imports.c.tally).where(imports.c.workspace == workspace)
    for import_key, tally in connection.execute(query).all():
        if (left := words.redacted(tally, nearby=False)) != tally:
            this = (imports.c.workspace == workspace, imports.c.import_key == import_key)
            connection.execute(update(imports).where(*this).values(tally=left))
            changed += 1
    return changed


def _clean_edits(connection: Connection, workspace: int, words: ErasedWords) -> int:
    """A person may have typed a name, or what somebody said."""
    redact_names(connection, workspace, words)
    return redact_edits(connection, workspace, words)


def _digests(known: Erased, doomed: Doomed) -> list[str]:
    return [
        *(known.digest("record", one) for one in doomed.record_ids),
        *(known.digest("person", one) for one in doomed.persons),
        *(known.digest("account", account_name(one)) for one in doomed.accounts),
    ]


def _save(connection: Connection, workspace: int, receipt: Receipt, traces: str | None) -> None:
    """Args: traces: None leaves those that are kept as they are."""
    where = (erasures.c.workspace == workspace, erasures.c.id == receipt.id)
    values = {"receipt": canonical_json(receipt)} | ({} if traces is None else {"traces": traces})
    if connection.execute(update(erasures).where(*where).values(values)).rowcount == 0:
        row = {"workspace": workspace, "id": receipt.id, "subject": receipt.subject, "traces": traces}
        connection.execute(insert(erasures), row | values)


def _told(row: RowMapping) -> Iterator[str]:
    for name in _TOLD:
        if not (value := row[name]):
            continue
        if name == "segments":
            yield from json.loads(value).values()
        else:
            yield value
