"""What an import does to reach: twins and people are linked over all that is stored, and near duplicates are told of."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from assistant.domain.clean import clean
from assistant.stores.grouping import twin_links
from assistant.stores.ledger import Sketch, TwinLink
from assistant.workbench import Workbench
from ingest.batches import Prepared
from ingest.clean.sketches import sketches_of
from ingest.port import FileReport

_AT_ONCE = 1000


def link(bench: Workbench) -> int:
    """Link twins and people among all records of the workspace. Returns links that changed.

    Records that were stored by an earlier version get their sketch first. Doing it again changes nothing.
    """
    twins, workspace = bench.catalog.twins, bench.workspace
    while ids := twins.unsketched(workspace, _AT_ONCE):
        records = bench.catalog.records.get(workspace, ids)
        found = sketches_of([clean(records[one].raw).text for one in ids])
        twins.save_sketches(workspace, dict(zip(ids, found, strict=True)))
    changed = twins.relink(workspace)
    return changed + bench.catalog.people.relink(workspace, bench.settings.identity_rules)


@dataclass
class _OneFile:
    report: FileReport
    resumed: bool
    source: str
    kept: list[tuple[str, ...]] = field(default_factory=list)


@dataclass
class NearRows:
    """Counts, once everything is linked, which rows of an import almost repeat another record."""

    stores: bool
    _files: list[_OneFile] = field(default_factory=list)
    _sketches: dict[str, Sketch] = field(default_factory=dict)

    def open(self, report: FileReport, source: str, *, resumed: bool) -> None:
        """The next file. Args: resumed: an earlier call began it, so that not all of its rows will be seen."""
        self._files.append(_OneFile(report, resumed, source))

    def see(self, batch: Prepared) -> None:
        """Remember the rows that a batch keeps."""
        self._files[-1].kept += batch.kept
        if not self.stores:
            self._sketches |= batch.sketches

    def fill(self, bench: Workbench) -> None:
        """Write the counts into the reports."""
        if not any(file.kept or file.resumed for file in self._files):
            return
        links = self._links(bench)
        for file in self._files:
            near = sum(any(_is_near(links, one) for one in row) for row in file.kept)
            file.report.near_duplicate = _of_source(bench, file.source) if file.resumed else near

    def _links(self, bench: Workbench) -> dict[str, TwinLink]:
        if self.stores:
            links: Sequence[TwinLink] = bench.catalog.twins.links(bench.workspace)
            return {one.record_id: one for one in links if not one.undone}
        return twin_links(bench.catalog.twins.sketches(bench.workspace) | self._sketches)


def _is_near(links: dict[str, TwinLink], record_id: str) -> bool:
    return record_id in links and links[record_id].rule == "near"


def _of_source(bench: Workbench, source: str) -> int:
    """Near twins of a whole source, echoes of one voice counted once, as they are when they are kept."""
    rows = bench.corpus()
    near = rows.ledger.twins
    voices = {
        voice
        for record_id, own, voice in zip(rows.record_ids, rows.source, rows.own_voices, strict=True)
        if own == source and record_id in near and near[record_id].rule == "near"
    }
    return len(voices)
