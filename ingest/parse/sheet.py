"""A workbook as a document: every row a line, every line with its place (`Prices!A4`) as anchor."""

import re
from collections.abc import Iterator
from pathlib import Path

from python_calamine import CalamineSheet, SheetTypeEnum

from assistant.errors import InputRejected
from ingest.connectors.cells import cell_text
from ingest.connectors.workbook import open_workbook
from ingest.parse.limits import MAX_DOCUMENT_CHARS, assemble, too_long
from ingest.port import Document, TextBlock

_MAX_ROWS = 20_000
_PLAIN_NAME = re.compile(r"[^\W\d]\w*\Z")


def parse_sheet(path: Path) -> Document:
    """Read all sheets of a workbook; filled cells of a row stand between bars. The title is the first sheet's name.

    Raises: InputRejected if it is damaged, encrypted, a zip bomb, without text, or longer than a document.
    """
    blocks: list[TextBlock] = []
    chars = 0
    with open_workbook(path) as book:
        names = [sheet.name for sheet in book.sheets_metadata if sheet.typ == SheetTypeEnum.WorkSheet]
        for name in names:
            for block in _lines(name, book.get_sheet_by_name(name)):
                blocks.append(block)
                chars += len(block.text)
                if chars > MAX_DOCUMENT_CHARS:
                    raise too_long(path)
                if len(blocks) > _MAX_ROWS:
                    raise InputRejected(
                        f"{path.name} has more than {_MAX_ROWS:,} rows, which a document may have.",
                        hint="If each row is a piece of feedback, name its column with --map text=COLUMN.",
                    )
    return assemble(path, blocks, names[0] if len(names) == 1 else None)


def _lines(name: str, sheet: CalamineSheet) -> Iterator[TextBlock]:
    shown = name if _PLAIN_NAME.match(name) else "'" + name.replace("'", "''") + "'"
    # The reader begins at the first row of the sheet, but at the first column that is filled.
    margin = sheet.start[1] if sheet.start is not None else 0
    for row, values in enumerate(sheet.iter_rows(), start=1):
        cells = [" ".join(cell_text(value).split()) for value in values]
        filled = [place for place, cell in enumerate(cells) if cell]
        if filled:
            text = " | ".join(cells[filled[0] : filled[-1] + 1])
            yield TextBlock(text, f"{shown[:150]}!{_letters(margin + filled[0])}{row}")


def _letters(place: int) -> str:
    """A column's letters by its place from 0: A to Z, AA and so on."""
    letters = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
