"""What the columns of an opened table mean: by a saved mapping, by its layout, or by what they hold."""

from collections.abc import Mapping
from dataclasses import replace
from itertools import islice

from assistant.errors import InputRejected
from ingest.layouts.known import take_over
from ingest.mapping import ColumnMapping, detect
from ingest.options import IngestOptions
from ingest.port import Connector
from ingest.recognise import Opened
from ingest.saved import fitted, saved_for
from ingest.survey import Survey, survey


def map_table(
    opened: Opened, connector: Connector, options: IngestOptions, most: int | None = None
) -> tuple[ColumnMapping, int]:
    """Map the columns of a table.

    Args:
        opened: the file.
        connector: its rows.
        options: with `--map` field → column, which has the last word, and the saved mappings.
        most: how many rows to look at; None looks at all of them, so that no decision depends on their order.

    Returns: the mapping, and how many rows were looked at.
    Raises:
        UsageError: an unknown field. NotFound: no such saved mapping.
        InputRejected: no rows, a column that isn't there, or no text column.
    """
    name = opened.path.name
    seen = survey(connector.columns(), islice(connector.rows(), most))
    if not seen.rows:
        raise InputRejected(
            f"{name} has no rows below its header.", hint="Export it again with data, or leave it out."
        )
    chosen = options.mapping
    saved = saved_for(connector, options)
    if saved is None:
        return _mapped(opened, seen, chosen), seen.rows
    known = fitted(saved, list(seen.columns), name)
    if opened.known is not None:
        mapping = _mapped(opened, seen, {**known, **chosen})
    else:
        mapping = take_over(seen, known, chosen, name, 1.0)
    notes = (f"columns as in the saved mapping '{saved.name}'", *mapping.notes)
    return replace(mapping, confidence=1.0, notes=notes, saved=saved.name), seen.rows


def _mapped(opened: Opened, seen: Survey, chosen: Mapping[str, str]) -> ColumnMapping:
    name = opened.path.name
    if opened.known is not None:
        return opened.known.mapped(seen, chosen, name)
    if not seen.readable:
        raise InputRejected(
            f"{name}: none of its rows can be read. The first: {seen.problem}.",
            hint="Mend the rows, or export it again.",
        )
    return detect(seen, chosen, name)
