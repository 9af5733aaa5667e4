"""The columns of a known JSON layout by what they mean: as the layout says, unless the person says otherwise."""

from collections.abc import Mapping

from ingest.mapping import ColumnMapping, named_column
from ingest.survey import Survey
from ingest.values import DateOrder, date_order


def take_over(
    seen: Survey, known: Mapping[str, str], chosen: Mapping[str, str], file_name: str, confidence: float
) -> ColumnMapping:
    """The mapping of a known layout, without guessing; columns that no row fills are left out.

    Args:
        seen: what all rows say about the columns.
        known: the layout's field → column.
        chosen: `--map` field → column, which has the last word; an empty column switches the field off.
        file_name: for messages.
        confidence: how sure the layout is.

    Raises:
        UsageError: an unknown field. InputRejected: a column that isn't there.
    """
    named = {name: named_column(seen, name, column, file_name) for name, column in chosen.items()}
    filled = {name: column for name, column in known.items() if seen.columns[column].filled or name == "text"}
    free = {name: column for name, column in filled.items() if column not in named.values()}
    whole = {name: column for name, column in (free | named).items() if column}
    fields = {n: column for n, column in whole.items() if n != "text" and not n.startswith("segment.")}
    segments = {n.removeprefix("segment."): column for n, column in whole.items() if n.startswith("segment.")}
    order = DateOrder(day_first=True, certain=True)
    if "said_at" in fields:
        order = date_order(seen.columns[fields["said_at"]].values())
    return ColumnMapping((whole.get("text", known["text"]),), fields, segments, confidence, order)
