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
from api.gone import read_record, read_view
from api.scopes import FILTER_FIELDS, demand_workspace, known_filters
from api.shown import shown_hits
from api.views import viewed
from assistant.domain.evidence import Hit, Scope
from assistant.errors import NotFound, UsageError
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
        read = read_record(bench, record_id, revision)
        shown = read_view(bench, read, revision) if read else {}
        workspace = bench.workspace
    if read is None:
        raise NotFound(
            f"There is no record '{record_id}'{' of that revision' if revision else ''} in workspace '{workspace}'.",
            hint="`voxspec search` prints record ids; -w chooses another workspace.",
        )
    found, gone = read.record, read.gone_since
    if session.as_json:
        session.output.json(shown)
        return ExitCode.ok
    if gone:
        session.output.note(f"gone from its source '{found.source}' since {gone:%Y-%m-%d %H:%M} UTC")
    for name, value in shown.items():
        if value and name not in {"raw", "anchors", "workspace", "voice", "gone_since"}:
            session.output.note(f"{name}: {value}")
    session.output.raw(f"{harmless(found.raw)}\n" if sys.stdout.isatty() else found.raw)
    return ExitCode.ok


def export(
    session: Session,
    draft_id: Annotated[
        str | None,
        Argument(help="A draft to write instead, in the format of the file's ending.", show_default=False),
    ] = None,
    out: Annotated[
        list[Path] | None,
        Option(help="File to write; default: stdout. Repeatable for a draft: one file per format."),
    ] = None,
) -> ExitCode:
    """Write all records as JSON lines, or a draft as files.

    Records come with every field: anyone can count them again without Voxspec."""
    if draft_id is not None:
        # Loaded here: a search needs no graders.
        from api.cli.drafts import write_draft

        return write_draft(session, draft_id, out or ())
    if len(out or ()) > 1:
        raise UsageError(
            "The records are written to one file.",
            hint="Give --out once; a draft's id before it writes that draft to each of them.",
        )
    with session.bench() as bench:
        if out:
            with writing(out[0]) as stream:
                count = sum(stream.write(f"{_line(one)}\n".encode()) > 0 for one in exported(bench))
            if session.as_json:
                session.output.json({"records": count, "path": str(out[0])})
            else:
                session.output.note(f"{count:,} records written to {out[0]}.")
        elif session.as_json:
            session.output.json({"records": list(exported(bench))})
        else:
            for one in exported(bench):
                sys.stdout.buffer.write(f"{_line(one)}\n".encode())
    return ExitCode.ok


def exported(bench: Workbench) -> Iterator[dict[str, Any]]:
    """All current records with every field, by id, and with who they count as: the ledgers of twins and people applied.

    A record's own `voice`, `person` and `account` stay as they are; facts count `counted.voice`, and so on.
    """
    rows = bench.corpus()
    columns = zip(rows.voice, rows.person, rows.reach_account, strict=True)
    counted = dict(zip(rows.record_ids, columns, strict=True))
    after: str | None = None
    while page := bench.catalog.pages.page(bench.workspace, after, PAGE):
        for one in viewed(bench, page):
            own = (one["voice"], one["person"], one["account"])
            named = dict(zip(("voice", "person", "account"), counted.get(one["id"], own), strict=True))
            yield one | {"counted": named}
        after = page[-1].id


def _why_nothing(bench: Workbench, scope: Scope) -> str:
    rows = bench.corpus()
    if not rows.record_ids:
        return f"Workspace '{bench.workspace}' holds no records. Bring some in with voxspec ingest FILE."
    if not record_mask(rows, scope).any():
        sources = sorted(set(rows.source))
        shown = ", ".join(sources[:12]) + (" and more" if len(sources) > 12 else "")
        return f"No record passes these filters. Sources here: {shown}."
    return "Nothing found. Try other words, or fewer filters."


def _line(record: dict[str, Any]) -> str:
    return json.dumps(record, ensure_ascii=False)


def _origin(hit: Hit) -> str:
    quote = hit.quote
    said = f"{quote.said_at:%Y-%m-%d}" if quote.said_at else ""
    parts = [quote.record_id, quote.source, said, quote.anchor or "", f"score {hit.score:.3f}"]
    return " · ".join(part for part in parts if part)
