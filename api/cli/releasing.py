"""`voxspec release-notes`: what a release brings, told to one audience."""

import sys
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated

from typer import Option

from api.cli.exits import ExitCode
from api.cli.files import read_text, writing
from api.cli.session import Session
from api.tickets.audience import Audience
from api.tickets.commits import messages, read_range
from api.tickets.notes_text import as_markdown
from api.tickets.release_notes import Wanted
from api.tickets.release_notes import release_notes as notes_of
from assistant.errors import UsageError


class Form(StrEnum):
    """How notes are written."""

    md = "md"
    json = "json"


def release_notes(
    session: Session,
    connection: Annotated[
        str, Option("--from", help="Name of the connection; see voxspec tracker.", show_default=False)
    ],
    since: Annotated[str | None, Option(help="Tickets that were closed since this day: 2026-03-01.")] = None,
    label: Annotated[
        list[str] | None, Option(help="Only tickets with this label, milestone or version; may be repeated.")
    ] = None,
    audience: Annotated[Audience, Option(help="Who reads them: internal, beta or public.")] = Audience.public,
    commits: Annotated[
        str | None, Option(metavar="FILE", help="Text of git log, - for stdin: closed tickets that it names.")
    ] = None,
    range_: Annotated[str | None, Option("--range", help="The same, from a repository: v1.4..v1.5.")] = None,
    repo: Annotated[Path, Option(help="Where the repository lies.")] = Path(),
    deny: Annotated[
        list[str] | None, Option(help="A label or component that stays inside; may be repeated.")
    ] = None,
    form: Annotated[Form, Option("--format", help="md or json.")] = Form.md,
    out: Annotated[Path | None, Option(help="File to write; default: stdout.")] = None,
) -> ExitCode:
    """Write release notes from closed tickets.

    Each line is one ticket's. What isn't clearly public stays internal: the notes for 'internal' say why. A person decides with the
    label release-note:public, :beta or :none; a customer's name, personal data, an address or a label like 'internal' or 'security'
    keeps a ticket inside all the same.
    """  # fmt: skip
    if commits is not None and range_ is not None:
        raise UsageError("Give commits or a range, not both.", hint="--commits FILE, or --range v1.4..v1.5")
    said: tuple[str, ...] = ()
    if commits is not None:
        text = sys.stdin.buffer.read().decode("utf-8", "replace") if commits == "-" else read_text(Path(commits))  # fmt: skip
        said = messages(text)
    elif range_ is not None:
        said = read_range(repo, range_)
    if since is None and not label and commits is None and range_ is None:
        raise UsageError("Which tickets make the release?", hint="--since 2026-03-01, --label v1.5, --commits FILE or --range v1.4..v1.5")  # fmt: skip
    by_commits = commits is not None or range_ is not None
    wanted = Wanted(_day(since), tuple(label or ()), said, by_commits, tuple(deny or ()))
    with session.bench() as bench:
        notes = notes_of(bench, connection, wanted, audience)
    if session.as_json and out is None:
        session.output.json(notes.model_dump(mode="json"))
        return ExitCode.ok
    told = notes.model_dump_json(indent=2) + "\n" if form is Form.json else as_markdown(notes)
    if out is not None:
        with writing(out) as stream:
            stream.write(told.encode())
        session.output.note(f"{len(notes.lines):,} lines for '{audience.value}' are in {out}.")
    else:
        session.output.say(told)
    return ExitCode.ok


def _day(text: str | None) -> datetime | None:
    if text is None:
        return None
    try:
        found = datetime.fromisoformat(text)
    except ValueError as problem:
        raise UsageError(f"'{text[:40]}' is no day.", hint="--since 2026-03-01") from problem
    return found if found.tzinfo else found.replace(tzinfo=UTC)
