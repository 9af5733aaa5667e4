"""`voxspec tracker`: the issue systems that a workspace talks to, and what is to be sent to them."""

import asyncio
from enum import StrEnum
from typing import Annotated, Any

from pydantic import ValidationError
from typer import Argument, Option

from api.cli.exits import ExitCode
from api.cli.session import Session
from api.tickets.incoming import Parts, work_through
from api.trackers.polls import ask
from api.trackers.registry import kind_of, names, open_tracker
from api.trackers.rounds import deliver
from assistant.domain.ticket import Connection, Effect, EffectState
from assistant.errors import NotFound, UsageError
from assistant.jobs.dbos_jobs import DbosJobs
from assistant.jobs.places import jobs_place
from assistant.triage.pipeline import triage
from assistant.workbench import Workbench

_USAGE = "voxspec tracker add NAME --to github --project OWNER/REPO --token env:GITHUB_TOKEN | list | test NAME | sync NAME | remove NAME | sent | replay KEY"
_SENT_SHOWN = 50


class Action(StrEnum):
    """What to do about connections, and what was sent over them."""

    listing = "list"
    adding = "add"
    testing = "test"
    syncing = "sync"
    removing = "remove"
    sent = "sent"
    replaying = "replay"


_WITHOUT_NAME = frozenset({Action.listing, Action.sent})


def tracker(
    session: Session,
    action: Annotated[
        Action, Argument(help="list, add, test, sync, remove, sent or replay.")
    ] = Action.listing,
    name: Annotated[
        str | None, Argument(help="Name of the connection; for replay: key of what was given up.")
    ] = None,
    to: Annotated[str, Option(help="Which system: github, gitlab, jira, linear, redmine, roundup.")] = "",
    url: Annotated[str, Option(help="Base address of its API; default: the vendor's own.")] = "",
    project: Annotated[
        str, Option(help="As the system names it: owner/repository, a project or team key.")
    ] = "",
    token: Annotated[str | None, Option(help="Where its token is read from: env:NAME or file:PATH.")] = None,
    user: Annotated[str, Option(help="Whom the token belongs to.")] = "",
    webhook_secret: Annotated[
        list[str] | None, Option(help="Where the secret of its webhooks is read from; the current one first.")
    ] = None,
    counts_as: Annotated[str, Option(help="Whose voice its tickets are: customer or internal.")] = "internal",
    comment_at: Annotated[
        int, Option(min=1, help="People who must ask for something before its ticket gets a comment.")
    ] = 3,
    asked_by: Annotated[
        list[str] | None,
        Option(help="Whose commands in comments are answered; default: of all who can comment."),
    ] = None,
) -> ExitCode:
    """Connect issue systems, and see what was sent to them.

    Secrets stay where they are: a connection keeps the name of a variable or a file, never what is in it. 'sync' asks at once what changed. 'sent' lists what was sent,
    waits, or was given up; 'replay' sends what was given up again.
    """
    if (name is None) != (action in _WITHOUT_NAME):
        raise UsageError(f"'{action.value}' can't be understood like this.", hint=_USAGE)
    given = name or ""
    with session.bench() as bench:
        match action:
            case Action.listing:
                _list(session, bench)
            case Action.adding:
                told = {
                    "name": given, "tracker": to, "url": url, "project": project, "token": token, "user": user,
                    "webhook_secrets": webhook_secret or [], "counts_as": counts_as, "comment_at": comment_at,
                    "asked_by": asked_by or [],
                }  # fmt: skip
                _add(session, bench, told)
            case Action.testing:
                _test(session, bench, given)
            case Action.syncing:
                _sync(session, bench, given)
            case Action.removing:
                _remove(session, bench, given)
            case Action.sent:
                _sent(session, bench)
            case Action.replaying:
                return _replay(session, bench, given)
    return ExitCode.ok


def _add(session: Session, bench: Workbench, told: dict[str, Any]) -> None:
    if not told["tracker"]:
        raise UsageError("Which system is it?", hint=f"--to one of: {', '.join(names())}.")
    kind_of(told["tracker"])
    try:
        made = Connection.model_validate(told)
    except ValidationError as problem:
        first = problem.errors()[0]
        where = "-".join(str(part) for part in first["loc"][:1]).replace("_", "-")
        raise UsageError(f"--{where} can't be used: {first['msg']}.", hint=_USAGE) from problem
    bench.catalog.connections.put(bench.workspace, made)
    if session.as_json:
        session.output.json({"connection": _plain(made)})
    else:
        session.output.note(f"Connected as '{made.name}'. Try it: voxspec tracker test {made.name}")


