"""Rows of delimited text (CSV, TSV, semicolons, pipes), streamed in constant memory.

The `csv` module parses; this module guards it: a row that grows past the limit is given up, skipped to its real end and
reported, and a quote that is never closed costs one line, not the rest of the file.
"""

import csv
import io
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from assistant.errors import InputRejected
from ingest.connectors.cells import looks_like_header, table_row, unique_names
from ingest.connectors.encoding import MARK_BAD_BYTES
from ingest.connectors.skip import Skipper, swallows_rows
from ingest.port import Row

csv.field_size_limit(2**31 - 1)  # the guard below is stricter, and says which row

_SNIFF_CHARS = 1 << 16
_SNIFF_ROWS = 60
_SKIP_CHARS = 1 << 20
_NAMES = {",": "csv", "\t": "tsv", ";": "csv (semicolons)", "|": "csv (pipes)", "\x1f": "csv (one column)"}
_MAX_COLUMNS = 5_000
_MAX_RECOVERIES = 20
_UNCLOSED = "a quote that is never closed"
_SWALLOWED = "a quote that is closed only some rows later"


class _TooLong(Exception):
    pass


class DelimitedRows:
    """A connector over one delimited text file.

    Raises: InputRejected if it has no header row or too many columns.
    """

    def __init__(self, path: Path, encoding: str, max_field_chars: int) -> None:
        self._path = path
        self._encoding = encoding
        self._max_field = max_field_chars
        with self._open() as stream:
            sample = stream.read(_SNIFF_CHARS)
        self._delimiter = sniff_delimiter(sample, truncated=len(sample) == _SNIFF_CHARS)
        self._columns, self._header_is_data = self._read_header()

    @property
    def layout(self) -> str:
        """`csv` or `tsv`, with what is unusual about it."""
        return _NAMES[self._delimiter]

    def columns(self) -> Sequence[str]:
        """Names of the columns; blank and repeated ones are made unique."""
        return self._columns

    def rows(self, start: int = 0) -> Iterator[Row]:
        """Rows after the first `start`; blank lines are no rows."""
        number = 0
        waits_for_header = not self._header_is_data
        for cells, problem in self.raw_rows():
            if waits_for_header:
                waits_for_header = False
                continue
            number += 1
            if number > start:
                yield table_row(number, cells, problem, self._columns, self._max_field)

    def _read_header(self) -> tuple[list[str], bool]:
        first = next(self.raw_rows(), None)
        if first is None or first[1] or not any(cell.strip() for cell in first[0]):
            raise InputRejected(
                f"{self._path.name} has no header row that can be read.",
                hint="The first line must name the columns, for example `id,text,date`.",
            )
        if len(first[0]) > _MAX_COLUMNS:
            raise InputRejected(
                f"{self._path.name} has {len(first[0]):,} columns; {_MAX_COLUMNS:,} are allowed.",
                hint="Export only the columns that hold feedback.",
            )
        if looks_like_header(first[0]):
            return unique_names(first[0]), False
        return unique_names([""] * len(first[0])), True

    def _open(self) -> io.TextIOWrapper:
        return self._path.open(encoding=self._encoding, errors=MARK_BAD_BYTES, newline="")

    def raw_rows(self) -> Iterator[tuple[list[str], str]]:
        """Cells and problem of every row that isn't blank, the header included."""
        offset: int | None = 0
        for _ in range(_MAX_RECOVERIES):
            if offset is None:
                return
            start, offset = offset, None
            for cells, problem, go_on_at in self._parsed_from(start):
                offset = go_on_at
                if cells or problem:
                    yield cells, problem

    def _parsed_from(self, offset: int) -> Iterator[tuple[list[str], str, int | None]]:
        """Rows from a character offset. The third item says where to go on if a quote is never closed."""
        with self._open() as stream:
            _discard(stream, offset)
            guard = _Guard(stream, 4 * self._max_field + (1 << 16), offset)
            reader = csv.reader(guard, delimiter=self._delimiter)
            while True:
                guard.begin_row()
                try:
                    cells = next(reader)
                except StopIteration:
                    return
                except _TooLong:
                    if guard.skip_row(self._delimiter):
                        yield [], f"longer than {self._max_field:,} characters", None
                        continue
                    yield [], _UNCLOSED, guard.after_first_line
                    return
                if guard.at_end and guard.ends_inside_quotes(self._delimiter):
                    yield [], _UNCLOSED, guard.after_first_line
                    return
                if swallows_rows(guard.lines, self._delimiter):
                    guard.give_back_lines()
                    yield [], _SWALLOWED, None
                    continue
                yield cells, "", None


