"""What the columns of an opened table mean, by its layout or by what they hold."""

from collections.abc import Mapping
from itertools import islice

from assistant.errors import InputRejected
from ingest.layouts.known import take_over
from ingest.layouts.mapped import map_columns
from ingest.mapping import ColumnMapping, detect
from ingest.port import Connector
from ingest.recognise import Opened
from ingest.survey import survey


def map_table(
    opened: Opened, connector: Connector, chosen: Mapping[str, str], most: int | None = None
) -> tuple[ColumnMapping, int]:
    """Map the columns of a table.

    Args:
        opened: the file.
        connector: its rows.
        chosen: `--map` field → column, which has the last word.
        most: how many rows to look at; None looks at all of them, so that no decision depends on their order.

    Returns: the mapping, and how many rows were looked at.
    Raises: UsageError: an unknown field. InputRejected: no rows, a column that isn't there, or no text column.
    """
    name = opened.path.name
    seen = survey(connector.columns(), islice(connector.rows(), most))
    if not seen.rows:
        raise InputRejected(
            f"{name} has no rows below its header.", hint="Export it again with data, or leave it out."
        )
    if opened.mapping:
        sure = 1.0 if opened.confidence is None else opened.confidence
        return take_over(seen, opened.mapping, chosen, name, sure), seen.rows
    if opened.shape is not None:
        return map_columns(seen, opened.shape, chosen, name), seen.rows
    if not seen.readable:
        raise InputRejected(
            f"{name}: none of its rows can be read. The first: {seen.problem}.",
            hint="Mend the rows, or export it again.",
        )
    return detect(seen, chosen, name), seen.rows
