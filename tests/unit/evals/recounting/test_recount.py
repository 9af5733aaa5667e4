"""Counting again, against values worked out by hand."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from assistant.domain.draft import Draft
from assistant.domain.evidence import Scope
from assistant.domain.fact import Fact, FactFilter, Measure, Selection
from assistant.domain.record import Record, RecordKind
from assistant.stores.port import CorpusRows
from evals.graders.numbers_recomputed import numbers_recomputed
from evals.recounting.recount import Recount, Unanswerable
from evals.sample import corpus_of, sample_view, with_fact
from tests.support.drafts import valid_draft, valid_view

START = datetime(2026, 1, 5, tzinfo=UTC)


def _record(place: int, person: str | None, account: str | None, week: int | None, **more: object) -> Record:
    held = {
        "workspace": "default",
        "id": f"rec_{place}",
        "source": "reviews",
        "raw": f"text {place}",
        "person": person,
        "account": account,
        "said_at": None if week is None else START + timedelta(weeks=week),
        "voice": f"v{place}",
    }
    return Record.model_validate(held | more)


RECORDS = (
    _record(1, "ann", "a", 0, rating=1.0, segments={"plan": "pro"}, language="en"),
    _record(2, "ann", "a", 1, rating=2.0, segments={"plan": "pro"}),
    _record(3, "ann", "b", 1, rating=5.0, voice="v2"),
    _record(4, "ben", "b", 2, segments={"plan": "free"}, source="survey"),
    _record(5, None, None, None, rating=4.0),
    _record(6, "cleo", "c", 4, kind=RecordKind.competitor),
)
SELECTIONS = {
    "S1": Selection(id="S1", rule="", record_ids=("rec_1", "rec_2", "rec_3", "rec_gone")),
    "S2": Selection(id="S2", rule="", record_ids=("rec_1", "rec_4", "rec_6")),
}


def _draft() -> Draft:
    return valid_draft().model_copy(update={"selections": SELECTIONS})


def _count(
    measure: Measure, scope: Scope | None = None, selection: str | None = None, **more: object
) -> object:
    where = FactFilter(scope=scope or Scope(), selection=selection)
    fact = Fact.model_validate({"id": "F1", "measure": measure, "filter": where, "value": 0} | more)
    return Recount(corpus_of(RECORDS), _draft()).answer(fact)


PRO = Scope(segments={"plan": ("pro",)})
LATE = Scope(since=START + timedelta(weeks=1), until=START + timedelta(weeks=3))


@pytest.mark.parametrize(
    ("measure", "scope", "selection", "expected"),
    [
        (Measure.records, None, None, 5),
        (Measure.duplicates, None, None, 1),
        (Measure.people, None, None, 3),
        (Measure.accounts, None, None, 3),
        (Measure.records, PRO, None, 2),
        (Measure.records, None, "S1", 2),
        (Measure.duplicates, None, "S1", 1),
        (Measure.accounts, None, "S1", 1),
        (Measure.records, LATE, None, 2),
        (Measure.records, Scope(kinds=(RecordKind.competitor,)), None, 1),
        (Measure.records, Scope(sources=("survey",)), None, 1),
        (Measure.records, Scope(languages=("en",)), None, 1),
        (Measure.records, Scope(accounts=("a", "c")), None, 3),
        (Measure.records, Scope(min_rating=2, max_rating=4), None, 2),
        (Measure.mean_rating, None, None, (1 + 2 + 4) / 3),
        (Measure.mean_rating, Scope(sources=("survey",)), None, 0.0),
        (Measure.weeks, None, None, 4),
        (Measure.weeks, None, "S1", 1),
        (Measure.weeks, Scope(sources=("none",)), None, 0),
        (Measure.first_date, None, None, "2026-01-05"),
        (Measure.last_date, None, None, "2026-02-02"),
        (Measure.first_date, Scope(sources=("none",)), None, ""),
        (Measure.per_week, None, None, 4 / 4),
        (Measure.per_week, LATE, None, 2 / 2),
        (Measure.per_week, None, "S1", 2 / 4),
        (Measure.per_week, Scope(since=START, until=START + timedelta(days=2)), None, 1.0),
    ],
)
def test_a_measure_is_counted_as_its_docstring_says(
    measure: Measure, scope: Scope | None, selection: str | None, expected: object
) -> None:
    assert _count(measure, scope, selection) == expected


def test_facets_are_counted_as_the_corpus_has_them() -> None:
    corpus = replace(
        corpus_of(RECORDS),
        type=("problem", "problem", "praise", "request", None, "problem"),
        sentiment=("negative", "neutral", "positive", "neutral", None, "negative"),
    )

    def count(measure: Measure, corpus: CorpusRows = corpus, **scope: object) -> object:
        where = FactFilter(scope=Scope.model_validate(scope))
        fact = Fact.model_validate({"id": "F1", "measure": measure, "filter": where, "value": 0})
        return Recount(corpus, _draft()).answer(fact)

    assert count(Measure.records, types=("problem",)) == 3
    assert count(Measure.people, types=("problem", "request")) == 3
    assert count(Measure.records, types=("problem",), sentiments=("negative",)) == 2
    assert count(Measure.people, sentiments=("neutral",)) == 2
    assert count(Measure.records, corpus=corpus_of(RECORDS), types=("problem",)) == 0


def test_shares_are_of_the_denominator() -> None:
    whole = FactFilter()
    assert _count(Measure.share_of_people, PRO, denominator=whole) == 1 / 3
    assert _count(Measure.share_of_records, PRO, denominator=whole) == 2 / 5
    assert _count(Measure.share_of_people, PRO, denominator=FactFilter(scope=Scope(sources=("none",)))) == 0.0
    with pytest.raises(Unanswerable, match="denominator"):
        _count(Measure.share_of_people)


def test_the_top_accounts_share_counts_records_without_account_in_the_whole() -> None:
    assert _count(Measure.top_accounts_share, param="1") == 2 / 5
    assert _count(Measure.top_accounts_share, param="9") == 4 / 5
    for wrong in ("", "0", "x"):
        with pytest.raises(Unanswerable, match="whole number"):
            _count(Measure.top_accounts_share, param=wrong)


def test_the_rank_is_among_the_peers_in_the_same_scope() -> None:
    assert _count(Measure.rank_by_people, selection="S1", peers=("S2",)) == 2
    assert _count(Measure.rank_by_people, PRO, "S1", peers=("S2",)) == 1
    with pytest.raises(Unanswerable, match="S9"):
        _count(Measure.rank_by_people, selection="S1", peers=("S9",))


def test_the_most_frequent_value_breaks_ties_by_the_smallest() -> None:
    assert _count(Measure.top_value, param="plan") == "pro"
    assert _count(Measure.top_value, selection="S2", param="plan") == "free"
    assert _count(Measure.top_value, param="colour") == ""


def test_what_a_customer_stated_is_cut_from_the_quote() -> None:
    assert _count(Measure.stated, param="Q2:45:52") == "9 of 10"
    for wrong in ("Q9:0:1", "Q2", "Q2:5:5", "Q2:0:999", "Q2:a:b"):
        with pytest.raises(Unanswerable):
            _count(Measure.stated, param=wrong)


@pytest.mark.parametrize(
    "change",
    [
        {"value": 4},
        {"value": 3.1},
        {"value": "3"},
        {"measure": Measure.accounts},
        {"filter": FactFilter()},
        {"filter": FactFilter(selection="S9")},
        {"as_of": datetime(2020, 1, 1, tzinfo=UTC)},
        {"measure": Measure.constant, "value": "3", "param": "3"},
        {"measure": Measure.constant, "value": "3", "param": "4"},
        {"measure": Measure.stated, "value": "0", "param": "Q2:51:52"},
        {"measure": Measure.share_of_people, "value": 4 / 3, "filter": FactFilter(), "denominator": FactFilter(selection="S1")},
    ],
)  # fmt: skip
def test_a_fact_that_counting_again_refutes_blocks(change: dict[str, object]) -> None:
    value = change.get("value")
    if change.get("measure") is Measure.share_of_people:
        assert value == 4 / 3
    assert [f.target for f in numbers_recomputed(with_fact(valid_draft(), "F1", **change), valid_view())] == [
        "F1"
    ]


def test_a_constant_may_repeat_the_query_or_the_brief() -> None:
    def constant(value: str) -> Draft:
        draft = valid_draft().model_copy(update={"brief": "for the 4 pools of 2027"})
        return with_fact(draft, "F1", measure=Measure.constant, value=value, param=value)

    for value in ("4", "2027", "2026-03-01"):
        assert numbers_recomputed(constant(value), valid_view()) == []
    assert numbers_recomputed(constant("27"), valid_view())


def test_a_record_that_came_later_changes_the_count() -> None:
    one_less = sample_view(tuple(record for record in _sample() if record.id != "rec_c"))
    assert "F1" in {finding.target for finding in numbers_recomputed(valid_draft(), one_less)}


def test_a_draft_older_than_the_newest_record_is_not_wrong_about_its_date() -> None:
    newest = Recount(valid_view().corpus, valid_draft()).as_of
    assert newest is not None
    dated = with_fact(valid_draft(), "F1", as_of=newest)
    assert numbers_recomputed(dated, valid_view()) == []
    later = _record(9, "eve", None, 20)
    grown = sample_view((*_sample(), later))
    assert numbers_recomputed(with_fact(dated, "F3", as_of=newest), grown)[0].target == "F3"
    assert "F1" not in {finding.target for finding in numbers_recomputed(dated, grown)}
    future = with_fact(dated, "F1", as_of=newest + timedelta(days=1))
    assert numbers_recomputed(future, valid_view())


def _sample() -> tuple[Record, ...]:
    return tuple(valid_view().records.values())
