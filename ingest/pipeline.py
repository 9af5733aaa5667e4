"""The use cases `ingest` and `preview`: files, a data frame or records in, every row accounted for.

Per file: recognise → survey all rows → map columns → build records → look up → passages → embed → save. A batch is saved
in one transaction with its checkpoint, so an import that was killed goes on where it stopped.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

from assistant.domain.base import digest
from assistant.errors import DiskFull, IndexLocked, InputRejected, StoreError, UsageError
from assistant.jobs.turns import own_turn
from assistant.stores.port import Checkpoint
from assistant.stores.sync import drain
from assistant.telemetry import get_logger
from assistant.tracing import span
from assistant.workbench import Workbench
from ingest.batches import Prepared, embedded, prepare, save
from ingest.build import Built, Origin, build_document, build_rows
from ingest.collector import rare_collections
from ingest.columns import map_table
from ingest.documents import NO_TEXT_COLUMN, default_source, document_layout, is_document, page_note
from ingest.embedders import offer_of
from ingest.erasures import without_erased
from ingest.inputs import Item, What, items_of
from ingest.mapping import ColumnMapping
from ingest.options import IngestOptions, IngestResult, Progress, WebPage
from ingest.port import FileReport
from ingest.reach import NearRows, link
from ingest.recognise import Opened
from ingest.samples import sampled
from ingest.saved import to_save, with_saved
from ingest.seen import Seen
from ingest.sources import stem_of
from ingest.tally import Tally
from ingest.vanished import Vanished


def ingest(
    bench: Workbench, what: What, options: IngestOptions, progress: Progress | None = None
) -> IngestResult:
    """Import files and folders, a data frame (pandas, polars, Arrow), or lines of records.

    A file that can't be read doesn't stop the others: its report says why. What was imported before is not imported again.
    Broken off at any point, the same call goes on where it stopped.

    Raises:
        InputRejected: a path doesn't exist, or the only file can't be read.
        UsageError: the mapping names an unknown field, or can't be saved; a frame comes without `options.source`.
        NotFound: no saved mapping has that name.
        EmbedderMismatch, DiskFull, StoreError, ModelError: nothing of the batch at hand was saved.
    """
    told = progress or _silent
    with own_turn(bench.catalog.turns.take, bench.workspace, told, of="imports", told="another import"):
        with span("import", {"voxspec.workspace": bench.workspace}) as noted:
            result = _run(bench, what, options, told, stores=True)
            noted.note(files=len(result.files), records=result.records)
        return result


def preview(
    bench: Workbench, what: What, options: IngestOptions, progress: Progress | None = None
) -> IngestResult:
    """What `ingest` would do: reads everything, stores nothing. Raises: as `ingest`."""
    return _run(bench, what, options, progress or _silent, stores=False)


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

    @property
    def is_export(self) -> bool:
        """Whether it lists what its source holds, as no document and no single mail does."""
        return self.mapping is not None and self.opened.layout != "eml"

    def built(self, start: int) -> Iterator[Built]:
        """Rows after the first `start`, as records."""
        connector, mapping = self.opened.connector, self.mapping
        if connector is not None and mapping is not None:
            yield from build_rows(connector.rows(start), mapping, self.origin)
        elif mapping is None and self.opened.parser is not None and start == 0:
            document = self.opened.parser(self.opened.path)
            yield build_document(document, stem_of(self.opened.path), self.origin, self.page)


def _run(
    bench: Workbench, what: What, options: IngestOptions, progress: Progress, *, stores: bool
) -> IngestResult:
    with rare_collections():
        return _each(bench, what, options, progress, stores=stores)


def _each(
    bench: Workbench, what: What, options: IngestOptions, progress: Progress, *, stores: bool
) -> IngestResult:
    items = items_of(what, options)
    options = with_saved(bench, options, len(items))
    seen = Seen(bench.catalog.pages.voices(bench.workspace), partial(_said_at, bench))
    near = NearRows(stores)
    reports: list[FileReport] = []
    vanished = Vanished(bench, options, stores=stores)
    records = 0
    for item in items:
        page = options.pages.get(item.path)
        report = FileReport(path=page.url if page else str(item.path))
        try:
            records += _one_file(bench, item, options, seen, near, vanished, report, progress)
        except InputRejected as problem:
            if len(items) == 1:
                raise
            report.error, report.hint = problem.message, problem.hint
        reports.append(report)
    left = vanished.settle()
    # Also where nothing is new: a killed import may have saved what the index hasn't heard of.
    if stores:
        _drain(bench)
        link(bench)
    near.fill(bench)
    return IngestResult(tuple(reports), records, left, offer_of(bench, reports, stored=stores))


def _said_at(bench: Workbench, record_id: str) -> int | None:
    record = bench.catalog.records.get(bench.workspace, [record_id]).get(record_id)
    return int(record.said_at.timestamp()) if record and record.said_at else None


def _one_file(
    bench: Workbench,
    item: Item,
    options: IngestOptions,
    seen: Seen,
    near: NearRows,
    vanished: Vanished,
    report: FileReport,
    progress: Progress,
) -> int:
    stores = near.stores
    progress(0, None, item.path.name)
    source = _open(bench, item, options, report)
    checkpoint = bench.catalog.imports.get(bench.workspace, source.import_key)
    seen.again = checkpoint is not None and checkpoint.finished
    if checkpoint is None or checkpoint.finished or options.sync or not stores:
        # A finished import is read again: what is no longer there comes back unless it was erased. A sync must see all rows.
        checkpoint = Checkpoint(source.import_key, 0)
    near.open(report, source.origin.source, resumed=checkpoint.rows_done > 0)
    tally = Tally(checkpoint.tally)
    rows = source.built(checkpoint.rows_done)
    if options.sync and source.is_export:
        vanished.open(report)
        rows = vanished.watch(rows)
    rows = without_erased(bench, rows, restore=options.restore_erased)
    if not stores:
        rows = sampled(rows, report)
    elif options.save_as is not None:
        _save_mapping(bench, source, options)
    batches = prepare(bench, rows, seen, tally, stores=stores)
    records = 0
    # What a dry run would save has no vectors.
    ready = embedded(bench, _indexed(bench, batches)) if stores else ((batch, {}) for batch in batches)
    for batch, vectors in ready:
        near.see(batch)
        finished = seen.again or batch.rows_done >= source.total
        records += (
            save(
                bench,
                batch,
                vectors,
                source.import_key,
                finished=finished,
                restores_erased=options.restore_erased,
            )
            if stores
            else len(batch.records)
        )
        progress(batch.rows_done, source.total, item.path.name)
    tally.fill(report, (*source.opened.notes, *source.notes))
    if item.note and source.origin.source == item.name:
        report.reasons.append(item.note)
    return records


def _save_mapping(bench: Workbench, source: _Source, options: IngestOptions) -> None:
    opened, mapping = source.opened, source.mapping
    if opened.connector is None or mapping is None:
        raise UsageError(
            f"{opened.path.name} is a document, which has no columns.",
            hint="Save the mapping of a table: CSV, XLSX or JSON.",
        )
    columns = opened.connector.columns()
    to_be = to_save(opened, columns, mapping, options.mapping, options.save_as or "")
    bench.catalog.mappings.save(bench.workspace, to_be)


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
    except IndexLocked:
        # Who has its turn drains what we saved, or the next search does.
        return
    except DiskFull:
        raise
    except StoreError as problem:
        # The records are saved; the index is a cache that the next open brings up to date or builds anew.
        get_logger("ingest").warning(
            "The vector index can't be written; it is made up for at the next start.", reason=problem.message
        )


def _open(bench: Workbench, item: Item, options: IngestOptions, report: FileReport) -> _Source:
    opened = item.open(bench.settings)
    page = options.pages.get(item.path)
    source = options.source or opened.source or default_source(opened, page, item.name)
    origin = Origin(bench.workspace, source, options.kind, options.language, bench.person_key)
    report.source = origin.source
    mapping, total, notes = _rows_or_document(opened, options)
    key = digest(opened.sha, origin.source, _chosen(mapping, options), options.kind, options.language)
    if mapping is None:
        report.layout, report.confidence = document_layout(opened), 1.0
        if page is not None:
            key, notes = digest(key, page.url), (*notes, page_note(bench, origin, page))
        return _Source(key, 1, origin, opened, None, page, notes)
    report.layout, report.confidence, report.mapping = opened.layout, mapping.confidence, mapping.as_report()
    report.saved_mapping = mapping.saved
    return _Source(key, total, origin, opened, mapping, notes=mapping.notes)


def _chosen(mapping: ColumnMapping | None, options: IngestOptions) -> dict[str, str]:
    """What people said about the columns: with it, the same bytes are another import."""
    saved = mapping.as_report() if mapping is not None and mapping.saved else {}
    return {**saved, **options.mapping}


def _rows_or_document(
    opened: Opened, options: IngestOptions
) -> tuple[ColumnMapping | None, int, tuple[str, ...]]:
    if opened.connector is None or is_document(opened, options):
        return None, 1, ()
    try:
        return *map_table(opened, opened.connector, options), ()
    except InputRejected:
        if opened.parser is None or options.mapping or options.saved_name:
            raise
        return None, 1, (NO_TEXT_COLUMN,)
