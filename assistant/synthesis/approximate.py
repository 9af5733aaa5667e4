"""Nearest neighbours among very many rows, by a graph that is searched (HNSW, Malkov & Yashunin 2018) through faiss."""

import numpy as np

from assistant.synthesis.grid import Floats, Ints, Vectors

_LINKS = 16
_TRIED_TO_LINK, _TRIED_TO_FIND = 40, 24
"""Candidates kept while a row is linked, and while its neighbours are searched. Themes are the same within chance
(NMI ± 0.003) as from the exact graph or from 64 and 48, which take 1.4 times as long."""
_GREATEST = 127
"""Of a byte. With a quarter of the memory to go through, searching takes 0.6 to 0.75 of the time."""
_ROWS_AT_ONCE = 8192
_PAIRS_AT_ONCE = 256
"""Whose rows stay in the processor's cache: four times as fast as with 8192."""


def near_rows(steps: Vectors, count: int) -> tuple[Ints, Ints, Floats]:
    """Pairs of a row and one of its `count` nearest: rows, neighbours, inner products; nearly all of the true ones.

    Rows are searched as bytes, on a coarser grid, whose products are as exact. They are linked one after the other, with faiss's
    own fixed seed: the pairs depend on the rows and their order alone.

    Args: steps: shape (rows, dimension), on the grid.
    """
    import faiss

    # Never finer than the grid, so that products stay below 2**24.
    coarser = np.float32(max(float(np.abs(steps).max()) / _GREATEST, 1.0))
    starts = range(0, len(steps), _ROWS_AT_ONCE)
    threads = faiss.omp_get_max_threads()
    # With several, the order in which rows are linked is chance.
    faiss.omp_set_num_threads(1)
    try:
        index = faiss.IndexHNSWSQ(
            steps.shape[1],
            faiss.ScalarQuantizer.QT_8bit_direct_signed,  # type: ignore[arg-type] # faiss hints at the class where its C++ takes the number of a kind
            _LINKS,
            faiss.METRIC_INNER_PRODUCT,
        )
        index.hnsw.efConstruction = _TRIED_TO_LINK
        index.hnsw.efSearch = _TRIED_TO_FIND
        for start in starts:
            index.add(np.rint(steps[start : start + _ROWS_AT_ONCE] / coarser))
        found = np.concatenate(
            [
                index.search(np.rint(steps[start : start + _ROWS_AT_ONCE] / coarser), count + 1)[1]
                for start in starts
            ]
        )
    finally:
        faiss.omp_set_num_threads(threads)
    rows = np.arange(len(steps))[:, None]
    # The row itself is mostly the nearest; among many equal rows it may be missing, then the farthest gives way.
    is_other = (found != rows) & (found >= 0)
    is_other &= np.cumsum(is_other, axis=1) <= count
    here, place = np.nonzero(is_other)
    there = found[here, place].astype(np.int64)
    return here, there, _products(steps, here, there)


def _products(steps: Vectors, here: Ints, there: Ints) -> Floats:
    found = np.empty(len(here))
    for start in range(0, len(here), _PAIRS_AT_ONCE):
        pairs = slice(start, start + _PAIRS_AT_ONCE)
        found[pairs] = np.einsum("ij,ij->i", steps[here[pairs]], steps[there[pairs]])
    return found
