"""`voxspec commit-status`: the check strip of a draft, shown at a commit."""

import asyncio
import re
from pathlib import Path
from typing import Annotated

from typer import Argument, Option

from api.align.branch import commit_of
from api.cli.checks import stored_draft
from api.cli.exits import ExitCode
from api.cli.session import Session
from api.tickets.commit_status import NAME, kept, strip_of
from api.trackers.port import CommitBoard
from api.trackers.registry import open_tracker
from api.trackers.rounds import deliver
from assistant.domain.ticket import CommitStatus, EffectState
from assistant.errors import UsageError
from assistant.workbench import Workbench

_WHOLE = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")


def commit_status(
    session: Session,
    draft: Annotated[str, Argument(metavar="DRAFT", help="Id of a draft.", show_default=False)],
    to: Annotated[
        str, Option("--to", help="Name of the connection; see voxspec tracker.", show_default=False)
    ],
    sha: Annotated[str, Option("--sha", help="The commit, or what names it in the repository.")] = "HEAD",
    name: Annotated[str, Option("--name", help="Under which name; one status per name is shown.")] = NAME,
    repository: Annotated[Path, Option("--repository", help="Folder of the clone.")] = Path(),
    dry_run: Annotated[bool, Option("--dry-run", help="Show what would be sent, and send nothing.")] = False,
    version: Annotated[
        int | None, Option("--draft-version", min=1, metavar="N", help="Default: the newest.")
    ] = None,
) -> ExitCode:
    """Show a draft's check on a commit, at GitHub or GitLab.

    Ready, needs so many fixes, or not enough evidence, with how many claims, quotes, numbers and top themes hold, and a link to the draft where VOXSPEC_PUBLIC_URL is set.
    The draft is checked now. Sent again, the same isn't written twice. The exit code tells of the sending, 0: it is shown; 3: it waits or was given up.
    """  # fmt: skip
    # A shallow clone needn't hold the commit that a pull request is about.
    commit = sha if _WHOLE.fullmatch(sha) else commit_of(repository, sha)
    with session.bench() as bench:
        held = stored_draft(bench, draft, version)
        status = strip_of(bench, held, commit, name)
        state = EffectState.waiting
        if not dry_run:
            asyncio.run(_can_show(bench, to))
            effect = kept(bench, held, to, status)
            asyncio.run(deliver(bench, to))
            effect = bench.catalog.effects.get(bench.workspace, effect.key) or effect
            state = effect.state
            if effect.error and state is not EffectState.done:
                session.output.note(f"{state.value}: {effect.error} {effect.hint}")
    _tell(session, status, "" if dry_run else state.value)
    return ExitCode.ok if dry_run or state is EffectState.done else ExitCode.unavailable


async def _can_show(bench: Workbench, to: str) -> None:
    """Raises: UsageError for a system that keeps no code."""
    known = bench.catalog.connections.get(bench.workspace, to)
    async with open_tracker(known) as tracker:
        if not isinstance(tracker, CommitBoard):
            raise UsageError(
                f"'{to}' is {known.tracker}, which shows no statuses of commits.",
                hint="GitHub and GitLab do.",
            )


def _tell(session: Session, status: CommitStatus, state: str) -> None:
    if session.as_json:
        session.output.json({**status.model_dump(mode="json"), "sent": state or None})
        return
    session.output.say(f"{status.name} at {status.sha[:10]}: {status.state.value}: {status.description}")
    if status.url:
        session.output.say(f"  {status.url}")
