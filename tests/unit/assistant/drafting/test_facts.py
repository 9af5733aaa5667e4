"""Facts equal plain counting over a small corpus with duplicates, missing authors, dates and segments."""

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime
from math import ceil
from typing import NamedTuple

import numpy as np
import pytest

from assistant.domain.evidence import Scope
from assistant.domain.fact import Fact, FactFilter, Measure, Selection
from assistant.domain.record import RecordKind
from assistant.drafting.facts import FactBook, narrow
from assistant.drafting.formats.describe import bounded_by, describe, filter_words, scope_words
from assistant.search.matrix import CorpusMatrix
from tests.support.drafts import valid_draft
from tests.support.search_corpus import some_rows, unix


class _Row(NamedTuple):
    person: str | None
    account: str | None
    voice: str
    day: str | None
    rating: float | None
    segments: dict[str, str]
    kind: str = "customer"
    source: str = "reviews"


ROWS = [
    _Row("ann", "north", "v0", "2026-01-05", 2, {"plan": "pro", "os": "mac"}),
    _Row("ann", "north", "v0", "2026-01-06", 2, {"plan": "pro"}),
    _Row("ben", "north", "v1", "2026-01-20", 1, {"plan": "free"}),
    _Row(None, "south", "v2", "2026-02-03", None, {"plan": "pro"}),
    _Row(None, None, "v3", None, 5, {}),
    _Row("cleo", None, "v4", "2026-03-01", 4, {"plan": "team", "os": "win"}),
    _Row("cleo", "east", "v5", "2026-03-02", 3, {"plan": "team"}),
    _Row("dan", "west", "v6", None, None, {"plan": "free"}, source="survey"),
    _Row("dan", "west", "v6", "2026-03-30", 5, {"plan": "free"}, source="survey"),
    _Row("eve", "west", "v7", "2026-04-01", 1, {"os": "mac"}, source="survey"),
    _Row("rival", None, "v8", "2026-04-02", None, {}, kind="competitor", source="site"),
]
MARCH = Scope(since=datetime(2026, 3, 1, tzinfo=UTC), until=datetime(2026, 4, 1, tzinfo=UTC))


def _book(scope: Scope | None = None, rows: Sequence[_Row] = ROWS) -> FactBook:
    columns = some_rows(
        np.zeros((len(rows), 4)),
        voices=[row.voice for row in rows],
        segments=[row.segments for row in rows],
        person=[row.person for row in rows],
        account=[row.account for row in rows],
        said_at=[unix(row.day) if row.day else None for row in rows],
        rating=[row.rating for row in rows],
        kind=[row.kind for row in rows],
        source=[row.source for row in rows],
    )
    return FactBook(CorpusMatrix(columns), scope or Scope())


def _value(book: FactBook, measure: Measure, selection: str | None = None, **given: object) -> object:
    return book.value(book.fact(measure, selection, **given))  # type: ignore[arg-type]


def _voices(rows: Sequence[_Row]) -> list[_Row]:
    first: dict[str, _Row] = {}
    for row in rows:
        first.setdefault(row.voice, row)
    return list(first.values())


def _in_march(row: _Row) -> bool:
    return row.day is not None and "2026-03-01" <= row.day < "2026-04-01"


SCOPES = [
    (Scope(), lambda row: True),
    (Scope(kinds=(RecordKind.customer,)), lambda row: row.kind == "customer"),
    (Scope(sources=("survey", "site")), lambda row: row.source in {"survey", "site"}),
    (Scope(segments={"plan": ("pro", "team")}), lambda row: row.segments.get("plan") in {"pro", "team"}),
    (Scope(accounts=("north", "nobody's")), lambda row: row.account == "north"),
    (MARCH, _in_march),
    (Scope(min_rating=2, max_rating=4), lambda row: row.rating is not None and 2 <= row.rating <= 4),
    (Scope(sources=("nowhere",)), lambda row: False),
]


