"""What is said in general was said by several people."""

import pytest

from assistant.domain.draft import Draft
from assistant.domain.finding import Severity
from evals.graders.anecdotes import anecdotes
from evals.sample import sample_quote, sample_view, with_claim, with_quote
from tests.support.drafts import valid_draft, valid_records, valid_view


def _found(draft: Draft) -> list[Severity]:
    return [finding.severity for finding in anecdotes(draft, valid_view())]


def _said(text: str, *quotes: str) -> Draft:
    return with_claim(valid_draft(), "C1", text=text, quote_ids=quotes, fact_ids=())


@pytest.mark.parametrize(
    "text", ["Teachers can't work without it.", "They ask for it: {Q1}", "People need this."]
)
def test_one_persons_word_told_as_everybodys_blocks(text: str) -> None:
    assert _found(_said(text, "Q1")) == [Severity.block]


@pytest.mark.parametrize(
    "text",
    ["One of them can't work: {Q1}", "In the words of a teacher: {Q1}", "A customer asks for it.", "For example: {Q1}", "{Q1}", "Jemand schreibt: {Q1}"],
)  # fmt: skip
def test_it_may_be_told_as_one_persons(text: str) -> None:
    assert _found(_said(text, "Q1")) == []


def test_two_people_may_be_told_of_together() -> None:
    assert _found(_said("Teachers can't open it.", "Q1", "Q2")) == []


def test_one_person_cited_twice_is_one() -> None:
    twice = sample_quote("rec_a", "I wish I could keep it on the phone.")
    draft = with_quote(_said("Several say the same.", "Q1", "Q2"), "Q2", **twice.model_dump())
    assert _found(draft) == [Severity.block]


def test_two_pseudonyms_of_one_person_are_one() -> None:
    one = [record.model_copy(update={"person": "per_Ann"}) for record in valid_records()]
    assert anecdotes(_said("Teachers can't open it.", "Q1", "Q2"), sample_view(tuple(one)))


def test_a_count_is_enough() -> None:
    assert (
        _found(
            with_claim(
                valid_draft(), "C1", text="{F1} people can't open it.", quote_ids=("Q1",), fact_ids=("F1",)
            )
        )
        == []
    )


def test_one_source_of_several_is_advised() -> None:
    draft = with_quote(_said("Teachers can't open it.", "Q1", "Q2"), "Q3", source="survey")
    assert _found(draft) == [Severity.advise]
