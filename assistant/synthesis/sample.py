"""A part of a workspace, cut into statements without keeping anything. Ids are hashes: the first ones are a random sample."""

from collections.abc import Iterator, Sequence

import numpy as np

from assistant.domain.record import RecordKind
from assistant.search.matrix import CorpusMatrix, Ints
from assistant.stores.theme_port import Uncut
from assistant.synthesis.cut import Cut, statements_of
from assistant.workbench import Workbench

_AT_ONCE = 500


def customers_of(matrix: CorpusMatrix) -> Ints:
    """Corpus rows of what customers said, ascending."""
    return np.flatnonzero(matrix.kind.among([RecordKind.customer]))


def cuts_of(
    bench: Workbench, matrix: CorpusMatrix, records: Sequence[int]
) -> Iterator[tuple[str, list[Cut]]]:
    """Record id and statements of corpus rows, in that order, as a run would cut them."""
    starts = np.searchsorted(matrix.passage_record, np.arange(len(matrix.rows.record_ids) + 1))
    for first in range(0, len(records), _AT_ONCE):
        some = records[first : first + _AT_ONCE]
        ids = [matrix.rows.record_ids[row] for row in some]
        found = bench.catalog.records.get(bench.workspace, ids)
        passages = [matrix.rows.passage_ids[starts[row] : starts[row + 1]] for row in some]
        held = bench.catalog.records.passages(bench.workspace, [one for part in passages for one in part])
        for record_id, part in zip(ids, passages, strict=True):
            spans = tuple(sorted((held[one].start, held[one].end) for one in part))
            record = found[record_id]
            yield record_id, statements_of(Uncut(record_id, record.raw, record.language, spans))
