"""Exports as JSON: what a layout of them is, and the connector that reads one.

A file is a run of values: the lines of JSON Lines, the items of an array, or the one page object. A value holds elements: itself,
or the array inside a page. An element gives rows: a ticket one per comment, those that aren't a customer's with the reason.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from ingest.connectors.cells import cell_problem, cell_text
from ingest.connectors.json_source import Json, JsonSource
from ingest.layouts.keys import Obj
from ingest.port import Row

_SAMPLE_VALUES = 50
_SAMPLE_ELEMENTS = 200
_MAX_FURTHER = 60
_NEEDED = 0.8
"""Below it a file is read as JSON of unknown layout, whose columns are found by name and content."""


@dataclass(frozen=True)
class Dropped:
    """A part of an element that is no customer's voice, or that can't be read."""

    reason: str
    """One of a few fixed phrases, for the report."""
    unread: bool = False
    """Whether it couldn't be read, so that nobody knows what it held."""


Found = dict[str, str] | Dropped
"""Cells by column, or why there are none."""


def _nothing_beside(_page: Obj) -> Mapping[str, Obj]:
    return {}


@dataclass(frozen=True)
class ElementLayout:
    """How one system exports JSON."""

    name: str
    source: str
    """Default name of the source: ids are the tool's own, whatever the file is called."""
    mapping: Mapping[str, str]
    """`--map` field → column; columns are called as the export's keys are, joined by dots."""
    elements: Callable[[Obj], Sequence[Json]]
    """What a value of the file holds: the array inside a page, or the value itself."""
    score: Callable[[Obj], float]
    """How surely an element is of this layout, by its keys: 0 to 1."""
    rows: Callable[[Obj, Mapping[str, Obj]], Iterable[Found]]
    """The rows of an element, given what stands beside it."""
    alien: str
    """Why an element of another shape is dropped, for example `not a GitHub issue`."""
    beside: Callable[[Obj], Mapping[str, Obj]] = _nothing_beside
    """What a page says once for all its elements, for example its users by id."""


def recognise(source: JsonSource, layouts: Sequence[ElementLayout]) -> tuple[ElementLayout | None, float]:
    """The layout whose signature the first elements bear, and how surely; (None, 0.0) where there is none.

    Args:
        source: the file.
        layouts: those to choose from; the first of equally sure ones is taken.
    """
    first = [value for item in source.first(_SAMPLE_VALUES) for value in _values(item)][:_SAMPLE_ELEMENTS]
    sure = [_share(layout, first) for layout in layouts]
    best = max(range(len(layouts)), key=lambda i: sure[i], default=None)
    if best is None or sure[best] < _NEEDED:
        return None, 0.0
    return layouts[best], round(sure[best], 2)


def _share(layout: ElementLayout, values: Sequence[Json]) -> float:
    scores: list[float] = []
    for value in values:
        elements = layout.elements(value) if isinstance(value, dict) else [value]
        scores.extend(
            layout.score(element) if isinstance(element, dict) else 0.0
            for element in elements[:_SAMPLE_ELEMENTS]
        )
    return sum(scores) / len(scores) if scores else 0.0


class ElementRows:
    """A connector over a JSON file of a known layout."""

    def __init__(self, source: JsonSource, layout: ElementLayout, max_field_chars: int) -> None:
        self._source = source
        self._layout = layout
        self._max_field = max_field_chars
        self.layout = layout.name

    def columns(self) -> Sequence[str]:
        """The columns that the layout knows, then further keys of the first elements, for `--map`."""
        names = dict.fromkeys(self._layout.mapping.values())
        for row in islice(self.rows(), _SAMPLE_ELEMENTS):
            names.update(dict.fromkeys(row.cells))
        return list(names)

    def rows(self, start: int = 0) -> Iterator[Row]:
        """Rows after the first `start`; what was dropped is a row with its reason."""
        for number, found in enumerate(self._found(), start=1):
            if number > start:
                yield row_of(number, found, self._max_field)

    def _found(self) -> Iterator[Found]:
        for item, problem in self._source.values():
            if problem:
                yield Dropped(problem, unread=True)
                continue
            for value in _values(item):
                if isinstance(value, dict):
                    yield from self._of_page(value)
                else:
                    yield Dropped("not an object", unread=True)

    def _of_page(self, page: Obj) -> Iterator[Found]:
        layout = self._layout
        beside = layout.beside(page)
        for element in layout.elements(page):
            if not isinstance(element, dict):
                yield Dropped("not an object", unread=True)
            elif not layout.score(element):
                yield Dropped(layout.alien)
            else:
                known = layout.mapping.values()
                further = {k: v for k, v in _further(element, self._max_field).items() if k not in known}
                for found in layout.rows(element, beside):
                    yield found if isinstance(found, Dropped) else further | found


def _further(element: Obj, max_field_chars: int) -> dict[str, str]:
    """Plain values of an element and of the objects in it by dotted name: what the layout doesn't use, `--map` can."""
    found: dict[str, str] = {}
    for key, value in islice(element.items(), _MAX_FURTHER):
        if isinstance(value, dict):
            inner = islice(value.items(), _MAX_FURTHER)
            found |= {f"{key}.{name}": cell_text(v) for name, v in inner if not isinstance(v, dict | list)}
        elif not isinstance(value, list):
            found[key] = cell_text(value)
    if cell_problem([*found, *found.values()], max_field_chars):
        found = {k: v for k, v in found.items() if not cell_problem([k, v], max_field_chars)}
    return found


def row_of(number: int, found: Found, max_field_chars: int) -> Row:
    """A row of what was found; what no text may hold makes it one with a problem."""
    if isinstance(found, Dropped):
        return Row(number, {}, found.reason, left_out=not found.unread)
    problem = cell_problem(list(found.values()), max_field_chars)
    return Row(number, {} if problem else found, problem)


def _values(item: Json) -> list[Json]:
    """An array per page, one after the other, is what some tools write."""
    return item if isinstance(item, list) else [item]
