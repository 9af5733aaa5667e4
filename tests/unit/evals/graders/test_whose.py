"""A number counts those that its sentence tells of: all of a need, those in trouble, the content ones, those who wish."""

import pytest

from assistant.domain.draft import ClaimsBlock, Draft
from assistant.domain.fact import Fact, FactFilter, Measure, Selection
from evals.graders.numbers_bound import numbers_bound
from evals.sample import with_claim
from tests.support.drafts import valid_draft, valid_view

RULES = {
    "S2": ("records with a passage close to «timetable»", ("rec_a", "rec_b", "rec_c", "rec_d")),
    "S3": (
        "of those close to «timetable»: the ones that complain, ask for something or name a failure",
        ("rec_a", "rec_b", "rec_c"),
    ),
    "S4": ("of those close to «timetable»: the ones that praise it", ("rec_d",)),
    "S5": ("of those: the ones whose passage names slowness or lost work", ("rec_a",)),
    "S6": ("of those close to «timetable»: the ones that word the same wish", ("rec_c",)),
    "S7": (
        "of those close to «invoices»: the ones that complain, ask for something or name a failure",
        ("rec_e",),
    ),
    "S8": ("none: no record of the scope was found to say so", ()),
    "S9": ("of those: the ones that name PDF or CSV", ("rec_b", "rec_c")),
}
FACTS = {f"F{int(name[1:]) + 20}": name for name in RULES}
"""F22 counts the people of S2, and so on to F29."""


def _draft() -> Draft:
    base = valid_draft()
    selections = {name: Selection(id=name, rule=rule, record_ids=ids) for name, (rule, ids) in RULES.items()}
    facts = {
        name: Fact(
            id=name,
            measure=Measure.people,
            filter=FactFilter(selection=held),
            value=len(RULES[held][1]),
            unit="person",
        )
        for name, held in FACTS.items()
    }
    return base.model_copy(update={"selections": selections, "facts": {**base.facts, **facts}})


def _found(text: str, *quotes: str, claim: str = "C1", draft: Draft | None = None) -> list[str]:
    held = tuple(name for name in FACTS if f"{{{name}}}" in text)
    said = with_claim(draft or _draft(), claim, text=text, fact_ids=held, quote_ids=quotes)
    return [finding.message for finding in numbers_bound(said, valid_view()) if finding.target == claim]


@pytest.mark.parametrize(
    "text",
    [
        "{F23} people report it as a problem.",
        "{F22} people report trouble with “timetable”.",
        "{F24} people say that it works for them.",
        "Of the {F22} people who speak of it, {F28} say that it works well.",
        "{F24} people speak well of “timetable”.",
        "{F22} people write about “timetable”.",
        "Timetable: {F23} people, parked as a need of its own.",
        "What comes up is “timetable” ({F23} people) and “invoices” ({F27} people).",
        "{F25} people speak of slowness or lost work when they write about “timetable”.",
        "Whether PDF and CSV are affected alike is open: only {F29} people say which one they mean.",
    ],
)
def test_what_the_rule_of_a_selection_says_may_be_told_of_its_count(text: str) -> None:
    assert _found(text) == []


@pytest.mark.parametrize(
    ("text", "fact"),
    [
        ("The {F25} people who report it have nothing in common.", "F25"),
        ("{F24} people report trouble with “timetable”.", "F24"),
        ("The {F28} people who report it have nothing in common.", "F28"),
        ("{F23} people say that it works for them.", "F23"),
        ("Of the {F22} people who speak of it, {F25} say that it works well.", "F25"),
        ("{F25} people write about “timetable”.", "F25"),
        ("{F27} people write about “timetable”.", "F27"),
        ("Timetable: {F26} people, parked as a need of its own.", "F26"),
        ("What comes up is “timetable” ({F24} people).", "F24"),
        ("What comes up is “timetable” ({F23} people) and “invoices” ({F25} people).", "F25"),
        ("Since last year {F23} people have had it; until then, {F27} people had.", "F27"),
        (
            "Whether PDF and CSV are affected alike is open: only {F25} people say which one they mean.",
            "F25",
        ),
    ],
)
def test_a_count_of_others_than_are_told_of_is_stopped(text: str, fact: str) -> None:
    assert any(message.startswith(f"{fact} ") for message in _found(text))


def test_a_wish_is_counted_over_those_who_word_it() -> None:
    assert _found("{F26} people ask for it.", "Q3") == []
    assert any("word this wish" in message for message in _found("{F23} people ask for it.", "Q3"))
    # Where all who have the need word it alike, the two are one selection, which bears the need's name.
    merged = _draft()
    merged = merged.model_copy(
        update={"selections": {name: one for name, one in merged.selections.items() if name != "S6"}}
    )
    assert _found("{F23} people ask for it.", "Q3", draft=merged) == []


def test_it_is_what_the_sentences_before_tell_of() -> None:
    base = with_claim(_draft(), "C1", text="{F23} people report trouble with “timetable”.", fact_ids=("F23",))
    assert _found("The {F23} people who report it are alone.", claim="C2", draft=base) == []
    [message] = _found("The {F27} people who report it are alone.", claim="C2", draft=base)
    assert "another need than the sentences before it" in message
    named = "{F27} people who write about “invoices” have another need than this."
    assert _found(named, claim="C2", draft=base) == []


def test_the_first_need_of_a_draft_is_what_a_new_section_goes_on_with() -> None:
    base = with_claim(_draft(), "C1", text="{F23} people report trouble with “timetable”.", fact_ids=("F23",))
    problem, *others = base.sections
    first = problem.model_copy(update={"blocks": (ClaimsBlock(claim_ids=("C1",)),)})
    second = problem.model_copy(update={"id": "who", "blocks": (ClaimsBlock(claim_ids=("C2",)),)})
    apart = base.model_copy(update={"sections": (first, second, *others)})
    assert _found("The {F23} people who report it are alone.", claim="C2", draft=apart) == []
    assert _found("The {F27} people who report it are alone.", claim="C2", draft=apart)


def test_two_parts_with_one_number_are_named_by_one_of_them() -> None:
    listed = "They name slowness ({F25} people) and doubled results ({F25} people)."
    assert _found(listed) == []
    assert _found("They name slowness ({F29} people) and lost work ({F29} people).")
