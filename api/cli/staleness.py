"""`voxspec stale`: which claims of drafts no longer hold, why, and writing them again."""

import getpass
from typing import Annotated

from typer import Argument, Option

from api.cli.checks import stored_draft
from api.cli.exits import ExitCode
from api.cli.session import Session
from api.shown import shown_stale
from assistant.domain.staleness import StaleClaim
from assistant.drafting.staleness.mark import stale_drafts
from assistant.errors import Conflict, UsageError
from assistant.workbench import Workbench
from evals.editing.amend import Stale
from evals.editing.refresh import refresh as refresh_draft


def stale(
    session: Session,
    draft: Annotated[str | None, Argument(metavar="[DRAFT_ID]", help="One draft; default: all.")] = None,
    refresh: Annotated[
        bool, Option("--refresh", help="Write the stale parts of the draft again: a new version.")
    ] = False,
    by: Annotated[str | None, Option("--by", help="Who refreshes; default: whoever is logged in.")] = None,
) -> ExitCode:
    """Show claims of drafts whose evidence changed, and why.

    A quote whose record was edited, left or was erased; a number that counting again doesn't give. Exit code 1: something is stale.
    """
    if refresh and draft is None:
        raise UsageError("Say which draft to refresh.", hint="voxspec stale DRAFT_ID --refresh")
    with session.bench() as bench:
        if draft is not None:
            draft = stored_draft(bench, draft).id
        note = _refreshed(bench, draft, by or getpass.getuser()) if refresh and draft else ""
        found = stale_drafts(bench)
        held = {name: claims for name, claims in found.items() if draft in (None, name)}
        told = {name: [shown_stale(bench.settings, one) for one in claims] for name, claims in held.items()}
    if note:
        session.output.note(note)
    _tell(session, told)
    return ExitCode.failed if told else ExitCode.ok


def _refreshed(bench: Workbench, draft_id: str, by: str) -> str:
    newest = stored_draft(bench, draft_id)
    outcome = refresh_draft(bench, draft_id, version=newest.version, by=by)
    if isinstance(outcome, Stale):
        raise Conflict(
            f"Somebody made version {outcome.newest} of {draft_id} meanwhile.", hint="Run it again."
        )
    if not outcome.kept:
        return f"{draft_id}: all of version {newest.version} holds; nothing was written."
    return f"{draft_id}: version {outcome.draft.version} was written, {len(outcome.diff.changes)} changes."


def _tell(session: Session, told: dict[str, list[StaleClaim]]) -> None:
    if session.as_json:
        drafts = [
            {"draft_id": name, "version": claims[0].version, "claims": [one.model_dump(mode="json") for one in claims]}
            for name, claims in told.items()
        ]  # fmt: skip
        session.output.json({"stale": bool(told), "drafts": drafts})
        return
    for name, claims in told.items():
        session.output.say(f"{name}, version {claims[0].version}:")
        for one in claims:
            session.output.say(f"  {one.claim_id}: {one.reason}")
    count = sum(map(len, told.values()))
    session.output.note(
        f"{count:,} {'claim rests' if count == 1 else 'claims and passages rest'} on evidence that changed."
        if told
        else "Everything holds."
    )
