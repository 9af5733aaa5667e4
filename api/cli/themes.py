"""`voxspec themes`: what customers speak of, counted and quoted."""

from enum import StrEnum
from typing import Annotated

from typer import Argument, Option

from api.cli.exits import ExitCode
from api.cli.session import Session
from api.cli.theme_edits import EditOptions, edit_themes, lineage_of, told_event
from api.cli.theme_runs import RunOptions, run_themes, tell_plan, tell_rehearsal
from assistant.domain.lineage import ThemeEvent
from assistant.domain.personal.views import masked_mapping
from assistant.domain.theme import Theme, ThemeSet
from assistant.errors import UsageError
from assistant.synthesis.find import theme_named
from assistant.synthesis.pipeline import themes_of
from assistant.workbench import Workbench


class Action(StrEnum):
    """What to do about themes."""

    run = "run"
    listing = "list"
    show = "show"
    edit = "edit"


def themes(
    session: Session,
    action: Annotated[Action, Argument(help="run, list, show or edit.")] = Action.listing,
    words: Annotated[
        list[str] | None, Argument(metavar="[THEME]", help="show: id or name. edit: what to do, and to what.")
    ] = None,
    afresh: Annotated[bool, Option("--afresh", help="run: group all statements again.")] = False,
    level: Annotated[int, Option(min=1, max=3, help="list: 1 areas, 2 themes in them, 3 their parts.")] = 1,
    limit: Annotated[int, Option(min=1, help="list: how many.")] = 20,
    plan: Annotated[bool, Option("--plan", help="run: only say what it would take and cost.")] = False,
    rehearse: Annotated[bool, Option("--rehearse", help="run: over a part, storing nothing.")] = False,
    tokens: Annotated[
        int | None, Option(min=0, help="run: at most, for names by a model; default: one per record.")
    ] = None,
    batch: Annotated[
        bool, Option("--batch", help="run: ask the model through OpenAI's Batch API, at half the price.")
    ] = False,
    yes: Annotated[
        bool, Option("--yes", "--apply", help="edit: do it; else only show what would change.")
    ] = False,
    parts: Annotated[int, Option(min=2, max=12, help="edit split: into how many.")] = 2,
    name: Annotated[str, Option(help="edit track: what the theme is called.")] = "",
    near: Annotated[
        float, Option(min=0.05, max=1.0, help="edit track: least likeness of a statement.")
    ] = 0.5,
) -> ExitCode:
    """Group what customers say into themes; list them, show one.

    `run` reads what each record says statement by statement, and groups the statements by meaning. A later run leaves what it
    knows where it is and brings in what is new.

    `edit` corrects the themes: rename THEME NAME, merge THEME OTHER…, split THEME, move THEME|RECORD TO, pin RECORD [THEME],
    exclude AUTHOR, track PHRASE|RECORD; list, undo N, redo N. It shows what would change; --yes does it, for all later runs too.
    """
    options = RunOptions(afresh=afresh, tokens=tokens, batch=batch)
    if (plan or rehearse or options != RunOptions()) and action is not Action.run:
        raise UsageError(f"'{action.value}' takes none of the options of 'run'.", hint="voxspec themes run …")
    if action is Action.edit:
        return edit_themes(session, words or [], EditOptions(yes=yes, parts=parts, name=name, near=near))
    theme = _one_theme(action, words or [])
    with session.bench() as bench:
        if plan or rehearse:
            if plan:
                tell_plan(session, bench, options)
            if rehearse:
                tell_rehearsal(session, bench)
            return ExitCode.ok
        found = run_themes(session, bench, options) if action is Action.run else _known(bench)
        shown = theme_named(found, theme) if theme is not None else None
        masks = not bench.settings.show_personal_data
        lineage = lineage_of(bench, shown) if shown is not None else []
    if shown is not None:
        _show(session, found, shown, lineage, masks=masks)
    else:
        _list(session, found, level, limit, masks=masks)
    return ExitCode.ok


def _known(bench: Workbench) -> ThemeSet:
    """The themes of now. Raises: UsageError before the first run."""
    known = themes_of(bench)
    if known is None:
        raise UsageError(
            f"Workspace '{bench.workspace}' has no themes yet.", hint="Find them: voxspec themes run"
        )
    return known


def _one_theme(action: Action, words: list[str]) -> str | None:
    """The theme that is asked for. Raises: UsageError unless there is one just where one is needed."""
    if len(words) > 1:
        raise UsageError("That is more than one theme.", hint="Put a name of several words in quotes.")
    if bool(words) != (action is Action.show):
        raise UsageError(
            f"'{action.value}' {'takes no' if words else 'needs a'} theme.",
            hint="voxspec themes run | list | show THEME | edit …",
        )
    return words[0] if words else None


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


def _show(
    session: Session, themes: ThemeSet, theme: Theme, lineage: list[ThemeEvent], *, masks: bool
) -> None:
    told = theme.model_dump(mode="json") | {"lineage": [one.model_dump(mode="json") for one in lineage]}
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
        *(f"lineage: {told_event(one)}" for one in lineage),
        "",
        *(
            f"{one['role']}: “{one['quote']['text']}” [{one['quote']['record_id']}, {one['quote']['source']}]"
            for one in told["quotes"]
        ),
    ]
    session.output.say("\n".join(lines))
