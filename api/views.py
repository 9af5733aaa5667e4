"""Records as the command line and `/v1/records` show them: raw, with every field, the revision and the facets."""

from collections.abc import Sequence
from typing import Any

from assistant.domain.record import Record
from assistant.workbench import Workbench


def viewed(bench: Workbench, records: Sequence[Record], revision: str | None = None) -> list[dict[str, Any]]:
    """Records as JSON values. Args: revision: the one that the records are of, where it isn't the current one.

    Type and sentiment are null where nobody has looked at the record: those of a revision that was replaced long ago.
    """
    facets = bench.catalog.facets.get(bench.workspace, [one.id for one in records], revision)
    return [
        record.model_dump(mode="json")
        | {"revision": record.revision}
        | {name: getattr(facets.get(record.id), name, None) for name in ("type", "sentiment")}
        for record in records
    ]
