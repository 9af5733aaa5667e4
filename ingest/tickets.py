"""Tickets as feedback: brought in one by one as they come, not as a file. The same ticket is the same record; a change is a new revision."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime

from assistant.domain.clean import clean
from assistant.domain.ids import person_id, record_id
from assistant.domain.record import Record, RecordKind
from assistant.domain.ticket import Connection, Ticket
from assistant.errors import IndexLocked, StoreError
from assistant.stores.ledger import Identity
from assistant.stores.sync import drain
from assistant.telemetry import get_logger
from assistant.workbench import Workbench
from ingest.batches import embedded, prepare, save
from ingest.build import Built, Candidate
from ingest.clean.duplicates import voice
from ingest.clean.identity import identities_of
from ingest.clean.language import detect_language
from ingest.erasures import without_erased
from ingest.seen import Seen
from ingest.tally import Tally

_SEGMENT_CHARS = 200


def source_of(connection: str) -> str:
    """Name of the source that a connection's tickets are."""
    return f"tracker:{connection}"


def record_of(workspace: str, connection: str, key: str) -> str:
    """Id of a ticket's record, whether it is there or not."""
    return record_id(workspace, source_of(connection), key)


def bring_in(bench: Workbench, connection: Connection, tickets: Sequence[Ticket]) -> int:
    """Keep tickets as records, in one transaction. Those whose text is as it was stay as they are.

    A ticket of a person who was erased, or without any word, becomes none. Nothing is linked to twins here; the next import does.

    Returns: records that are new or changed. Raises: EmbedderMismatch, DiskFull, StoreError, ModelError; nothing was kept then.
    """
    if not tickets:
        return 0
    rows = without_erased(bench, iter(list(_built(bench, connection, tickets))), restore=False)
    # Judged by their ids alone: an echo is kept as well, so who else said the same needn't be read, of 100,000 records.
    batches = prepare(bench, rows, Seen((), lambda _: None), Tally())
    changed = sum(
        save(bench, batch, vectors, "", finished=False) for batch, vectors in embedded(bench, batches)
    )
    _index(bench)
    return changed


def take_out(bench: Workbench, connection: str, keys: Iterable[str]) -> int:
    """Tickets that their tracker has no more leave what is counted and found. Returns: how many did."""
    ids = [record_of(bench.workspace, connection, key) for key in keys]
    buried = bench.catalog.tombstones.bury(bench.workspace, ids, datetime.now(UTC)) if ids else 0
    if buried:
        _index(bench)
    return buried


def _built(bench: Workbench, connection: Connection, tickets: Iterable[Ticket]) -> Iterator[Built]:
    for number, ticket in enumerate(tickets, 1):
        raw = "\n\n".join(part for part in (ticket.title, ticket.body) if part.strip())
        cleaned = clean(raw)
        built = Built(number)
        if cleaned.text:
            author = ticket.author.strip()
            person = person_id(bench.workspace, author, bench.person_key) if author else None
            known = (
                identities_of(bench.workspace, author, None, bench.person_key)
                if author
                else frozenset[Identity]()
            )
            told = {"component": ticket.component, "ticket_type": ticket.kind}
            record = Record(
                workspace=bench.workspace,
                id=record_of(bench.workspace, connection.name, ticket.key),
                source=source_of(connection.name),
                kind=RecordKind(connection.counts_as),
                raw=raw,
                external_id=ticket.key,
                person=person,
                segments={
                    name: " ".join(said.split())[:_SEGMENT_CHARS] for name, said in told.items() if said
                },
                said_at=ticket.created_at or ticket.updated_at,
                language=detect_language(cleaned.text),
                url=ticket.url if ticket.url.startswith(("https://", "http://")) else None,
                title=ticket.title or None,
                voice=voice(cleaned.text, person, None),
            )
            built.candidates.append(Candidate(record, cleaned, identities=known))
        yield built


def _index(bench: Workbench) -> None:
    """Tell the index now, where this process has it; whoever has it does so otherwise."""
    try:
        if bench.index is not None:
            drain(bench.catalog, bench.index, bench.workspace)
    except IndexLocked:
        return
    except StoreError as problem:
        get_logger("ingest").warning("The vector index can't be written now.", reason=problem.message)
