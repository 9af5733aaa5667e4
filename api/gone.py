"""Records that left their source: still readable by id, and said to be gone."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from api.views import viewed
from assistant.domain.record import Record
from assistant.workbench import Workbench


@dataclass(frozen=True)
class Read:
    """A record as it was asked for, and since when its source no longer holds it."""

    record: Record
    gone_since: datetime | None = None


def read_record(bench: Workbench, record_id: str, revision: str | None = None) -> Read | None:
    """The record of an id (current, or that revision; the last one where it left its source). None: there is none."""
    found = bench.catalog.records.get(bench.workspace, [record_id], revision).get(record_id)
    stone = bench.catalog.tombstones.find(bench.workspace, [record_id]).get(record_id)
    if found is None and stone is not None and revision is None:
        found = bench.catalog.records.get(bench.workspace, [record_id], stone.revision).get(record_id)
    return None if found is None else Read(found, stone.since if stone else None)


def read_view(bench: Workbench, read: Read, revision: str | None = None) -> dict[str, Any]:
    """The record as JSON values, with `gone_since` where it left its source. Args: revision: the one that was asked for."""
    if read.gone_since is None:
        return viewed(bench, [read.record], revision)[0]
    return viewed(bench, [read.record], read.record.revision)[0] | {"gone_since": read.gone_since.isoformat()}