class _Guard:
    """Feeds lines to the csv module and knows which of them the current row took."""

    def __init__(self, stream: io.TextIOWrapper, max_row: int, offset: int) -> None:
        self._stream = stream
        self._pushed_back = io.StringIO(newline="")
        self._max_row = max_row
        self._held: list[str] = []
        self._row_chars = 0
        self._row_offset = offset
        self.at_end = False

    def __iter__(self) -> "_Guard":
        return self

    def __next__(self) -> str:
        line = self._readline()
        if not line:
            self.at_end = True
            raise StopIteration
        self._held.append(line)
        self._row_chars += len(line)
        if self._row_chars >= self._max_row:
            raise _TooLong
        self.at_end = not line.endswith(("\n", "\r"))
        return line

    def _readline(self) -> str:
        line = self._pushed_back.readline(self._max_row)
        if not line or not line.endswith(("\n", "\r")):
            line += self._stream.readline(self._max_row)
        return line

    @property
    def lines(self) -> list[str]:
        """The lines that the current row took."""
        return self._held

    def give_back_lines(self) -> None:
        """Let all lines of the current row but the first be read again."""
        given_back = "".join(self._held[1:]) + self._pushed_back.read()
        self._pushed_back = io.StringIO(given_back, newline="")
        del self._held[1:]
        self._row_chars = len(self._held[0])
        self.at_end = False

    @property
    def after_first_line(self) -> int | None:
        """Character offset of the line after the current row's first one; None if even that one is cut."""
        if self._held and self._held[0].endswith(("\n", "\r")):
            return self._row_offset + len(self._held[0])
        return None

    def begin_row(self) -> None:
        self._row_offset += self._row_chars
        self._held.clear()
        self._row_chars = 0

    def ends_inside_quotes(self, delimiter: str) -> bool:
        skipper = Skipper(delimiter)
        skipper.feed("".join(self._held))
        return skipper.in_quotes

    def skip_row(self, delimiter: str) -> bool:
        """Read on to the end of a row that is too long. False if the file ends inside quotes."""
        skipper = Skipper(delimiter)
        skipper.feed("".join(self._held))
        del self._held[1:]
        rest = self._pushed_back.read()
        while piece := rest or self._stream.read(_SKIP_CHARS):
            rest = ""
            end = skipper.feed(piece)
            if end >= 0:
                self._row_chars += end
                self._pushed_back = io.StringIO(piece[end:], newline="")
                return True
            self._row_chars += len(piece)
        return not skipper.in_quotes


def _discard(stream: io.TextIOWrapper, characters: int) -> None:
    while characters > 0:
        piece = stream.read(min(characters, 1 << 20))
        if not piece:
            return
        characters -= len(piece)


def sniff_delimiter(sample: str, *, truncated: bool) -> str:
    """The delimiter that splits most rows into as many cells as the first one; `\\x1f` for a single column."""
    best, best_score = "\x1f", 0.0
    for delimiter in (",", "\t", ";", "|"):
        rows = [row for row in csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter) if row]
        if truncated and len(rows) > 1:
            rows.pop()
        widths = Counter(len(row) for row in rows[:_SNIFF_ROWS])
        header = len(rows[0]) if rows else 0
        if header < 2:
            continue
        score = widths[header] / widths.total() + min(header, 20) / 100
        if score > best_score and sum(n for width, n in widths.items() if width > 1) * 2 > widths.total():
            best, best_score = delimiter, score
    return best
