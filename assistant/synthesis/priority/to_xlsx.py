"""Sheets as an Excel workbook whose formulas are live, each stored with the value that it gives."""

import io
from collections.abc import Sequence
from datetime import UTC, datetime

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from assistant.synthesis.priority.sheet import Cell, Formula, Sheet, safe_text

_LONGEST = 32_767
"""Characters that a cell can hold."""
_WIDE, _NARROW = 44, 13


def to_xlsx(sheets: Sequence[Sheet]) -> bytes:
    """A workbook; the same sheets give the same bytes."""
    stream = io.BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with Workbook(stream, options) as book:
        # The day it was made would make every workbook another one.
        book.set_properties({"created": datetime(2000, 1, 1, tzinfo=UTC).replace(tzinfo=None)})
        bold, percent = book.add_format({"bold": True}), book.add_format({"num_format": "0%"})
        for sheet in sheets:
            _write(book.add_worksheet(sheet.title), sheet, bold, percent)
    return stream.getvalue()


def _write(page: Worksheet, sheet: Sheet, bold: Format, percent: Format) -> None:
    page.freeze_panes(1, 0)
    for column, name in enumerate(sheet.header):
        page.set_column(column, column, _WIDE if name in sheet.wide else _NARROW)
        page.write_string(0, column, safe_text(name)[:_LONGEST], bold)
    for number, row in enumerate(sheet.rows, start=1):
        for column, cell in enumerate(row):
            shown = percent if sheet.header[column] in sheet.shares else None
            _put(page, number, column, cell, shown)


def _put(page: Worksheet, row: int, column: int, cell: Cell, shown: Format | None) -> None:
    match cell:
        case Formula():
            page.write_formula(row, column, f"={cell.text}", shown, cell.value)
        case str():
            if cell:
                page.write_string(row, column, safe_text(cell)[:_LONGEST])
        case float() | int():
            page.write_number(row, column, cell, shown)
        case None:
            pass
