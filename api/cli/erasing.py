"""`voxspec erase`: what a person has the right to."""

import sys
from typing import Annotated

from typer import Option, confirm

from api.cli.exits import ExitCode
from api.cli.session import Session
from assistant.domain.ids import person_id
from assistant.errors import IndexLocked, NotFound, UsageError
from assistant.stores.rebuild import owned_index, rebuild_index
from assistant.workbench import Workbench


def erase(
    session: Session,
    author: Annotated[str | None, Option(help="Everything that this author wrote.")] = None,
    record: Annotated[
        list[str] | None, Option(metavar="RECORD_ID", help="These records; repeatable.")
    ] = None,
    yes: Annotated[bool, Option("--yes", help="Don't ask.")] = False,
) -> ExitCode:
    """Remove records of an author, or single ones, for good.

    Every revision, passage and vector goes; the vector index is built anew without them.
    """
    if (author is None) == (not record):
        raise UsageError(
            "Say what to erase: an author or records, not both.", hint="Use --author NAME or --record ID."
        )
    with session.bench() as bench:
        doomed = _of_author(bench, author) if author is not None else _existing(bench, record or [])
        _own_index(bench)
        if not yes:
            _ask(len(doomed))
        erased = bench.catalog.pages.erase(bench.workspace, doomed)
        rebuild_index(bench)
        quoting = _drafts_quoting(bench, set(doomed))
    if session.as_json:
        session.output.json({"erased": erased, "record_ids": doomed, "drafts_quoting": quoting})
        return ExitCode.ok
    session.output.say(f"{erased:,} records erased.")
    for draft_id in quoting:
        session.output.note(
            f"Draft {draft_id} quotes them. Write it again; copies of it are yours to remove."
        )
    return ExitCode.ok


def _of_author(bench: Workbench, author: str) -> list[str]:
    person = person_id(bench.workspace, author, bench.person_key)
    rows = bench.corpus()
    found = [record_id for record_id, one in zip(rows.record_ids, rows.authors, strict=True) if one == person]
    if not found:
        raise NotFound(
            f"Nobody named '{author}' wrote in workspace '{bench.workspace}'.",
            hint="Write the name as it stands in the source; upper and lower case don't matter.",
        )
    return found


def _existing(bench: Workbench, record_ids: list[str]) -> list[str]:
    known = bench.catalog.records.known(bench.workspace, record_ids)
    if unknown := [one for one in record_ids if one not in known]:
        raise NotFound(
            f"There is no record '{unknown[0]}'; nothing was erased.", hint="`voxspec search` prints ids."
        )
    return sorted(known)


def _own_index(bench: Workbench) -> None:
    """Before anything is deleted: what another process holds in its index couldn't be taken out of it."""
    try:
        owned_index(bench)
    except IndexLocked as problem:
        raise IndexLocked(f"{problem.message} Nothing was erased.", hint=problem.hint) from problem


def _ask(count: int) -> None:
    if not sys.stdin.isatty():
        raise UsageError(
            "Erasing asks first, and nobody is there to answer.", hint="Add --yes to erase unasked."
        )
    confirm(f"Erase {count:,} records for good?", abort=True, err=True)


def _drafts_quoting(bench: Workbench, record_ids: set[str]) -> list[str]:
    found: list[str] = []
    after: str | None = None
    while page := bench.catalog.drafts.newest(bench.workspace, after, 100):
        found += [d.id for d in page if any(quote.record_id in record_ids for quote in d.quotes.values())]
        after = page[-1].id
    return found
