"""The use cases `ingest` and `preview`: files in, every row accounted for.

Per file: recognise → survey all rows → map columns → build records → look up → passages → embed → save. A batch is saved
in one transaction with its checkpoint, so an import that was killed goes on where it stopped.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from assistant.domain.base import digest
from assistant.errors import InputRejected
from assistant.stores.port import Checkpoint
from assistant.stores.sync import drain
from assistant.workbench import Workbench
from ingest.batches import Prepared, Vectors, embedded, prepare, save
from ingest.build import Built, Origin, build_document, build_row
from ingest.mapping import ColumnMapping, detect
from ingest.options import IngestOptions, IngestResult, Progress
from ingest.port import Connector, FileReport
from ingest.reach import NearRows, link
from ingest.recognise import Opened, find_files, open_file
from ingest.seen import Seen
from ingest.survey import survey
from ingest.tally import Tally


def ingest(
    bench: Workbench, paths: Sequence[Path], options: IngestOptions, progress: Progress | None = None
) -> IngestResult:
    """Import files and folders.

    A file that can't be read doesn't stop the others: its report says why. What was imported before is not imported again.
    Broken off at any point, the same call goes on where it stopped.

    Raises:
        InputRejected: a path doesn't exist, or the only file can't be read.
        UsageError: the mapping names an unknown field.
        EmbedderMismatch, DiskFull, StoreError, ModelError: nothing of the batch at hand was saved.
    """
    return _run(bench, paths, options, progress or _silent, stores=True)


def preview(
    bench: Workbench, paths: Sequence[Path], options: IngestOptions, progress: Progress | None = None
) -> IngestResult:
    """What `ingest` would do: reads everything, stores nothing. Raises: as `ingest`."""
    return _run(bench, paths, options, progress or _silent, stores=False)


def _silent(done: int, total: int | None, message: str) -> None:
    """No progress is shown."""


@dataclass
class _Source:
    """One file, ready to be read row by row."""

    import_key: str
    total: int
    origin: Origin
    opened: Opened
    mapping: ColumnMapping | None

    def built(self, start: int) -> Iterator[Built]:
        """Rows after the first `start`, as records."""
        connector, mapping = self.opened.connector, self.mapping
        if connector is not None and mapping is not None:
            for row in connector.rows(start):
                yield build_row(row, mapping, self.origin)
        elif self.opened.parser is not None and start == 0:
            yield build_document(self.opened.parser(self.opened.path), self.opened.path.stem, self.origin)


def _run(
    bench: Workbench, paths: Sequence[Path], options: IngestOptions, progress: Progress, *, stores: bool
) -> IngestResult:
    files = find_files(paths)
    seen = Seen(bench.corpus())
    near = NearRows(stores)
    reports: list[FileReport] = []
    records = 0
    for path in files:
        report = FileReport(path=str(path))
        try:
            records += _one_file(bench, path, options, seen, near, report, progress)
        except InputRejected as problem:
            if len(files) == 1:
                raise
            report.error, report.hint = problem.message, problem.hint
        reports.append(report)
    # Also where nothing is new: a killed import may have saved what the index hasn't heard of.
    if stores:
        _drain(bench)
        link(bench)
    near.fill(bench)
    return IngestResult(tuple(reports), records)


def _one_file(
    bench: Workbench,
    path: Path,
    options: IngestOptions,
    seen: Seen,
    near: NearRows,
    report: FileReport,
    progress: Progress,
) -> int:
    stores = near.stores
    progress(0, None, path.name)
    source = _open(bench, path, options, report)
    checkpoint = bench.catalog.imports.get(bench.workspace, source.import_key) if stores else None
    if checkpoint is None or checkpoint.finished:
        # A finished import is read again: what was erased since comes back, everything else is a duplicate.
        checkpoint = Checkpoint(source.import_key, 0)
    near.open(report, source.origin.source, resumed=checkpoint.rows_done > 0)
    tally = Tally(checkpoint.tally)
    batches = prepare(bench, source.built(checkpoint.rows_done), seen, tally)
    records = 0
    # What a dry run would save has no vectors.
    ready = embedded(bench, _indexed(bench, batches)) if stores else ((batch, {}) for batch in batches)
    for batch, vectors in ready:
        near.see(batch)
        records += _commit(bench, source, batch, vectors) if stores else len(batch.records)
        progress(batch.rows_done, source.total, path.name)
    tally.fill(report, source.mapping.notes if source.mapping else ())
    return records


def _indexed(bench: Workbench, batches: Iterator[Prepared]) -> Iterator[Prepared]:
    """The same batches; before each, the index hears of those that were saved, while the embedder is at work."""
    for batch in batches:
        yield batch
        _drain(bench)


def _drain(bench: Workbench) -> None:
    if bench.index is not None:
        drain(bench.catalog, bench.index, bench.workspace)


def _commit(bench: Workbench, source: _Source, batch: Prepared, vectors: Vectors) -> int:
    return save(bench, batch, vectors, source.import_key, finished=batch.rows_done >= source.total)


def _open(bench: Workbench, path: Path, options: IngestOptions, report: FileReport) -> _Source:
    opened = open_file(path, bench.settings)
    report.layout = opened.layout
    origin = Origin(bench.workspace, options.source or path.stem, options.kind, options.language)
    key = digest(opened.sha, origin.source, dict(options.mapping), options.kind, options.language)
    if opened.connector is None:
        report.confidence = 1.0
        return _Source(key, 1, origin, opened, None)
    mapping, total = _mapped(opened.connector, path, options)
    report.confidence, report.mapping = mapping.confidence, mapping.as_report()
    return _Source(key, total, origin, opened, mapping)


def _mapped(connector: Connector, path: Path, options: IngestOptions) -> tuple[ColumnMapping, int]:
    seen = survey(connector.columns(), connector.rows())
    if not seen.rows:
        raise InputRejected(
            f"{path.name} has no rows below its header.", hint="Export it again with data, or leave it out."
        )
    return detect(seen, options.mapping, path.name), seen.rows
