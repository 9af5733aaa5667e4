"""How people with a theme rate against all others: means by person, an interval, and nothing where there is too little."""

import statistics
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from assistant.domain.evidence import Scope
from assistant.domain.fact import Fact, FactFilter, Measure
from assistant.domain.record import Record
from assistant.drafting.apart import interval, means_by_person
from assistant.drafting.desk import Desk
from assistant.drafting.drivers import driver_sentence, driver_table, drivers
from assistant.drafting.formats.describe import describe
from assistant.drafting.profile import Profile, profile
from assistant.drafting.themes import Group
from evals.recounting.recount import Recount
from tests.support.desks import desk_of
from tests.support.drafts import valid_draft
from tests.support.search_corpus import a_bench, a_record

MEASURES = (
    Measure.rating_of_people,
    Measure.rating_of_others,
    Measure.rating_below_low,
    Measure.rating_below_high,
)


def reviews(troubled: Sequence[float], others: Sequence[float], *, source: str = "reviews") -> list[Record]:
    """One record a person: such as complain of the export, and such as write of the calendar."""
    said = datetime(2026, 1, 5, tzinfo=UTC)
    return [
        a_record(f"{text} {place}.", key=f"{text}{place}", author=f"{text} {place}", rating=rating, said_at=said, source=source)
        for text, ratings in (("The export fails and is broken", troubled), ("The calendar is fine", others))
        for place, rating in enumerate(ratings)
    ]  # fmt: skip


def a_case(folder: Path, records: Sequence[Record]) -> tuple[Desk, Profile]:
    desk = desk_of(a_bench(folder, records), scope=Scope(kinds=()))
    texts = desk.reader.read(list(range(len(desk.reader.matrix.rows.passage_ids))))
    about = np.array([one.passage for one in texts if "export" in one.text])
    return desk, profile(
        desk, [Group(about, tuple(about.tolist()), ("export",), "export", where="in the theme «export»")]
    )


LOW, HIGH = [1.0, 2, 1, 2, 1, 1, 2, 3, 1, 2], [4.0, 5, 4, 3, 5, 4, 5, 5, 4, 4, 5, 3]


def test_a_theme_of_low_ratings_is_a_driver_with_a_recounted_interval(tmp_path: Path) -> None:
    desk, need = a_case(tmp_path, reviews(LOW, HIGH))

    (one,) = drivers(desk, [need])
    assert 0 < desk.book.number(one.low) < desk.book.number(one.high)
    means = [
        desk.book.number(desk.book.fact(measure, need.hurts, one.scope, of=FactFilter(scope=one.scope)))
        for measure in MEASURES[:2]
    ]
    assert means == pytest.approx([statistics.fmean(LOW), statistics.fmean(HIGH)])
    text = desk.claims[driver_sentence(desk, one)].text
    assert "“export”" in text
    note, table = driver_table(desk, [one])
    assert note.type == "text"
    assert table.type == "table"
    draft = valid_draft().model_copy(update={"selections": desk.book.selections})
    recount = Recount(desk.reader.matrix.rows, draft)
    rated = [fact for fact in desk.book.facts.values() if fact.measure in MEASURES]
    assert len(rated) == 4
    for fact in rated:
        assert recount.answer(fact) == pytest.approx(fact.value, abs=1e-9)


@pytest.mark.parametrize(
    ("troubled", "others"),
    [
        (LOW, LOW * 2),
        (LOW[:7], HIGH),
        (LOW, HIGH[:5]),
        ([2.0] * 9, [2.0] * 9),
        ([], HIGH),
    ],
)  # fmt: skip
def test_what_few_rate_or_all_rate_alike_is_no_driver(
    tmp_path: Path, troubled: list[float], others: list[float]
) -> None:
    records = reviews(troubled, others) if troubled else [*reviews([3.0], others), *reviews([3.0], [])[:1]]
    desk, need = a_case(tmp_path, records)

    assert drivers(desk, [need]) == []
    assert driver_table(desk, []) == []


def test_each_source_has_a_scale_of_its_own(tmp_path: Path) -> None:
    scores = [record.model_copy(update={"rating": 9.0}) for record in reviews([], [1.0] * 9, source="nps")]
    desk, need = a_case(tmp_path, [*reviews(LOW, HIGH), *scores])

    (one,) = drivers(desk, [need])
    assert one.source == "reviews"
    assert one.scope.sources == ("reviews",)


def test_a_person_counts_once_however_often_they_rate() -> None:
    people, means = means_by_person(np.array([3, 1, 3, -1, 1]), np.array([1.0, 4.0, 5.0, 2.0, np.nan]))

    assert people.tolist() == [1, 3]
    assert means.tolist() == [4.0, 3.0]


@pytest.mark.parametrize(("each", "quantile"), [(3, 2.7764), (6, 2.2281), (16, 2.0423)])
def test_groups_of_one_size_and_spread_give_students_own_interval(each: int, quantile: float) -> None:
    """Then the degrees of freedom are twice the size less two: 4, 10 and 30, whose quantiles are in any table."""
    one = np.linspace(2.0, 4.0, each)
    half = quantile * float(np.sqrt(2 * one.var(ddof=1) / each))

    assert interval(one + 1.5, one) == pytest.approx((1.5 - half, 1.5 + half), abs=2e-3)


def test_a_small_group_of_much_spread_counts_for_its_degrees_of_freedom() -> None:
    one, other = np.array([1.0, 5.0, 3.0]), np.array([2.0] * 50 + [2.1] * 50)
    low, high = interval(one, other)

    # All of the uncertainty is that of three ratings with two degrees of freedom: t is 4.303, its expansion 4.2.
    assert (high - low) / 2 == pytest.approx(4.25 * 2 / np.sqrt(3), rel=0.03)


@pytest.mark.parametrize(
    ("one", "other", "wanted"), [([1.0], [2.0, 3.0], (0.0, 0.0)), ([4.0, 4.0], [3.0, 3.0], (1.0, 1.0))]
)
def test_ratings_without_spread_or_without_number_have_no_width(
    one: list[float], other: list[float], wanted: tuple[float, float]
) -> None:
    assert interval(np.array(one), np.array(other)) == wanted


def test_whose_ratings_and_which_are_told_in_words() -> None:
    fact = Fact(
        id="F1",
        measure=Measure.rating_below_low,
        filter=FactFilter(scope=Scope(segments={"plan": ("pro",)})),
        denominator=FactFilter(scope=Scope(sources=("nps",))),
        value=0.5,
    )

    told = describe(fact, {})
    assert "95 % interval" in told
    assert "plan pro; by their ratings in source nps" in told