@pytest.mark.parametrize(("scope", "holds"), SCOPES)
def test_counts_of_a_scope_equal_plain_counts(scope: Scope, holds) -> None:
    book = _book(scope)
    kept = [row for row in ROWS if holds(row)]
    voices = _voices(kept)
    assert _value(book, Measure.records) == len(voices)
    assert _value(book, Measure.people) == len({row.person for row in voices} - {None})
    assert _value(book, Measure.accounts) == len({row.account for row in voices} - {None})
    assert _value(book, Measure.duplicates) == len(kept) - len(voices)
    ratings = [row.rating for row in voices if row.rating is not None]
    assert _value(book, Measure.mean_rating) == pytest.approx(sum(ratings) / len(ratings) if ratings else 0.0)
    days = sorted(row.day for row in voices if row.day)
    assert _value(book, Measure.first_date) == (days[0] if days else "")
    assert _value(book, Measure.last_date) == (days[-1] if days else "")
    span = (unix(days[-1]) - unix(days[0])) / (7 * 86_400) if days else 0
    assert _value(book, Measure.weeks) == (max(1, ceil(span)) if days else 0)
    plans = Counter(row.segments["plan"] for row in voices if "plan" in row.segments)
    top = min(plans, key=lambda plan: (-plans[plan], plan)) if plans else ""
    assert _value(book, Measure.top_value, param="plan") == top
    written = sorted(Counter(row.account for row in voices if row.account).values(), reverse=True)
    share = sum(written[:2]) / len(voices) if voices else 0.0
    assert _value(book, Measure.top_accounts_share, param="2") == pytest.approx(share)


def test_a_selection_is_counted_inside_the_scope() -> None:
    book = _book()
    chosen = book.select(np.array([8, 6, 0, 9, 0]), "hand-picked")
    assert book.selections[chosen].record_ids == ("rec_000000", "rec_000006", "rec_000008", "rec_000009")
    assert _value(book, Measure.people, chosen) == 4
    assert _value(book, Measure.people, chosen, scope=MARCH) == 2
    assert _value(book, Measure.records, chosen, scope=Scope(sources=("nowhere",))) == 0


def test_a_share_is_part_over_whole_and_of_nothing_is_zero() -> None:
    book = _book()
    part = Scope(segments={"plan": ("team",)})
    whole = FactFilter(scope=Scope(kinds=(RecordKind.customer,)))
    assert _value(book, Measure.share_of_people, scope=part, of=whole) == pytest.approx(1 / 5)
    assert _value(book, Measure.share_of_records, scope=part, of=whole) == pytest.approx(2 / 8)
    nothing = FactFilter(scope=Scope(sources=("nowhere",)))
    assert _value(book, Measure.share_of_people, selection=book.nobody(), of=nothing) == 0.0


def test_the_rate_of_a_week_is_over_the_window_of_the_scope() -> None:
    book = _book()
    chosen = book.select(np.array([0, 1, 2, 4]), "hand-picked")
    weeks = (unix("2026-04-02") - unix("2026-01-05")) / (7 * 86_400)
    assert _value(book, Measure.per_week, chosen) == pytest.approx(2 / weeks)
    march = [row for row in _voices([row for row in ROWS if _in_march(row)]) if row.day]
    assert _value(book, Measure.per_week, scope=MARCH) == pytest.approx(len(march) / (31 / 7))
    assert _value(book, Measure.per_week, scope=Scope(sources=("nowhere",))) == 0.0
    assert _value(book, Measure.per_week, scope=Scope(accounts=("east",))) == 1.0


def test_a_rank_is_one_and_those_with_more_people() -> None:
    book = _book()
    small, middle, large = (
        book.select(np.array(rows), f"{len(rows)}") for rows in ([0], [0, 2], [0, 2, 5, 9])
    )
    peers = {small, middle, large}
    ranks = [
        _value(book, Measure.rank_by_people, one, peers=tuple(sorted(peers - {one})))
        for one in (large, middle, small)
    ]
    assert ranks == [1, 2, 3]
    equal = book.select(np.array([5]), "as small")
    assert _value(book, Measure.rank_by_people, small, peers=(equal,)) == 1


def test_the_same_query_has_the_same_placeholder_and_another_one_has_another() -> None:
    book = _book()
    first = book.fact(Measure.people)
    assert book.fact(Measure.people) == first
    assert book.fact(Measure.people, scope=Scope()) == first
    others = {
        book.fact(Measure.records),
        book.fact(Measure.people, scope=MARCH),
        book.fact(Measure.people, book.nobody()),
        book.fact(Measure.top_accounts_share, param="1"),
        book.fact(Measure.top_accounts_share, param="2"),
    }
    assert len(others | {first}) == 6
    assert set(book.facts) == {name.strip("{}") for name in others | {first}}


def test_the_same_members_have_the_same_selection() -> None:
    book = _book()
    one = book.select(np.array([3, 1]), "one rule")
    assert book.select(np.array([1, 3, 3]), "another rule") == one
    assert book.select(np.array([1]), "fewer") != one
    assert book.nobody() == book.nobody()
    assert book.selections[book.nobody()].record_ids == ()


def test_literals_are_kept_as_they_are_written() -> None:
    book = _book()
    constant = book.constant("2026-03-01")
    stated = book.quote_words("Q1", 3, 8, "4,000")
    assert (book.value(constant), book.value(stated)) == ("2026-03-01", "4,000")
    assert book.facts[stated.strip("{}")].param == "Q1:3:8"
    assert book.constant("2026-03-01") == constant
    assert book.quote_words("Q1", 3, 8, "4,000") == stated


