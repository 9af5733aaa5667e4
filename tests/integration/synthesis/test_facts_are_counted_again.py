"""Every fact of every theme, segment and period equals a recount in plain Python over what `voxspec export` writes."""

import csv
import random
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from api.cli.reading import exported
from assistant.domain.theme import ThemeSet
from assistant.domain.theme_facts import ThemeFacts
from assistant.domain.theme_trend import Grain, Trends
from assistant.synthesis.pipeline import synthesize
from assistant.synthesis.trends import Asked, trends_of
from assistant.workbench import Workbench
from ingest.options import IngestOptions
from ingest.pipeline import ingest
from tests.support import plain_theme_recount as plain
from tests.support.ingest_bench import open_bench
from tests.support.kanbo_workspace import Kanbo

TODAY = date(2026, 11, 9)
FIELDS = ("author", "account", "said_at", "rating", "segment.plan", "segment.device", "text")
WORDS = [
    "invoices",
    "meetings",
    "drawings",
    "orders",
    "contracts",
    "photos",
    "budgets",
    "timesheets",
    "recipes",
    "shipments",
    "audits",
    "lessons",
    "because",
    "whenever",
    "nobody",
    "usually",
    "colleagues",
    "warehouse",
    "mornings",
    "everything",
    "printer",
    "customers",
    "holidays",
    "weekly",
]
LATE, SLOW, DARK = "The export of large boards fails", "Search is slow", "Please add a dark mode"


def _own(subject: str, number: int) -> str:
    """Different enough from the others to be no twin."""
    return f"{subject}: {' '.join(random.Random(number).sample(WORDS, 14))}."


HOSTILE: dict[str, list[tuple[object, ...]]] = {
    "one record": [("ann", "acme", "2026-03-01", 3, "pro", "x", LATE)],
    "nothing but text": [("", "", "", "", "", "", text) for text in (LATE, SLOW, DARK, DARK + " now")],
    "all identical": [(who, "acme", "2026-03-01", 5, "pro", "", LATE) for who in ("ann", "ann", "ben", "")],
    "dates of 1970, of 2099 and none": [
        (f"p{n}", "acme", day, n % 12, "pro" if n % 2 else "free", f"d{n}", _own(LATE, n))
        for n, day in enumerate(["1970-01-01", "2099-12-31", "", *(f"2026-0{m}-1{m}" for m in range(1, 8))])
    ],
    "one person with many values": [
        ("ann", "acme" if n % 2 else "bolt", f"2026-05-{n + 1:02}", n % 6, f"plan {n % 3}", f"d{n}", _own(SLOW, n))
        for n in range(28)
    ],
}  # fmt: skip


def recounted(bench: Workbench, themes: ThemeSet) -> None:
    everything = [one for one in exported(bench) if one["kind"] == "customer"]
    by_id = {one["id"]: one for one in everything}
    rows = bench.catalog.statements.rows(bench.workspace, bench.embedder.identity)
    held = plain.members(rows, {one.id: one.parent for one in themes.themes})
    assert themes.facts is not None
    same(themes.facts, plain.facts(everything, everything))
    for theme in themes.themes:
        own = [by_id[one] for one in held[theme.id]]
        assert theme.facts is not None
        same(theme.facts, plain.facts(own, everything))
        assert (theme.records, theme.people) == (theme.facts.of_records.part, theme.facts.people)
        for segment in theme.facts.segments.values():
            assert segment.total == theme.facts.reach.part
        for counted in (
            theme.facts.sources,
            theme.facts.languages,
            theme.facts.sentiments,
            theme.facts.types,
        ):
            assert sum(counted.values()) == theme.records
    for level in (1, 2, 3):
        for grain in (None, Grain.month) if level == 1 else (Grain.quarter,):
            found = trends_of(bench, themes, Asked(grain=grain, today=TODAY, level=level))
            over_time(found, {one: [by_id[record] for record in held[one]] for one in held}, everything)


def same(facts: ThemeFacts, told: dict[str, Any]) -> None:
    shown = facts.model_dump(mode="json")
    for name in (
        "counts",
        "people",
        "accounts",
        "sources",
        "languages",
        "sentiments",
        "types",
        "undated",
        "loud",
    ):
        assert shown[name] == told[name], name
    for name in ("reach", "of_records"):
        assert shown[name] == pytest.approx(told[name], abs=1e-12)
    assert shown["segments"] == told["segments"]
    burst = {name: shown["burst"][name] for name in told["burst"]} if shown["burst"] else None
    assert burst == told["burst"]
    means = {one.scale: (one.count, one.mean) for one in facts.ratings}
    assert set(means) == set(told["ratings"])
    for scale, one in means.items():
        assert one == pytest.approx(told["ratings"][scale])
    assert all(one.scale[0] <= one.low <= one.mean <= one.high <= one.scale[1] for one in facts.ratings)


def over_time(found: Trends, held: dict[str, list[dict[str, Any]]], everything: list[dict[str, Any]]) -> None:
    for place, period in enumerate(found.periods):
        whole = plain.in_period(everything, period.first, period.until)
        assert (period.records, period.people) == whole
        for theme in found.themes:
            point = theme.points[place]
            assert (point.records, point.people) == plain.in_period(
                held[theme.id], period.first, period.until
            )
            expected = plain.share(point.records, period.records)
            assert (point.share, point.share_low, point.share_high) == pytest.approx(
                (expected["value"], expected["low"], expected["high"]), abs=1e-12
            )
    dated = [one for one in everything if one["said_at"]]
    first = found.periods[0].first if found.periods else date.max
    assert found.undated == len(plain.voices(one for one in everything if not one["said_at"]))
    assert found.future == len(plain.voices(one for one in dated if plain.moment(one).date() > TODAY))
    early = (one for one in dated if plain.moment(one).date() < min(first, TODAY))
    assert found.strays == len(plain.voices(early))


def test_every_fact_of_the_kanbo_sample(kanbo: Kanbo, kanbo_themes: ThemeSet) -> None:
    recounted(kanbo.bench, kanbo_themes)


@pytest.mark.parametrize("corpus", HOSTILE)
def test_every_fact_of_a_hostile_corpus(corpus: str, tmp_path: Path) -> None:
    path = tmp_path / "said.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([FIELDS, *HOSTILE[corpus]])
    with open_bench(tmp_path / "home") as bench:
        ingest(bench, [path], IngestOptions(source="said", mapping={name: name for name in FIELDS}))
        themes = synthesize(bench)
        assert themes.themes
        recounted(bench, themes)
        if corpus == "one person with many values":
            assert themes.facts
            assert (themes.facts.segments["plan"].several, themes.records > 20) == (1, True)
