"""Whether a PDF's table of objects is where it says; without it a reader searches the file from end to end, again and again."""

import re
from pathlib import Path

from assistant.errors import InputRejected

_TAIL = 4_096
_CHUNK = 1 << 20
_SEARCHED = 16 << 20
"""Bytes of a file that may be searched: takes a second."""
_MAX_OBJECTS = 150_000
"""Each costs a search 7 µs; three thousand pages of a book have half as many."""
_START = re.compile(rb"startxref\s+(\d{1,12})")
_TABLE = re.compile(rb"\s*(?:xref|\d+\s+\d+\s+obj)")


def check_table(path: Path) -> None:
    """Raises: InputRejected for a large file that is cut off, and for one with more objects than a document has."""
    with path.open("rb") as file:
        size = file.seek(0, 2)
        file.seek(max(0, size - _TAIL))
        starts = _START.findall(file.read())
        file.seek(int(starts[-1]) if starts else 0)
        is_there = bool(starts) and _TABLE.match(file.read(64)) is not None
        if size > _SEARCHED and not is_there:
            raise InputRejected(
                f"{path.name} is cut off or damaged.", hint="Open it in a viewer and print it to a new PDF."
            )
        file.seek(0)
        objects = sum(chunk.count(b" obj") for chunk in iter(lambda: file.read(_CHUNK), b""))
    if objects > _MAX_OBJECTS:
        raise InputRejected(
            f"{path.name} holds {objects:,} objects; {_MAX_OBJECTS:,} are allowed.",
            hint="Split it, or export it as text.",
        )
