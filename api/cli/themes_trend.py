"""`voxspec themes trend`: themes over time, and what changed, in plain numbers."""

import re
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Any

from api.cli.exits import ExitCode
from api.cli.session import Session
from assistant.domain.personal.views import masked_mapping
from assistant.domain.theme import Level, Theme, ThemeSet
from assistant.domain.theme_trend import Change, ChangeKind, Grain, Release, Span, ThemeTrend, Trends
from assistant.errors import UsageError
from assistant.synthesis.find import theme_named
from assistant.synthesis.outputs.told import period_name
from assistant.synthesis.pipeline import themes_of
from assistant.synthesis.trends import Asked, trends_of
from assistant.workbench import Workbench

_SHOWN = 8
"""Periods side by side; the whole of it is in --json, and with a theme."""
_LEVELS: dict[int, Level] = {1: 1, 2: 2, 3: 3}
_WORDS = {
    ChangeKind.spike: "spike",
    ChangeKind.fade: "fade",
    ChangeKind.new: "new",
    ChangeKind.rise: "rise, lasting",
    ChangeKind.decline: "decline, lasting",
}


@dataclass(frozen=True)
class TrendOptions:
    """What a person asked for, as it was typed."""

    by: Grain | None = None
    releases: tuple[str, ...] = ()
    """`NAME=DATE` each."""
    as_of: str | None = None
    level: int = 1
    limit: int = 20


def trend_themes(session: Session, theme: str | None, options: TrendOptions) -> ExitCode:
    """Show all themes over time, or one. Raises: UsageError, NotFound."""
    asked = asked_of(options)
    with session.bench() as bench:
        found = known_themes(bench)
        shown = theme_named(found, theme, level=asked.level) if theme is not None else None
        trends = trends_of(bench, found, replace(asked, level=shown.level) if shown else asked)
        masks = not bench.settings.show_personal_data
    show(session, trends, shown, limit=options.limit, masks=masks)
    return ExitCode.ok


def known_themes(bench: Workbench) -> ThemeSet:
    """The themes of the last run. Raises: UsageError where there was none."""
    known = themes_of(bench)
    if known is None:
        raise UsageError(
            f"Workspace '{bench.workspace}' has no themes yet.", hint="Find them: voxspec themes run"
        )
    return known


def asked_of(options: TrendOptions) -> Asked:
    """What a person wants to see; without a day the clock's is today. Raises: UsageError."""
    day = _date(options.as_of, "--as-of") if options.as_of else datetime.now(UTC).date()
    marks = sorted((_release(one) for one in options.releases), key=lambda one: (one.day, one.name))
    return Asked(options.by, tuple(marks), day, _LEVELS[options.level])


def show(session: Session, trends: Trends, only: Theme | None, *, limit: int, masks: bool) -> None:
    """Print all themes with their last periods, or one theme with every period; alerts first."""
    theme = only.id if only else None
    alerts = [one for one in trends.alerts if theme in (None, one.theme)]
    themes = [one for one in trends.themes if theme in (None, one.id)]
    if session.as_json:
        told = trends.model_copy(update={"alerts": tuple(alerts), "themes": tuple(themes)})
        dumped = told.model_dump(mode="json")
        session.output.json(masked_mapping(dumped) if masks else dumped)
        return
    _alerts(session, trends, alerts, masks=masks)
    if theme is None:
        _many(session, trends, themes[:limit], masks=masks)
        if len(themes) > limit:
            session.output.note(f"{len(themes) - limit:,} more themes (--limit).")
    elif themes:
        _one(session, trends, themes[0])
    else:
        session.output.note("A single voice, fewer than three statements alike, has no trend.")
    for line in apart(trends):
        session.output.note(line)


def alert_line(change: Change) -> str:
    """An alert as one sentence of plain numbers."""
    release = ""
    if change.release is not None and change.days_after_release is not None:
        days = change.days_after_release
        when = (
            "on the day of"
            if not days
            else f"{_many_of(abs(days), 'day')} {'after' if days > 0 else 'before'}"
        )
        release = f", {when} release {change.release}"
    return f"{_share(change.before)} → {_share(change.after)}{release}; chance alone: {_chance(change.probability)}"


