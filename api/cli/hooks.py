"""`voxspec hook`: who outside is told of what happens here."""

from enum import StrEnum
from typing import Annotated

from typer import Argument, Option

from api.cli.exits import ExitCode
from api.cli.session import Session
from api.hooks.keeping import add_hook, remove_hook, send_again, try_hook
from api.hooks.messenger import tell_all
from assistant.domain.hook import LISTENED, HookMessage
from assistant.domain.ticket import EffectState
from assistant.errors import UsageError
from assistant.workbench import Workbench

_USAGE = "voxspec hook add NAME --url https://… --event draft.completed --secret env:HOOK_SECRET | list | remove NAME | test NAME | sent | replay ID"
_SHOWN = 50


class Action(StrEnum):
    """What to do about hooks, and what they were told."""

    listing = "list"
    adding = "add"
    removing = "remove"
    testing = "test"
    sent = "sent"
    replaying = "replay"


def hook(
    session: Session,
    action: Annotated[Action, Argument(help="list, add, remove, test, sent or replay.")] = Action.listing,
    name: Annotated[str | None, Argument(help="Name of the hook; for replay: id of a message.")] = None,
    url: Annotated[str, Option(help="Address that is told: https://…")] = "",
    event: Annotated[
        list[str] | None,
        Option(help="draft.completed, check.failed, theme.spiked or claim.stale; may be repeated."),
    ] = None,
    secret: Annotated[
        list[str] | None,
        Option(help="Where its secret is read from: env:NAME or file:PATH; the current one first."),
    ] = None,
) -> ExitCode:
    """Tell other services what happens here, signed.

    Signatures are those of Standard Webhooks. Messages hold ids and counts, never words of records. Each arrives at least once under one id; the running service sends them. 'test' sends
    one that says nothing else, 'sent' lists what was told, waits, or was given up; 'replay' sends one again, under the same id.
    """  # fmt: skip
    if (name is None) != (action in (Action.listing, Action.sent)):
        raise UsageError(f"'{action.value}' can't be understood like this.", hint=_USAGE)
    given = name or ""
    with session.bench() as bench:
        match action:
            case Action.listing:
                _list(session, bench)
            case Action.adding:
                _add(session, bench, given, url, event or [], secret or [])
            case Action.removing:
                remove_hook(bench, given)
                _done(session, {"removed": given}, f"'{given}' is told no more; what was still to be sent is dropped.")  # fmt: skip
            case Action.sent:
                _sent(session, bench)
            case Action.testing:
                return _sent_now(session, bench, try_hook(bench, given))
            case Action.replaying:
                return _sent_now(session, bench, send_again(bench, given))
    return ExitCode.ok


def _add(
    session: Session, bench: Workbench, name: str, url: str, events: list[str], secrets: list[str]
) -> None:
    made = add_hook(bench, name, url, events, secrets)
    told = ", ".join(one.value for one in made.events)
    _done(session, {"hook": made.model_dump(mode="json")}, f"'{made.name}' is told of {told}.")


def _list(session: Session, bench: Workbench) -> None:
    known = bench.catalog.hooks.hooks(bench.workspace)
    if session.as_json:
        session.output.json({"hooks": [one.model_dump(mode="json") for one in known]})
    elif known:
        rows = [
            [one.name, one.url, " ".join(event.value for event in one.events), " ".join(one.secrets)]
            for one in known
        ]
        session.output.table(["name", "address", "events", "secrets"], rows)
    else:
        events = ", ".join(one.value for one in LISTENED)
        session.output.note(f"Nobody is told anything yet. Events: {events}. {_USAGE}")


def _sent(session: Session, bench: Workbench) -> None:
    found = bench.catalog.hook_outbox.page(bench.workspace, limit=_SHOWN)
    if session.as_json:
        session.output.json({"messages": [one.model_dump(mode="json") for one in found]})
    elif found:
        rows = [[one.state.value, one.event.value, one.hook, one.tries, one.id, one.error] for one in found]
        session.output.table(["state", "event", "hook", "tries", "id", "why"], rows)
    else:
        session.output.note("Nothing was told yet.")


def _sent_now(session: Session, bench: Workbench, message: HookMessage) -> ExitCode:
    tell_all(bench)
    after = bench.catalog.hook_outbox.get(bench.workspace, message.id) or message
    _done(session, {"message": after.model_dump(mode="json")}, f"{after.state.value}: {after.error or 'it arrived.'}")  # fmt: skip
    return ExitCode.ok if after.state is EffectState.done else ExitCode.unavailable


def _done(session: Session, plain: dict[str, object], sentence: str) -> None:
    if session.as_json:
        session.output.json(plain)
    else:
        session.output.note(sentence)
