"""The truths that the Kanbo sample hides, looked for in its stored themes, each in a sentence and held against the truth file."""

from collections.abc import Iterator
from dataclasses import dataclass

from assistant.domain.evidence import Scope
from assistant.domain.fact import FactFilter, Measure
from assistant.domain.record import Record, RecordKind
from assistant.drafting.desk import Desk
from assistant.drafting.facts import FactBook
from assistant.drafting.profile import LOUD_ACCOUNTS, Profile, profile
from assistant.drafting.stored import stored_themes
from assistant.search.matrix import matrix_of
from assistant.search.scope import record_mask
from assistant.workbench import Workbench
from evals.kanbo.theme_truth import PRICED, Planted, compare, rows_of
from evals.kanbo.truth import Truth

NEAR_DAYS = 10
"""A spike is dated right within so many days of its release."""
ENOUGH = 0.6
"""Share of a planted theme's people from which a theme holds it."""
_LANGUAGES = {
    "german_reminders": "German: reminders come too late.",
    "japanese_search": "Japanese: search finds nothing.",
}


@dataclass(frozen=True)
class Hidden:
    """One truth, and what the themes show of it."""

    planted: str
    """Name in the truth file."""
    theme: str
    """Id of the theme that shows it."""
    name: str
    is_found: bool
    hidden: str
    """What was hidden."""
    shown: str
    """What the themes say, in numbers."""


def planted_truths(bench: Workbench, truth: Truth) -> list[Hidden]:
    """Look for the five; [] before the first run of themes. Raises: StoreError."""
    scope = Scope(kinds=(RecordKind.customer,))
    matrix = matrix_of(bench)
    stored = stored_themes(bench, record_mask(matrix, scope))
    if stored is None:
        return []
    desk = Desk(stored.reader, FactBook(matrix, scope), Measure.people)
    groups = {one.themes[0]: one for one in stored.landscape.groups}
    held = {
        name: tuple(matrix.rows.record_ids[row] for row in sorted({*stored.reader.hear(one.passages).rows.tolist()}))
        for name, one in groups.items()
    }  # fmt: skip
    found = compare(
        {name: one.label for name, one in groups.items()}, held, rows_of(_customers(bench), truth)
    )
    export, dark, price = (
        profile(desk, [groups[best.theme]] if (best := found[name].best) else stored.landscape.groups[:1])
        for name in ("export_large_boards", "dark_mode", PRICED)
    )
    return [
        _spike(export, found["export_large_boards"], truth),
        _loud(desk, dark, found["dark_mode"]),
        _price(desk, price, found[PRICED]),
        *(_language(found[name], told) for name, told in _LANGUAGES.items()),
    ]


def _customers(bench: Workbench) -> Iterator[Record]:
    after: str | None = None
    while page := bench.catalog.pages.page(bench.workspace, after, 2_000):
        yield from page
        after = page[-1].id


def _spike(need: Profile, planted: Planted, truth: Truth) -> Hidden:
    since = need.trend.since.date() if need.trend.since and need.trend.direction == "growing" else None
    released = truth.export.released_on
    is_dated = since is not None and abs((since - released).days) <= NEAR_DAYS
    shown = f"more of it since {since.isoformat()}" if since else "no change of rate seen"
    return _hidden(
        planted,
        is_dated,
        f"Exports of large boards fail since release {truth.export.release} of {released.isoformat()}.",
        f"{need.people} people report trouble; {shown}.",
    )


def _loud(desk: Desk, need: Profile, planted: Planted) -> Hidden:
    where = FactFilter(scope=desk.book.scope, selection=need.hurts)
    share = float(desk.book.count(Measure.top_accounts_share, where, param=str(LOUD_ACCOUNTS)))
    return _hidden(
        planted,
        need.loud,
        "Dark mode is asked for loudly, by few.",
        f"{desk.book.count(Measure.records, where)} records of {need.people} people; {LOUD_ACCOUNTS} accounts wrote {share:.0%} of them.",
    )


def _price(desk: Desk, need: Profile, planted: Planted) -> Hidden:
    split = need.split
    sides = (
        f"in {split.complaining_source} {desk.how_many(need.hurts, split.complaining)} people complain, in {split.content_source} "
        f"{desk.how_many(need.works, split.content)} are content"
        if split and need.works
        else f"{need.people} people complain, {need.contented} are content"
    )
    return _hidden(
        planted,
        split is not None,
        "The price: those who leave blame it, the survey calls it fair.",
        f"{sides}.",
    )


def _language(planted: Planted, told: str) -> Hidden:
    people = planted.best.people if planted.best else 0
    shown = f"{people} of the {planted.people} people who say so are in it."
    return _hidden(planted, people >= ENOUGH * planted.people, told, shown)


def _hidden(planted: Planted, is_found: bool, hidden: str, shown: str) -> Hidden:
    best = planted.best
    return Hidden(
        planted.name, best.theme if best else "", best.name if best else "", is_found, hidden, shown
    )
