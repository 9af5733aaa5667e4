"""Finding the end of a delimited row without holding it, and rows that a stray quote has swallowed."""

import csv
import re
from collections.abc import Sequence

_QUOTED, _AFTER_QUOTE, _FIELD_START, _PLAIN = range(4)


class Skipper:
    """Follows the quoting of one row, piece by piece, from the row's first character."""

    def __init__(self, delimiter: str) -> None:
        self._state = _FIELD_START
        # A quote matters only at the start of a field: one search skips all fields that have none.
        self._stop = re.compile(rf"\r\n?|\n|{re.escape(delimiter)}(?=\"|\Z)")
        self._delimiter = delimiter

    @property
    def in_quotes(self) -> bool:
        """Whether a quote is open after what was fed."""
        return self._state == _QUOTED

    def feed(self, text: str) -> int:
        """Go on. Returns: the position after the row's line break, or -1 if the row goes on."""
        position = 0
        while position < len(text):
            if self._state == _QUOTED:
                quote = text.find('"', position)
                if quote < 0:
                    return -1
                position, self._state = quote + 1, _AFTER_QUOTE
            elif self._state == _PLAIN:
                stop = self._search(text, position)
                if stop is None:
                    return -1
                position = stop.end()
                if stop.group() != self._delimiter:
                    return position
                self._state = _FIELD_START
            else:
                doubled_or_open = text[position] == '"'
                position += doubled_or_open
                self._state = _QUOTED if doubled_or_open else _PLAIN
        return -1

    def _search(self, text: str, position: int) -> re.Match[str] | None:
        # Where a piece holds no quoted field, only its line break matters, and plain search is ten times as fast.
        if f'{self._delimiter}"' not in text:
            feed, back = text.find("\n", position), text.find("\r", position)
            # The pattern sees a delimiter at the very end, which the next piece may open a quote behind.
            position = min(
                (place for place in (feed, back) if place >= 0), default=max(position, len(text) - 1)
            )
        return self._stop.search(text, position)


_MIN_SWALLOWED = 2


def swallows_rows(lines: Sequence[str], delimiter: str) -> bool:
    """Whether the lines of one row look like several rows that a quote which is not closed in time holds together.

    Each of them must split into as many cells as the first one, more than two, and begin with a value of the same shape, such as an
    id: a text of several lines hardly ever does that.
    """
    if len(lines) <= _MIN_SWALLOWED:
        return False
    split = (next(csv.reader([line.replace("\x00", "")], delimiter=delimiter), []) for line in lines)
    first = next(split)
    width, shape = len(first), _shape(first)
    return (
        width > 2 and shape != "" and all(len(cells) == width and _shape(cells) == shape for cells in split)
    )


def _shape(cells: Sequence[str]) -> str:
    """The first cell with every number as 9 and every word as a; empty where it holds no digit."""
    first = cells[0].strip() if cells else ""
    return re.sub(r"[^\W\d_]+", "a", re.sub(r"\d+", "9", first)) if re.search(r"\d", first) else ""
