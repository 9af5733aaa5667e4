"""A number belongs where it stands: it counts its noun, the need that the quotes are about, and the time that is named."""

from datetime import UTC, datetime

import pytest

from assistant.domain.draft import Draft
from assistant.domain.evidence import Scope
from assistant.domain.fact import Fact, FactFilter, Measure, Selection
from evals.graders.numbers_bound import numbers_bound
from evals.sample import with_claim, with_fact
from tests.support.drafts import valid_draft, valid_view

MARCH = datetime(2026, 3, 1, tzinfo=UTC)


def _found(draft: Draft) -> list[str]:
    return [finding.message for finding in numbers_bound(draft, valid_view())]


def _said(text: str, *facts: str, draft: Draft | None = None, quotes: tuple[str, ...] = ("Q1",)) -> Draft:
    return with_claim(draft or valid_draft(), "C1", text=text, fact_ids=facts, quote_ids=quotes)


def _with(draft: Draft, *facts: Fact) -> Draft:
    return draft.model_copy(update={"facts": {**draft.facts, **{fact.id: fact for fact in facts}}})


def _fact(name: str, measure: Measure, value: int | str = 4, **where: object) -> Fact:
    return Fact(id=name, measure=measure, filter=FactFilter.model_validate(where), value=value)


def test_words_of_a_quote_are_no_count_of_people() -> None:
    for noun in ("people", "angry people", "accounts", "reports", "customers"):
        [message] = _found(_said(f"{{F6}} {noun} can't open it.", "F6"))
        assert "what somebody wrote" in message
    assert _found(_said("It hangs {F6} times.", "F6")) == []


def test_words_of_a_quote_may_size_what_the_quote_sizes() -> None:
    base = valid_draft()
    text = "Nothing opens above 900 records here."
    quotes = {**base.quotes, "Q1": base.quotes["Q1"].model_copy(update={"text": text})}
    stated = _fact("F7", Measure.stated, "900").model_copy(update={"param": "Q1:20:23"})
    sized = _with(base.model_copy(update={"quotes": quotes}), stated)
    assert _found(_said("The sizes that they name go up to {F7} records.", "F7", draft=sized)) == []
    assert _found(_said("The sizes that they name go up to {F7} tickets.", "F7", draft=sized))


def test_a_count_of_everybody_is_not_a_count_of_a_need() -> None:
    stripped = with_fact(valid_draft(), "F1", filter=FactFilter())
    for quotes in (("Q1",), ()):
        messages = _found(_said("{F1} people have reported this.", "F1", draft=stripped, quotes=quotes))
        assert messages
        assert all("everyone who wrote" in message for message in messages)
    assert _found(_said("{F1} people in {F2} accounts can't open it.", "F1", "F2", draft=stripped))


def test_everybody_is_counted_where_the_whole_is_told() -> None:
    whole = _with(
        valid_draft(),
        _fact("F7", Measure.records),
        _fact("F8", Measure.people),
        _fact("F9", Measure.accounts),
    )
    told = [
        "{F7} records, from {F8} people in {F9} accounts.",
        "Of the {F8} people in the scope, {F1} speak of it.",
    ]
    for text in told:
        assert _found(_said(text, "F7", "F8", "F9", "F1", draft=whole, quotes=())) == []
    assert _found(_said("{F7} records and {F8} people say this.", "F7", "F8", draft=whole, quotes=()))


def test_a_part_is_not_more_than_the_whole_it_is_of() -> None:
    whole = _with(valid_draft(), _fact("F7", Measure.people, 1), _fact("F8", Measure.people, 9))
    said = _found(_said("Of the {F7} people in the scope, {F8} speak of it.", "F7", "F8", draft=whole))
    assert any("F8 is more than F7" in message for message in said)
    other_way = _found(_said("Of the {F8} people in the scope, {F7} speak of it.", "F7", "F8", draft=whole))
    assert not any("more than" in message for message in other_way)


def test_the_count_of_one_need_does_not_stand_beside_the_quotes_of_another() -> None:
    base = valid_draft()
    other = Selection(id="S2", rule="says something else", record_ids=("rec_d",))
    part = Selection(id="S3", rule="of those: some", record_ids=("rec_c",))
    selections = {**base.selections, "S2": other, "S3": part}
    both = _with(
        base.model_copy(update={"selections": selections}),
        _fact("F7", Measure.people, selection="S2"),
        _fact("F8", Measure.people, selection="S3"),
    )
    assert "other records" in _found(_said("{F7} people can't open it.", "F7", draft=both))[0]
    # A part of the need that the quote is about may be counted.
    assert _found(_said("{F8} people can't open it.", "F8", draft=both)) == []


@pytest.mark.parametrize(
    ("text", "holds"),
    [
        ("Since {F7}, {F5} people can't open it.", True),
        ("Since {F7}, {F1} people can't open it.", False),
        ("Since {F8}, {F5} people can't open it.", False),
        ("Since {F7}, {F5} people can't open it; until then it was {F4} people.", True),
        ("Since {F7}, {F5} people can't open it; until then it was {F1} people.", False),
    ],
)
def test_a_count_is_of_the_time_that_is_named(text: str, holds: bool) -> None:
    dates = (
        _fact("F7", Measure.first_date, "2026-03-02", scope=Scope(since=MARCH), selection="S1"),
        _fact("F8", Measure.constant, "2026-02-01"),
    )
    draft = with_fact(
        _with(valid_draft(), *dates), "F5", filter=FactFilter(scope=Scope(since=MARCH), selection="S1")
    )
    before = FactFilter(scope=Scope(until=MARCH), selection="S1")
    draft = with_fact(draft, "F4", filter=before)
    assert (_found(_said(text, "F1", "F4", "F5", "F7", "F8", draft=draft)) == []) is holds


def test_the_name_of_a_theme_tells_of_no_trend() -> None:
    base = valid_draft()
    falls = Selection(
        id="S1", rule="of those close to «tray falls»: all", record_ids=("rec_a", "rec_b", "rec_c")
    )
    named = base.model_copy(update={"selections": {"S1": falls}})
    assert _found(_said("{F1} people write about “tray falls”.", "F1", draft=named)) == []
    assert _found(_said("{F1} people write, and it falls.", "F1", draft=named))


def test_no_fact_says_always() -> None:
    everyone = with_fact(valid_draft(), "F3", value=1.0)
    assert _found(_said("It always fails for {F3} of them.", "F3", draft=everyone))
