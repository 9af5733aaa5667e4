"""The seam of layouts for tables: a look at the first rows in, the shape of the whole table out.

Columns are known by position: exports repeat headers, leave them blank, or spread them over several rows.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Protocol

from ingest.connectors.cells import unique_names
from ingest.names import normal_name

LOOK_ROWS = 24
"""Rows that a layout may look at, headers included."""
_SURE, _TYPICAL = 0.85, 0.14


class RawTable(Protocol):
    """A table before anything is known of its header."""

    def raw_rows(self) -> Iterator[tuple[list[str], str]]:
        """Cells and problem of every row that isn't blank, from the top."""
        ...


@dataclass(frozen=True)
class TableLook:
    """The first rows of a table as raw cells, the header included."""

    rows: tuple[tuple[str, ...], ...]

    @cached_property
    def keys(self) -> tuple[str, ...]:
        """The first row as `squashed` names, by position."""
        return tuple(squashed(cell) for cell in self.rows[0]) if self.rows else ()

    def place(self, *keys: str) -> int | None:
        """Position of the first of these names that is there; of repeated columns the leftmost."""
        return next((self.keys.index(key) for key in keys if key in self.keys), None)

    def has(self, *keys: str) -> bool:
        """Whether all these names are there."""
        return all(key in self.keys for key in keys)

    def below(self, place: int, header_rows: int = 1) -> list[str]:
        """The filled cells under a header."""
        found = (row[place].strip() for row in self.rows[header_rows:] if place < len(row))
        return [cell for cell in found if cell]

    def sureness(self, *typical: str) -> float:
        """Confidence of a layout whose signature holds: higher, the more of its other typical columns are there."""
        return round(_SURE + _TYPICAL * sum(key in self.keys for key in typical) / max(len(typical), 1), 2)


def squashed(header: str) -> str:
    """A header without what people and tools change in it: case, spaces, punctuation, accents."""
    return normal_name(header).replace(" ", "")


def _keep(cells: Mapping[str, str]) -> str:
    return ""


@dataclass(frozen=True)
class Shape:
    """What a layout knows of one table."""

    layout: str
    """As the report names it, for example `google-play`."""
    confidence: float
    columns: tuple[str, ...]
    """A name for every column, by position; each one once."""
    fields: Mapping[str, str]
    """`--map` field → column, `text` and `segment.<name>` included; columns may be derived ones."""
    header_rows: int = 1
    opens: tuple[str, ...] = ()
    """Columns with answers to open questions: each answer becomes a record of its own."""
    answers: tuple[str, ...] = ()
    """Columns with answers of which only the content tells whether the question was open."""
    attributes: tuple[str, ...] = ()
    """Columns that become segments if they hold few distinct short values."""
    context: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """Column → segments that belong to its text alone, beside `question`."""
    derived: Mapping[str, Callable[[Mapping[str, str]], str]] = field(default_factory=dict)
    """Column → its value, made from the row's cells; replaces a column of that name, or adds one."""
    drop: Callable[[Mapping[str, str]], str] = _keep
    """Why a row is no feedback, or an empty string."""
    day_first: bool | None = None
    """How the tool writes dates like 03/04/2026, where it always writes them in one way."""
    source: str | None = None
    """Default name of the source, where ids are the tool's own whatever the file is called."""
    notes: tuple[str, ...] = ()


TableLayout = Callable[[TableLook], Shape | None]
"""Recognise a table by its signature. None: it is another kind of table."""


def names_of(look: TableLook) -> tuple[str, ...]:
    """The first row as column names, blank and repeated ones made unique."""
    return tuple(unique_names(look.rows[0]))


def fields_from(look: TableLook, wanted: Mapping[str, tuple[str, ...]]) -> dict[str, str]:
    """Field → column, for those fields of which a column is there.

    Args:
        look: the table.
        wanted: field → squashed names, best first.
    """
    names = names_of(look)
    places = ((name, look.place(*keys)) for name, keys in wanted.items())
    return {name: names[place] for name, place in places if place is not None}
