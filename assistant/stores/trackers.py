"""Issue systems in the catalog: connections, tickets and links. What is to be sent lies in `effects`, what came in in `deliveries`."""

from collections.abc import Callable
from typing import TypeVar

from sqlalchemy import Column, ColumnElement, Connection, delete, insert, select, update

from assistant.domain import ticket as domain
from assistant.domain.base import Frozen, canonical_json
from assistant.domain.erased_words import ErasedWords
from assistant.domain.ticket import Arrived, Effect, Link, Ticket, TicketComment, version_order
from assistant.domain.triage import Triage
from assistant.errors import NotFound
from assistant.stores.database import Database
from assistant.stores.rows import make_workspace, workspace_key
from assistant.stores.tracker_tables import arrived, asked, connections, effects, links, tickets, triages

_Kept = TypeVar("_Kept", bound=Frozen)


class SqlConnections:
    """The `ConnectionStore` over table `connections`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def put(self, workspace: str, connection: domain.Connection) -> None:
        """Keep a connection; see the port."""
        with self._database.write(workspace) as held:
            key = make_workspace(held, workspace)
            held.execute(delete(connections).where(*_named(key, connection.name)))
            row = {"name": connection.name, "connection": canonical_json(connection)}
            held.execute(insert(connections), {"workspace": key, **row})

    def connections(self, workspace: str) -> list[domain.Connection]:
        """All of them, by name."""
        with self._database.read() as held:
            here = connections.c.workspace == workspace_key(held, workspace)
            query = select(connections.c.connection).where(here).order_by(connections.c.name)
            return [domain.Connection.model_validate_json(row) for row in held.execute(query).scalars()]

    def get(self, workspace: str, name: str) -> domain.Connection:
        """One of them; see the port."""
        known = self.connections(workspace)
        found = next((one for one in known if one.name == name), None)
        if found is None:
            names = ", ".join(one.name for one in known)
            raise NotFound(
                f"There is no connection '{name}' in this workspace.",
                hint=f"There are: {names}." if names else "Add one with 'voxspec tracker add'.",
            )
        return found

    def remove(self, workspace: str, name: str) -> bool:
        """Forget it; see the port."""
        with self._database.write(workspace) as held:
            key = workspace_key(held, workspace)
            held.execute(delete(asked).where(asked.c.workspace == key, asked.c.connection == name))
            return held.execute(delete(connections).where(*_named(key, name))).rowcount > 0


class SqlTickets:
    """The `TicketStore` over table `tickets`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def put(self, workspace: str, ticket: Ticket) -> bool:
        """Keep what is said of a ticket, unless something newer is known; see the port."""
        with self._database.write(workspace) as held:
            key = make_workspace(held, workspace)
            this = _ticket(key, ticket.connection, ticket.key)
            known = held.execute(select(tickets.c.version).where(*this)).scalar_one_or_none()
            if known is not None and version_order(known) > ticket.order:
                return False
            row = {"version": ticket.version, "ticket": canonical_json(ticket)}
            if known is None:
                ids = {"workspace": key, "connection": ticket.connection, "key": ticket.key}
                held.execute(insert(tickets), ids | row)
            else:
                held.execute(update(tickets).where(*this).values(row))
            return True

    def get(self, workspace: str, connection: str, key: str) -> Ticket | None:
        """The ticket."""
        with self._database.read() as held:
            this = _ticket(workspace_key(held, workspace), connection, key)
            row = held.execute(select(tickets.c.ticket).where(*this)).scalar_one_or_none()
            return Ticket.model_validate_json(row) if row is not None else None

    def page(
        self, workspace: str, *, connection: str | None = None, after: str | None = None, limit: int = 50
    ) -> list[Ticket]:
        """Tickets in the order in which they were first heard of; see the port."""
        with self._database.read() as held:
            key = workspace_key(held, workspace)
            wanted: list[ColumnElement[bool]] = [tickets.c.workspace == key]
            if connection is not None:
                wanted.append(tickets.c.connection == connection)
            if after is not None:
                of, _, number = after.partition("/")
                behind = select(tickets.c.seq).where(*_ticket(key, of, number)).scalar_subquery()
                wanted.append(tickets.c.seq > behind)
            query = select(tickets.c.ticket).where(*wanted).order_by(tickets.c.seq).limit(limit)
            return [Ticket.model_validate_json(row) for row in held.execute(query).scalars()]

    def remove(self, workspace: str, connection: str, key: str) -> bool:
        """Forget a ticket; see the port."""
        with self._database.write(workspace) as held:
            here = workspace_key(held, workspace)
            held.execute(delete(triages).where(*_triage(here, connection, key)))
            return held.execute(delete(tickets).where(*_ticket(here, connection, key))).rowcount > 0

    def judge(self, workspace: str, triage: Triage) -> None:
        """Keep what was worked out of a ticket."""
        with self._database.write(workspace) as held:
            here = make_workspace(held, workspace)
            held.execute(delete(triages).where(*_triage(here, triage.connection, triage.ticket)))
            ids = {"connection": triage.connection, "ticket": triage.ticket}
            held.execute(insert(triages), {"workspace": here, **ids, "triage": canonical_json(triage)})

    def judged(self, workspace: str, connection: str, key: str) -> Triage | None:
        """What was worked out of it."""
        with self._database.read() as held:
            this = _triage(workspace_key(held, workspace), connection, key)
            row = held.execute(select(triages.c.triage).where(*this)).scalar_one_or_none()
            return Triage.model_validate_json(row) if row is not None else None


