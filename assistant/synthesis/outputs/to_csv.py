"""A table as CSV: RFC 4180 quoting, UTF-8, and no cell that a spreadsheet would run as a formula."""

import csv
from datetime import datetime
from io import TextIOWrapper
from typing import IO

from assistant.synthesis.outputs.tables import Table, Value
from assistant.synthesis.priority.sheet import safe_text


def write_csv(table: Table, out: IO[bytes], *, bom: bool = False) -> int:
    """Write a table.

    Args:
        bom: begin with a byte order mark, without which Excel takes UTF-8 for the local 8-bit encoding.

    Returns: rows. Raises: OSError.
    """
    text = TextIOWrapper(out, encoding="utf-8-sig" if bom else "utf-8", newline="", write_through=False)
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(cell(column.name) for column in table.columns)
    rows = 0
    for page in table.pages():
        writer.writerows(map(cell, row) for row in page)
        rows += len(page)
    text.flush()
    # The file is the caller's to close.
    text.detach()
    return rows


def cell(value: Value) -> str:
    """One value as a cell; a text that a spreadsheet would run gets an apostrophe in front."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, str):
        return safe_text(value)
    return repr(value)
