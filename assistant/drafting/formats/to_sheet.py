"""The items of a draft as a table: CSV and XLSX, in which no cell is a formula or a link."""

import csv
from dataclasses import astuple, fields
from datetime import datetime
from io import BytesIO, StringIO

from assistant.domain.draft import Draft
from assistant.drafting.formats.items import Item, items_of
from assistant.drafting.formats.words import legal
from assistant.drafting.formats.zipped import rezipped
from assistant.synthesis.priority.sheet import safe_text

HEADER = tuple(field.name.replace("_", " ") for field in fields(Item))
_WIDTHS = {"text": 60, "criteria": 60, "quotes": 60, "rests on": 40, "title": 30, "reason": 30}
_MOMENT = datetime(2000, 1, 1)
_LONGEST_CELL = 32_767
"""Characters that Excel takes in a cell."""


def csv_sheet(draft: Draft) -> bytes:
    """RFC 4180 with a byte order mark, without which Excel takes UTF-8 for the local 8-bit encoding."""
    out = StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(HEADER)
    writer.writerows([safe_text(legal(cell)) for cell in astuple(item)] for item in items_of(draft))
    return out.getvalue().encode("utf-8-sig")


def xlsx_sheet(draft: Draft) -> bytes:
    """One sheet with a header that stays in sight; every cell is a text."""
    # Loaded here: only this format needs it.
    from xlsxwriter import Workbook

    out = BytesIO()
    book = Workbook(
        out,
        {
            "in_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
        },
    )
    book.set_properties({"title": legal(draft.title)[:200], "author": "Voxspec", "created": _MOMENT})
    sheet = book.add_worksheet("Items")
    bold, wrapped = book.add_format({"bold": True}), book.add_format({"text_wrap": True, "valign": "top"})
    for column, name in enumerate(HEADER):
        sheet.write_string(0, column, name, bold)
        sheet.set_column(column, column, _WIDTHS.get(name, 14))
    rows = items_of(draft)
    for place, item in enumerate(rows, start=1):
        for column, cell in enumerate(astuple(item)):
            sheet.write_string(place, column, safe_text(legal(cell))[:_LONGEST_CELL], wrapped)
    sheet.freeze_panes(1, 1)
    sheet.autofilter(0, 0, max(1, len(rows)), len(HEADER) - 1)
    book.close()
    return rezipped(out.getvalue())
