"""`voxspec tell`: the people who asked for what a ticket or a draft does."""

from pathlib import Path
from typing import Annotated

from typer import Argument, Option

from api.cli.checks import stored_draft
from api.cli.exits import ExitCode
from api.cli.files import writing
from api.cli.session import Session
from api.tickets.askers import Askers, as_csv, of_draft, of_ticket


def tell(
    session: Session,
    what: Annotated[
        str,
        Argument(
            metavar="WHAT", help="A ticket as CONNECTION/KEY, or the id of a draft.", show_default=False
        ),
    ],
    item: Annotated[str, Option(help="Of a draft: US-1, FR-2; default: all of it.")] = "",
    out: Annotated[Path | None, Option(help="CSV file to write: a row per record.")] = None,
) -> ExitCode:
    """List the people who asked, and where to answer them.

    People are pseudonyms; each record's channel, id and address say where it came from. Exit code 1: the list and the number in the
    draft differ, because records changed since it was written.
    """  # fmt: skip
    with session.bench() as bench:
        connection, slash, key = what.partition("/")
        found = of_ticket(bench, connection, key) if slash else of_draft(bench, stored_draft(bench, what), item)  # fmt: skip
    if out is not None:
        with writing(out) as stream:
            stream.write(as_csv(found))
    if session.as_json:
        session.output.json({"agrees": found.agrees, **found.model_dump(mode="json")})
    elif out is None:
        rows = [
            [one.person or "unknown", ", ".join(one.accounts), place.channel, place.external_id or place.url, place.record_id]
            for one in found.askers
            for place in one.places
        ]  # fmt: skip
        session.output.table(["person", "accounts", "channel", "answer at", "record"], rows)
    _note(session, found)
    return ExitCode.ok if found.agrees else ExitCode.failed


def _note(session: Session, found: Askers) -> None:
    unknown = f", and {found.unknown:,} records of unknown authors" if found.unknown else ""
    session.output.note(f"{found.people:,} people{unknown}.")
    for one in found.counted:
        if one.said != one.listed:
            session.output.note(f"{one.draft_id} {one.item}: {one.fact_id} says {one.said:,}, the records of now give {one.listed:,}.")  # fmt: skip
