"""What the catalog's mirror of an issue system tells: all tickets, what became of the closed ones, what is a part of what."""

import unicodedata
from collections.abc import Iterator, Mapping

from assistant.domain.ticket import Ticket, TicketState
from assistant.workbench import Workbench

_PAGE = 500
_NOT_DONE = frozenset(
    {
        "abandoned", "cancelled", "canceled", "cannot reproduce", "cant reproduce", "declined", "duplicate", "duplicated", "invalid",
        "not a bug", "not planned", "obsolete", "rejected", "resolved duplicate", "superseded", "wont do", "wont fix", "wontdo", "wontfix",
        "works as designed", "worksforme", "works for me",
    }
)  # fmt: skip
"""Words of trackers for a ticket that was closed and not done, folded."""


def tickets_of(bench: Workbench, connection: str) -> Iterator[Ticket]:
    """All tickets of a connection, as its tracker said last, in the order in which they were first heard of."""
    after: str | None = None
    while page := bench.catalog.tickets.page(
        bench.workspace, connection=connection, after=after, limit=_PAGE
    ):
        yield from page
        after = f"{connection}/{page[-1].key}"


def is_dropped(ticket: Ticket) -> bool:
    """Whether it was closed without being done: its status or a label says so."""
    said = (ticket.status, *ticket.labels)
    return ticket.state is TicketState.closed and any(folded(one) in _NOT_DONE for one in said)


def ancestors(ticket: Ticket, known: Mapping[str, Ticket]) -> Iterator[Ticket | None]:
    """What it is a part of, nearest first; None at the end where the mirror lacks the next one. Ends where parents go in a circle."""
    seen = {ticket.key}
    while ticket.parent and ticket.parent not in seen:
        seen.add(ticket.parent)
        above = known.get(ticket.parent)
        yield above
        if above is None:
            return
        ticket = above


def folded(text: str) -> str:
    """A label, status or name as it is compared: case, accents, separators and what nobody sees don't count."""
    shown = (
        c for c in unicodedata.normalize("NFKD", text) if unicodedata.category(c) not in {"Cf", "Cc", "Mn"}
    )
    plain = "".join(shown).casefold().replace("'", "").replace("’", "")
    return " ".join("".join(c if c.isalnum() else " " for c in plain).split())
