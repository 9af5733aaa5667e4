"""A rating that can't be on the scale of its column is remarked on, never changed."""

import pytest

from ingest.mapping import detect
from ingest.port import Row
from ingest.scales import odd_ratings
from ingest.survey import Column, survey


def column(values: list[str]) -> Column:
    held = Column("stars")
    for value in values:
        held.see(value)
    return held


@pytest.mark.parametrize("odd", ["50", "-3", "11"])
def test_a_rating_outside_of_the_scale_of_all_others_is_named_with_its_scale(odd: str) -> None:
    [remark] = odd_ratings(column(["1", "2", "3", "4", "5"] * 3 + [odd]))
    assert remark == (
        f"1 rating lies outside of 0 to 5, where the others of 'stars' are ({odd}); kept as written"
    )


def test_several_are_counted_and_the_first_are_named() -> None:
    [remark] = odd_ratings(column(["9", "10", "8"] * 20 + ["45", "45", "77", "800", "99"]))
    assert remark.startswith("5 ratings lie outside of 0 to 10")
    assert "(45, 77, 99 …)" in remark


@pytest.mark.parametrize(
    "values",
    [
        ["5"] * 20,
        ["0", "10", "7"] * 9,
        ["80", "95", "3"] * 9,
        ["1", "99"],
        ["-50", "50"] * 9,
        ["great"] * 9,
        [],
    ],
)
def test_ratings_that_share_a_scale_or_are_too_few_are_not_remarked_on(values: list[str]) -> None:
    assert odd_ratings(column(values)) == ()


def test_the_remark_stands_in_the_report_of_the_columns() -> None:
    texts = [f"The export of board {number} fails every evening" for number in range(12)]
    rows = [Row(n + 1, {"comment": text, "stars": "47" if n == 5 else "4"}) for n, text in enumerate(texts)]
    mapping = detect(survey(["comment", "stars"], iter(rows)), {}, "a.csv")
    assert mapping.fields["rating"] == "stars"
    assert any("outside of 0 to 5" in note for note in mapping.notes)
