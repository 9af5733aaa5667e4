"""A sheet as CSV: values, and beside each score its formula for a spreadsheet."""

import csv
import io

from assistant.synthesis.priority.sheet import Cell, Formula, Sheet, safe_text


def to_csv(sheet: Sheet) -> bytes:
    """UTF-8 with a byte order mark, which Excel needs to read names that aren't English.

    Formula columns stand last, so that the cells they name are the same in CSV and workbook.
    """
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, lineterminator="\r\n")
    at = [sheet.header.index(name) for name in sheet.formulas]
    writer.writerow(
        [safe_text(name) for name in (*sheet.header, *(f"{name}_formula" for name in sheet.formulas))]
    )
    for row in sheet.rows:
        writer.writerow([*map(_value, row), *(_formula(row[position]) for position in at)])
    return stream.getvalue().encode("utf-8-sig", "replace")


def _value(cell: Cell) -> str | int:
    match cell:
        case Formula():
            return _value(cell.value)
        case None:
            return ""
        case str():
            return safe_text(cell)
        case float():
            return int(cell) if cell.is_integer() and abs(cell) < 2**53 else repr(cell)
        case int():
            return cell


def _formula(cell: Cell) -> str:
    return f"={cell.text}" if isinstance(cell, Formula) and cell.value != "" else ""
