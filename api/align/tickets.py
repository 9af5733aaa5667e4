"""Tickets that a branch names, and the items of a draft that they do."""

from collections.abc import Iterable, Mapping, Sequence

from api.align.alignment import TicketNamed
from api.tickets.mirror import ancestors, is_dropped, tickets_of
from assistant.domain.personal.find import masked
from assistant.domain.ticket import Link, Relation, Ticket
from assistant.workbench import Workbench


class Board:
    """The tickets of a workspace and what they are to one draft. Args: draft_id: empty: a draft that isn't stored here."""

    def __init__(self, bench: Workbench, draft_id: str) -> None:
        self._draft_id = draft_id
        self._open_text = bench.settings.show_personal_data
        connections = [one.name for one in bench.catalog.connections.connections(bench.workspace)]
        self._known: Mapping[str, Mapping[str, Ticket]] = {
            name: {one.key: one for one in tickets_of(bench, name)} for name in connections
        }
        self._links: dict[tuple[str, str], list[Link]] = {}
        for link in bench.catalog.links.links(bench.workspace):
            if link.relation is Relation.implements:
                self._links.setdefault((link.connection, link.ticket), []).append(link)
        keys = [key for held in self._known.values() for key in held] + [key for _, key in self._links]
        self._prefixes = {key.rpartition("-")[0] for key in keys if "-" in key}

    def named(self, names: Iterable[str]) -> list[TicketNamed]:
        """Those of the names that are tickets: known here, or of a project that is."""
        found: list[TicketNamed] = []
        for name in dict.fromkeys(names):
            key = name.removeprefix("#")
            there = [where for where, held in self._known.items() if key in held]
            there += [where for where, linked in self._links if linked == key and where not in there]
            if there:
                found += [self._told(where, key) for where in there]
            elif "-" in key and key.rpartition("-")[0] in self._prefixes:
                found.append(TicketNamed(key=key, is_known=False))
        return found

    def _told(self, connection: str, key: str) -> TicketNamed:
        ticket = self._known.get(connection, {}).get(key)
        links = self._links_of(connection, key, ticket)
        own = [one for one in links if one.draft_id == self._draft_id]
        others = {one.draft_id for one in links if one.draft_id and one.draft_id != self._draft_id}
        title = ticket.title if ticket is not None else ""
        return TicketNamed(
            key=key,
            connection=connection,
            title=title if self._open_text else masked(title),
            items=tuple(dict.fromkeys(one.item for one in own if self._draft_id)),
            elsewhere=tuple(sorted(others)) if not own else (),
            is_known=ticket is not None or bool(links),
        )

    def _links_of(self, connection: str, key: str, ticket: Ticket | None) -> Sequence[Link]:
        """Its own links, or those of what it is a part of: a sub-task belongs to its story."""
        held = self._links.get((connection, key), [])
        if held or ticket is None or is_dropped(ticket):
            return held
        above = [one.key for one in ancestors(ticket, self._known[connection]) if one is not None]
        for one in [*above, *([ticket.parent] if ticket.parent else [])]:
            if found := [link for link in self._links.get((connection, one), []) if link.item]:
                return found
        return ()
