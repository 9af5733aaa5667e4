"""What an import does to reach: twins and people are linked over all that is stored, and near duplicates are told of."""

from array import array
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from assistant.domain.clean import clean
from assistant.drafting.staleness.mark import mark
from assistant.stores.grouping import twin_links
from assistant.stores.ledger import Sketch, TwinLink
from assistant.workbench import Workbench
from ingest.batches import Prepared
from ingest.clean.sketches import sketches_of
from ingest.numbers import id_number
from ingest.port import FileReport

_AT_ONCE = 1000


def link(bench: Workbench) -> int:
    """Link twins and people among all records of the workspace, and mark the claims of drafts that no longer hold. Returns links that changed.

    Records that were stored by an earlier version get their sketch first. Doing it again changes nothing.
    """
    twins, workspace = bench.catalog.twins, bench.workspace
    while ids := twins.unsketched(workspace, _AT_ONCE):
        records = bench.catalog.records.get(workspace, ids)
        found = sketches_of([clean(records[one].raw).text for one in ids])
        twins.save_sketches(workspace, dict(zip(ids, found, strict=True)))
    changed = twins.relink(workspace)
    changed += bench.catalog.people.relink(workspace, bench.settings.identity_rules)
    mark(bench)
    return changed


@dataclass
class _OneFile:
    report: FileReport
    resumed: bool
    source: str
    ids: "array[int]" = field(default_factory=lambda: array("Q"))
    """64 bits of the id of every record that is kept."""
    rows: "array[int]" = field(default_factory=lambda: array("L"))
    """The row that each of them is of, numbered as they came."""

    def see(self, rows: Sequence[Sequence[str]]) -> None:
        """Remember rows that are kept, by the ids of their records."""
        first = self.rows[-1] + 1 if self.rows else 0
        for number, ids in enumerate(rows, first):
            self.ids.extend(map(id_number, ids))
            self.rows.extend([number] * len(ids))

    def near(self, numbers: "npt.NDArray[np.uint64]") -> int:
        """How many of the rows have a record among these."""
        found = np.isin(np.frombuffer(self.ids, np.uint64), numbers)
        return len(np.unique(np.frombuffer(self.rows, np.dtype("L"))[found]))


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
        self._files[-1].see(batch.kept)
        if not self.stores:
            self._sketches |= batch.sketches

    def fill(self, bench: Workbench) -> None:
        """Write the counts into the reports."""
        if not any(file.ids or file.resumed for file in self._files):
            return
        near = [id_number(one) for one, link in self._links(bench).items() if link.rule == "near"]
        numbers = np.array(near, dtype=np.uint64)
        for file in self._files:
            file.report.near_duplicate = (
                _of_source(bench, file.source) if file.resumed else file.near(numbers)
            )

    def _links(self, bench: Workbench) -> dict[str, TwinLink]:
        if self.stores:
            links: Sequence[TwinLink] = bench.catalog.twins.links(bench.workspace)
            return {one.record_id: one for one in links if not one.undone}
        return twin_links(bench.catalog.twins.sketches(bench.workspace) | self._sketches)


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
