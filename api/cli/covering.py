"""`voxspec coverage`: which parts of a draft have a ticket, which tickets have no requirement, how far it is done."""

from typing import Annotated

from typer import Argument, Option

from api.cli.checks import stored_draft
from api.cli.exits import ExitCode
from api.cli.session import Session
from api.tickets.coverage import Coverage, Stand, TicketStand
from api.tickets.coverage import coverage as coverage_of

_SAID = {
    Stand.missing: "has no ticket",
    Stand.unseen: "nothing was heard of its ticket yet",
    Stand.open: "open",
    Stand.done: "done",
    Stand.dropped: "closed without being done",
}


def coverage(
    session: Session,
    draft: Annotated[str, Argument(metavar="DRAFT", help="Id of a draft.", show_default=False)],
    connection: Annotated[
        str, Option("--in", help="Only this connection; default: all that it is linked to.")
    ] = "",
    everything: Annotated[
        bool, Option("--all", help="Look also at tickets outside of the draft's epic.")
    ] = False,
    version: Annotated[
        int | None, Option("--draft-version", min=1, metavar="N", help="Default: the newest.")
    ] = None,
) -> ExitCode:
    """Show requirements without a ticket and tickets without one.

    It tells what is done, too. A requirement is covered by its own ticket or by those of the stories that carry it. Exit code 1: something has no counterpart.
    """  # fmt: skip
    with session.bench() as bench:
        held = stored_draft(bench, draft, version)
        found = coverage_of(bench, held, connection=connection, everything=everything)
    if session.as_json:
        session.output.json({"whole": found.is_whole, **found.model_dump(mode="json")})
    else:
        _tell(session, found)
    return ExitCode.ok if found.is_whole else ExitCode.failed


def _tell(session: Session, found: Coverage) -> None:
    say = session.output.say
    for one in found.items:
        by = f" through {', '.join(one.carried_by)}" if one.carried_by else ""
        keys = ", ".join(ticket.key for ticket in one.tickets)
        priority = f" ({one.priority.value})" if one.priority else ""
        say(f"{one.item:7} {_SAID[one.stand]}{by}{f': {keys}' if keys else ''} — {one.text}{priority}")
    for loose in found.without_requirement:
        say(f"{_named(loose)} has no requirement — {loose.title}")
    for lost in found.astray:
        say(f"{_named(lost.ticket)} is linked to {lost.item}, which version {found.version} doesn't hold")
    where = ", ".join(found.connections) or "no connection yet"
    session.output.note(f"{found.done} of {found.of} done; {len(found.missing)} without a ticket ({where}).")


def _named(ticket: TicketStand) -> str:
    return f"{ticket.connection}/{ticket.key}"
