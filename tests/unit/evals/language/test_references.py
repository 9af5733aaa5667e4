"""Words that point elsewhere are seen by how they point; what only looks like them is left alone."""

import pytest

from evals.language.references import at_documents, at_earlier, numbered, without_references


@pytest.mark.parametrize(
    "text",
    [
        "to print the list as agreed with sales",
        "The system shall sort as laid out in the annex.",
        "The system shall sort in line with our style sheet.",
        "The system shall sort (see the minutes of May).",
        "The system shall sort by the columns of the enclosed appendix.",
        "see scenario below",
        "The system shall sort per the drawing.",
        "as discussed",
        "siehe oben",
    ],
)
def test_a_document_that_is_not_here_is_pointed_at(text: str) -> None:
    assert list(at_documents(text))


@pytest.mark.parametrize(
    "text",
    [
        "to see the table of results",
        "to see the cost per ticket",
        "to choose the theme per page",
        "to sort according to the document type",
        "to open the attached file",
        "to see the total shown in the table",
        "to print it as required by the school",
        "to see what was discussed with the coach",
        "the sum is shown above the list",
    ],
)
def test_tables_and_files_of_the_product_are_no_references(text: str) -> None:
    assert list(at_documents(text)) == []


@pytest.mark.parametrize(
    "text",
    [
        "to print it just like on the old site",
        "to print it the same as before",
        "it sorts as usual",
        "the same again",
        "to print it as with the previous tool",
    ],
)
def test_what_was_before_is_pointed_at(text: str) -> None:
    assert list(at_earlier(text))


@pytest.mark.parametrize(
    "text",
    [
        "to restore the previous version of a card",
        "to switch to dark like the rest of my system",
        "to see boards as soon as they change",
        "nothing that was there before is lost",
        "to see as many lanes as before the move",
    ],
)
def test_what_a_product_does_with_earlier_things_is_left_alone(text: str) -> None:
    assert list(at_earlier(text)) == []


def test_numbers_and_ids_of_parts_are_read() -> None:
    said = [
        (ref.part, ref.number) for ref in numbered("As US-4 says, see table 2, Appendix B and section 3.1.")
    ]
    assert said == [("table", "2"), ("appendix", "B"), ("section", "3.1"), ("id", "US-4")]
    assert list(numbered("to print the table a coach made, on page I like, in “section 9”")) == []


def test_what_is_left_is_what_the_text_says_itself() -> None:
    assert without_references("the total is shown as described in the annex").split() == [
        "the",
        "total",
        "is",
        "shown",
    ]
    assert without_references("see the scenario above").strip() == ""