class SqlLinks:
    """The `LinkStore` over table `links`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def put(self, workspace: str, link: Link) -> None:
        """Keep a link, in place of the one between the same two."""
        with self._database.write(workspace) as held:
            key = make_workspace(held, workspace)
            held.execute(delete(links).where(*_link(key, link)))
            ids = {name: getattr(link, name) for name in ("draft_id", "item", "connection", "ticket")}
            held.execute(insert(links), {"workspace": key, **ids, "link": canonical_json(link)})

    def of_draft(self, workspace: str, draft_id: str) -> list[Link]:
        """By item, connection, ticket."""
        return self._read(workspace, links.c.draft_id == draft_id)

    def of_ticket(self, workspace: str, connection: str, ticket: str) -> list[Link]:
        """By draft and item."""
        return self._read(workspace, links.c.connection == connection, links.c.ticket == ticket)

    def links(self, workspace: str) -> list[Link]:
        """All of a workspace."""
        return self._read(workspace)

    def remove(self, workspace: str, link: Link) -> bool:
        """Take a link away; see the port."""
        with self._database.write(workspace) as held:
            this = _link(workspace_key(held, workspace), link)
            return held.execute(delete(links).where(*this)).rowcount > 0

    def _read(self, workspace: str, *which: ColumnElement[bool]) -> list[Link]:
        with self._database.read() as held:
            here = links.c.workspace == workspace_key(held, workspace)
            order = (links.c.draft_id, links.c.item, links.c.connection, links.c.ticket)
            query = select(links.c.link).where(here, *which).order_by(*order)
            return [Link.model_validate_json(row) for row in held.execute(query).scalars()]


def redact_trackers(connection: Connection, workspace: int, words: ErasedWords) -> int:
    """Take erased words out of tickets, links, and what is still to be sent or was. Returns: how many rows held some.

    What stands in the tracker itself is not in our hands; the effects that are still waiting say it without the words.
    """

    def remark(held: TicketComment) -> TicketComment:
        said = {name: words.redacted(getattr(held, name), nearby=True) for name in ("text", "author")}
        return held.model_copy(update=said)

    def ticket(held: Ticket) -> Ticket:
        said = {
            name: words.redacted(getattr(held, name), nearby=True) for name in ("title", "body", "author")
        }
        return held.model_copy(update={**said, "comments": tuple(map(remark, held.comments))})

    def message(held: Arrived) -> Arrived:
        told = {
            "actor": words.redacted(held.actor, nearby=True),
            "ticket": ticket(held.ticket) if held.ticket else None,
            "comment": remark(held.comment) if held.comment else None,
        }
        return held.model_copy(update=told)

    def link(held: Link) -> Link:
        said = {name: words.redacted(getattr(held, name), nearby=True) for name in ("base", "comment")}
        return held.model_copy(update=said)

    def effect(held: Effect) -> Effect:
        text, change = held.text, held.change
        if text is not None:
            said = {name: words.redacted(getattr(text, name), nearby=True) for name in ("title", "body")}
            text = text.model_copy(update=said)
        if change is not None:
            left = {
                name: words.redacted(value, nearby=True)
                for name in ("title", "body")
                if (value := getattr(change, name)) is not None
            }
            change = change.model_copy(update=left)
        own = {name: words.redacted(getattr(held, name), nearby=True) for name in ("comment", "base")}
        return held.model_copy(update={"text": text, "change": change, **own})

    return (
        _redact(connection, workspace, tickets.c.ticket, Ticket, ticket)
        + _redact(connection, workspace, links.c.link, Link, link)
        + _redact(connection, workspace, effects.c.effect, Effect, effect)
        + _redact(connection, workspace, arrived.c.arrived, Arrived, message)
        + _drop_triages(connection, workspace, words)
    )


def _redact(
    connection: Connection,
    workspace: int,
    column: Column[str],
    kind: type[_Kept],
    redacted: Callable[[_Kept], _Kept],
) -> int:
    table = column.table
    changed = 0
    for document in connection.execute(select(column).where(table.c.workspace == workspace)).scalars().all():
        held = kind.model_validate_json(document)
        left = redacted(held)
        if left != held:
            this = (table.c.workspace == workspace, column == document)
            connection.execute(update(table).where(*this).values({column: canonical_json(left)}))
            changed += 1
    return changed


def _drop_triages(connection: Connection, workspace: int, words: ErasedWords) -> int:
    """What was worked out of erased words has no other use: it goes, and is worked out again when the ticket next changes."""
    dropped = 0
    for document in (
        connection.execute(select(triages.c.triage).where(triages.c.workspace == workspace)).scalars().all()
    ):
        held = Triage.model_validate_json(document)
        told = [held.title, *(one.title for one in held.alike)]
        told += [one.text for one in (*held.steps, *held.expected, *held.actual)]
        told += [held.rated.quote.text] if held.rated.quote else []
        if any(words.redacted(text, nearby=True) != text for text in told):
            connection.execute(delete(triages).where(*_triage(workspace, held.connection, held.ticket)))
            dropped += 1
    return dropped


def _named(workspace: int | None, name: str) -> tuple[ColumnElement[bool], ...]:
    return connections.c.workspace == workspace, connections.c.name == name


def _ticket(workspace: int | None, connection: str, key: str) -> tuple[ColumnElement[bool], ...]:
    return tickets.c.workspace == workspace, tickets.c.connection == connection, tickets.c.key == key


def _link(workspace: int | None, link: Link) -> tuple[ColumnElement[bool], ...]:
    return (
        links.c.workspace == workspace,
        links.c.draft_id == link.draft_id,
        links.c.item == link.item,
        links.c.connection == link.connection,
        links.c.ticket == link.ticket,
    )


def _triage(workspace: int | None, connection: str, key: str) -> tuple[ColumnElement[bool], ...]:
    return triages.c.workspace == workspace, triages.c.connection == connection, triages.c.ticket == key
