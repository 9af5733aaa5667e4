"""`voxspec tickets`: what came in from issue systems, and what was worked out of each."""

from typing import Annotated

from typer import Argument

from api.cli.exits import ExitCode
from api.cli.session import Session
from api.tickets.view import TicketView, listed, view_of
from assistant.errors import UsageError
from assistant.workbench import Workbench

_SHOWN = 200


def tickets(
    session: Session,
    which: Annotated[str | None, Argument(metavar="[CONNECTION/KEY]", help="One of them.")] = None,
) -> ExitCode:
    """List the tickets that are known, or show one.

    One is shown with its triage, its links and its comment with evidence."""
    with session.bench() as bench:
        if which is None:
            _list(session, bench)
            return ExitCode.ok
        connection, slash, key = which.partition("/")
        if not slash or not key:
            raise UsageError(f"'{which[:60]}' names no ticket.", hint="voxspec tickets CONNECTION/KEY")
        held = view_of(bench, connection, key)
    if session.as_json:
        session.output.json(held.model_dump(mode="json"))
    else:
        session.output.say("\n".join(_lines(held)))
    return ExitCode.ok


def _list(session: Session, bench: Workbench) -> None:
    found = listed(bench, None, None, _SHOWN)
    judged = [bench.catalog.tickets.judged(bench.workspace, one.connection, one.key) for one in found]
    if session.as_json:
        session.output.json({"tickets": [one.model_dump(mode="json") for one in found]})
    elif found:
        rows = [
            [f"{one.connection}/{one.key}", one.status or one.state.value, said.rated.severity.value if said else "", one.title]
            for one, said in zip(found, judged, strict=True)
        ]  # fmt: skip
        session.output.table(["ticket", "state", "severity", "title"], rows)
    else:
        session.output.note("No ticket came in yet. voxspec tracker add connects an issue system.")


def _lines(held: TicketView) -> list[str]:
    ticket, triage = held.ticket, held.triage
    lines = [
        f"{ticket.connection}/{ticket.key} {ticket.title}",
        f"state: {ticket.status or ticket.state.value}",
    ]
    if triage is not None:
        lines += [f"severity: {triage.rated.severity.value} ({triage.rated.rule}: {triage.rated.because})"]
        lines += [f"type: {triage.type.value}"]
        lines += [f"it doesn't say: {one.text}" for one in triage.questions]
        lines += [f"alike: {one.score:.2f} {one.ticket or one.record_id} {one.title}" for one in triage.alike]
    lines += [f"carries out: {one.item or 'all'} of {one.draft_id}" for one in held.links]
    lines += [f"record: {held.record_id}"] if held.record_id else []
    return [*lines, "", held.evidence] if held.evidence else lines
