"""What the rows of every kind of table share: names of columns, and what a cell may not hold."""

import re
from collections.abc import Sequence
from datetime import date, datetime, time

from ingest.names import is_known, is_question
from ingest.port import Row

_SURROGATE = re.compile(r"[\ud800-\udfff]")
_VALUE = re.compile(r"[-+]?\d[\d.,:/\- ]*\Z|\d{4}-\d\d-\d\d\S*\Z|\S+@\S+\.\w+\Z|https?://\S+\Z")
_LONG_WORDS = 8


def unique_names(header: Sequence[str]) -> list[str]:
    """Column names without white space around them; blank and repeated ones get a number."""
    names: list[str] = []
    seen: set[str] = set()
    for position, cell in enumerate(header, start=1):
        name = base = " ".join(cell.replace("\x00", "").split()) or f"column {position}"
        repeat = 2
        while name in seen:
            name, repeat = f"{base} ({repeat})", repeat + 1
        seen.add(name)
        names.append(name)
    return names


def looks_like_header(cells: Sequence[str]) -> bool:
    """Whether a first row names columns, rather than being data already."""
    named = [cell.strip() for cell in cells if cell.strip()]
    if any(is_known(cell) for cell in named):
        return True
    for cell in named:
        if _VALUE.match(cell) or (len(cell.split()) >= _LONG_WORDS and not is_question(cell)):
            return False
    return True


def cell_problem(cells: Sequence[str], max_field_chars: int) -> str:
    """Why a row of cells can't be kept; empty if it can."""
    joined = "".join(cells)
    if len(joined) > max_field_chars and any(len(cell) > max_field_chars for cell in cells):
        return f"longer than {max_field_chars:,} characters"
    if "\x00" in joined:
        return "holds NUL characters, which no text has"
    if not joined.isascii() and _SURROGATE.search(joined):
        return "holds bytes that are not text in the file's encoding"
    return ""


def table_row(
    number: int, cells: list[str], problem: str, columns: Sequence[str], max_field_chars: int
) -> Row:
    """Cells by position as a row by column name; a row that can't be kept has a problem and no cells."""
    problem = problem or cell_problem(cells, max_field_chars)
    if not problem and len(cells) > len(columns) and any(map(str.strip, cells[len(columns) :])):
        problem = "more cells than the header has columns"
    return Row(number, {}, problem) if problem else Row(number, dict(zip(columns, cells, strict=False)))


def cell_text(value: object) -> str:
    """A typed cell as text: whole numbers without `.0`, dates as ISO 8601."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer() and abs(value) < 2**53:
        return str(int(value))
    if isinstance(value, datetime) and value.time() == time():
        return value.date().isoformat()
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    return str(value)
