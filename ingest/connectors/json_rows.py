"""Rows of JSON: an array of objects, an object that holds one, or one object per line (JSON Lines, streamed)."""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NoReturn

from assistant.errors import InputRejected
from ingest.connectors.cells import cell_problem, cell_text
from ingest.connectors.encoding import MARK_BAD_BYTES
from ingest.port import Row

_MAX_DEPTH = 32
_MAX_CELLS = 2_000
_MAX_SURVEYED_COLUMNS = 500
_ENVELOPE_DEPTH = 3

Json = None | bool | int | float | str | list["Json"] | dict[str, "Json"]


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
    return value


class JsonRows:
    """A connector over a JSON document, which is read whole, or over JSON Lines, which are streamed.

    Raises: InputRejected if the file isn't JSON, or holds no objects.
    """

    def __init__(
        self, path: Path, encoding: str, max_field_chars: int, max_bytes: int, *, lines: bool
    ) -> None:
        self._path = path
        self._encoding = encoding
        self._max_field = max_field_chars
        self._elements: list[Json] | None = None
        if not lines:
            self._elements = self._read_whole(max_bytes)
        self.layout = "jsonl" if self._elements is None else "json"
        self._columns = self._first_columns()

    def columns(self) -> Sequence[str]:
        """Keys of the first objects, nested ones with dots, in order of appearance."""
        return self._columns

    def rows(self, start: int = 0) -> Iterator[Row]:
        """Rows after the first `start`; blank lines are no rows."""
        source = self._lines() if self._elements is None else ((element, "") for element in self._elements)
        for number, (element, problem) in enumerate(source, start=1):
            if number > start:
                yield Row(number, {}, problem) if problem else element_row(number, element, self._max_field)

    def _read_whole(self, max_bytes: int) -> list[Json] | None:
        if self._path.stat().st_size > max_bytes:
            raise InputRejected(
                f"{self._path.name} is larger than {max_bytes >> 20} MB, which a JSON document may be.",
                hint="Export it as JSON Lines (one object per line), which has no limit, or raise VOXSPEC_MAX_UPLOAD_MB.",
            )
        try:
            text = self._path.read_bytes().decode(self._encoding)
        except UnicodeDecodeError as problem:
            raise InputRejected(
                f"{self._path.name} isn't JSON: byte {problem.start + 1:,} is not UTF-8.",
                hint="Save it as UTF-8.",
            ) from problem
        try:
            return elements(parse_strict(text))
        except ValueError as problem:
            # Many tools write JSON Lines into files called .json.
            if self._is_lines(text):
                return None
            raise InputRejected(
                f"{self._path.name} isn't valid JSON: {problem}.",
                hint="Export it again; the file may be cut off.",
            ) from problem

    def _is_lines(self, text: str) -> bool:
        lines = [line for line in text.splitlines() if line.strip()]
        try:
            return len(lines) > 1 and all(isinstance(parse_strict(line), dict) for line in lines[:1000])
        except ValueError:
            return False

    def _lines(self) -> Iterator[tuple[Json, str]]:
        """Each line's value, or why it has none."""
        limit = 4 * self._max_field + (1 << 16)
        with self._path.open(encoding=self._encoding, errors=MARK_BAD_BYTES, newline="\n") as stream:
            while line := stream.readline(limit):
                if len(line) == limit and not line.endswith("\n"):
                    while (rest := stream.readline(limit)) and not rest.endswith("\n"):
                        pass
                    yield None, f"longer than {self._max_field:,} characters"
                elif line.strip(" \t\r\n"):
                    yield _parsed_line(line)

    def _first_columns(self) -> list[str]:
        names: dict[str, None] = {}
        readable = 0
        for row in self.rows():
            readable += not row.problem
            names.update(dict.fromkeys(row.cells))
            if row.number >= 200 or len(names) >= _MAX_SURVEYED_COLUMNS:
                break
        if not readable and self._elements is None:
            raise InputRejected(
                f"{self._path.name} isn't JSON Lines: none of its first lines is a JSON object.",
                hint='Put one object per line, for example `{"text": "…"}`.',
            )
        return list(names)


def _parsed_line(line: str) -> tuple[Json, str]:
    try:
        return parse_strict(line), ""
    except ValueError:
        return None, "not valid JSON"


def elements(value: Json) -> list[Json]:
    """The rows of a JSON document: the array itself, the longest array of objects inside an object, or the one object."""
    if isinstance(value, list):
        return value
    if isinstance(value, dict):
        inner = _arrays_of_objects(value, _ENVELOPE_DEPTH)
        return max(inner, key=len, default=[value] if value else [])
    return [value]


def _arrays_of_objects(value: dict[str, Json], depth: int) -> list[list[Json]]:
    found: list[list[Json]] = []
    for item in value.values():
        if isinstance(item, list) and item and all(isinstance(element, dict) for element in item):
            found.append(item)
        elif isinstance(item, dict) and depth > 1:
            found.extend(_arrays_of_objects(item, depth - 1))
    return found


def element_row(number: int, element: Json, max_field_chars: int) -> Row:
    """One element as a row: nested keys joined by dots, a bare string as `text`."""
    if isinstance(element, str):
        element = {"text": element}
    if not isinstance(element, dict):
        return Row(number, {}, "not an object")
    cells: dict[str, str] = {}
    problem = _flatten(element, "", cells, _MAX_DEPTH) or cell_problem(
        [*cells.values(), *cells], max_field_chars
    )
    return Row(number, {}, problem) if problem else Row(number, cells)


def _flatten(value: Json, name: str, cells: dict[str, str], depth: int) -> str:
    """Fill `cells`. Returns why it can't be done, or an empty string."""
    if isinstance(value, list) and not any(isinstance(item, list | dict) for item in value):
        value = ", ".join(cell_text(item) for item in value)
    if isinstance(value, dict | list):
        if depth == 0:
            return f"nested deeper than {_MAX_DEPTH} levels"
        pairs = value.items() if isinstance(value, dict) else ((str(i), item) for i, item in enumerate(value))
        for key, item in pairs:
            if problem := _flatten(item, f"{name}.{key}" if name else key, cells, depth - 1):
                return problem
        return ""
    if len(cells) >= _MAX_CELLS:
        return f"more than {_MAX_CELLS:,} fields"
    cells[name or "value"] = cell_text(value)
    return ""
