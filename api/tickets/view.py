"""A ticket for a reader: what its tracker said last, what was worked out of it, what it belongs to, and its comment with evidence."""

from typing import TypeVar

from pydantic import BaseModel, ConfigDict

from api.shown import shown_text
from assistant.domain.personal.views import masked_quote
from assistant.domain.ticket import Link, Relation, Ticket, TicketComment
from assistant.domain.triage import Triage
from assistant.errors import NotFound
from assistant.settings import Settings
from assistant.stores.port import Catalog
from assistant.workbench import Workbench
from ingest.tickets import record_of

_Held = TypeVar("_Held", Ticket, Link, TicketComment)
_TEXTS = ("title", "body", "author", "text", "base", "comment")


class TicketView(BaseModel):
    """All that is known of one ticket."""

    model_config = ConfigDict(frozen=True)

    ticket: Ticket
    triage: Triage | None = None
    """None: nobody has judged it."""
    links: list[Link]
    """Parts of drafts that it carries out."""
    evidence: str = ""
    """Its comment with evidence as it was sent last, Markdown; empty where none was."""
    record_id: str | None = None
    """Under which its text is found and cited; None where it is no record."""


def view_of(bench: Workbench, connection: str, key: str) -> TicketView:
    """One ticket, masked as the settings say. Raises: NotFound."""
    catalog, workspace = bench.catalog, bench.workspace
    ticket = catalog.tickets.get(workspace, connection, key)
    if ticket is None:
        raise NotFound(
            f"There is no ticket {key[:60]} of '{connection[:40]}'.",
            hint="GET /v1/tickets lists those that are known.",
        )
    links = catalog.links.of_ticket(workspace, connection, key)
    record = record_of(workspace, connection, key)
    return TicketView(
        ticket=_shown(bench.settings, ticket),
        triage=_masked(bench.settings, catalog.tickets.judged(workspace, connection, key)),
        links=[_shown(bench.settings, one) for one in links if one.relation is not Relation.evidence],
        evidence=_evidence(catalog, bench, links),
        record_id=record if catalog.records.known(workspace, [record]) else None,
    )


def listed(bench: Workbench, connection: str | None, after: str | None, limit: int) -> list[Ticket]:
    """Tickets in the order in which they were first heard of, behind `connection/key`. Raises: NotFound for an unknown one."""
    if after is not None:
        of, _, key = after.partition("/")
        if bench.catalog.tickets.get(bench.workspace, of, key) is None:
            raise NotFound("There is no such page of tickets.", hint="Use 'next' of the page before.")
    found = bench.catalog.tickets.page(bench.workspace, connection=connection, after=after, limit=limit)
    return [_shown(bench.settings, one) for one in found]


def _evidence(catalog: Catalog, bench: Workbench, links: list[Link]) -> str:
    return next((one.comment for one in links if one.relation is Relation.evidence and not one.draft_id), "")


def _shown(settings: Settings, held: _Held) -> _Held:
    """With masks for personal data in every text of people."""
    fields = type(held).model_fields
    changes: dict[str, object] = {
        name: shown_text(settings, getattr(held, name)) for name in _TEXTS if name in fields
    }
    if isinstance(held, Ticket):
        changes["comments"] = tuple(_shown(settings, one) for one in held.comments)
    return held.model_copy(update=changes)


def _masked(settings: Settings, triage: Triage | None) -> Triage | None:
    if triage is None or settings.show_personal_data:
        return triage
    alike = tuple(one.model_copy(update={"title": shown_text(settings, one.title)}) for one in triage.alike)
    quoted = {
        name: tuple(map(masked_quote, getattr(triage, name))) for name in ("steps", "expected", "actual")
    }
    fired = triage.rated.quote
    rated = triage.rated.model_copy(update={"quote": masked_quote(fired) if fired else None})
    told = {"alike": alike, "rated": rated, "title": shown_text(settings, triage.title)}
    return triage.model_copy(update=told | quoted)
