"""`voxspec search`, `record` and `export`: what is in the workspace."""

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

from typer import Argument, Option

from api.cli.exits import ExitCode
from api.cli.files import writing
from api.cli.output import harmless
from api.cli.session import Session
from api.scopes import FILTER_FIELDS, demand_workspace, known_filters
from api.shown import shown_hits
from assistant.domain.evidence import Hit, Scope
from assistant.domain.record import Record
from assistant.errors import NotFound
from assistant.search.query import search as find
from assistant.search.scope import record_mask
from assistant.workbench import Workbench

PAGE = 1000
"""Records that are read at a time; bounds the memory of an export."""


def search(
    session: Session,
    text: Annotated[str, Argument(help="What to look for, in any words.", show_default=False)],
    limit: Annotated[int, Option(min=1, max=1000, help="At most so many quotes.")] = 10,
    filters: Annotated[
        list[str] | None,
        Option("--filter", metavar="FIELD=VALUE", help=f"Narrow down by {FILTER_FIELDS}; repeatable."),
    ] = None,
) -> ExitCode:
    """Find verbatim quotes for a question."""
    with session.bench() as bench:
        demand_workspace(bench)
        scope = known_filters(bench, filters or [])
        hits = shown_hits(bench.settings, find(bench, text, scope, limit))
        nothing = "" if hits else _why_nothing(bench, scope)
    if session.as_json:
        session.output.json({"hits": [hit.model_dump(mode="json") for hit in hits]})
        return ExitCode.ok
    for number, hit in enumerate(hits, 1):
        session.output.say(f"{number:>3}. “{' '.join(hit.quote.text.split())}”\n     {_origin(hit)}")
    if nothing:
        session.output.note(nothing)
    return ExitCode.ok


def record(
    session: Session,
    record_id: Annotated[str, Argument(help="Id of the record.", show_default=False)],
    revision: Annotated[str | None, Option(help="An earlier revision; default: the current one.")] = None,
) -> ExitCode:
    """Print one record: its raw text, byte for byte.

    What is known about it goes to stderr. On a terminal control characters are shown instead of obeyed.
    """
    with session.bench() as bench:
        found = bench.catalog.records.get(bench.workspace, [record_id], revision).get(record_id)
        workspace = bench.workspace
    if found is None:
        raise NotFound(
            f"There is no record '{record_id}'{' of that revision' if revision else ''} in workspace '{workspace}'.",
            hint="`voxspec search` prints record ids; -w chooses another workspace.",
        )
    if session.as_json:
        session.output.json(as_exported(found))
        return ExitCode.ok
    for name, value in as_exported(found).items():
        if value and name not in {"raw", "anchors", "workspace", "voice"}:
            session.output.note(f"{name}: {value}")
    session.output.raw(f"{harmless(found.raw)}\n" if sys.stdout.isatty() else found.raw)
    return ExitCode.ok


def export(
    session: Session,
    out: Annotated[Path | None, Option(help="File to write; default: stdout.")] = None,
) -> ExitCode:
    """Write all records with every field as JSON lines.

    Anyone can count them again without Voxspec."""
    with session.bench() as bench:
        if out is not None:
            with writing(out) as stream:
                count = sum(stream.write(f"{_line(one)}\n".encode()) > 0 for one in exported(bench))
            if session.as_json:
                session.output.json({"records": count, "path": str(out)})
            else:
                session.output.note(f"{count:,} records written to {out}.")
        elif session.as_json:
            session.output.json({"records": list(exported(bench))})
        else:
            for one in exported(bench):
                sys.stdout.buffer.write(f"{_line(one)}\n".encode())
    return ExitCode.ok


def records_of(bench: Workbench) -> Iterator[Record]:
    """All current records of the workspace, in the order of their ids."""
    after: str | None = None
    while page := bench.catalog.pages.page(bench.workspace, after, PAGE):
        yield from page
        after = page[-1].id


def as_exported(record: Record) -> dict[str, Any]:
    """A record with every field and its revision hash."""
    return record.model_dump(mode="json") | {"revision": record.revision}


def _why_nothing(bench: Workbench, scope: Scope) -> str:
    rows = bench.corpus()
    if not rows.record_ids:
        return f"Workspace '{bench.workspace}' holds no records. Bring some in with voxspec ingest FILE."
    if not record_mask(rows, scope).any():
        sources = sorted(set(rows.source))
        shown = ", ".join(sources[:12]) + (" and more" if len(sources) > 12 else "")
        return f"No record passes these filters. Sources here: {shown}."
    return "Nothing found. Try other words, or fewer filters."


def exported(bench: Workbench) -> Iterator[dict[str, Any]]:
    """All current records with every field, and with who they count as: the ledgers of twins and people applied.

    A record's own `voice`, `person` and `account` stay as they are; facts count `counted.voice`, and so on.
    """
    rows = bench.corpus()
    columns = zip(rows.voice, rows.person, rows.reach_account, strict=True)
    counted = dict(zip(rows.record_ids, columns, strict=True))
    for one in records_of(bench):
        own = (one.voice, one.person, one.account)
        named = dict(zip(("voice", "person", "account"), counted.get(one.id, own), strict=True))
        yield as_exported(one) | {"counted": named}


def _line(record: dict[str, Any]) -> str:
    return json.dumps(record, ensure_ascii=False)


def _origin(hit: Hit) -> str:
    quote = hit.quote
    said = f"{quote.said_at:%Y-%m-%d}" if quote.said_at else ""
    parts = [quote.record_id, quote.source, said, quote.anchor or "", f"score {hit.score:.3f}"]
    return " · ".join(part for part in parts if part)
