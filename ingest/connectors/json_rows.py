"""Rows of JSON whose layout isn't known: an array of objects, an object that holds one, or one object per line."""

from collections.abc import Iterator, Sequence

from assistant.errors import InputRejected
from ingest.connectors.cells import cell_problem, cell_text
from ingest.connectors.json_source import Json, JsonSource
from ingest.port import Row

_MAX_DEPTH = 32
_MAX_CELLS = 2_000
_MAX_SURVEYED_COLUMNS = 500
_ENVELOPE_DEPTH = 3


class JsonRows:
    """A connector over the values of a JSON file.

    Raises: InputRejected if none of the first lines holds an object.
    """

    def __init__(self, source: JsonSource, max_field_chars: int) -> None:
        self._source = source
        self._max_field = max_field_chars
        self.layout = "jsonl" if source.is_lines else "json"
        self._columns = self._first_columns()

    def columns(self) -> Sequence[str]:
        """Keys of the first objects, nested ones with dots, in order of appearance."""
        return self._columns

    def rows(self, start: int = 0) -> Iterator[Row]:
        """Rows after the first `start`; blank lines are no rows."""
        source = self._source.values() if self._source.is_lines else self._elements()
        for number, (element, problem) in enumerate(source, start=1):
            if number > start:
                yield Row(number, {}, problem) if problem else element_row(number, element, self._max_field)

    def _elements(self) -> Iterator[tuple[Json, str]]:
        return ((element, "") for element in elements(self._source.document))

    def _first_columns(self) -> list[str]:
        names: dict[str, None] = {}
        readable = 0
        for row in self.rows():
            readable += not row.problem
            names.update(dict.fromkeys(row.cells))
            if row.number >= 200 or len(names) >= _MAX_SURVEYED_COLUMNS:
                break
        if not readable and self._source.is_lines:
            raise InputRejected(
                f"{self._source.path.name} isn't JSON Lines: none of its first lines is a JSON object.",
                hint='Put one object per line, for example `{"text": "…"}`.',
            )
        return list(names)


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
