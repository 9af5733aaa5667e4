"""`voxspec triage`: what can be worked out of a ticket, in a file or as its tracker said it last."""

import json
import sys
from pathlib import Path
from typing import Annotated

from pydantic import ValidationError
from typer import Argument

from api.cli.exits import ExitCode
from api.cli.output import Output
from api.cli.session import Session
from api.shown import shown_triage
from assistant.domain.clean import clean
from assistant.domain.ids import record_id, text_hash
from assistant.domain.record import Record
from assistant.domain.ticket import Ticket
from assistant.domain.triage import Triage
from assistant.errors import NotFound, UsageError
from assistant.triage.pipeline import triage as work_out
from assistant.triage.tickets import SOURCE
from assistant.workbench import Workbench
from ingest.clean.language import detect_language

_USAGE = "voxspec triage FILE.json | - | CONNECTION/KEY"
_MAX_BYTES = 4_000_000


def triage(
    session: Session,
    ticket: Annotated[
        str,
        Argument(
            help="JSON file with title and body (- reads stdin), or CONNECTION/KEY of a ticket that came in."
        ),
    ],
) -> ExitCode:
    """Say what a ticket repeats, how bad it is and what it lacks.

    Nothing is kept or sent. Each answer says why: the severity with the rule and the words that fired it, steps and results as verbatim
    quotes.
    """
    with session.bench() as bench:
        given = _given(bench, ticket)
        told = shown_triage(bench.settings, work_out(bench, given, _record(bench, given)))
    if session.as_json:
        session.output.json(told.model_dump(mode="json"))
    else:
        _print(session.output, given, told)
    return ExitCode.ok


def _given(bench: Workbench, asked: str) -> Ticket:
    connection, slash, key = asked.partition("/")
    if slash and connection and not asked.endswith(".json") and not Path(asked).exists():
        known = bench.catalog.tickets.get(bench.workspace, connection, key)
        if known is None:
            raise NotFound(
                f"There is no ticket '{key[:100]}' of a connection '{connection[:100]}' here, and no such file.",
                hint=f"{_USAGE}; a ticket must have come in.",
            )
        return known
    try:
        content = sys.stdin.buffer.read(_MAX_BYTES + 1) if asked == "-" else Path(asked).read_bytes()
    except OSError as problem:
        raise UsageError(f"{asked} can't be read: {problem.strerror}.", hint=_USAGE) from problem
    if len(content) > _MAX_BYTES:
        raise UsageError("A ticket of more than 4 MB is none.", hint=_USAGE)
    try:
        told = Ticket.model_validate_json(_complete(content))
    except ValidationError as problem:
        first = problem.errors()[0]
        where = ".".join(str(part) for part in first["loc"]) or "the file"
        raise UsageError(
            f"This is no ticket: {where}: {first['msg']}.",
            hint='At least {"title": "…", "body": "…"}.',
        ) from problem
    return told


def _complete(content: bytes) -> bytes:
    """With names for what a ticket that isn't made yet can't have."""
    try:
        told = json.loads(content)
    except (ValueError, RecursionError) as problem:
        raise UsageError("This is no JSON.", hint='At least {"title": "…", "body": "…"}.') from problem
    if not isinstance(told, dict):
        raise UsageError("A ticket is a JSON object.", hint='At least {"title": "…", "body": "…"}.')
    return json.dumps({"connection": "", "key": ""} | told).encode()


def _record(bench: Workbench, ticket: Ticket) -> Record:
    """The ticket's record where it came in, else one that isn't kept."""
    made = record_id(bench.workspace, f"{SOURCE}{ticket.connection}", ticket.key)
    if ticket.key and (known := bench.catalog.records.get(bench.workspace, [made]).get(made)):
        return known
    raw = f"{ticket.title}\n\n{ticket.body}".strip() or "-"
    return Record(
        workspace=bench.workspace,
        id=made,
        source=f"{SOURCE}{ticket.connection}",
        raw=raw,
        external_id=ticket.key or None,
        title=ticket.title or None,
        said_at=ticket.created_at,
        language=detect_language(clean(raw).text),
        voice=text_hash(clean(raw).text),
    )


def _print(output: Output, ticket: Ticket, told: Triage) -> None:
    lines = [
        f"{told.rated.severity.value} {told.type.value}{f' in {told.component}' if told.component else ''}: "
        f"{told.title or ticket.title}",
        f"  {told.rated.because} (rule {told.rated.rule})",
    ]
    if told.rated.quote:
        lines.append(f"  “{' '.join(told.rated.quote.text.split())}”")
    for name in ("steps", "expected", "actual"):
        lines += [f"  {name}: “{' '.join(quote.text.split())}”" for quote in getattr(told, name)]
    lines += [f"  to ask: {question.text}" for question in told.questions]
    for one in told.alike:
        kind = "duplicate of" if one.is_duplicate else "like"
        lines.append(f"  {kind} {one.connection}/{one.ticket} ({one.score:.2f}): {one.title}")
    for line in lines:
        output.say(line)
