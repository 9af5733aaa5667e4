"""`voxspec themes`: what customers speak of, counted and quoted."""

from enum import StrEnum
from typing import Annotated

from typer import Argument

from api.cli.exits import ExitCode
from api.cli.session import Session
from api.cli.theme_edits import EditOptions, edit_themes, lineage_of, told_event
from api.cli.theme_export import TableFormat, demand_places, export_themes
from api.cli.theme_runs import RunOptions, run_themes, tell_plan, tell_rehearsal
from api.cli.themes_facts import fact_lines, note_of, weight_name, weight_of
from api.cli.themes_options import (
    Afresh,
    AsOf,
    Batch,
    By,
    Excel,
    Limit,
    Name,
    Near,
    OfLevel,
    Out,
    Parts,
    Plan,
    Rehearse,
    Releases,
    Tables,
    Tokens,
    Weight,
    Yes,
)
from api.cli.themes_trend import TrendOptions, known_themes, trend_themes
from assistant.domain.lineage import ThemeEvent
from assistant.domain.personal.views import masked_mapping
from assistant.domain.theme import Theme, ThemeSet
from assistant.errors import UsageError
from assistant.synthesis.find import theme_named
from assistant.synthesis.weighing import weighed
from assistant.workbench import Workbench


class Action(StrEnum):
    """What to do about themes."""

    run = "run"
    listing = "list"
    show = "show"
    trend = "trend"
    edit = "edit"
    export = "export"


def themes(
    session: Session,
    action: Annotated[Action, Argument(help="run, list, show, trend, edit or export.")] = Action.listing,
    words: Annotated[
        list[str] | None,
        Argument(metavar="[THEME]", help="show, trend: id or name. edit: what to do, and to what."),
    ] = None,
    afresh: Afresh = False,
    plan: Plan = False,
    rehearse: Rehearse = False,
    tokens: Tokens = None,
    batch: Batch = False,
    level: OfLevel = 1,
    limit: Limit = 20,
    weight: Weight = None,
    by: By = None,
    release: Releases = None,
    as_of: AsOf = None,
    yes: Yes = False,
    parts: Parts = 2,
    name: Name = "",
    near: Near = 0.5,
    out: Out = None,
    tables: Tables = TableFormat.parquet,
    excel: Excel = False,
) -> ExitCode:
    """Group what customers say into themes; show, export them.

    `run` reads what each record says statement by statement, and groups the statements by meaning. A later run leaves what it
    knows where it is and brings in what is new. `export` writes them out; the report is one file that opens anywhere.

    `edit` corrects the themes: rename THEME NAME, merge THEME OTHER…, split THEME, move THEME|RECORD TO, pin RECORD [THEME],
    exclude AUTHOR, track PHRASE|RECORD; list, undo N, redo N. It shows what would change; --yes does it, for all later runs too.
    """
    options = RunOptions(afresh=afresh, tokens=tokens, batch=batch)
    if (plan or rehearse or options != RunOptions()) and action is not Action.run:
        raise UsageError(f"'{action.value}' takes none of the options of 'run'.", hint="voxspec themes run …")
    if out and action is not Action.export:
        raise UsageError("--out belongs to export.", hint="voxspec themes export --out FILE")
    if action is Action.edit:
        return edit_themes(session, words or [], EditOptions(yes=yes, parts=parts, name=name, near=near))
    theme = _one_theme(action, words or [])
    if action is Action.trend:
        return trend_themes(session, theme, TrendOptions(by, tuple(release or ()), as_of, level, limit))
    if action is Action.export:
        demand_places(out or [])
        with session.output.progress("themes") as progress:
            export_themes(session, out or [], tables=tables, excel=excel, progress=progress)
        return ExitCode.ok
    with session.bench() as bench:
        if plan:
            tell_plan(session, bench, options)
        if rehearse:
            tell_rehearsal(session, bench)
        if not (plan or rehearse):
            found = run_themes(session, bench, options) if action is Action.run else known_themes(bench)
            _tell(session, bench, weighed(bench, found, weight) if weight else found, theme, level, limit)
    return ExitCode.ok


def _tell(
    session: Session, bench: Workbench, found: ThemeSet, theme: str | None, level: int, limit: int
) -> None:
    """One theme with its lineage, or a list."""
    masks = not bench.settings.show_personal_data
    if theme is None:
        _list(session, found, level, limit, masks=masks)
    else:
        shown = theme_named(found, theme)
        _show(session, found, shown, lineage_of(bench, shown), masks=masks)


def _one_theme(action: Action, words: list[str]) -> str | None:
    """The theme that is asked for. Raises: UsageError unless there is one just where one is needed."""
    if len(words) > 1:
        raise UsageError("That is more than one theme.", hint="Put a name of several words in quotes.")
    if action is not Action.trend and bool(words) != (action is Action.show):
        raise UsageError(
            f"'{action.value}' {'takes no' if words else 'needs a'} theme.",
            hint="voxspec themes run | list | show THEME | trend [THEME] | edit … | export --out FILE",
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
        [
            theme.id,
            theme.name,
            theme.people,
            theme.records,
            theme.statements,
            f"{theme.share:.1%}",
            *weight_of(theme.facts),
            note_of(theme.facts),
        ]
        for theme in real[:limit]
    ]
    heads = ["id", "theme", "people", "records", "statements", "share of people"]
    session.output.table([*heads, *weight_name(themes.facts), ""], rows)
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
        *fact_lines(theme.facts, themes.facts),
        *([f"parts: {', '.join(f'{one.name} ({one.people:,})' for one in parts)}"] if parts else []),
        *(f"lineage: {told_event(one)}" for one in lineage),
        "",
        *(
            f"{one['role']}: “{one['quote']['text']}” [{one['quote']['record_id']}, {one['quote']['source']}]"
            for one in told["quotes"]
        ),
    ]
    session.output.say("\n".join(lines))