def _list(session: Session, bench: Workbench) -> None:
    known = bench.catalog.connections.connections(bench.workspace)
    if session.as_json:
        session.output.json({"connections": [_plain(one) for one in known]})
    elif known:
        rows = [[one.name, one.tracker, one.project, one.url, one.token or ""] for one in known]
        session.output.table(["name", "system", "project", "address", "token"], rows)
    else:
        session.output.note(f"Nothing is connected yet. {_USAGE}")


def _test(session: Session, bench: Workbench, name: str) -> None:
    known = bench.catalog.connections.get(bench.workspace, name)

    async def first() -> int:
        async with open_tracker(known) as opened:
            return len((await opened.list_since(None)).tickets)

    seen = asyncio.run(first())
    if session.as_json:
        session.output.json({"connection": name, "tickets_seen": seen})
    else:
        session.output.note(f"'{name}' answers; its first page has {seen} tickets.")


def _sync(session: Session, bench: Workbench, name: str) -> None:
    known = bench.catalog.connections.get(bench.workspace, name)
    jobs = DbosJobs(jobs_place(bench.settings))
    try:
        asyncio.run(ask(bench.catalog, None, bench.workspace, known))
        # What came in before and waits is worked on, too.
        worked = work_through(bench, name, Parts(jobs, triage), lambda *_: None)
    finally:
        jobs.close()
    sent = asyncio.run(deliver(bench, name))
    if session.as_json:
        session.output.json({"connection": name, "sent": sent} | worked.told())
    else:
        session.output.note(
            f"'{name}': {worked.tickets} tickets are new or changed, {worked.removed} are gone; {sent} things were sent."
        )


def _remove(session: Session, bench: Workbench, name: str) -> None:
    bench.catalog.connections.get(bench.workspace, name)
    bench.catalog.connections.remove(bench.workspace, name)
    if session.as_json:
        session.output.json({"removed": name})
    else:
        session.output.note(
            f"'{name}' is disconnected. What was sent stays in its system, the links stay here."
        )


def _sent(session: Session, bench: Workbench) -> None:
    found = bench.catalog.effects.page(bench.workspace, limit=_SENT_SHOWN)
    if session.as_json:
        session.output.json({"effects": [_told(one) for one in found]})
    elif found:
        rows = [
            [one.state.value, one.action.value, one.result_ticket or one.ticket, one.key, one.error]
            for one in found
        ]
        session.output.table(["state", "what", "ticket", "key", "why"], rows)
    else:
        session.output.note("Nothing was sent yet.")


def _replay(session: Session, bench: Workbench, key: str) -> ExitCode:
    held = bench.catalog.effects.get(bench.workspace, key)
    if held is None or held.state is not EffectState.dead:
        raise NotFound(
            f"Nothing of the key '{key[:100]}' was given up.", hint="voxspec tracker sent lists what was."
        )
    again = held.model_copy(update={"state": EffectState.waiting, "not_before": None, "until": None})
    bench.catalog.effects.settle(bench.workspace, again)
    asyncio.run(deliver(bench, held.connection))
    after = bench.catalog.effects.get(bench.workspace, key) or again
    if session.as_json:
        session.output.json({"effect": _told(after)})
    else:
        session.output.note(f"{after.state.value}: {after.error or 'it is in ' + after.result_ticket}")
    return ExitCode.ok if after.state is EffectState.done else ExitCode.unavailable


def _plain(connection: Connection) -> dict[str, Any]:
    return connection.model_dump(mode="json")


def _told(effect: Effect) -> dict[str, Any]:
    shown = {
        "key",
        "connection",
        "action",
        "ticket",
        "state",
        "tries",
        "not_before",
        "error",
        "hint",
        "made_at",
    }
    return effect.model_dump(
        mode="json", include=shown | {"result_ticket", "result_comment", "draft_id", "item"}
    )
