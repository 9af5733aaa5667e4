"""Edits by name: rules only cut or choose, a model's wording is shown and held to the evidence."""

import json

import pytest

from assistant.domain.draft import Draft
from assistant.domain.edit import Replace, Reword, SplitStory, Style
from assistant.drafting.editing.apply import apply
from assistant.drafting.editing.proposals import ask_for_wording
from assistant.errors import UsageError
from assistant.llm.scripted import ScriptedModel
from evals.editing.resolve import by_rules, resolved
from evals.sample import with_block, with_claim
from tests.support.drafts import valid_draft

LONG = "{F1} people in {F2} accounts can't open the timetable; they wait at the pool."


def shorter(draft: Draft, target: str, style: Style = Style.shorter) -> str:
    return by_rules(draft, Reword(target=target, style=style))


def test_shorter_cuts_and_adds_nothing() -> None:
    draft = with_claim(valid_draft(), "C1", text=LONG)
    assert shorter(draft, "C1") == "{F1} people in {F2} accounts can't open the timetable."
    assert shorter(valid_draft(), "C1") == "{F1} people in {F2} accounts can't open the timetable."
    noted = with_block(valid_draft(), "US-1", want="to open the timetable (see the minutes), if possible")
    assert shorter(noted, "US-1.want") == "to open the timetable, if possible"


@pytest.mark.parametrize(
    "text", ["{F1} people wait, but {F2} don't.", "They wait; {F1} don't.", "Too short."]
)
def test_a_cut_that_would_turn_a_sentence_round_is_not_made(text: str) -> None:
    with pytest.raises(UsageError) as caught:
        shorter(with_claim(valid_draft(), "C2", text=text), "C2")
    assert caught.value.hint


def test_for_sales_says_it_in_a_customers_words_and_jargon_becomes_plain() -> None:
    draft = with_claim(valid_draft(), "C1", text="{F1} people can't open the timetable.")
    assert shorter(draft, "C1", Style.for_sales) == "{F1} people can't open the timetable: {Q1}"
    plainly = with_block(
        valid_draft(), "FR-1", text="The system shall utilise the phone in order to keep it."
    )
    assert shorter(plainly, "FR-1", Style.less_jargon) == "The system shall use the phone to keep it."


def test_edits_by_name_become_edits_that_say_what_stands_where() -> None:
    draft = with_block(valid_draft(), "US-1", want="to open the timetable and to print it")
    made = list(resolved(draft, [SplitStory(target="US-1"), Reword(target="C1", style=Style.shorter)]))
    after = apply(draft, made)
    wants = [(one.id, one.want) for one in after.blocks() if one.type == "story"]
    assert wants[:2] == [("US-1", "to open the timetable"), ("US-3", "to print it")]
    assert "{Q1}" not in after.claims["C1"].text


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("People can't open it: {Q1}", "lost"),
        ("{F1} people in {F2} accounts in Berlin can't open the timetable: {Q1}", "Berlin"),
        ("{F1} people in {F2} accounts can't open the timetable, all 97: {Q1}", "quantity"),
        ("{F1} people in {F2} accounts can open the timetable: {Q1}", "not"),
    ],
)
def test_a_model_that_lies_gives_no_proposal(text: str, why: str) -> None:
    model = ScriptedModel([json.dumps({"text": text})])
    told = ask_for_wording(
        model, valid_draft(), Reword(target="C1", style=Style.less_jargon), show_personal=True
    )
    assert told.edit is None
    assert why.casefold() in told.refused.casefold()


def test_a_models_wording_comes_as_an_edit_with_what_it_changes() -> None:
    text = "{F1} people of {F2} accounts can't open the timetable: {Q1}"
    model = ScriptedModel([json.dumps({"text": text})], name="wordy")
    told = ask_for_wording(
        model, valid_draft(), Reword(target="C1", style=Style.less_jargon), show_personal=True
    )
    assert (told.by, told.refused) == ("wordy", "")
    assert isinstance(told.edit, Replace)
    assert [one.type for one in told.pieces].count("new") == 1
    assert apply(valid_draft(), [told.edit]).claims["C1"].text == text
