"""The seams of issue systems: connections, tickets, links, what is to be sent, and what was taken in."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Protocol

from assistant.domain.ticket import Arrived, Connection, Delivery, Effect, EffectState, Link, Ticket
from assistant.domain.triage import Triage


class ConnectionStore(Protocol):
    """Connections of a workspace."""

    def put(self, workspace: str, connection: Connection) -> None:
        """Keep a connection, in place of the one of that name."""
        ...

    def connections(self, workspace: str) -> list[Connection]:
        """All of them, by name."""
        ...

    def get(self, workspace: str, name: str) -> Connection:
        """One of them. Raises: NotFound."""
        ...

    def remove(self, workspace: str, name: str) -> bool:
        """Forget it; its tickets and links stay. Returns whether it was there."""
        ...


class TicketStore(Protocol):
    """What trackers said last of their tickets."""

    def put(self, workspace: str, ticket: Ticket) -> bool:
        """Keep what is said of a ticket, unless something newer is known. Returns whether it was kept."""
        ...

    def get(self, workspace: str, connection: str, key: str) -> Ticket | None: ...

    def page(
        self, workspace: str, *, connection: str | None = None, after: str | None = None, limit: int = 50
    ) -> list[Ticket]:
        """Tickets in the order in which they were first heard of, behind `connection/key`."""
        ...

    def remove(self, workspace: str, connection: str, key: str) -> bool:
        """Forget a ticket that its tracker has no more, and what was worked out of it."""
        ...

    def judge(self, workspace: str, triage: Triage) -> None:
        """Keep what was worked out of a ticket, in place of what was."""
        ...

    def judged(self, workspace: str, connection: str, key: str) -> Triage | None:
        """What was worked out of it; None: nothing yet."""
        ...


class LinkStore(Protocol):
    """Which ticket belongs to which part of which draft."""

    def put(self, workspace: str, link: Link) -> None:
        """Keep a link, in place of the one between the same two."""
        ...

    def of_draft(self, workspace: str, draft_id: str) -> list[Link]:
        """By item, connection, ticket."""
        ...

    def of_ticket(self, workspace: str, connection: str, ticket: str) -> list[Link]:
        """By draft and item."""
        ...

    def links(self, workspace: str) -> list[Link]:
        """All of a workspace."""
        ...

    def remove(self, workspace: str, link: Link) -> bool:
        """Take a link away. Returns whether it was there."""
        ...


class EffectStore(Protocol):
    """What is to be done to issue systems, and what became of it."""

    def add(self, workspace: str, effects: Sequence[Effect]) -> list[Effect]:
        """Keep effects in one transaction, in this order. Of a key that is known, what is kept stays, and is returned."""
        ...

    def claim(self, workspace: str, connection: str, now: datetime, lease: timedelta) -> Effect | None:
        """Take the next one in hands: due, and nothing before it on its subject that isn't over.

        Returns it in the state in which it was found (`sending`: somebody had it and didn't come back), with `until` and `tries` as
        they are kept now. A dead one holds back nothing.
        """
        ...

    def settle(self, workspace: str, effect: Effect) -> bool:
        """Keep what became of it. Returns False where it was taken from these hands meanwhile (`until` isn't what is kept)."""
        ...

    def get(self, workspace: str, key: str) -> Effect | None: ...

    def page(
        self,
        workspace: str,
        *,
        states: Sequence[EffectState] = (),
        subject: str | None = None,
        after: str | None = None,
        limit: int = 50,
    ) -> list[Effect]:
        """Newest first, behind that key."""
        ...

    def due(self, now: datetime) -> list[tuple[str, str]]:
        """Workspace and connection of everything that can be sent now. The one question over all workspaces: who sends asks it."""
        ...


class DeliveryStore(Protocol):
    """Messages that came in: their ids for as long as they may come again, what they say until it is worked on."""

    def take(
        self, workspace: str, delivery: Delivery, forget_before: datetime, said: Arrived | None = None
    ) -> Delivery | None:
        """Keep it and what it says in one transaction, and let go of older ones.

        Returns the one of that id which was there before, None where it is new.
        """
        ...

    def untake(self, workspace: str, delivery: Delivery) -> None:
        """Forget its id, so that the tracker may send it again."""
        ...

    def waiting(self, workspace: str, connection: str, limit: int) -> list[Arrived]:
        """What waits to be worked on, in the order in which it came."""
        ...

    def finish(self, workspace: str, seqs: Sequence[int]) -> None:
        """Let go of what was worked on."""
        ...

    def unfinished(self) -> list[tuple[str, str, str]]:
        """Workspace, connection and id of what waits: the first of each connection. Over all workspaces: who works on it asks."""
        ...


class AskedStore(Protocol):
    """How far the asking of trackers has come that send nothing of themselves."""

    def everywhere(self) -> list[tuple[str, Connection]]:
        """All connections of all workspaces: who asks them asks it."""
        ...

    def until(self, workspace: str, connection: str) -> datetime | None:
        """Until when everything that changed there is known; None: it was never asked."""
        ...

    def keep(self, workspace: str, connection: str, until: datetime) -> None:
        """Keep that everything until then is known."""
        ...