def test_every_fact_says_as_of_when() -> None:
    book = _book(MARCH)
    book.fact(Measure.people)
    book.constant("3")
    assert {fact.as_of for fact in book.facts.values()} == {datetime(2026, 4, 2, tzinfo=UTC)}
    undated = _book(rows=[ROWS[4]])
    undated.fact(Measure.people)
    assert undated.facts["F1"].as_of is None


def test_the_span_of_a_scope_holds_its_dated_records_but_no_strays() -> None:
    days = (datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 3, 31, tzinfo=UTC))
    assert _book(MARCH).span() == days
    stray = _Row("zoe", None, "v9", "1970-01-01", None, {})
    march = [row for row in ROWS if _in_march(row)] * 4
    assert _book(rows=[*march, stray]).span() == days
    assert _book(Scope(accounts=("nobody's",))).span() is None


def test_an_empty_corpus_counts_to_nothing() -> None:
    book = _book(rows=[])
    assert _value(book, Measure.people) == 0
    assert _value(book, Measure.top_accounts_share, param="3") == 0.0
    assert _value(book, Measure.weeks) == 0
    assert book.span() is None


def test_narrowing_keeps_what_restricted_before() -> None:
    base = Scope(sources=("reviews",), segments={"plan": ("pro",)})
    narrower = narrow(base, since=MARCH.since, segments={"os": ("mac",)})
    assert narrower.sources == ("reviews",)
    assert narrower.segments == {"plan": ("pro",), "os": ("mac",)}
    assert narrower.since == MARCH.since
    assert base.segments == {"plan": ("pro",)}


def test_a_query_is_told_in_words_that_name_each_restriction() -> None:
    book = _book(Scope(kinds=(RecordKind.customer,)))
    chosen = book.select(np.array([0, 2]), "close to «export»")
    scope = Scope(
        kinds=(RecordKind.customer,), sources=("reviews",), languages=("de", "ja"), accounts=("north",),
        segments={"plan": ("pro",)}, since=MARCH.since, until=MARCH.until, min_rating=1, max_rating=2.5,
    )  # fmt: skip
    words = scope_words(scope)
    for part in (
        "customer",
        "reviews",
        "de or ja",
        "north",
        "plan pro",
        "2026-03-01",
        "2026-04-01",
        "1",
        "2.5",
    ):
        assert part in words
    fact = book.facts[book.fact(Measure.share_of_people, chosen, of=FactFilter()).strip("{}")]
    told = describe(fact, book.selections)
    assert "close to «export»" in told
    assert chosen in told
    assert "all records" in told
    assert scope_words(Scope()) == ""
    assert filter_words(FactFilter(selection="S99"), book.selections) == "all records"


def test_every_measure_can_be_told_in_words() -> None:
    book = _book()
    told = set()
    for measure in Measure:
        book.fact(measure, param="2", of=FactFilter())
    for fact in book.facts.values():
        told.add(describe(fact, book.selections))
    assert len(told) == len(Measure)
    assert all(words and "{" not in words for words in told)


def test_a_part_of_a_need_names_the_need_and_a_bound_names_what_it_bounds() -> None:
    need = Selection(
        id="S1", rule="of those close to «exports»: the ones that complain", record_ids=("rec_a", "rec_b")
    )
    chance = Selection(
        id="S2", rule="of those close to «exports»: the ones whose passage names loss", record_ids=("rec_a",)
    )
    part = Selection(id="S3", rule="of those: the ones whose passage names time-outs", record_ids=("rec_a",))
    told = filter_words(FactFilter(selection="S3"), {one.id: one for one in (need, chance, part)})
    assert told == "S3: of S1, close to «exports»: the ones whose passage names time-outs"
    assert filter_words(FactFilter(selection="S3"), {"S3": part}) == f"S3: {part.rule}"
    since = FactFilter(scope=Scope(since=datetime(2026, 6, 19, tzinfo=UTC)))
    counted = Fact(id="F2", measure=Measure.people, filter=since, value=3)
    bound = Fact(
        id="F1", measure=Measure.constant, filter=FactFilter(), value="2026-06-19", param="2026-06-19"
    )
    asked = bound.model_copy(update={"id": "F3", "value": "97", "param": "97"})
    draft = valid_draft().model_copy(update={"facts": {one.id: one for one in (bound, counted, asked)}})
    assert (bounded_by(draft, bound), bounded_by(draft, asked), bounded_by(draft, counted)) == (
        ["F2"],
        [],
        [],
    )
