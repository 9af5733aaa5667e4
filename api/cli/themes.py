"""`voxspec themes`: what customers speak of, counted and quoted."""

from enum import StrEnum
from typing import Annotated

from typer import Argument, Option

from api.cli.exits import ExitCode
from api.cli.session import Session
from assistant.domain.personal.views import masked_mapping
from assistant.domain.theme import Theme, ThemeSet
from assistant.errors import NotFound, UsageError
from assistant.synthesis.pipeline import synthesize, themes_of


class Action(StrEnum):
    """What to do about themes."""

    run = "run"
    listing = "list"
    show = "show"


def themes(
    session: Session,
    action: Annotated[Action, Argument(help="run, list or show.")] = Action.listing,
    theme: Annotated[str | None, Argument(metavar="[THEME]", help="Id or name, for show.")] = None,
    afresh: Annotated[bool, Option("--afresh", help="run: group all statements again.")] = False,
    level: Annotated[int, Option(min=1, max=3, help="list: 1 areas, 2 themes in them, 3 their parts.")] = 1,
    limit: Annotated[int, Option(min=1, help="list: how many.")] = 20,
) -> ExitCode:
    """Group what customers say into themes; list them, show one.

    `run` reads what each record says statement by statement, and groups the statements by meaning. A later run leaves what it
    knows where it is and brings in what is new.
    """
    if (theme is not None) != (action is Action.show):
        raise UsageError(
            f"'{action.value}' {'takes no' if theme else 'needs a'} theme.",
            hint="voxspec themes run | list | show THEME",
        )
    with session.bench() as bench:
        if action is Action.run:
            session.saved = "What was read is kept; run the same command to go on."
            with session.output.progress("themes") as progress:
                found = synthesize(bench, afresh=afresh, progress=progress)
        else:
            known = themes_of(bench)
            if known is None:
                raise UsageError(
                    f"Workspace '{bench.workspace}' has no themes yet.", hint="Find them: voxspec themes run"
                )
            found = known
        shown = _found(found, theme) if theme is not None else None
        masks = not bench.settings.show_personal_data
    if shown is not None:
        _show(session, found, shown, masks=masks)
    else:
        _list(session, found, level, limit, masks=masks)
    return ExitCode.ok


def _found(themes: ThemeSet, wanted: str) -> Theme:
    """The theme of that id or name. Raises: NotFound."""
    name = wanted.casefold()
    for theme in sorted(themes.themes, key=lambda one: (one.level != 2, one.level)):
        if name in (theme.id, theme.name.casefold()):
            return theme
    near = [theme.name for theme in themes.themes if name in theme.name.casefold()][:3]
    hint = f"Did you mean {', '.join(repr(one) for one in near)}?" if near else "See: voxspec themes list"
    raise NotFound(f"There is no theme '{wanted[:60]}'.", hint=hint)


def _list(session: Session, themes: ThemeSet, level: int, limit: int, *, masks: bool) -> None:
    if session.as_json:
        told = themes.model_dump(mode="json")
        session.output.json(masked_mapping(told) if masks else told)
        return
    of_level = [theme for theme in themes.themes if theme.level == level]
    # In the order of the whole, themes stand behind their area; a list of one level goes by size.
    of_level.sort(key=lambda one: (-one.people, -one.records, one.id))
    real = [theme for theme in of_level if not theme.is_single_voice]
    rows = [
        [theme.id, theme.name, theme.people, theme.records, theme.statements, f"{theme.share:.1%}"]
        for theme in real[:limit]
    ]
    session.output.table(["id", "theme", "people", "records", "statements", "share of people"], rows)
    voices = sum(theme.statements for theme in of_level if theme.is_single_voice)
    more = f"{len(real) - limit:,} more themes (--limit). " if len(real) > limit else ""
    waiting = f" {themes.waiting:,} records came in since: voxspec themes run." if themes.waiting else ""
    session.output.note(
        f"{more}{themes.statements:,} statements of {themes.people:,} people in {themes.records:,} records; "
        f"{voices:,} are single voices, fewer than three alike.{waiting}"
    )


def _show(session: Session, themes: ThemeSet, theme: Theme, *, masks: bool) -> None:
    told = theme.model_dump(mode="json")
    told = masked_mapping(told) if masks else told
    if session.as_json:
        session.output.json(told)
        return
    parts = [one for one in themes.themes if one.parent == theme.id and not one.is_single_voice]
    lines = [
        told["name"],
        f"{theme.people:,} of {themes.people:,} people ({theme.share:.1%}), {theme.records:,} records, {theme.statements:,} statements",
        f"keywords: {', '.join(told['keywords'])}",
        *([told["summary"]] if told["summary"] else []),
        *([f"parts: {', '.join(f'{one.name} ({one.people:,})' for one in parts)}"] if parts else []),
        "",
        *(
            f"{one['role']}: “{one['quote']['text']}” [{one['quote']['record_id']}, {one['quote']['source']}]"
            for one in told["quotes"]
        ),
    ]
    session.output.say("\n".join(lines))
