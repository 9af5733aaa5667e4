"""The use cases `ingest` and `preview`: files in, every row accounted for.

Per file: recognise → survey all rows → map columns → build records → look up → passages → embed → save. A batch is saved
in one transaction with its checkpoint, so an import that was killed goes on where it stopped.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from assistant.domain.base import digest
from assistant.errors import InputRejected, StoreCorrupt
from assistant.stores.port import Checkpoint
from assistant.stores.sync import drain
from assistant.telemetry import get_logger
from assistant.workbench import Workbench
from ingest.batches import Prepared, embedded, prepare, save
from ingest.build import Built, Origin, build_document, build_row
from ingest.columns import map_table
from ingest.documents import NO_TEXT_COLUMN, default_source, document_layout, is_document
from ingest.embedders import offer_of
from ingest.mapping import ColumnMapping
from ingest.options import IngestOptions, IngestResult, Progress, WebPage
from ingest.port import FileReport
from ingest.reach import NearRows, link
from ingest.recognise import Opened, find_files, open_file
from ingest.seen import Seen
from ingest.sources import NAMESAKE, source_names, stem_of
from ingest.tally import Tally
from ingest.turns import own_turn


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
    told = progress or _silent
    with own_turn(bench.settings.home, bench.workspace, told):
        return _run(bench, paths, options, told, stores=True)


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
    """None for a document."""
    page: WebPage | None = None
    notes: tuple[str, ...] = ()

    def built(self, start: int) -> Iterator[Built]:
        """Rows after the first `start`, as records."""
        connector, mapping = self.opened.connector, self.mapping
        if connector is not None and mapping is not None:
            for row in connector.rows(start):
                yield build_row(row, mapping, self.origin)
        elif mapping is None and self.opened.parser is not None and start == 0:
            document = self.opened.parser(self.opened.path)
            yield build_document(document, stem_of(self.opened.path), self.origin, self.page)


def _run(
    bench: Workbench, paths: Sequence[Path], options: IngestOptions, progress: Progress, *, stores: bool
) -> IngestResult:
    files = find_files(paths)
    names = source_names(files)
    held = bench.corpus()
    seen = Seen(held)
    near = NearRows(stores)
    reports: list[FileReport] = []
    records = 0
    for path in files:
        report = FileReport(path=options.pages[path].url if path in options.pages else str(path))
        try:
            records += _one_file(bench, path, names[path], options, seen, near, report, progress)
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
    return IngestResult(tuple(reports), records, offer_of(bench, held, reports))


def _one_file(
    bench: Workbench,
    path: Path,
    name: str,
    options: IngestOptions,
    seen: Seen,
    near: NearRows,
    report: FileReport,
    progress: Progress,
) -> int:
    stores = near.stores
    progress(0, None, path.name)
    source = _open(bench, path, name, options, report)
    checkpoint = bench.catalog.imports.get(bench.workspace, source.import_key)
    seen.again = checkpoint is not None and checkpoint.finished
    if checkpoint is None or checkpoint.finished or not stores:
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
        finished = seen.again or batch.rows_done >= source.total
        records += (
            save(bench, batch, vectors, source.import_key, finished=finished)
            if stores
            else len(batch.records)
        )
        progress(batch.rows_done, source.total, path.name)
    tally.fill(report, (*source.opened.notes, *source.notes))
    if source.origin.source == name != stem_of(path):
        report.reasons.append(NAMESAKE.format(stem=stem_of(path), name=name))
    return records


def _indexed(bench: Workbench, batches: Iterator[Prepared]) -> Iterator[Prepared]:
    """The same batches; before each, the index hears of those that were saved, while the embedder is at work."""
    for batch in batches:
        yield batch
        _drain(bench)


def _drain(bench: Workbench) -> None:
    if bench.index is None:
        return
    try:
        drain(bench.catalog, bench.index, bench.workspace)
    except StoreCorrupt as problem:
        # The records are saved; the index is a cache that the next open builds anew.
        get_logger("ingest").warning(
            "The vector index can't be written; it is built anew at the next start.", reason=problem.message
        )


def _open(bench: Workbench, path: Path, name: str, options: IngestOptions, report: FileReport) -> _Source:
    opened = open_file(path, bench.settings)
    page = options.pages.get(path)
    source = options.source or opened.source or default_source(opened, page, name)
    origin = Origin(bench.workspace, source, options.kind, options.language, bench.person_key)
    key = digest(opened.sha, origin.source, dict(options.mapping), options.kind, options.language)
    mapping, total, notes = _rows_or_document(opened, options)
    if mapping is None:
        report.layout, report.confidence = document_layout(opened), 1.0
        return _Source(key if page is None else digest(key, page.url), 1, origin, opened, None, page, notes)
    report.layout, report.confidence, report.mapping = opened.layout, mapping.confidence, mapping.as_report()
    return _Source(key, total, origin, opened, mapping, notes=mapping.notes)


def _rows_or_document(
    opened: Opened, options: IngestOptions
) -> tuple[ColumnMapping | None, int, tuple[str, ...]]:
    if opened.connector is None or is_document(opened, options):
        return None, 1, ()
    try:
        return *map_table(opened, opened.connector, options.mapping), ()
    except InputRejected:
        if opened.parser is None or options.mapping:
            raise
        return None, 1, (NO_TEXT_COLUMN,)
