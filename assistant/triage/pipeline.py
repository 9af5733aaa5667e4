"""Triage of a ticket that came in: everything that can be worked out of it by code, each answer with its reason."""

from assistant.domain.record import Record
from assistant.domain.ticket import Ticket
from assistant.domain.triage import Triage
from assistant.triage.duplicates import alike
from assistant.triage.forms import better_title, parts_of, questions, quotes_of
from assistant.triage.kinds import component_of, type_of
from assistant.triage.severity import rate
from assistant.workbench import Workbench

ALIKE = 10


def triage(bench: Workbench, ticket: Ticket, record: Record) -> Triage:
    """Work out of a ticket what it repeats, how bad it is, what it says and what it lacks.

    Args:
        ticket: as its tracker said last.
        record: the same as a record, whose text quotes are cut from; it may be in the catalog or not.

    Returns: the same bytes for the same ticket, record and workspace. Its text is data: nothing in it chooses what happens here.
    Raises: EmbedderMismatch, StoreError, ModelError.
    """
    rated = rate(record, ticket.title, bench.speech)
    kind = type_of(bench, ticket, record, rated)
    parts = parts_of(record)
    near = alike(bench, ticket.title, ticket.body, ALIKE, without=record.id, created_at=ticket.created_at)
    return Triage(
        connection=ticket.connection,
        ticket=ticket.key,
        record_id=record.id,
        type=kind,
        component=component_of(bench, ticket, near),
        rated=rated,
        alike=tuple(near),
        questions=questions(record, ticket.title, kind, parts),
        steps=quotes_of(record, parts.steps),
        expected=quotes_of(record, parts.expected),
        actual=quotes_of(record, parts.actual),
        title=better_title(record, ticket.title, rated.quote),
    )
