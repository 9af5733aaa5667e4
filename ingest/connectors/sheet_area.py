"""How large a worksheet is before it is loaded: the reader makes room for every cell between the first and the last one."""

import re
import zipfile
from pathlib import Path

from assistant.errors import InputRejected

_MAX_CELLS = 16_000_000
"""Of the rectangle that a sheet spans; the reader takes 32 bytes for each, filled or not."""
_CELL = re.compile(
    rb'<(?:\w+:)?c\b[^>]*?\br="([A-Za-z]{1,3})(\d{1,7})"[^>/]*>(?!\s*(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v></|</))'
)
"""A cell with a value: one that is only coloured takes no room."""
_PIECE = 1 << 20


def check_area(path: Path) -> None:
    """Look at where the filled cells of each worksheet are. The container was checked before (`archive.check_archive`).

    Raises: InputRejected for a sheet that spans too many cells, such as one with a stray value in its last row and column.
    """
    with zipfile.ZipFile(path) as archive:
        for name in archive.namelist():
            if name.startswith("xl/worksheets/") and name.endswith(".xml"):
                rows, columns = _extent(archive, name)
                if rows * columns > _MAX_CELLS:
                    raise InputRejected(
                        f"{path.name} has a sheet that spans {rows:,} rows and {columns:,} columns; "
                        f"{_MAX_CELLS:,} cells are allowed.",
                        hint="Delete stray values far below or beside the table, or export it as CSV.",
                    )


def _extent(archive: zipfile.ZipFile, name: str) -> tuple[int, int]:
    rows = columns = 0
    with archive.open(name) as part:
        rest = b""
        while piece := part.read(_PIECE):
            text = rest + piece
            # The last cell may go on in the next piece.
            cut = max(text.rfind(b"<c "), text.rfind(b":c "), 0)
            cut = text.rfind(b"<", 0, cut + 1) if cut else len(text)
            for match in _CELL.finditer(text[:cut]):
                columns, rows = max(columns, _column(match[1])), max(rows, int(match[2]))
            rest = text[cut:][-_PIECE:]
        for match in _CELL.finditer(rest):
            columns, rows = max(columns, _column(match[1])), max(rows, int(match[2]))
    return rows, columns


def _column(letters: bytes) -> int:
    """`A` → 1, `Z` → 26, `AA` → 27."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number
