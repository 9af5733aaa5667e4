"""Bug reports of two projects with their known duplicates (gitbugs, CC-BY 4.0), as the tickets of a workspace."""

import csv
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from assistant.domain.clean import clean
from assistant.domain.ids import record_id, text_hash
from assistant.domain.record import Record
from assistant.stores.port import RecordBatch
from assistant.workbench import Workbench
from ingest.passages import slices_of

_TIMES = ("%Y-%m-%d %H:%M:%S%z", "%d/%b/%y %H:%M")
_BATCH = 250


@dataclass(frozen=True)
class Report:
    """A bug report."""

    key: str
    title: str
    body: str
    at: datetime


@dataclass(frozen=True)
class Project:
    """The reports of a project, and which of them say the same."""

    name: str
    reports: tuple[Report, ...]
    duplicates: dict[str, frozenset[str]]
    """Key → keys of the known duplicates that are among the reports; reports without any are absent."""


def read_project(folder: Path, name: str, file: str, most: int | None = None) -> Project:
    """Read a project of gitbugs.

    Args:
        file: stem of its two files.
        most: so many of the reports that have duplicates, for a quick run; the reports stay all.
    """
    csv.field_size_limit(10_000_000)
    with (folder / f"{file}_bugs.csv").open(encoding="utf-8", newline="") as rows:
        reports = tuple(
            Report(row["Issue id"], row["Summary"], row["Description"], _time(row["Created"]))
            for row in csv.DictReader(rows)
        )
    known = {report.key for report in reports}
    found: dict[str, frozenset[str]] = {}
    with (folder / f"{file}_bugs-combined.csv").open(encoding="utf-8", newline="") as rows:
        for row in csv.DictReader(rows):
            others = frozenset(key.strip() for key in row["Duplicate id"].split(",")) & known
            if row["Issue id"] in known and others:
                found[row["Issue id"]] = others
    return Project(name, reports, dict(list(found.items())[:most]))


def _time(written: str) -> datetime:
    for form in _TIMES:
        try:
            told = datetime.strptime(written, form)
        except ValueError:
            continue
        return told if told.tzinfo else told.replace(tzinfo=UTC)
    raise ValueError(f"{written!r} is no time of gitbugs")


def as_record(workspace: str, project: Project, report: Report) -> Record:
    """A report as the record that its ticket becomes."""
    source = f"tracker:{project.name.lower()}"
    raw = f"{report.title}\n\n{report.body}".strip()
    return Record(
        workspace=workspace,
        id=record_id(workspace, source, report.key),
        source=source,
        raw=raw,
        external_id=report.key,
        title=report.title,
        said_at=report.at,
        language="en",
        voice=text_hash(raw),
    )


def fill_with(bench: Workbench, project: Project) -> None:
    """Put a project's reports into the workspace."""
    for start in range(0, len(project.reports), _BATCH):
        records = [
            as_record(bench.workspace, project, one) for one in project.reports[start : start + _BATCH]
        ]
        slices = [part for record in records for part in slices_of(record, clean(record.raw))]
        texts = {part.passage.text_hash: part.text for part in slices}
        vectors = bench.embedder.embed(list(texts.values()))
        bench.catalog.records.add(
            bench.workspace,
            RecordBatch(
                records=records,
                passages=[part.passage for part in slices],
                vectors=dict(zip(texts, vectors, strict=True)),
                terms={part.passage.id: part.terms for part in slices},
                embedder=bench.embedder.identity,
            ),
        )
