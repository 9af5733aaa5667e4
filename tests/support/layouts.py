"""Exports of known layouts, as they are and as people and tools rewrite them."""

import csv
import io
import random
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from openpyxl import Workbook

from assistant.domain.record import Record
from ingest.options import IngestOptions
from ingest.pipeline import ingest
from ingest.port import FileReport
from tests.support.ingest_bench import open_bench

LAYOUTS = Path(__file__).parents[1] / "fixtures" / "layouts"
Table = list[list[str]]


def table(name: str) -> Table:
    """All rows of a fixture, headers included, each as wide as the first."""
    raw = (LAYOUTS / name).read_bytes()
    text = raw.decode("utf-16" if raw.startswith(b"\xff\xfe") else "utf-8")
    rows = list(csv.reader(io.StringIO(text, newline="")))
    return [row + [""] * (len(rows[0]) - len(row)) for row in rows]


def save(rows: Table, path: Path, *, delimiter: str = ",", encoding: str = "utf-8") -> Path:
    """Write rows as delimited text."""
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=delimiter, lineterminator="\r\n").writerows(rows)
    path.write_bytes(text.getvalue().encode(encoding))
    return path


def save_workbook(rows: Sequence[Sequence[str | int | datetime]], path: Path) -> Path:
    """Write rows as a workbook, each cell with its type."""
    book = Workbook()
    for row in rows:
        book.active.append(row)
    book.save(path)
    return path


def shuffled(rows: Table, together: Sequence[Sequence[int]] = ()) -> Table:
    """The same table with its columns in another order; columns of one group stay side by side."""
    grouped = {place for group in together for place in group}
    blocks = [list(group) for group in together] + [[i] for i in range(len(rows[0])) if i not in grouped]
    random.Random(4).shuffle(blocks)
    order = [place for block in blocks for place in block]
    return [[row[place] for place in order] for row in rows]


def loud(rows: Table, headers: int) -> Table:
    """The same table with its header rows in capitals."""
    return [[cell.upper() for cell in row] for row in rows[:headers]] + rows[headers:]


def bring_in(home: Path, *paths: Path) -> tuple[list[FileReport], list[Record]]:
    """Import files into a new workspace. Returns: the reports and the current records, by id."""
    with open_bench(home) as bench:
        reports = list(ingest(bench, list(paths), IngestOptions()).files)
        return reports, list(bench.catalog.pages.page("default", None, 10_000))


def essence(records: Sequence[Record]) -> list[dict[str, object]]:
    """What records say, without what a renamed file or header changes: ids, the source, the letters' case of questions."""
    kept = []
    for record in records:
        plain = record.model_dump(mode="json", exclude={"id", "workspace", "source", "anchors"})
        plain["segments"] = {name: value.casefold() for name, value in record.segments.items()}
        kept.append(plain)
    return sorted(kept, key=str)
