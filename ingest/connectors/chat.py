"""Chat exports as text: one row per message («[2026-03-01 10:22] Ana: …» and its relatives)."""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from ingest.connectors.cells import cell_problem
from ingest.connectors.encoding import MARK_BAD_BYTES
from ingest.port import Row

_DAY = r"\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4}"
_TIME = r"\d{1,2}:\d{2}(?::\d{2})?(?:[ \u00a0\u202f]?[AaPp]\.?[Mm]\.?)?(?:Z| ?[+-]\d\d:?\d\d| UTC)?"
_STAMP = rf"(?P<day>{_DAY})(?:,? +|T|, )(?P<time>{_TIME})"
_START = re.compile(
    rf"^[\u200e\u200f\ufeff]*(?:\[{_STAMP}\] *|{_STAMP.replace('day', 'day2').replace('time>', 'time2>')}(?: +[-–—] +|: +| +))"
    r"(?:(?P<author>[^:\n]{1,60}?): ?)?",
    re.MULTILINE,
)
_MIN_MESSAGES = 3
_MIN_SHARE = 0.3
_COLUMNS = ("text", "author", "said_at")


def looks_like_chat(sample: str) -> bool:
    """Whether lines of a text begin with a time and an author often enough to be a chat."""
    lines = [line for line in sample.splitlines()[:400] if line.strip()]
    starts = sum(1 for line in lines if (m := _START.match(line)) and m.group("author"))
    return starts >= _MIN_MESSAGES and starts >= len(lines) * _MIN_SHARE


class ChatRows:
    """A connector over one chat export. A message goes on until the next line that starts one."""

    layout = "chat"

    def __init__(self, path: Path, encoding: str, max_field_chars: int) -> None:
        self._path = path
        self._encoding = encoding
        self._max_field = max_field_chars

    def columns(self) -> Sequence[str]:
        """`text`, `author`, `said_at`."""
        return _COLUMNS

    def rows(self, start: int = 0) -> Iterator[Row]:
        """Messages after the first `start`. Text before the first message and system messages have a problem."""
        for number, (message, too_long) in enumerate(self._messages(), start=1):
            if number > start:
                yield self._row(number, message, too_long)

    def _row(self, number: int, message: str, too_long: bool) -> Row:
        match = _START.match(message)
        if too_long:
            return Row(number, {}, f"longer than {self._max_field:,} characters")
        if match is None:
            return Row(number, {}, "text before the first message")
        if not match.group("author"):
            return Row(number, {}, "a system message without an author")
        day, time = match.group("day") or match.group("day2"), match.group("time") or match.group("time2")
        cells = [message[match.end() :].rstrip("\r\n"), match.group("author").strip(), f"{day} {time}"]
        problem = cell_problem(cells, self._max_field)
        return Row(number, {} if problem else dict(zip(_COLUMNS, cells, strict=True)), problem)

    def _messages(self) -> Iterator[tuple[str, bool]]:
        held: list[str] = []
        chars = 0
        limit = self._max_field + 200
        with self._path.open(encoding=self._encoding, errors=MARK_BAD_BYTES, newline="") as stream:
            while line := stream.readline(limit):
                if _START.match(line) and held:
                    yield "".join(held), chars > limit
                    held, chars = [], 0
                if not held and not line.strip():
                    continue
                chars += len(line)
                if chars <= limit or not held:
                    held.append(line)
        if held:
            yield "".join(held), chars > limit
