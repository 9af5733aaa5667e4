"""A workspace that mirrors the tickets of a tracker and holds a valid draft with what it quotes, for tests of what tickets tell."""

from datetime import UTC, datetime
from pathlib import Path

from assistant.domain.draft import Draft
from assistant.domain.ticket import Connection, Link, Relation, Ticket, TicketState
from assistant.workbench import Workbench
from tests.support.drafts import valid_draft, valid_records
from tests.support.search_corpus import a_bench, a_record

AT = datetime(2026, 4, 1, 9, tzinfo=UTC)
DESK = Connection(name="desk", tracker="memory")
SAID = "We lose a whole afternoon every single Friday because the rota never prints."


def a_mirror(folder: Path) -> tuple[Workbench, Draft]:
    """Records of two accounts more than the draft's, its tickets' connection, and the draft itself. Closing the bench is the caller's."""
    more = [
        a_record(SAID, key="said", author="Pia", account="Acme Corp.", source="support"),
        a_record("It works.", key="works", author="Quentin", account="Brückner Logistics GmbH", source="support"),
    ]  # fmt: skip
    bench = a_bench(folder, [*valid_records(), *more])
    bench.catalog.connections.put("default", DESK)
    draft = valid_draft(checked=True)
    bench.catalog.drafts.save(draft)
    return bench, draft


def a_ticket(key: str, title: str, **given: object) -> Ticket:
    """A closed one, done in April 2026."""
    told = {
        "connection": "desk",
        "key": key,
        "title": title,
        "state": TicketState.closed,
        "version": "1",
        "updated_at": AT,
    }
    return Ticket.model_validate(told | given)  # fmt: skip


def put(bench: Workbench, *tickets: Ticket) -> None:
    """Mirror them."""
    for ticket in tickets:
        bench.catalog.tickets.put("default", ticket)


def link(
    bench: Workbench, draft: Draft, item: str, key: str, relation: Relation = Relation.implements
) -> None:
    """Say that a ticket does a part of the draft."""
    told = Link(draft_id=draft.id, item=item, connection="desk", ticket=key, relation=relation, at=AT)
    bench.catalog.links.put("default", told)


def forget(bench: Workbench) -> None:
    """Take all tickets and links away."""
    for one in bench.catalog.tickets.page("default", limit=1000):
        bench.catalog.tickets.remove("default", one.connection, one.key)
    for held in bench.catalog.links.links("default"):
        bench.catalog.links.remove("default", held)


def reworded(draft: Draft, want: str) -> Draft:
    """The draft's next version, whose stories want something else."""
    document = draft.model_dump(mode="json") | {"version": draft.version + 1}
    for section in document["sections"]:
        for block in section["blocks"]:
            if block["type"] == "story":
                block["want"] = want
    return Draft.model_validate(document)
