"""Digits, number words, quantifiers and words of change are found; other words aren't."""

import pytest

from assistant.domain.quantities import stated_quantities


def _found(text: str) -> list[str]:
    return [text[start:end].strip() for start, end in stated_quantities(text)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("It took 3 hours.", ["3"]),
        ("4,000 cards and 1.5 s", ["4,000", "1.5"]),
        ("80 % of 12k users", ["80 %", "12k"]),
        ("two of three", ["two", "three"]),
        ("Most people, dozens of times, Twice", ["Most", "dozens", "Twice"]),
        ("half of all boards", ["half", "all"]),
        ("a rising number of reports, fewer each week", ["rising", "fewer", "each"]),
        ("on 2026-03-01 at 12:30", ["2026-03-01", "12:30"]),
        ("it never works", ["never"]),
        ("版本 4.2 と 3回", ["4.2", "3"]),
    ],
)
def test_quantities_are_found(text: str, found: list[str]) -> None:
    assert _found(text) == found


@pytest.mark.parametrize(
    "text", ["", "The board is blank.", "tend, often, someone, network, foremost, allow", "one of us"]
)
def test_other_words_are_no_quantities(text: str) -> None:
    assert _found(text) == []


def test_spans_are_in_order_and_do_not_overlap() -> None:
    spans = stated_quantities("twenty-one 21 % of 4,000.50, all 3/4 of them, more and more")
    flat = [place for span in spans for place in span]
    assert flat == sorted(flat)
    assert all(start < end for start, end in spans)
