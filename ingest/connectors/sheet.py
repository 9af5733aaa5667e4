"""Rows of an Excel workbook: the first sheet that has a header and data."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from python_calamine import CalamineSheet

from assistant.errors import InputRejected
from ingest.connectors.cells import cell_problem, cell_text, looks_like_header, unique_names
from ingest.connectors.workbook import open_workbook
from ingest.port import Row

_MAX_COLUMNS = 5_000


class NoTable(InputRejected):
    """A workbook that can be read, but not as rows below a header."""


class SheetRows:
    """A connector over one workbook.

    Raises: InputRejected for damaged, encrypted or oversized workbooks, and for those without a table.
    """

    layout = "xlsx"

    def __init__(self, path: Path, max_field_chars: int) -> None:
        self._max_field = max_field_chars
        self._raw = _first_table(path)
        rows = _below_titles(self._raw)
        if len(rows[0]) > _MAX_COLUMNS:
            raise InputRejected(
                f"{path.name} has {len(rows[0]):,} columns; {_MAX_COLUMNS:,} are allowed.",
                hint="Export only the columns that hold feedback.",
            )
        self._header_is_data = not looks_like_header(rows[0])
        self._columns = unique_names([""] * len(rows[0]) if self._header_is_data else rows[0])
        self._rows = rows if self._header_is_data else rows[1:]

    def columns(self) -> Sequence[str]:
        """Names of the columns; blank and repeated ones are made unique."""
        return self._columns

    def raw_rows(self) -> Iterator[tuple[list[str], str]]:
        """Cells of every row that isn't blank, titles and header included; the second item is always empty."""
        return ((cells, "") for cells in self._raw)

    def rows(self, start: int = 0) -> Iterator[Row]:
        """Rows after the first `start`; rows without any value are no rows."""
        for number, cells in enumerate(self._rows[start:], start=start + 1):
            problem = cell_problem(cells, self._max_field)
            yield Row(number, {} if problem else dict(zip(self._columns, cells, strict=False)), problem)


def _first_table(path: Path) -> list[list[str]]:
    with open_workbook(path) as book:
        for name in book.sheet_names:
            rows = _filled_rows(book.get_sheet_by_name(name))
            if len(_below_titles(rows)) >= 2:
                return rows
    raise NoTable(
        f"{path.name} has no sheet with a header row and data.",
        hint="Put the column names into the first row of a sheet, and the feedback below.",
    )


def _filled_rows(sheet: CalamineSheet) -> list[list[str]]:
    filled: list[list[str]] = []
    if sheet.width > _MAX_COLUMNS * 4:
        return filled
    for values in sheet.iter_rows():
        cells = [cell_text(value) for value in values]
        if any(cell.strip() for cell in cells):
            filled.append(cells)
    return filled


def _below_titles(rows: list[list[str]]) -> list[list[str]]:
    """Leave out the lines above the header, for example a report's title."""
    # Titles above the table have one cell; the header is the first row that has as many as the data.
    counts = [sum(bool(cell.strip()) for cell in row) for row in rows[:20]]
    widest = max(counts, default=0)
    first = next((i for i, count in enumerate(counts) if count * 2 > widest), 0)
    return rows[first:]
