"""The graph of nearest neighbours: which statements are most alike."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from assistant.synthesis.approximate import near_rows
from assistant.synthesis.grid import SCALE, Floats, Ints, Vectors

NEIGHBOURS = 15
"""Edges that each statement starts; more blur fine themes, fewer tear coarse ones apart."""
EXACT = 10_000
"""Rows up to which all are compared with all."""
_ROWS_AT_ONCE = 1024
_TOGETHER = 64


@dataclass(frozen=True)
class Graph:
    """Undirected edges of a graph over rows, each once, sorted."""

    rows: int
    first: Ints
    """Shape (edges,); less than `second`."""
    second: Ints
    weight: Floats
    """Cosine, above 0."""


def nearest_neighbours(steps: Vectors, count: int = NEIGHBOURS) -> Graph:
    """Connect each row with the rows of the greatest cosine.

    Exact for up to `EXACT` rows, beyond them nearly so. Equal cosines are broken by the row's place, so the caller's order must
    depend on content alone.

    Args: steps: shape (rows, dimension), on the grid.
    """
    rows = len(steps)
    count = min(count, rows - 1)
    if count < 1:
        return Graph(rows, np.empty(0, np.int64), np.empty(0, np.int64), np.empty(0))
    here, there, product = (_exact if rows <= EXACT else near_rows)(steps, count)
    kept = product > 0
    here, there, product = here[kept], there[kept], product[kept]
    edges, places = np.unique(np.minimum(here, there) * rows + np.maximum(here, there), return_index=True)
    return Graph(rows, edges // rows, edges % rows, product[places] / (SCALE * SCALE))


def _exact(steps: Vectors, count: int) -> tuple[Ints, Ints, Floats]:
    near, products = [], []
    for start in range(0, len(steps), _ROWS_AT_ONCE):
        block = steps[start : start + _ROWS_AT_ONCE] @ steps.T
        own = np.arange(len(block))
        block[own, own + start] = -np.inf
        places = _top(block, count)
        near.append(places.ravel())
        products.append(np.take_along_axis(block, places, axis=1).ravel())
    here = np.repeat(np.arange(len(steps)), count)
    return here, np.concatenate(near), np.concatenate(products).astype(np.float64)


def inside(graph: Graph, labels: Ints, count: int) -> Iterator[Graph]:
    """The part of a graph within each label, in their order; its rows are numbered by their place among the label's."""
    place = np.empty(graph.rows, dtype=np.int64)
    order = np.argsort(labels, kind="stable")
    begins = np.searchsorted(labels[order], np.arange(count + 1))
    place[order] = np.arange(graph.rows) - begins[labels[order]]
    own = labels[graph.first]
    kept = np.flatnonzero(own == labels[graph.second])
    kept = kept[np.argsort(own[kept], kind="stable")]
    edges = np.searchsorted(own[kept], np.arange(count + 1))
    for label in range(count):
        held = kept[edges[label] : edges[label + 1]]
        rows = int(begins[label + 1] - begins[label])
        yield Graph(rows, place[graph.first[held]], place[graph.second[held]], graph.weight[held])


def _top(products: Vectors, count: int) -> Ints:
    """Places of the greatest values per row, shape (rows, count); of equal ones the first."""
    rows, columns = products.shape
    whole = columns // _TOGETHER
    if whole < 2 * count:
        return _top_of_few(products, count)
    # The count-th greatest of the blocks' greatest is a bound that few others reach; finding those is four times as fast as
    # a partition of all.
    greatest = products[:, : whole * _TOGETHER].reshape(rows, whole, _TOGETHER).max(axis=2)
    bound = np.partition(greatest, whole - count, axis=1)[:, whole - count]
    row, place = np.nonzero(products >= bound[:, None])
    if len(row) > 8 * count * rows:
        return _top_of_few(products, count)
    order = np.lexsort((place, -products[row, place], row))
    begins = np.searchsorted(row, np.arange(rows))
    best: Ints = place[order[begins[:, None] + np.arange(count)]]
    return best


def _top_of_few(products: Vectors, count: int) -> Ints:
    border = -np.partition(-products, count - 1, axis=1)[:, count - 1 : count]
    surely = products > border
    missing = count - surely.sum(axis=1, keepdims=True)
    at_border = products == border
    chosen = surely | (at_border & (np.cumsum(at_border, axis=1) <= missing))
    return np.nonzero(chosen)[1].reshape(len(products), count)