def apart(trends: Trends) -> list[str]:
    """What is in no period, what is cut off, and how alerts are to be read; a sentence each."""
    lines = []
    if trends.periods and not trends.periods[-1].is_whole:
        lines.append(
            f"The last {trends.grain.value} (from {trends.periods[-1].first}) isn't over, or not all of it is in: not compared."
        )
    if trends.undated:
        lines.append(f"{_many_of(trends.undated, 'record')} without a date: in no {trends.grain.value}.")
    if trends.future:
        lines.append(
            f"{_many_of(trends.future, 'record')} dated after today, {trends.today}: in no {trends.grain.value}. "
            "If that is not today, say which day it is: --as-of DATE."
        )
    if trends.strays:
        lines.append(
            f"{_many_of(trends.strays, 'record')} dated before 1971 or more than a year apart from all others: in no {trends.grain.value}."
        )
    if not trends.periods:
        lines.append(
            "Nothing is dated, so there are no periods. Map a column to said_at: voxspec ingest FILE --map said_at=COLUMN"
        )
    elif len(trends.periods) - (not trends.periods[-1].is_whole) < 2:
        lines.append(
            f"Fewer than two whole periods of a {trends.grain.value}: nothing can be compared. A shorter one may do: --by day."
        )
    return lines


def _alerts(session: Session, trends: Trends, alerts: list[Change], *, masks: bool) -> None:
    if not trends.looked_at:
        session.output.note("Too little is dated to tell a change from chance.")
        return
    if not alerts:
        session.output.note(
            f"No change that chance wouldn't explain ({_many_of(trends.looked_at, 'test')}, 5 % for all of them together)."
        )
        return
    rows = [[one.since, _WORDS[one.kind], _name(one.name, masks=masks), alert_line(one)] for one in alerts]
    session.output.table(
        ["since", "change", "theme", "share of what people said, each counted once a week or period"], rows
    )
    session.output.say("")


def _many(session: Session, trends: Trends, themes: list[ThemeTrend], *, masks: bool) -> None:
    first = max(0, len(trends.periods) - _SHOWN)
    heads = [period_name(trends.periods[place], trends.grain) for place in range(first, len(trends.periods))]
    rows: list[list[object]] = [
        [
            _name(one.name, masks=masks),
            one.records,
            *(point.records for point in one.points[first:]),
        ]
        for one in themes
    ]
    rows.append(
        [
            "(everything)",
            trends.records,
            *(one.records for one in trends.periods[first:]),
        ]
    )
    session.output.table([f"records by {trends.grain.value}", "all", *heads], rows)


def _one(session: Session, trends: Trends, theme: ThemeTrend) -> None:
    rows = []
    for place, (period, point) in enumerate(zip(trends.periods, theme.points, strict=True)):
        marks = [f"release {name}" for name in period.releases]
        marks += [point.change] if point.change else []
        marks += [] if period.is_whole else ["not whole"]
        rows.append(
            [
                period_name(trends.periods[place], trends.grain),
                point.records,
                f"{point.low:.1f}–{point.high:.1f}",
                point.people,
                period.records,
                f"{point.share:.1%}",
                f"{point.share_low:.1%}–{point.share_high:.1%}",
                ", ".join(marks),
            ]
        )
    session.output.table(
        [trends.grain.value, "records", "95 % interval", "people", "of all", "share", "95 % interval", ""],
        rows,
    )
    if theme.undated or theme.outside:
        session.output.note(
            f"Of this theme, {_many_of(theme.undated, 'record')} without a date, {theme.outside:,} dated outside."
        )


def _share(span: Span) -> str:
    return f"{span.share:.1%} ({span.told:,} of {span.heard:,} from {span.first})"


def _chance(probability: float) -> str:
    return f"{probability:.1%}" if probability >= 0.001 else "under 0.1%"


def _many_of(count: int, noun: str) -> str:
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def _name(name: str, *, masks: bool) -> str:
    told: dict[str, Any] = {"name": name}
    return str((masked_mapping(told) if masks else told)["name"])


def _release(text: str) -> Release:
    name, equals, day = text.rpartition("=")
    if not equals or not name.strip():
        raise UsageError(
            f"The release '{text[:60]}' can't be read.",
            hint="Write it as NAME=DATE: --release 4.2=2026-06-16",
        )
    return Release(name=name.strip()[:60], day=_date(day, "--release"))


def _date(text: str, option: str) -> date:
    if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", text.strip()):
        raise UsageError(f"'{text[:40]}' is no date.", hint=f"{option} takes a date such as 2026-06-16.")
    try:
        return date.fromisoformat(text.strip())
    except ValueError as problem:
        raise UsageError(
            f"'{text[:40]}' is no day of the calendar.", hint=f"{option} takes a date such as 2026-06-16."
        ) from problem
