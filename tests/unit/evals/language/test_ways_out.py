"""Clauses that let builders off are told by their construction; conditions that the product meets aren't."""

import pytest

from evals.language.ways_out import ESCAPES, without_escape

KEPT = "The system shall print the list."


@pytest.mark.parametrize(
    "text",
    [
        "The system shall print the list, weather permitting.",
        "The system shall, staff and mood allowing, print the list.",
        "The system shall print the list unless there is a strong reason against it.",
        "Where this proves too laborious to be practical, the system shall print the list.",
        "Should time remain, the system shall print the list.",
        "The system shall print the list whenever the team finds a quiet hour and some time.",
        "The system shall print the list as well as it can.",
        "The system shall print the list save for a few special cases.",
        "The system shall print the list in so far as this seems sensible.",
        "The system shall print the list provided nobody minds.",
        "The system shall print the list at the discretion of the operator.",
        "The system shall print the list, subject to available capacity.",
        "The system shall strive to print the list.",
        "The system shall print the list, or something similar.",
        "With luck, the system shall print the list.",
    ],
)
def test_a_way_out_goes_and_the_sentence_stays(text: str) -> None:
    assert ESCAPES.search(text)
    assert without_escape(text) == KEPT


@pytest.mark.parametrize(
    "text",
    [
        "If the budget is exceeded, the system shall allow a guest to print.",
        "If the file is too large, the system shall say so.",
        "If it is hard to read, the system shall enlarge it.",
        "The system shall let admins print where the plan includes it.",
        "The system shall show a schedule depending on the plan chosen.",
        "The system shall tell those who are able to read it.",
        "Unless the teacher cancels, the system shall keep the lane.",
        "The system shall offer a mode allowing guests to print.",
        "Except for the title, the system shall print each line.",
        "The system shall support clang as well as future compilers.",
    ],
)
def test_a_condition_that_the_product_meets_is_none(text: str) -> None:
    assert ESCAPES.search(text) is None
