"""A file of a known layout, read up to its records, without a store."""

from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from assistant.domain.record import Record, RecordKind
from assistant.settings import Settings
from ingest.build import Origin, build_rows
from ingest.layouts.known import Known
from ingest.recognise import Opened, open_file
from ingest.survey import survey

WORKSPACE = "default"


@dataclass(frozen=True)
class Reading:
    """What one file gives."""

    opened: Opened
    known: Known
    mapping: dict[str, str]
    rows: int
    records: dict[str, Record]
    """By external id; of repeated ones the last."""
    dropped: Counter[str]
    empty: int
    remarks: Counter[str]


def read(path: Path, chosen: dict[str, str] | None = None) -> Reading:
    """Open a file, map it, and build what its rows hold."""
    opened = open_file(path, Settings(home=path.parent))
    connector = opened.connector
    assert connector is not None
    assert opened.known, f"{path.name} was not recognised"
    seen = survey(connector.columns(), connector.rows())
    mapping = opened.known.mapped(seen, chosen or {}, path.name)
    origin = Origin(WORKSPACE, opened.source or path.stem, RecordKind.customer)
    built = list(build_rows(connector.rows(), mapping, origin))
    records = [candidate.record for one in built for candidate in one.candidates]
    return Reading(
        opened,
        opened.known,
        mapping.as_report(),
        len(built),
        {record.external_id or f"?{n}": record for n, record in enumerate(records)},
        Counter(one.problem for one in built if one.problem),
        sum(not one.problem and not one.candidates for one in built),
        Counter(remark for one in built for remark in one.remarks),
    )
