"""Values of a JSON file: a document is parsed whole, JSON Lines are streamed. Strict, and bounded before anything is parsed."""

import json
import sys
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import NoReturn

from assistant.errors import InputRejected
from ingest.connectors.encoding import MARK_BAD_BYTES

Json = None | bool | int | float | str | list["Json"] | dict[str, "Json"]

_LINES_HINT = (
    "Export it as JSON Lines (one object per line), which has no limit, or raise VOXSPEC_MAX_UPLOAD_MB."
)
_DENSE_FROM = 8 << 20
_CHARS_PER_BRACKET = 16
"""An object takes at least 64 bytes of memory however short it is written: a large document of `{},{},…` grows 24-fold."""


class _NotStrict(ValueError):
    pass


def _refuse_constant(name: str) -> NoReturn:
    raise _NotStrict(f"{name} is not JSON")


def parse_strict(text: str) -> Json:
    """Parse by RFC 8259: no NaN, no Infinity. Raises: ValueError with the place of the error, also for too deep nesting."""
    try:
        value: Json = json.loads(text, parse_constant=_refuse_constant)
    except RecursionError as problem:
        raise _NotStrict("nested too deep") from problem
    except json.JSONDecodeError:
        raise
    except ValueError as problem:
        if isinstance(problem, _NotStrict):
            raise
        # Python reads no integer that takes it more than a moment.
        raise _NotStrict(f"a number has more than {sys.get_int_max_str_digits():,} digits") from problem
    return value


def parse_bounded(text: str) -> Json:
    """Parse a document that may be large. Raises: ValueError as `parse_strict`, and for one that is nearly all brackets."""
    if len(text) > _DENSE_FROM and (text.count("{") + text.count("[")) * _CHARS_PER_BRACKET > len(text):
        raise _NotStrict("it holds brackets and hardly any data, which would fill the memory")
    return parse_strict(text)


def check_first_line(path: Path, max_field_chars: int, max_bytes: int, *, lines: bool) -> None:
    """Look at the start of a file above the size of a document, before all of it is read.

    Raises: InputRejected unless it is JSON Lines with a first line of a size that can be read.
    """
    if path.stat().st_size <= max_bytes:
        return
    limit = 4 * _line_limit(max_field_chars)
    with path.open("rb") as file:
        first = file.readline(limit)
    if not lines and not _is_object(first.decode("utf-8-sig", "replace")):
        raise InputRejected(
            f"{path.name} is larger than {max_bytes >> 20} MB, which a JSON document may be.",
            hint=_LINES_HINT,
        )
    if len(first) == limit:
        raise InputRejected(
            f"{path.name} begins with a line of more than {limit:,} bytes.",
            hint="JSON Lines has one object per line; export it again.",
        )


class JsonSource:
    """The values of one JSON file.

    Raises: InputRejected if a document isn't JSON, or is larger than `max_bytes`.
    """

    def __init__(
        self, path: Path, encoding: str, max_field_chars: int, max_bytes: int, *, lines: bool
    ) -> None:
        self.path = path
        self._encoding = encoding
        self._max_field = max_field_chars
        self.document: Json = None
        """The whole document; None where the file is JSON Lines."""
        # Many tools write JSON Lines into files called .json.
        self.is_lines = lines or path.stat().st_size > max_bytes or not self._read_whole()

    def values(self) -> Iterator[tuple[Json, str]]:
        """Each line's value, or each item of the document's array (its one value otherwise); with why there is none."""
        if self.is_lines:
            yield from self._lines()
        elif isinstance(self.document, list):
            yield from ((item, "") for item in self.document)
        else:
            yield self.document, ""

    def first(self, count: int) -> list[Json]:
        """The first values that can be read, of at most `count` lines or items."""
        return [value for value, problem in islice(self.values(), count) if not problem]

    def _read_whole(self) -> bool:
        """Parse the document. Returns: False where the file turns out to be JSON Lines."""
        try:
            text = self.path.read_bytes().decode(self._encoding)
        except UnicodeDecodeError as problem:
            raise InputRejected(
                f"{self.path.name} isn't JSON: byte {problem.start + 1:,} is not UTF-8.",
                hint="Save it as UTF-8.",
            ) from problem
        try:
            self.document = parse_bounded(text)
        except ValueError as problem:
            if _are_lines(text):
                return False
            raise InputRejected(
                f"{self.path.name} isn't valid JSON: {problem}.",
                hint="Export it again; the file may be cut off.",
            ) from problem
        return True

    def _lines(self) -> Iterator[tuple[Json, str]]:
        limit = _line_limit(self._max_field)
        with self.path.open(encoding=self._encoding, errors=MARK_BAD_BYTES, newline="\n") as stream:
            while line := stream.readline(limit):
                if len(line) == limit and not line.endswith("\n"):
                    while (rest := stream.readline(limit)) and not rest.endswith("\n"):
                        pass
                    yield None, f"longer than {self._max_field:,} characters"
                elif line.strip(" \t\r\n"):
                    yield parsed_line(line)


def parsed_line(line: str) -> tuple[Json, str]:
    """A line of JSON Lines: its value, or why it has none."""
    try:
        return parse_strict(line), ""
    except ValueError:
        return None, "not valid JSON"


def _line_limit(max_field_chars: int) -> int:
    return 4 * max_field_chars + (1 << 16)


def _are_lines(text: str) -> bool:
    # Not splitlines(): JSON strings may hold U+2028 and its like as they are.
    lines = [line for line in text.split("\n") if line.strip()]
    return len(lines) > 1 and all(_is_object(line) for line in lines[:1000])


def _is_object(line: str) -> bool:
    try:
        return isinstance(parse_strict(line), dict)
    except ValueError:
        return False
