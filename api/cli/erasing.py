"""`voxspec erase`: what a person has the right to."""

import sys
from typing import Annotated

from typer import Option, confirm

from api.cli.exits import ExitCode
from api.cli.session import Session
from api.erasure import ErasureOrder, Plan, owning, plan, prove, remove
from assistant.domain.erasure import ErasureState, Receipt
from assistant.errors import UsageError

_HINT = "Use --author NAME, --account NAME or --record ID."
_PLACES = {
    "records": "records",
    "revisions": "their revisions",
    "passages": "passages",
    "vectors": "vectors nobody else uses",
    "outbox": "outbox rows",
    "drafts": "drafts redacted and marked stale",
    "quotes": "quotes redacted in them",
    "events": "events of drafts being written",
    "calls": "cached model calls",
    "jobs": "jobs redacted",
    "uploads": "uploads on disk",
    "imports_cancelled": "waiting imports cancelled (send their files again)",
    "answers": "stored answers to requests",
    "imports": "import reports",
}
"""Place → what a person reads."""


def erase(
    session: Session,
    author: Annotated[str | None, Option(help="Everything that this author wrote.")] = None,
    record: Annotated[
        list[str] | None, Option(metavar="RECORD_ID", help="These records; repeatable.")
    ] = None,
    account: Annotated[str | None, Option(help="Everything that anybody of this account wrote.")] = None,
    yes: Annotated[bool, Option("--yes", help="Don't ask.")] = False,
    dry_run: Annotated[bool, Option("--dry-run", help="Only count what would go.")] = False,
    receipts: Annotated[bool, Option("--receipts", help="List what was erased before.")] = False,
) -> ExitCode:
    """Remove an author, an account or single records for good.

    Texts, passages, vectors, quotes in drafts, events, cached model calls, jobs, uploads and stored answers go; the vector index
    is built anew; then every file under the home folder is searched. Exit code 1: something was left, and where. Broken off at
    any point, the same command goes on.
    """
    session.saved = "Run the same command again: it goes on where it stopped."
    if receipts:
        return _list(session)
    order = ErasureOrder.of(author, account, record or [], _HINT)
    with session.bench() as bench:
        if dry_run:
            return _counted(session, plan(bench, order))
        with owning(bench):
            what = plan(bench, order)
            if not yes and what.doomed.record_ids:
                _ask(what)
            receipt = remove(bench, what)
        receipt = prove(bench, receipt)
    return _told(session, receipt, before=what.earlier is not None and what.pending is None)


def _ask(what: Plan) -> None:
    if not sys.stdin.isatty():
        raise UsageError(
            "Erasing asks first, and nobody is there to answer.", hint="Add --yes to erase unasked."
        )
    counts = what.counts
    waiting = counts.get("imports_cancelled", 0)
    more = f" {waiting:,} waiting imports are cancelled." if waiting else ""
    confirm(
        f"Erase {counts['records']:,} records for good, and redact {counts['drafts']:,} drafts?{more}",
        abort=True,
        err=True,
    )


def _counted(session: Session, what: Plan) -> ExitCode:
    if session.as_json:
        session.output.json({"dry_run": True, "subject": what.subject, "counts": what.counts})
        return ExitCode.ok
    for name, words in _PLACES.items():
        if what.counts.get(name):
            session.output.say(f"  {words}: {what.counts[name]:,}")
    session.output.note("Nothing was erased. Without --dry-run this would go.")
    return ExitCode.ok


def _told(session: Session, receipt: Receipt, *, before: bool) -> ExitCode:
    code = ExitCode.ok if receipt.state is ErasureState.done else ExitCode.failed
    if session.as_json:
        session.output.json(receipt.model_dump(mode="json") | {"erased": receipt.counts.get("records", 0)})
        return code
    if before:
        session.output.note("Nothing of it is here; it was erased before. This is the receipt.")
    say = session.output.say
    say(f"Receipt {receipt.id}: {receipt.asked.value} {receipt.subject} in workspace '{receipt.workspace}'.")
    for name, words in _PLACES.items():
        if receipt.counts.get(name) or name == "records":
            say(f"  {words}: {receipt.counts.get(name, 0):,}")
    say(f"The vector index was {'built anew' if receipt.index_rebuilt else 'not built anew'}.")
    if receipt.state is ErasureState.done:
        say(
            f"Searched {receipt.files:,} files ({receipt.bytes:,} bytes) for {receipt.pieces:,} pieces of the texts: nothing is left."
        )
        if receipt.finished_at:
            say(f"Done {receipt.finished_at:%Y-%m-%d %H:%M:%S} UTC.")
        if shared := receipt.counts.get("shared"):
            session.output.note(
                f"The name also stands in {shared:,} {'text' if shared == 1 else 'texts'} of others (their words, or a source's name), which stay."
            )
        if receipt.counts.get("drafts"):
            session.output.note("Write the stale drafts again; copies of them are yours to remove.")
    else:
        for path in receipt.left:
            say(f"left: {path}")
        session.output.note(
            "Something is left. Remove these files if they are yours, then run the same command again."
        )
    return code


def _list(session: Session) -> ExitCode:
    with session.bench() as bench:
        found = bench.catalog.erasures.newest(bench.workspace, 1000)
    if session.as_json:
        session.output.json({"receipts": [one.model_dump(mode="json") for one in found]})
        return ExitCode.ok
    if not found:
        session.output.note("Nothing was erased in this workspace.")
        return ExitCode.ok
    rows = [
        [
            one.id,
            one.state.value,
            f"{one.asked_at:%Y-%m-%d %H:%M}",
            one.asked.value,
            one.subject,
            one.counts.get("records", 0),
        ]
        for one in found
    ]
    session.output.table(["receipt", "state", "asked (UTC)", "by", "subject", "records"], rows)
    return ExitCode.ok
