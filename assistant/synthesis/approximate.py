"""Nearest neighbours among very many rows, by a graph that is searched (HNSW, Malkov & Yashunin 2018) through faiss."""

import numpy as np

from assistant.synthesis.grid import Floats, Ints, Vectors

_LINKS = 16
_TRIED_TO_LINK, _TRIED_TO_FIND = 40, 24
"""Candidates kept while a row is linked, and while its neighbours are searched. Themes are the same within chance (NMI ± 0.003) as
from the exact graph or from 64 and 48, which take twice the time."""


def near_rows(steps: Vectors, count: int) -> tuple[Ints, Ints, Floats]:
    """Pairs of a row and one of its `count` nearest: rows, neighbours, inner products; nearly all of the true ones.

    The rows are linked one after the other, with faiss's own fixed seed, and their products on the grid are exact: the pairs
    depend on the rows and their order alone.

    Args: steps: shape (rows, dimension), on the grid.
    """
    import faiss

    threads = faiss.omp_get_max_threads()
    # With several, the order in which rows are linked is chance.
    faiss.omp_set_num_threads(1)
    try:
        index = faiss.IndexHNSWFlat(steps.shape[1], _LINKS, faiss.METRIC_INNER_PRODUCT)
        index.hnsw.efConstruction = _TRIED_TO_LINK
        index.hnsw.efSearch = _TRIED_TO_FIND
        index.add(steps)
        products, found = index.search(steps, count + 1)
    finally:
        faiss.omp_set_num_threads(threads)
    rows = np.arange(len(steps))[:, None]
    # The row itself is mostly the nearest; among many equal rows it may be missing, then the farthest gives way.
    is_other = (found != rows) & (found >= 0)
    is_other &= np.cumsum(is_other, axis=1) <= count
    here, place = np.nonzero(is_other)
    return here, found[here, place].astype(np.int64), products[here, place].astype(np.float64)
