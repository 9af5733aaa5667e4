"""`voxspec mappings`: what people said that the columns of their exports mean."""

from enum import StrEnum
from typing import Annotated, Any

from typer import Argument

from api.cli.exits import ExitCode
from api.cli.session import Session
from assistant.errors import NotFound, UsageError
from assistant.stores.decisions import SavedMapping
from assistant.workbench import Workbench
from ingest.saved import named_mapping

_USAGE = "voxspec mappings list | show NAME | forget NAME; voxspec ingest FILE --save-mapping NAME saves one."


class Action(StrEnum):
    """What to do about saved mappings."""

    listing = "list"
    showing = "show"
    forgetting = "forget"


def mappings(
    session: Session,
    action: Annotated[Action, Argument(help="list, show or forget.")] = Action.listing,
    name: Annotated[str | None, Argument(help="Name of the mapping.")] = None,
) -> ExitCode:
    """Show saved mappings of columns, or forget one.

    A file whose header has the same columns, in any order and case, is read by its mapping. What was imported stays as it is.
    """
    if (name is None) != (action is Action.listing):
        raise UsageError(
            f"'{action.value}' takes {'no name' if action is Action.listing else 'the name of a mapping'}.",
            hint=_USAGE,
        )
    with session.bench() as bench:
        if action is Action.listing:
            _list(session, bench.catalog.mappings.saved(bench.workspace))
        elif action is Action.showing:
            _show(session, named_mapping(bench.catalog.mappings.saved(bench.workspace), name or ""))
        else:
            _forget(session, bench, name or "")
    return ExitCode.ok


def _list(session: Session, saved: list[SavedMapping]) -> None:
    if session.as_json:
        session.output.json({"mappings": [_plain(one) for one in saved]})
        return
    rows = [[one.name, one.layout, len(one.columns), one.fields.get("text", "")] for one in saved]
    if rows:
        session.output.table(["name", "layout", "columns", "text"], rows)
    else:
        session.output.note(f"No mapping is saved yet. {_USAGE}")


def _show(session: Session, one: SavedMapping) -> None:
    if session.as_json:
        session.output.json(_plain(one))
        return
    session.output.table(["field", "column"], [list(pair) for pair in one.fields.items()])
    session.output.note(f"For files ({one.layout}) with the columns: {', '.join(one.columns)}")


def _forget(session: Session, bench: Workbench, name: str) -> None:
    if not bench.catalog.mappings.forget(bench.workspace, name):
        raise NotFound(f"There is no saved mapping '{name}'; nothing was changed.", hint=_USAGE)
    if session.as_json:
        session.output.json({"forgotten": name})
    else:
        session.output.say(f"Mapping '{name}' is forgotten. What was imported with it stays.")


def _plain(one: SavedMapping) -> dict[str, Any]:
    return {"name": one.name, "layout": one.layout, "columns": list(one.columns), "fields": dict(one.fields)}
