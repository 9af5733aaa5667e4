"""Tables of items: which column is what, and what is refused with its place."""

import pytest

from assistant.domain.priority import Item, Origin
from assistant.errors import InputRejected, UsageError
from assistant.synthesis.priority.registry import SCORES
from ingest.port import Row
from ingest.priorities.items import Wanted, read_items

WANTED = [Wanted(one.name, one.also, share=one.top == 1.0) for one in SCORES["rice"].parameters]
HEADER = ("item", "reach", "impact", "confidence", "effort")


def read(header: tuple[str, ...], *rows: tuple[str, ...], **more: object) -> tuple[list[Item], list[str]]:
    table = [Row(n, dict(zip(header, cells, strict=True))) for n, cells in enumerate(rows, start=1)]
    return read_items(header, table, WANTED, **more)  # type: ignore[arg-type]


def numbers(one: Item) -> dict[str, float | None]:
    return {name: given.value for name, given in one.inputs.items()}


@pytest.mark.parametrize(
    "header",
    [
        HEADER,
        ("Feature", "Users", "IMPACT", "Confidence", "Person-months"),
        ("Funktion", "Reichweite", "Wirkung", "Konfidenz", "Aufwand"),
        ("Fonctionnalité", "Portée", "impact", "Confiance", "effort"),
        ("Funcionalidad", "Alcance", "Impacto", "Confianza", "Esfuerzo"),
        ("item.name", "item.inputs.reach.value", "item.inputs.impact.value", "item.inputs.confidence.value", "item.inputs.effort.value"),
    ],
)  # fmt: skip
def test_columns_are_known_by_their_usual_names(header: tuple[str, ...]) -> None:
    items, _ = read(header, ("Export", "1,200", "2", "0.8", "3"))
    assert items[0].name == "Export"
    assert numbers(items[0]) == {"reach": 1200, "impact": 2, "confidence": 0.8, "effort": 3}


def test_an_interval_stands_beside_its_number_and_a_person_behind_it() -> None:
    header = (*HEADER, "reach_low", "reach_high", "effort_by")
    items, _ = read(header, ("a", "10", "1", "1", "2", "5", "20", "Ben"), by="Ana")
    reach, effort = items[0].inputs["reach"], items[0].inputs["effort"]
    assert (reach.low, reach.high, reach.origin, reach.source) == (5, 20, Origin.person, "Ana")
    assert (effort.low, effort.source) == (None, "Ben")


@pytest.mark.parametrize("text", ["", " ", "n/a", "NaN", "unknown", "-"])
def test_a_blank_cell_is_a_missing_number(text: str) -> None:
    assert read(HEADER, ("a", "1", "1", "1", text))[0][0].inputs["effort"].origin is Origin.missing


def test_shares_are_read_as_per_cent_where_a_column_shows_it() -> None:
    items, notes = read(HEADER, ("a", "1", "1", "80", "1"), ("b", "1", "1", "50 %", "1"))
    assert [one.inputs["confidence"].value for one in items] == [0.8, 0.5]
    assert notes == ["The numbers of 'confidence' are read as per cent."]
    items, notes = read(HEADER, ("a", "1", "1", "0.8", "1"), ("b", "1", "1", "50%", "1"))
    assert ([one.inputs["confidence"].value for one in items], notes) == ([0.8, 0.5], [])
    with pytest.raises(
        InputRejected, match=r"row 2 \('b'\), column 'confidence': '1' stands in a column of per cents"
    ):
        read(HEADER, ("a", "1", "1", "80", "1"), ("b", "1", "1", "1", "1"))


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        (("a", "abc", "1", "1", "1"), "row 1 ('a'), column 'reach': 'abc' is no number"),
        (("a", "1e20", "1", "1", "1"), "row 1 ('a'), column 'reach': '1e20' is too large"),
        (("a", "1e400", "1", "1", "1"), "row 1 ('a'), column 'reach': '1e400' is too large"),
        (("a", "1e-12", "1", "1", "1"), "row 1 ('a'), column 'reach': 1e-12 is neither 0 nor between"),
        (("a" * 501, "1", "1", "1", "1"), "the name has more than 500 characters"),
        ((" ", "1", "1", "1", "1"), "row 1, column 'item': the item has no name"),
    ],
)
def test_what_cannot_be_read_is_told_with_row_and_column(cells: tuple[str, ...], said: str) -> None:
    with pytest.raises(InputRejected) as refused:
        read(HEADER, cells)
    assert said in refused.value.message


@pytest.mark.parametrize(
    ("ends", "said"),
    [
        (("4", "5"), "3 does not lie in its interval, 4 to 5"),
        (("2", ""), "an interval needs the number, a low end and a high end"),
        (("5", "2"), "3 does not lie in its interval, 5 to 2"),
    ],
)
def test_an_interval_that_does_not_hold_its_number_is_refused(ends: tuple[str, str], said: str) -> None:
    with pytest.raises(InputRejected, match=said):
        read((*HEADER, "reach low", "reach high"), ("a", "3", "1", "1", "1", *ends))


def test_many_problems_are_told_at_once_and_counted() -> None:
    with pytest.raises(InputRejected) as refused:
        read(HEADER, *((f"i{n}", "x", "1", "1", "1") for n in range(9)))
    assert refused.value.message.count("is no number") == 5
    assert "and 4 more" in refused.value.message


def test_columns_that_are_missing_or_misnamed_are_refused() -> None:
    with pytest.raises(InputRejected, match="no column for 'effort'; its columns are 'item', 'reach'"):
        read(HEADER[:4], ("a", "1", "1", "1"))
    with pytest.raises(InputRejected, match="no column for the item's name"):
        read(("what", *HEADER[1:]), ("a", "1", "1", "1", "1"))
    assert read(("what", *HEADER[1:]), ("a", "1", "1", "1", "1"), named={"item": "what"})[0][0].name == "a"
    with pytest.raises(UsageError, match="no column 'nope'"):
        read(HEADER, ("a", "1", "1", "1", "1"), named={"item": "nope"})
    with pytest.raises(UsageError, match="no field 'ease' to map"):
        read(HEADER, ("a", "1", "1", "1", "1"), named={"ease": "effort"})
    with pytest.raises(InputRejected, match="has no rows"):
        read(HEADER)


def test_a_name_that_was_escaped_for_a_spreadsheet_is_read_as_it_was() -> None:
    assert read(HEADER, ("'=1+1", "1", "1", "1", "1"))[0][0].name == "=1+1"


def test_rows_that_an_exports_layout_leaves_out_are_told_and_not_refused() -> None:
    rows = [
        Row(1, dict(zip(HEADER, ("a", "1", "1", "1", "1"), strict=True))),
        Row(2, {}, "a sub-task", left_out=True),
    ]
    items, notes = read_items(HEADER, rows, WANTED)
    assert len(items) == 1
    assert notes == ["1 row is left out (row 2: a sub-task)."]
