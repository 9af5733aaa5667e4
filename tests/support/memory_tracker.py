"""An issue system in memory, with the accidents that real ones have: it does what it is asked, and the answer gets lost."""

from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

from api.trackers.port import TicketPage, Tracker
from assistant.domain.ticket import Connection, Ticket, TicketChange, TicketComment, TicketState, TicketText
from assistant.errors import Conflict, NotFound, VoxspecError

_START = datetime(2026, 1, 1, tzinfo=UTC)


class MemoryTracker:
    """Accidents are taken in order, one per write: None goes well, an error is raised instead of the answer.

    Args:
        before: accidents that hinder the write; after: those that come once it was done.
    """

    name = "memory"
    webhook = None

    def __init__(
        self,
        before: Iterable[VoxspecError | None] = (),
        after: Iterable[BaseException | None] = (),
    ) -> None:
        self.tickets: dict[str, Ticket] = {}
        self.marked: dict[str, str] = {}
        """Marker → key of the ticket."""
        self.writes = 0
        self._before = iter(before)
        self._after = iter(after)
        self._changes = 0

    @asynccontextmanager
    async def open(self, _connection: Connection, _token: str) -> AsyncIterator[Tracker]:
        yield self

    async def get(self, key: str) -> Ticket:
        if key not in self.tickets:
            raise NotFound(f"There is no ticket {key}.")
        return self.tickets[key]

    async def find(self, marker: str) -> Ticket | None:
        return self.tickets.get(self.marked.get(marker, ""))

    async def list_since(self, since: datetime | None, cursor: str | None = None) -> TicketPage:
        changed = [
            one for one in self.tickets.values() if since is None or (one.updated_at or _START) >= since
        ]
        return TicketPage(tuple(sorted(changed, key=lambda one: one.version)), None)

    async def reserve(self, _marker: str) -> str:
        return ""

    async def create(self, text: TicketText, marker: str, reserved: str) -> Ticket:
        self._hinder()
        key = str(len(self.tickets) + 1)
        self.marked[marker] = key
        made = Ticket(
            connection="memory", key=key, title=text.title, body=text.body, kind=text.kind,
            labels=text.labels, parent=text.parent, marker=marker, created_at=self._now(),
        )  # fmt: skip
        return self._keep(made)

    async def update(self, key: str, change: TicketChange) -> Ticket:
        self._hinder()
        ticket = await self.get(key)
        if change.version not in ("", ticket.version):
            raise Conflict(f"Somebody changed ticket {key} meanwhile.")
        named = {name: getattr(change, name) for name in ("title", "body", "state", "labels")}
        told = {name: value for name, value in named.items() if value is not None}
        return self._keep(ticket.model_copy(update=told))

    async def comment(
        self, key: str, text: str, marker: str, comment_id: str, reserved: str
    ) -> TicketComment:
        self._hinder()
        ticket = await self.get(key)
        ids = [one.id for one in ticket.comments]
        if comment_id and comment_id not in ids:
            raise NotFound(f"There is no comment {comment_id}.")
        written = TicketComment(
            id=comment_id or f"c{len(ids) + 1}", text=text, marker=marker, author="voxspec"
        )
        others = [one for one in ticket.comments if one.id != written.id]
        place = ids.index(comment_id) if comment_id else len(others)
        self._keep(ticket.model_copy(update={"comments": (*others[:place], written, *others[place:])}))
        return written

    def close(self, key: str) -> None:
        """As a person does."""
        self._keep(self.tickets[key].model_copy(update={"state": TicketState.closed}))

    def edit(self, key: str, **told: object) -> None:
        """As a person does."""
        self._keep(self.tickets[key].model_copy(update=told))

    def _hinder(self) -> None:
        accident = next(self._before, None)
        if accident is not None:
            raise accident
        self.writes += 1

    def _keep(self, ticket: Ticket) -> Ticket:
        self._changes += 1
        now = self._now()
        self.tickets[ticket.key] = ticket.model_copy(update={"version": now.isoformat(), "updated_at": now})
        accident = next(self._after, None)
        if accident is not None:
            raise accident
        return self.tickets[ticket.key]

    def _now(self) -> datetime:
        return _START + timedelta(seconds=self._changes)
