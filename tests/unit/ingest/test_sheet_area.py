"""A small workbook can ask for all the memory there is: it is refused before it is loaded."""

from pathlib import Path

import pytest
from openpyxl import Workbook

from assistant.errors import InputRejected
from ingest.connectors.sheet import SheetRows


def _book(path: Path, *cells: tuple[int, int, str | None]) -> Path:
    book = Workbook()
    for row, column, value in cells:
        cell = book.active.cell(row, column, value)
        if value is None:
            cell.number_format = "0.00"
    book.save(path)
    return path


def test_a_value_in_the_last_cell_is_refused(tmp_path: Path) -> None:
    path = _book(tmp_path / "far.xlsx", (1, 1, "comment"), (2, 1, "slow"), (1_048_576, 16_384, "x"))
    with pytest.raises(InputRejected, match=r"spans 1,048,576 rows and 16,384 columns"):
        SheetRows(path, 1000)


def test_a_far_cell_without_a_value_does_no_harm(tmp_path: Path) -> None:
    path = _book(tmp_path / "styled.xlsx", (1, 1, "comment"), (2, 1, "slow"), (1_048_576, 16_384, None))
    assert [row.cells for row in SheetRows(path, 1000).rows()] == [{"comment": "slow"}]
