"""Columns whose meaning is known, from a layout or a saved mapping: as that says, unless the person says otherwise."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from ingest.mapping import ColumnMapping, named_column
from ingest.survey import Survey
from ingest.values import DateOrder, date_order


class Known(Protocol):
    """What a recognised layout knows of the columns of one file."""

    @property
    def confidence(self) -> float:
        """How sure the layout is, 0 to 1."""
        ...

    def mapped(self, seen: Survey, chosen: Mapping[str, str], file_name: str) -> ColumnMapping:
        """Map the columns; `chosen` has the last word. Raises: UsageError, InputRejected: as `ingest.mapping.detect`."""
        ...


@dataclass(frozen=True)
class KnownFields:
    """A layout whose columns have fixed names, as those of JSON exports and mails have."""

    fields: Mapping[str, str]
    """`--map` field → column."""
    confidence: float = 1.0

    def mapped(self, seen: Survey, chosen: Mapping[str, str], file_name: str) -> ColumnMapping:
        """The columns as the layout names them; see `Known`."""
        return take_over(seen, self.fields, chosen, file_name, self.confidence)


def take_over(
    seen: Survey, known: Mapping[str, str], chosen: Mapping[str, str], file_name: str, confidence: float
) -> ColumnMapping:
    """The mapping without guessing; columns that no row fills are left out.

    Args:
        seen: what all rows say about the columns.
        known: field → column; `text.2`, … are further texts.
        chosen: `--map` field → column, which has the last word; an empty column switches the field off.
        file_name: for messages.
        confidence: how sure it is.

    Raises:
        UsageError: an unknown field. InputRejected: a column that isn't there.
    """
    named = {name: named_column(seen, name, column, file_name) for name, column in chosen.items()}
    mine = {n: c for n, c in known.items() if not (n in named or (_is_text(n) and "text" in named))}
    filled = {n: c for n, c in mine.items() if c and (seen.columns[c].filled or _is_text(n))}
    free = {name: column for name, column in filled.items() if column not in named.values()}
    whole = {name: column for name, column in (free | named).items() if column}
    fields = {n: column for n, column in whole.items() if not _is_text(n) and not n.startswith("segment.")}
    segments = {n.removeprefix("segment."): column for n, column in whole.items() if n.startswith("segment.")}
    texts = tuple(column for name, column in whole.items() if _is_text(name))
    order = DateOrder(day_first=True, certain=True)
    if "said_at" in fields:
        order = date_order(seen.columns[fields["said_at"]].values())
    return ColumnMapping(texts or (known["text"],), fields, segments, confidence, order)


def _is_text(field: str) -> bool:
    return field == "text" or field.startswith("text.")
