"""`--sync`: records that their source no longer holds. Only a complete export can tell, so in doubt nothing is removed."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from assistant.workbench import Workbench
from ingest.build import Built
from ingest.options import IngestOptions
from ingest.port import FileReport

_MOST = 0.5
"""Share of a source's records that may go unasked."""


@dataclass
class _Export:
    """One table of the import, and which of its source's records it was not seen to hold."""

    report: FileReport
    missing: dict[str, None]
    before: int
    unread: int = 0
    without_id: int = 0


class Vanished:
    """What a sync of this import removes: watches every row, and settles when all files are read."""

    def __init__(self, bench: Workbench, options: IngestOptions, *, stores: bool) -> None:
        self._bench = bench
        self._options = options
        self._stores = stores
        self._sources: dict[str, list[_Export]] = {}
        self._open: _Export | None = None

    def open(self, report: FileReport) -> None:
        """The next table."""
        held = self._bench.catalog.tombstones.of_source(
            self._bench.workspace, report.source, self._options.kind.value
        )
        self._open = _Export(report, dict.fromkeys(held), len(held))
        self._sources.setdefault(report.source, []).append(self._open)

    def watch(self, rows: Iterator[Built]) -> Iterator[Built]:
        """The same rows, each noted."""
        export = self._open
        for row in rows:
            if export is not None:
                export.unread += bool(row.problem) and not row.left_out
                for candidate in row.candidates:
                    export.without_id += candidate.record.external_id is None
                    export.missing.pop(candidate.record.id, None)
            yield row

    def settle(self) -> int:
        """Remove what vanished, or say in the reports why not. Returns how many records were removed, or would be."""
        since = datetime.now(UTC)
        gone: list[str] = []
        for source, exports in self._sources.items():
            refusal = self._refusal(source, exports)
            for export in exports:
                export.report.vanished = 0 if refusal else len(export.missing)
                export.report.sync_refused = refusal
            if not refusal:
                gone += exports[0].missing
        if self._stores and gone:
            self._bench.catalog.tombstones.bury(self._bench.workspace, sorted(gone), since)
        return len(gone)

    def _refusal(self, source: str, exports: list[_Export]) -> str:
        why = self._doubt(source, exports)
        return f"No vanished records were taken out of source '{source}': {why}." if why else ""

    def _doubt(self, source: str, exports: list[_Export]) -> str:
        if len(exports) > 1:
            return (
                f"{len(exports)} files of this import are exports of it, and none tells of the others' rows"
            )
        [export] = exports
        if export.report.error:
            return "its file was refused"
        if export.unread:
            return f"{_rows(export.unread)} couldn't be read, and may hold what seems to be missing"
        if export.without_id:
            return (
                f"{_rows(export.without_id)} without an id of their own, so a changed one can't be told "
                "from one that is gone (--map external_id=COLUMN names the ids)"
            )
        gone = len(export.missing)
        if gone > _MOST * export.before and not self._options.confirmed:
            return (
                f"{gone:,} of its {export.before:,} records would go, more than half. If the file is complete, "
                "confirm with --yes (over HTTP: confirm=true)"
            )
        return ""


def _rows(count: int) -> str:
    return f"{count:,} {'row' if count == 1 else 'rows'}"
