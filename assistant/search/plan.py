"""The filter planner: which way to the nearest passages costs least for this scope.

Measured: the vector index's own filters cost 100-460 times an unfiltered query at 100,000 passages, and below
about 20,000 passages exact search is as fast as the index. So the index is asked without a filter for more than is
needed, and what the scope leaves out is dropped here.
"""

import numpy as np
import numpy.typing as npt

from assistant.errors import StoreError
from assistant.search.exact import cosines, nearest, similarities
from assistant.search.matrix import Bools, CorpusMatrix
from assistant.stores.index_port import VectorIndex
from assistant.stores.sync import drain
from assistant.telemetry import get_logger
from assistant.workbench import Workbench

EXACT_PASSAGES = 20_000
"""A corpus of up to so many passages is compared one by one: 4 ms, and no index to open."""
EXACT_CANDIDATES = 8_000
"""So are up to so many candidates of a larger one. Gathering their rows costs more than comparing: 20,000 take 20 ms, the index 5 ms."""
OVERSAMPLE = 1.5
"""Asked of the index beyond what the filter's share calls for."""
WIDEN = 4
"""Factor of each further question when too few came through the filter."""
MOST_ASKED = 4_000
"""Beyond this, comparing one by one costs less than another question."""
MOST_DRAINED = 200
"""Changes that a search takes into the index itself, about 0.2 s, where it is brought up to date anyway."""


def dense(
    bench: Workbench,
    matrix: CorpusMatrix,
    vector: npt.NDArray[np.float32],
    mask: Bools | None,
    limit: int,
) -> list[tuple[int, float]]:
    """Nearest passages of the records that the mask leaves.

    Args:
        vector: the question, unit length.
        mask: shape (records,), or None for all.

    Returns: (row of the passage, cosine), best first, ties by passage id.
    """
    total = len(matrix.rows.passage_ids)
    if total == 0 or limit <= 0:
        return []
    candidates = total if mask is None else int(np.count_nonzero(mask[matrix.passage_record]))
    # The size is looked at first: a small corpus never opens the index.
    if total > EXACT_PASSAGES and candidates > EXACT_CANDIDATES and bench.index is not None:
        try:
            found = _through_index(bench, bench.index, matrix, vector, mask, limit, candidates / total)
        except StoreError as problem:
            get_logger("search").warning("index_failed", code=problem.code, served="exact")
            found = None
        if found is not None:
            return found
    passages, similarity = similarities(matrix, vector, mask)
    return nearest(passages, similarity, limit)


def _through_index(
    bench: Workbench,
    index: VectorIndex,
    matrix: CorpusMatrix,
    vector: npt.NDArray[np.float32],
    mask: Bools | None,
    limit: int,
    share: float,
) -> list[tuple[int, float]] | None:
    """Ask the index, drop what the mask leaves out, widen on underfill. None: too few came through."""
    behind = bench.catalog.outbox.head(bench.workspace) - index.applied()
    if behind > MOST_DRAINED and bench.index_is_kept:
        return None
    if behind > 0:
        drain(bench.catalog, index, bench.workspace)
    total = len(matrix.rows.passage_ids)
    asked = limit if mask is None else int(np.ceil(limit / share * OVERSAMPLE))
    while asked <= min(MOST_ASKED, total):
        names = (name for name, _ in index.query(vector, asked))
        rows = np.array(
            [row for name in names if (row := matrix.passage_row.get(name)) is not None], dtype=np.int64
        )
        if mask is not None:
            rows = rows[mask[matrix.passage_record[rows]]]
        if len(rows) >= limit:
            # Compared again with the catalog's vectors, so that both ways give the same numbers.
            rows = np.sort(rows)
            return nearest(rows, cosines(matrix.unit_rows(rows), vector), limit)
        asked *= WIDEN
    return None
