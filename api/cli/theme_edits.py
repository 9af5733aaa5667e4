"""`voxspec themes edit`: correct the themes, look first, take it back; and what a run changed."""

import getpass
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from api.cli.exits import ExitCode
from api.cli.session import Session
from assistant.domain.lineage import Fate, ThemeEvent
from assistant.domain.personal.views import masked_mapping
from assistant.domain.theme import Theme, ThemeSet
from assistant.domain.theme_edit import EditAction, EditPreview, EditResult, LoggedEdit, Outcome, Tally
from assistant.errors import UsageError
from assistant.synthesis.ask_edit import EditRequest
from assistant.synthesis.history import history_of
from assistant.synthesis.steering import edits_of, steer, undo
from assistant.workbench import Workbench

_USAGE = (
    "voxspec themes edit rename THEME NAME | merge THEME OTHER… | split THEME | move THEME|RECORD TO | pin RECORD [THEME] | "
    "exclude AUTHOR | track PHRASE|RECORD | list | undo N | redo N"
)
_TAKES = {
    EditAction.rename: (2, 2),
    EditAction.merge: (2, 50),
    EditAction.splitting: (1, 1),
    EditAction.move: (2, 2),
    EditAction.pin: (1, 2),
    EditAction.exclude: (1, 1),
    EditAction.track: (1, 1),
}
_SHOWN = 12


@dataclass(frozen=True)
class EditOptions:
    """What the options of the command said."""

    yes: bool
    parts: int
    name: str
    near: float


def edit_themes(session: Session, words: list[str], options: EditOptions) -> ExitCode:
    """Do or show what the words say. Raises: UsageError; NotFound."""
    verb, given = (words[0], words[1:]) if words else ("list", [])
    with session.bench() as bench:
        masks = not bench.settings.show_personal_data
        if verb == "list" and not given:
            shown = bench.catalog.themes.shown(bench.workspace)
            names = {one.id: one.name for one in shown.themes} if shown else {}
            _tell_log(session, edits_of(bench), masked_mapping(names) if masks else names)
            return ExitCode.ok
        with session.output.progress("themes") as progress:
            if verb in ("undo", "redo"):
                number = _number(verb, given)
                dry = not options.yes
                preview = undo(bench, number, redo=verb == "redo", dry_run=dry, progress=progress)
            else:
                asked = _asked(verb, given, options)
                preview = steer(
                    bench, asked, by=getpass.getuser(), dry_run=not options.yes, progress=progress
                )
    told = preview.model_dump(mode="json")
    told = masked_mapping(told) if masks else told
    if session.as_json:
        session.output.json(told)
    else:
        _tell_preview(session, preview, told)
    return ExitCode.ok


def tell_changes(session: Session, now: ThemeSet, before: ThemeSet | None, *, masks: bool) -> None:
    """Say what a run did to the themes that there were, by name, where it did anything."""
    changes = now.changes
    if not changes.statements or session.as_json:
        return
    names = {one.id: one.name for themes in (before, now) if themes for one in themes.themes}
    names = masked_mapping(names) if masks else names
    lines = [
        f"Before: {changes.statements:,} statements in {_total(now):,} themes. {len(changes.kept):,} kept, {len(changes.split):,} split, "
        f"{len(changes.merged):,} merged, {len(changes.gone):,} gone, {len(changes.born):,} born; {changes.moved:,} statements "
        f"moved ({changes.moved / changes.statements:.1%}), {changes.new:,} new."
    ]

    def name(theme: str) -> str:
        return f"“{names.get(theme, theme)}”"

    def some(what: str, found: tuple[Fate, ...]) -> None:
        for one in found[:_SHOWN]:
            into = ", ".join(name(theme) for theme in one.into)
            lines.append(f"  {what}: {name(one.id)} ({one.statements:,}){' → ' + into if into else ''}")
        if len(found) > _SHOWN:
            lines.append(f"  … and {len(found) - _SHOWN:,} more; --json lists all.")

    some("split", changes.split)
    some("merged", changes.merged)
    some("gone", changes.gone)
    some("born", changes.born)
    if changes.lost_edits:
        numbers = ", ".join(map(str, changes.lost_edits))
        lines.append(
            f"  Edits that find nothing any more: {numbers}. They are kept: voxspec themes edit list."
        )
    session.output.note("\n".join(lines))


def lineage_of(bench: Workbench, theme: Theme) -> list[ThemeEvent]:
    """What runs and edits did to a theme."""
    state = bench.catalog.themes.state(bench.workspace)
    edits = bench.catalog.themes.edits(bench.workspace)
    return list(history_of(theme.id, state, edits)) if state else []


