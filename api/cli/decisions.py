"""`voxspec overrule`, `approve` and `withdraw`: what a person decides about a checked draft."""

import getpass
from collections.abc import Sequence
from typing import Annotated

from typer import Argument, Option

from api.cli.checks import stored_draft
from api.cli.exits import ExitCode
from api.cli.session import Session
from api.keyed import KeyedFinding, keyed
from evals.release import Refusal
from evals.release import approve as approve_draft
from evals.release import overrule as overrule_finding
from evals.release import withdraw as take_back

_Draft = Annotated[str, Argument(metavar="DRAFT_ID", help="The draft's id.", show_default=False)]
_Version = Annotated[
    int | None, Option("--draft-version", min=1, max=1_000_000, metavar="N", help="Default: the newest.")
]
_By = Annotated[str | None, Option("--by", help="Who decides; default: whoever is logged in.")]


def overrule(
    session: Session,
    draft: _Draft,
    key: Annotated[
        str,
        Argument(metavar="KEY", help="The finding's key, as `voxspec check` shows it.", show_default=False),
    ],
    reason: Annotated[str, Option("--reason", help="Why the finding is wrong here.", show_default=False)],
    by: _By = None,
    version: _Version = None,
) -> ExitCode:
    """Dismiss a finding of a draft, with a reason.

    It stays in the report, with who dismissed it and why, and becomes a label for the evaluations.
    """
    with session.bench() as bench:
        held = stored_draft(bench, draft, version)
        found = overrule_finding(bench, held, key, reason=reason, by=by or getpass.getuser())
        shown = keyed(bench.settings, (found,))[0].model_copy(update={"key": key})
    if session.as_json:
        session.output.json(shown.model_dump(mode="json"))
    else:
        session.output.say(f"overruled: {shown.grader} on {shown.target}: {shown.message}")
    return ExitCode.ok


def approve(
    session: Session,
    draft: _Draft,
    reason: Annotated[str, Option("--reason", help="A word on why, to be kept with it.")] = "",
    by: _By = None,
    version: _Version = None,
) -> ExitCode:
    """Accept a draft: no blocking finding may stand.

    Exit code 1: findings stand that nobody overruled; they are listed.
    """
    with session.bench() as bench:
        held = stored_draft(bench, draft, version)
        done = approve_draft(bench, held, by=by or getpass.getuser(), reason=reason)
        if isinstance(done, Refusal):
            return _refused(session, done, keyed(bench.settings, done.standing))
    if session.as_json:
        session.output.json({"approved": True, "draft_id": done.id, "version": done.version})
    else:
        session.output.say(f"{done.id}: version {done.version} is {done.status.value}.")
    return ExitCode.ok


def withdraw(
    session: Session,
    draft: _Draft,
    key: Annotated[
        str | None,
        Argument(
            metavar="[KEY]",
            help="Of the finding that was overruled; without it the approval is taken back.",
            show_default=False,
        ),
    ] = None,
    reason: Annotated[str, Option("--reason", help="Why the decision doesn't hold.")] = "",
    by: _By = None,
    version: _Version = None,
) -> ExitCode:
    """Take back an overruling, or an approval, with a reason.

    A blocking finding then stands again, and what was approved before isn't any more. Nothing is removed: the decision and its
    withdrawal stay among the labels.
    """
    with session.bench() as bench:
        held = stored_draft(bench, draft, version)
        done = take_back(bench, held, key, reason=reason, by=by or getpass.getuser())
    standing = len(done.report.standing) if done.report else 0
    if session.as_json:
        told = {"draft_id": done.id, "version": done.version, "status": done.status.value}
        session.output.json(told | {"withdrawn": key or "approval", "standing": standing})
    else:
        what = f"{key} is no longer overruled" if key else "it is no longer approved"
        session.output.say(f"{done.id}: version {done.version}: {what}; {standing} blocking findings stand.")
    return ExitCode.ok


def _refused(session: Session, refusal: Refusal, findings: Sequence[KeyedFinding]) -> ExitCode:
    if session.as_json:
        told = [one.model_dump(mode="json") for one in findings]
        session.output.json({"approved": False, "reason": refusal.message, "findings": told})
    else:
        rows = [[one.grader, one.target, one.message, one.fix, one.key] for one in findings]
        if rows:
            session.output.table(["grader", "target", "problem", "fix", "key"], rows)
        session.output.say(refusal.message)
        session.output.note(f"hint: {refusal.hint}")
    return ExitCode.failed
