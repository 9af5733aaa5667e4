"""The seam to issue systems. An adapter talks to one project of one system; it decides nothing and keeps nothing.

```
async with open_tracker(connection) as tracker:      # api/trackers/registry.py
    reserved = await tracker.reserve(marker)         # kept before anything is sent
    ticket = await tracker.create(text, marker, reserved)
```

Every method raises TrackerUnavailable (also after a timeout: what was sent may have arrived), TrackerRateLimited, TrackerRefused, or
NotFound for a ticket or comment that isn't there.
"""

from collections.abc import Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol, runtime_checkable

from assistant.domain.ticket import CommitStatus, Connection, Ticket, TicketChange, TicketComment, TicketText
from assistant.errors import TrackerError


@dataclass(frozen=True)
class TicketPage:
    """Some tickets that changed, in the order in which they did."""

    tickets: tuple[Ticket, ...]
    cursor: str | None
    """Where to go on; None: that was all."""


class ReservationSpent(TrackerError):
    """What was reserved was used or has expired, and there is nothing yet with the marker. The next try reserves anew."""

    code = "tracker-reservation-spent"
    retryable = True


class TicketReader(Protocol):
    """What is read of an issue system."""

    async def get(self, key: str) -> Ticket:
        """The ticket with its comments, oldest first. Raises: NotFound."""
        ...

    async def find(self, marker: str) -> Ticket | None:
        """The ticket that was made with this marker: found as soon as `create` has answered. None where there is none."""
        ...

    async def list_since(self, since: datetime | None, cursor: str | None = None) -> TicketPage:
        """Tickets that changed at or after that time (None: all), oldest change first, without their comments."""
        ...


class TicketWriter(Protocol):
    """What is written into one. Texts are Markdown; the adapter turns them into what the system reads."""

    async def reserve(self, marker: str) -> str:
        """What makes the next `create` or new `comment` with this marker happen once however often it is sent, where the system
        offers that: an id, a one-time address. Kept before sending and given again with every try; "" where it offers nothing."""
        ...

    async def create(self, text: TicketText, marker: str, reserved: str) -> Ticket:
        """Make a ticket that carries the marker where people don't see it, or hardly. Raises: ReservationSpent."""
        ...

    async def update(self, key: str, change: TicketChange) -> Ticket:
        """Change what is named and nothing else. Raises: Conflict where `change.version` isn't the ticket's any more."""
        ...

    async def comment(
        self, key: str, text: str, marker: str, comment_id: str, reserved: str
    ) -> TicketComment:
        """Write a comment that carries the marker, or edit that one in place.

        Raises: NotFound where the one to edit is gone; ReservationSpent.
        """
        ...


class Tracker(TicketReader, TicketWriter, Protocol):
    """An issue system."""


@runtime_checkable
class CommitBoard(Protocol):
    """What a tracker can do, too, where it keeps code beside its tickets: show statuses at commits."""

    async def status_of(self, sha: str, name: str) -> CommitStatus | None:
        """The newest status of that name at a commit, whoever set it; None where there is none. Raises: NotFound for the commit."""
        ...

    async def show_status(self, status: CommitStatus) -> CommitStatus:
        """Show it in the place of the one of that name. Returns: as the system has it. Raises: NotFound, TrackerRefused."""
        ...


class Forged(Exception):
    """A webhook's message that its sender can't have sent, or not now. The message is for the log, not for the sender."""


class Happened(StrEnum):
    """What a message tells."""

    ticket = "ticket"
    """A ticket was made or changed, its state included."""
    removed = "removed"
    comment = "comment"
    other = "other"
    """Something that nobody here asks for."""


@dataclass(frozen=True)
class Incoming:
    """What a verified message of a webhook says."""

    delivery_id: str
    """The tracker's id of the message; where it sends none, one from the message itself."""
    happened: Happened
    key: str = ""
    """The ticket's."""
    actor: str = ""
    """Who did it, as the tracker names them."""
    ticket: Ticket | None = None
    """As the message tells it; None: it has to be asked for."""
    comment: TicketComment | None = None


class Webhook(Protocol):
    """Messages that an issue system sends. Pure: no network, no clock of its own."""

    def read(
        self,
        connection: Connection,
        headers: Mapping[str, str],
        body: bytes,
        secrets: Sequence[str],
        now: datetime,
    ) -> Incoming:
        """Verify the bytes as they came, then read them.

        Args:
            headers: with names in lower case.
            secrets: any of them may have signed it; compared in constant time.

        Raises: Forged where no secret fits, a signature is missing, or it is too old or from the future; InputRejected where it is
        genuine and can't be read.
        """
        ...


class TrackerKind(Protocol):
    """A system that can be connected: what an entry point `voxspec.trackers` gives."""

    name: str
    webhook: Webhook | None
    """None: it sends none, it is asked every now and then."""

    def open(self, connection: Connection, token: str) -> AbstractAsyncContextManager[Tracker]:
        """Talk to it while the block runs. Raises: UsageError for a connection that lacks something."""
        ...