def told_event(one: ThemeEvent) -> str:
    """An event in one line."""
    by = f"by edit {one.edit}" if one.edit else f"in {one.run}"
    when = f", {one.as_of:%Y-%m-%d}" if one.as_of else ""
    themes = f": {', '.join(one.before)} → {', '.join(one.after)}" if one.before and one.after else ""
    return f"{one.kind.value} {by}{when}{themes}"


def _total(themes: ThemeSet) -> int:
    changes = themes.changes
    return sum(len(found) for found in (changes.kept, changes.split, changes.merged, changes.gone))


def _number(verb: str, given: list[str]) -> int:
    if len(given) != 1 or not given[0].isdecimal():
        raise UsageError(
            f"'{verb}' takes the number of one edit.", hint="The numbers: voxspec themes edit list"
        )
    return int(given[0])


def _asked(verb: str, given: list[str], options: EditOptions) -> EditRequest:
    try:
        action = EditAction(verb)
    except ValueError as problem:
        raise UsageError(f"There is no edit '{verb[:40]}'.", hint=_USAGE) from problem
    least, most = _TAKES[action]
    if not least <= len(given) <= most:
        raise UsageError(f"'{verb}' doesn't take {len(given)} names.", hint=_USAGE)
    first = given[0]
    values: dict[EditAction, dict[str, Any]] = {
        EditAction.rename: {"theme": first, "name": given[-1]},
        EditAction.merge: {"theme": first, "others": tuple(given[1:])},
        EditAction.splitting: {"theme": first, "parts": options.parts},
        EditAction.move: {"theme": first, "to": given[-1]},
        EditAction.pin: {"theme": first, "to": given[1] if len(given) > 1 else ""},
        EditAction.exclude: {"author": first},
        EditAction.track: {"phrase": first, "name": options.name, "near": options.near},
    }
    return EditRequest(action=action, **values[action])


def _tell_preview(session: Session, preview: EditPreview, told: dict[str, Any]) -> None:
    rows = [
        [
            one["name"] or one["id"],
            _LEVELS[one["level"]],
            one["parent"],
            _counts(shift.before),
            _counts(shift.after) if shift.after else "gone",
        ]
        for one, shift in list(zip(told["themes"], preview.themes, strict=True))[:_SHOWN]
    ]
    session.output.table(["theme", "", "in", "before: people / statements", "after"], rows)
    for one in told["themes"][:_SHOWN]:
        if one["level"] > 1 and one["quotes"]:
            said = " · ".join(
                f"“{' '.join(quote['text'].split())}” [{quote['record_id']}]" for quote in one["quotes"]
            )
            session.output.say(f"{one['name'] or one['id']}: {said}")
    notes = [*told["notes"]]
    if len(told["themes"]) > _SHOWN:
        notes.append(f"{len(told['themes']) - _SHOWN:,} more themes change; --json lists all.")
    if preview.lost:
        notes.append(f"Edits that would find nothing any more: {', '.join(map(str, preview.lost))}.")
    notes.append(f"{preview.statements:,} statements change their theme or are no longer counted.")
    number = preview.logged.number
    if not preview.applied:
        notes.append("Nothing was changed yet: the same command with --yes does it.")
    elif preview.logged.undone:
        notes.append(f"Undone. Once more: voxspec themes edit redo {number} --yes")
    else:
        notes.append(f"Done, and kept in later runs. Back: voxspec themes edit undo {number} --yes")
    session.output.note("\n".join(notes))


def _counts(tally: Tally | None) -> str:
    return f"{tally.people:,} / {tally.statements:,}" if tally else "–"


def _tell_log(
    session: Session, log: list[tuple[LoggedEdit, EditResult | None]], names: Mapping[str, str]
) -> None:
    if session.as_json:
        told = [
            one.model_dump(mode="json") | {"outcome": result.outcome.value if result else None}
            for one, result in log
        ]
        session.output.json({"edits": told})
        return
    rows = [
        [
            one.number,
            one.edit.action.value,
            _says(one, names),
            _standing(one, result),
            one.by,
            f"{one.at:%Y-%m-%d %H:%M}",
        ]
        for one, result in log
    ]
    session.output.table(["", "edit", "of", "", "by", "at"], rows)
    session.output.note(f"{len(log):,} edits." if log else f"No edits yet. {_USAGE}")


def _says(one: LoggedEdit, names: Mapping[str, str]) -> str:
    edit = one.edit
    themes = [names.get(theme, theme) for theme in (edit.theme, *edit.themes, edit.parent) if theme]
    typed = [edit.person, edit.record, *(f"“{text}”" for text in (edit.phrase, edit.name) if text)]
    return " · ".join(part for part in [*typed, *themes] if part)


def _standing(one: LoggedEdit, result: EditResult | None) -> str:
    if one.erased:
        return "erased"
    if one.undone:
        return "undone"
    if result is not None and result.outcome is Outcome.lost:
        return "finds nothing"
    return "holds"


_LEVELS = {1: "area", 2: "theme", 3: "part"}
