"""Counts the truth over the rows that are about to be written. Plain loops, no shortcuts, so that it can be trusted."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence

from evals.kanbo.entry import Entry
from evals.kanbo.files import FILES
from evals.kanbo.plan import CHAT, NPS, PRICE, REVIEWS, SOURCES, SURVEY, TICKETS
from evals.kanbo.truth import (
    Count,
    ExportTruth,
    FileTruth,
    LoudTruth,
    OfflineTruth,
    PricingTruth,
    RecordTruth,
    ThemeTruth,
    Truth,
)
from evals.kanbo.weeks import EXPORT_RELEASE, FIRST_DAY, LAST_DAY, RELEASES, WEEKS, week_of

INJECTION = "prompt_injection"


def count_truth(
    seed: int, scale: int, rows: Mapping[str, Sequence[Entry]], competitors: Sequence[str], url: str
) -> Truth:
    """The truth about rows in file order, by source."""
    first = _first_rows(rows)
    kept = [
        entry
        for source in SOURCES
        for entry in rows[source]
        if not entry.is_empty and first[_voice(entry)] is entry
    ]
    themes = {
        name: _theme(name, [entry for entry in kept if entry.theme == name])
        for name in sorted({entry.theme for entry in kept})
    }
    return Truth(
        seed=seed,
        scale=scale,
        first_day=FIRST_DAY,
        last_day=LAST_DAY,
        weeks=WEEKS,
        releases=RELEASES,
        files={f"feedback/{FILES[source]}": _file(rows[source], first) for source in SOURCES},
        competitors=tuple(competitors),
        records=len(kept),
        duplicates=sum(
            not e.is_empty and first[_voice(e)] is not e for source in SOURCES for e in rows[source]
        ),
        near_duplicates=sum(entry.near_of is not None for entry in kept),
        people=len(_people(kept)),
        accounts=len(_accounts(kept)),
        plans=_people_by(kept, _plan),
        languages=_counted(entry.person.language for entry in kept),
        themes=themes,
        export=_export([entry for entry in kept if entry.theme == "export_large_boards"]),
        offline=_offline([entry for entry in kept if entry.theme == "offline"]),
        pricing=_pricing(kept),
        dark_mode=_loud([entry for entry in kept if entry.theme == "dark_mode"], themes),
        injection=next(_key(entry) for entry in kept if entry.theme == INJECTION),
        injection_url=url,
        rows=tuple(_record(entry, first, rows) for source in SOURCES for entry in rows[source]),
    )


def _voice(entry: Entry) -> tuple[str, str]:
    return entry.person.author.casefold(), entry.text


def _key(entry: Entry) -> str:
    return f"{FILES[entry.source]}#{entry.row}"


def _first_rows(rows: Mapping[str, Sequence[Entry]]) -> dict[tuple[str, str], Entry]:
    first: dict[tuple[str, str], Entry] = {}
    for source in SOURCES:
        for entry in rows[source]:
            first.setdefault(_voice(entry), entry)
    return first


def _plan(entry: Entry) -> str | None:
    return entry.person.account.plan if entry.person.account else None


def _platform(entry: Entry) -> str | None:
    return entry.person.platform if entry.source in {TICKETS, REVIEWS, SURVEY} else None


def _people(entries: Iterable[Entry]) -> set[str]:
    return {entry.person.author.casefold() for entry in entries}


def _accounts(entries: Iterable[Entry]) -> set[str]:
    return {entry.person.account.name for entry in entries if entry.person.account}


def _people_by(entries: Iterable[Entry], what: Callable[[Entry], str | None]) -> dict[str, int]:
    groups: dict[str, set[str]] = {}
    for entry in entries:
        group = what(entry)
        if group is not None:
            groups.setdefault(group, set()).add(entry.person.author.casefold())
    return {group: len(members) for group, members in sorted(groups.items())}


def _counted(values: Iterable[str]) -> dict[str, int]:
    return dict(sorted(Counter(values).items()))


def _count(entries: Iterable[Entry]) -> Count:
    found = list(entries)
    keys = tuple(_key(entry) for entry in found)
    return Count(records=len(found), people=len(_people(found)), accounts=len(_accounts(found)), keys=keys)


def _file(rows: Sequence[Entry], first: Mapping[tuple[str, str], Entry]) -> FileTruth:
    empty = sum(entry.is_empty for entry in rows)
    kept = sum(not entry.is_empty and first[_voice(entry)] is entry for entry in rows)
    return FileTruth(rows=len(rows), kept=kept, duplicate=len(rows) - kept - empty, empty=empty)


def _record(
    entry: Entry, first: Mapping[tuple[str, str], Entry], rows: Mapping[str, Sequence[Entry]]
) -> RecordTruth:
    original = first[_voice(entry)]
    return RecordTruth(
        file=FILES[entry.source],
        row=entry.row,
        external_id=None if entry.source == CHAT else entry.external_id,
        author=entry.person.author,
        account=entry.person.account.name if entry.person.account else None,
        plan=_plan(entry),
        week=week_of(entry.when),
        theme=entry.theme or None,
        stance=entry.stance,
        parts=tuple(sorted(entry.parts)),
        duplicate_of=_key(original) if not entry.is_empty and original is not entry else None,
        near_of=_key(entry.near_of) if entry.near_of else None,
    )


def _mean(entries: Iterable[Entry], source: str) -> float | None:
    ratings = [entry.rating for entry in entries if entry.source == source and entry.rating is not None]
    return round(sum(ratings) / len(ratings), 4) if ratings else None


def _theme(name: str, entries: Sequence[Entry]) -> ThemeTruth:
    weekly = Counter(week_of(entry.when) for entry in entries)
    parts = sorted({part for entry in entries for part in entry.parts})
    return ThemeTruth(
        name=name,
        total=_count(entries),
        problem=_count(entry for entry in entries if entry.stance == "problem"),
        against=_count(entry for entry in entries if entry.stance == "praise"),
        weekly=tuple(weekly[week] for week in range(WEEKS)),
        plans=_people_by(entries, _plan),
        platforms=_people_by(entries, _platform),
        sources=_counted(FILES[entry.source] for entry in entries),
        languages=_counted(entry.person.language for entry in entries),
        mean_stars=_mean(entries, REVIEWS),
        mean_nps=_mean(entries, NPS),
        external_ids=tuple(sorted(entry.external_id for entry in entries if entry.source != CHAT)),
        parts={part: _count(entry for entry in entries if part in entry.parts) for part in parts},
    )


def _export(entries: Sequence[Entry]) -> ExportTruth:
    released = RELEASES[EXPORT_RELEASE]
    problems = [entry for entry in entries if entry.stance == "problem"]
    after = [entry for entry in problems if entry.when.date() >= released]
    return ExportTruth(
        release=EXPORT_RELEASE,
        released_on=released,
        before=_count(entry for entry in problems if entry.when.date() < released),
        after=_count(after),
        enterprise_people=_people_by(after, _plan).get("enterprise", 0),
        unsure=_count(entry for entry in problems if "unsure" in entry.parts),
        split=_count(entry for entry in entries if "workaround" in entry.parts),
        fine=_count(entry for entry in entries if "fine" in entry.parts),
        names_format=_count(entry for entry in problems if "format" in entry.parts),
        names_safari=_count(entry for entry in problems if "safari" in entry.parts),
        largest_board=max(entry.largest for entry in entries),
    )


def _offline(entries: Sequence[Entry]) -> OfflineTruth:
    half = WEEKS // 2
    early = sum(week_of(entry.when) < half for entry in entries)
    roles = (
        entry for entry in entries if entry.source in {TICKETS, SURVEY} and "technician" in entry.person.role
    )
    return OfflineTruth(
        total=_count(entries),
        mobile_people=len(_people(entry for entry in entries if _platform(entry) in {"ios", "android"})),
        field_technicians=len(_people(roles)),
        per_week_first_half=early / half,
        per_week_second_half=(len(entries) - early) / (WEEKS - half),
    )


def _pricing(kept: Sequence[Entry]) -> PricingTruth:
    churn = [entry for entry in kept if entry.theme == "pricing_churn"]
    answers = [entry for entry in kept if entry.question == PRICE]
    fair = _count(entry for entry in answers if entry.choice == "Yes")
    return PricingTruth(
        churn=_count(churn),
        churn_starter_people=_people_by(churn, _plan).get("starter", 0),
        answers=_count(answers),
        fair=fair,
        unfair=_count(entry for entry in answers if entry.choice == "No"),
        fair_share=fair.records / len(answers),
    )


def _loud(entries: Sequence[Entry], themes: Mapping[str, ThemeTruth]) -> LoudTruth:
    by_account = Counter(entry.person.account.name for entry in entries if entry.person.account)
    ranked = sorted(by_account, key=lambda name: (-by_account[name], name))[:3]
    loud = [entry for entry in entries if entry.person.account and entry.person.account.name in ranked]
    own = _count(entries)
    return LoudTruth(
        total=own,
        top_accounts=tuple(ranked),
        top_records=len(loud),
        top_people=len(_people(loud)),
        top_share=len(loud) / len(entries),
        rank_by_records=1 + sum(theme.total.records > own.records for theme in themes.values()),
        rank_by_people=1 + sum(theme.total.people > own.people for theme in themes.values()),
    )
