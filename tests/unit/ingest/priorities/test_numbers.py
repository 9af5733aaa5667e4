"""Numbers of table cells: read in the one way there is, or not at all."""

import pytest

from assistant.errors import InputRejected
from ingest.priorities.numbers import Number, decimal_mark, parse_number


@pytest.mark.parametrize(
    ("text", "mark", "value"),
    [
        ("12", ".", 12), (" 1,200 ", ".", 1200), ("1,234,567.5", ".", 1234567.5), ("1.200", ".", 1.2), (".5", ".", 0.5), ("1e3", ".", 1000),
        ("1 200", ".", 1200), ("1\u202f200,5", ",", 1200.5), ("1'200", ".", 1200), ("1.200", ",", 1200), ("2,5", ",", 2.5), ("−3", ".", -3), ("-0", ".", 0),
    ],
)  # fmt: skip
def test_numbers_of_many_spellings_are_read(text: str, mark: str, value: float) -> None:
    assert parse_number(text, mark) == Number(value, False)  # type: ignore[arg-type]


def test_a_per_cent_sign_is_told_and_minus_zero_is_zero() -> None:
    assert parse_number("80 %") == Number(80, True)
    assert str(parse_number("-0").value) == "0.0"  # type: ignore[union-attr]


@pytest.mark.parametrize(
    "text", ["abc", "inf", "NaN", "1,2", "1.2.3", "12k", "0x10", "1_000", "٣", "=1+1", "%", "--1", "1e9999"]
)
def test_what_is_no_number_is_told_with_its_text(text: str) -> None:
    found = parse_number(text)
    assert isinstance(found, str)
    assert text in found


def test_the_decimal_mark_is_found_over_all_cells() -> None:
    assert decimal_mark(["1,200", "3"]) == "."
    assert decimal_mark(["1.200", "0,5"]) == ","
    assert decimal_mark(["1.200", "0.5"], semicolons=True) == "."
    assert decimal_mark(["1.200", "3"], semicolons=True) == "?"
    assert "read in two ways" in str(parse_number("1.200", "?"))
    assert parse_number("12", "?") == Number(12, False)


def test_both_marks_in_one_file_are_refused() -> None:
    with pytest.raises(InputRejected, match=r"decimal comma \('2,5'\) and a decimal point \('0.8'\)"):
        decimal_mark(["2,5", "0.8"])
