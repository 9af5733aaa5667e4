"""`voxspec duplicates`: which records count as one voice, and the way back."""

from collections import Counter
from enum import StrEnum
from typing import Annotated, Any

from typer import Argument

from api.cli.exits import ExitCode
from api.cli.session import Session
from assistant.drafting.staleness.mark import mark
from assistant.errors import NotFound, UsageError
from assistant.workbench import Workbench
from ingest.reach import link


class Action(StrEnum):
    """What to do about duplicates."""

    listing = "list"
    undoing = "undo"
    redoing = "redo"
    finding = "find"


def duplicates(
    session: Session,
    action: Annotated[Action, Argument(help="list, undo, redo or find.")] = Action.listing,
    records: Annotated[
        list[str] | None,
        Argument(metavar="[RECORD_ID]...", help="Of a group's first record: all others in it."),
    ] = None,
) -> ExitCode:
    """Show which records count as one voice; undo it, redo it.

    Exact and almost equal texts are linked, never dropped. They count once where one person wrote them. `undo` takes
    records out of their group for good and brings back every count; `redo` lets them in again; `find` looks anew.
    """
    named = records or []
    if bool(named) != (action in {Action.undoing, Action.redoing}):
        raise UsageError(
            f"'{action.value}' {'takes no' if named else 'needs the id of a'} record.",
            hint="voxspec duplicates list | undo RECORD_ID... | redo RECORD_ID... | find",
        )
    with session.bench() as bench:
        if action is Action.listing:
            _show(session, groups_of(bench))
        elif action is Action.finding:
            _tell(session, "linked anew", link(bench), [])
        else:
            changed = _mark(bench, named, undone=action is Action.undoing)
            _tell(
                session, "taken apart" if action is Action.undoing else "linked again", len(changed), changed
            )
    return ExitCode.ok


def groups_of(bench: Workbench) -> list[dict[str, Any]]:
    """Groups of twins by their first record; each with its records, rules and scores, and how many voices it counts as."""
    rows = bench.corpus()
    voice = dict(zip(rows.record_ids, rows.voice, strict=True))
    groups: dict[str, dict[str, Any]] = {}
    for one in bench.catalog.twins.links(bench.workspace):
        group = groups.setdefault(one.first_id, {"id": one.first_id, "voices": 0, "records": []})
        group["records"].append(
            {"record_id": one.record_id, "rule": one.rule, "score": one.score, "undone": one.undone}
        )
    for group in groups.values():
        held = [one["record_id"] for one in group["records"] if not one["undone"]]
        group["voices"] = len({voice[one] for one in held if one in voice})
    return list(groups.values())


def _mark(bench: Workbench, record_ids: list[str], *, undone: bool) -> list[str]:
    changed = bench.catalog.twins.mark(bench.workspace, record_ids, undone=undone)
    if not changed:
        raise NotFound(
            f"None of these records is {'linked' if undone else 'taken out of a group'}; nothing was changed.",
            hint="`voxspec duplicates list` shows groups and what was undone.",
        )
    mark(bench)
    return changed


def _show(session: Session, groups: list[dict[str, Any]]) -> None:
    if session.as_json:
        session.output.json({"groups": groups})
        return
    session.output.table(
        ["group", "record", "rule", "score", ""],
        [
            [
                group["id"],
                one["record_id"],
                one["rule"],
                f"{one['score']:.2f}",
                "undone" if one["undone"] else "",
            ]
            for group in groups
            for one in group["records"]
        ],
    )
    rules = Counter(one["rule"] for group in groups for one in group["records"] if not one["undone"])
    session.output.note(
        f"{len(groups):,} groups: {rules['exact']:,} records repeat another exactly, {rules['near']:,} almost; "
        f"{sum(group['voices'] for group in groups):,} voices are counted."
    )


def _tell(session: Session, what: str, count: int, record_ids: list[str]) -> None:
    if session.as_json:
        session.output.json({"changed": count, "record_ids": record_ids})
    else:
        session.output.say(f"{count:,} {'record' if count == 1 else 'records'} {what}.")
