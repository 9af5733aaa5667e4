"""`voxspec people`: which names count as one person, and the way back."""

from collections import Counter
from enum import StrEnum
from typing import Annotated, Any

from typer import Argument

from api.cli.exits import ExitCode
from api.cli.session import Session
from assistant.domain.ids import person_id
from assistant.drafting.staleness.mark import mark
from assistant.errors import NotFound, UsageError
from assistant.workbench import Workbench

_USAGE = (
    "voxspec people list | merge NAME NAME | split NAME; a name as the source has it, or its per_… pseudonym."
)


class Action(StrEnum):
    """What to do about people."""

    listing = "list"
    merging = "merge"
    splitting = "split"


def people(
    session: Session,
    action: Annotated[Action, Argument(help="list, merge or split.")] = Action.listing,
    names: Annotated[
        list[str] | None, Argument(metavar="[NAME]...", help="As the source has it, or per_….")
    ] = None,
) -> ExitCode:
    """Show which names are one person; merge them, split them.

    The same address, the same full name in an account and the same handle are one person (VOXSPEC_IDENTITY_RULES). `merge`
    says so of two others; `split` says that a name is somebody else, and brings back every count.
    """
    given = names or []
    if len(given) != {Action.listing: 0, Action.merging: 2, Action.splitting: 1}[action]:
        raise UsageError(f"'{action.value}' doesn't take {len(given)} names.", hint=_USAGE)
    with session.bench() as bench:
        if action is Action.listing:
            _show(session, people_of(bench))
            return ExitCode.ok
        persons = [_person(bench, name) for name in given]
        rules = bench.settings.identity_rules
        if action is Action.merging:
            if persons[0] == persons[1]:
                raise UsageError("These are one name already; nothing was changed.", hint=_USAGE)
            bench.catalog.people.merge(bench.workspace, persons[0], persons[1], rules)
            changed = persons
        else:
            changed = bench.catalog.people.split(bench.workspace, persons[0], rules)
            if not changed:
                raise NotFound(f"'{given[0]}' isn't merged with anybody; nothing was changed.", hint=_USAGE)
        mark(bench)
    if session.as_json:
        session.output.json({"changed": len(changed), "people": changed})
    else:
        session.output.say(
            f"{' and '.join(changed)}: {'one person' if action is Action.merging else 'split off'}."
        )
    return ExitCode.ok


def people_of(bench: Workbench) -> list[dict[str, Any]]:
    """People with several pseudonyms: each with its pseudonyms, the rule of each, and its records."""
    rows = bench.corpus()
    wrote = Counter(rows.authors)
    found: dict[str, dict[str, Any]] = {}
    for one in bench.catalog.people.links(bench.workspace):
        group = found.setdefault(
            one.first_person, {"id": one.first_person, "records": wrote[one.first_person], "names": []}
        )
        group["names"].append(
            {"person": one.person, "rule": one.rule, "records": wrote[one.person], "undone": one.undone}
        )
        group["records"] += 0 if one.undone else wrote[one.person]
    return list(found.values())


def _person(bench: Workbench, name: str) -> str:
    person = name if name.startswith("per_") else person_id(bench.workspace, name, bench.person_key)
    if person not in bench.corpus().authors:
        raise NotFound(
            f"Nobody named '{name}' wrote in workspace '{bench.workspace}'.",
            hint="Write the name as it stands in the source; upper and lower case don't matter.",
        )
    return person


def _show(session: Session, found: list[dict[str, Any]]) -> None:
    if session.as_json:
        session.output.json({"people": found})
        return
    session.output.table(
        ["person", "is also", "rule", "records", ""],
        [
            [group["id"], one["person"], one["rule"], one["records"], "undone" if one["undone"] else ""]
            for group in found
            for one in group["names"]
        ],
    )
    session.output.note(f"{len(found):,} people are known under several names.")
