"""What of a draft has a ticket, which tickets of its have no requirement, and how far it is done.

A requirement is covered by a link of its own, or by those of the stories that carry it. A ticket that was split is several links of one
item; tickets that were merged are one ticket under several items. A part of a linked ticket belongs to it.
"""

from collections.abc import Iterable, Mapping
from enum import StrEnum

from api.tickets.mirror import ancestors, is_dropped, tickets_of
from assistant.domain.base import Frozen
from assistant.domain.draft import Draft, Priority, RequirementBlock, StoryBlock
from assistant.domain.personal.find import masked
from assistant.domain.ticket import Link, Relation, Ticket, TicketState
from assistant.drafting.formats.tree import plain
from assistant.workbench import Workbench

_WHOLE = ""


class Stand(StrEnum):
    """How far an item is."""

    missing = "missing"
    """It has no ticket."""
    unseen = "unseen"
    """Of one of its tickets nothing was heard yet."""
    open = "open"
    done = "done"
    dropped = "dropped"
    """All its tickets were closed without being done."""


class TicketStand(Frozen):
    """A ticket, and what it is to the draft."""

    connection: str
    key: str
    title: str = ""
    url: str = ""
    state: TicketState | None = None
    """None: nothing was heard of it yet."""
    dropped: bool = False
    """Closed without being done."""


class ItemStand(Frozen):
    """A story or a requirement."""

    item: str
    text: str
    priority: Priority | None = None
    """Of a requirement."""
    stand: Stand
    carried_by: tuple[str, ...] = ()
    """Stories whose tickets it rests on; empty where it has its own."""
    tickets: tuple[TicketStand, ...] = ()


class Astray(Frozen):
    """A ticket that is linked to something that this version of the draft doesn't hold."""

    item: str
    ticket: TicketStand


class Coverage(Frozen):
    """A version of a draft, held against the tickets."""

    draft_id: str
    version: int
    connections: tuple[str, ...]
    items: tuple[ItemStand, ...]
    without_requirement: tuple[TicketStand, ...] = ()
    """Tickets under the draft's epic (or of the connection) that nothing is linked to."""
    astray: tuple[Astray, ...] = ()
    done: int
    """Items that are done."""
    of: int
    """Items that are to be done: a requirement that won't be had is none."""

    @property
    def missing(self) -> tuple[ItemStand, ...]:
        """Items that should have a ticket and have none."""
        return tuple(one for one in self.items if one.stand is Stand.missing and is_wanted(one))

    @property
    def is_whole(self) -> bool:
        """Whether everything has its ticket and every ticket its requirement."""
        return not (self.missing or self.without_requirement or self.astray)


def is_wanted(one: ItemStand) -> bool:
    """Whether it is to be done at all."""
    return one.priority is not Priority.wont


def coverage(bench: Workbench, draft: Draft, *, connection: str = "", everything: bool = False) -> Coverage:
    """Hold a draft against the tickets as their trackers said last.

    Args:
        connection: only this one; empty: all that the draft is linked to.
        everything: whether tickets of the connection outside of the draft's epic are looked at, too.

    Raises: NotFound for a connection that isn't there.
    """
    if connection:
        bench.catalog.connections.get(bench.workspace, connection)
    links = [
        one
        for one in bench.catalog.links.of_draft(bench.workspace, draft.id)
        if connection in ("", one.connection)
    ]
    names = tuple(sorted({one.connection for one in links} | ({connection} if connection else set())))
    known = {name: {one.key: one for one in tickets_of(bench, name)} for name in names}
    open_text = bench.settings.show_personal_data

    def shown(name: str, key: str) -> TicketStand:
        return _stand_of(name, key, known[name].get(key), open_text)

    doing: dict[str, list[TicketStand]] = {}
    for link in links:
        if link.relation is Relation.implements and link.item != _WHOLE:
            doing.setdefault(link.item, []).append(shown(link.connection, link.ticket))
    items = tuple(_items(draft, doing, open_text))
    held = {one.item for one in items}
    astray = [Astray(item=name, ticket=one) for name in doing if name not in held for one in doing[name]]
    loose = [
        shown(name, key)
        for name in names
        for key in _unlinked(bench, name, known[name], links, everything=everything)
    ]
    wanted = [one for one in items if is_wanted(one)]
    return Coverage(
        draft_id=draft.id,
        version=draft.version,
        connections=names,
        items=items,
        without_requirement=tuple(loose),
        astray=tuple(astray),
        done=sum(one.stand is Stand.done for one in wanted),
        of=len(wanted),
    )


def _items(draft: Draft, doing: Mapping[str, list[TicketStand]], open_text: bool) -> Iterable[ItemStand]:
    for block in draft.blocks():
        if not isinstance(block, StoryBlock | RequirementBlock):
            continue
        own = doing.get(block.id, [])
        through: tuple[str, ...] = ()
        if isinstance(block, RequirementBlock) and not own:
            through = tuple(name for name in block.story_ids if name in doing)
            own = list({(one.connection, one.key): one for name in through for one in doing[name]}.values())
        text = block.title if isinstance(block, StoryBlock) else block.text
        text = " ".join(plain(draft, text).split())
        yield ItemStand(
            item=block.id,
            text=text if open_text else masked(text),
            priority=block.priority if isinstance(block, RequirementBlock) else None,
            stand=_how_far(own),
            carried_by=through,
            tickets=tuple(own),
        )


def _how_far(tickets: list[TicketStand]) -> Stand:
    if not tickets:
        return Stand.missing
    if any(one.state is TicketState.open for one in tickets):
        return Stand.open
    if any(one.state is None for one in tickets):
        return Stand.unseen
    return Stand.dropped if all(one.dropped for one in tickets) else Stand.done


def _unlinked(
    bench: Workbench, connection: str, known: Mapping[str, Ticket], links: Iterable[Link], *, everything: bool
) -> Iterable[str]:
    """Keys of tickets that belong to the draft's epic, or to the connection, and to no item of any draft."""
    linked = {
        one.ticket
        for one in bench.catalog.links.links(bench.workspace)
        # A comment with evidence says that people ask for it, not that a draft does.
        if one.connection == connection and one.draft_id
    }
    epics = {one.ticket for one in links if one.connection == connection and one.item == _WHOLE and one.relation is Relation.implements}  # fmt: skip
    for key, ticket in known.items():
        if key in linked or is_dropped(ticket):
            continue
        above = [one.key for one in ancestors(ticket, known) if one is not None]
        above += [ticket.parent] if ticket.parent else []
        if (linked - epics).isdisjoint(above) and (everything or not epics.isdisjoint(above)):
            yield key


def _stand_of(connection: str, key: str, ticket: Ticket | None, open_text: bool) -> TicketStand:
    if ticket is None:
        return TicketStand(connection=connection, key=key)
    return TicketStand(
        connection=connection,
        key=key,
        title=ticket.title if open_text else masked(ticket.title),
        url=ticket.url,
        state=ticket.state,
        dropped=is_dropped(ticket),
    )
