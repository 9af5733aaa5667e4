"""Records whose fields are called as `--map` calls them: what programs send."""

from collections.abc import Mapping
from dataclasses import dataclass

from assistant.errors import InputRejected
from ingest.mapping import ColumnMapping, detect, listed
from ingest.port import MAP_FIELDS
from ingest.survey import Survey

_SEGMENT_PREFIXES = ("segment", "segments")


@dataclass(frozen=True)
class FieldNames:
    """Columns that are called as `--map` calls the fields; what is called otherwise is left to be detected."""

    confidence: float = 1.0

    def mapped(self, seen: Survey, chosen: Mapping[str, str], file_name: str) -> ColumnMapping:
        """The fields as they are called; see `Known`. Raises: InputRejected where no column is the text."""
        return detect(seen, fields_named(seen, chosen), file_name)


def fields_named(seen: Survey, chosen: Mapping[str, str]) -> dict[str, str]:
    """Field → column where columns are called as the fields are; what is called otherwise is left to be detected.

    Args:
        seen: what all rows say about the columns.
        chosen: `--map` field → column, which has the last word.

    Raises: InputRejected where no column is the text.
    """
    named = {name: name for name in MAP_FIELDS if name in seen.columns}
    for column in seen.columns:
        prefix, dot, name = column.partition(".")
        if dot and name and prefix in _SEGMENT_PREFIXES:
            named.setdefault(f"segment.{name}", column)
    if "text" not in {**named, **chosen}:
        raise InputRejected(
            f"No record has a field 'text'; the fields are: {listed(seen.columns)}.",
            hint="Send the feedback as 'text', or say which field holds it: map=text=FIELD.",
        )
    taken = set(chosen.values())
    return {field: column for field, column in named.items() if column not in taken} | dict(chosen)
