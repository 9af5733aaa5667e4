"""The graph of nearest neighbours: which statements are most alike."""

from dataclasses import dataclass

import numpy as np

from assistant.synthesis.grid import SCALE, Floats, Ints, Vectors

NEIGHBOURS = 15
"""Edges that each statement starts; more blur fine themes, fewer tear coarse ones apart."""
_ROWS_AT_ONCE = 1024


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

    Exact; equal cosines are broken by the row's place, so the caller's order must depend on content alone.

    Args: steps: shape (rows, dimension), on the grid.
    """
    rows = len(steps)
    count = min(count, rows - 1)
    if count < 1:
        return Graph(rows, np.empty(0, np.int64), np.empty(0, np.int64), np.empty(0))
    codes, weights = [], []
    for start in range(0, rows, _ROWS_AT_ONCE):
        cosines = steps[start : start + _ROWS_AT_ONCE] @ steps.T
        own = np.arange(len(cosines))
        cosines[own, own + start] = -np.inf
        near = _top(cosines, count)
        weight = np.take_along_axis(cosines, near, axis=1).ravel()
        here = np.repeat(own + start, count)
        there = near.ravel()
        kept = weight > 0
        codes.append((np.minimum(here, there) * rows + np.maximum(here, there))[kept])
        weights.append(weight[kept])
    edges, places = np.unique(np.concatenate(codes), return_index=True)
    weight = np.concatenate(weights)[places].astype(np.float64) / (SCALE * SCALE)
    return Graph(rows, edges // rows, edges % rows, weight)


def induced(graph: Graph, rows: Ints) -> Graph:
    """The part of a graph between some rows, numbered by their place among these. Args: rows: ascending."""
    place = np.full(graph.rows, -1, dtype=np.int64)
    place[rows] = np.arange(len(rows))
    first, second = place[graph.first], place[graph.second]
    kept = (first >= 0) & (second >= 0)
    return Graph(len(rows), first[kept], second[kept], graph.weight[kept])


def _top(cosines: Vectors, count: int) -> Ints:
    """Places of the greatest values per row; of equal ones at the border, the first."""
    border = -np.partition(-cosines, count - 1, axis=1)[:, count - 1 : count]
    surely = cosines > border
    missing = count - surely.sum(axis=1, keepdims=True)
    at_border = cosines == border
    chosen = surely | (at_border & (np.cumsum(at_border, axis=1) <= missing))
    return np.nonzero(chosen)[1].reshape(len(cosines), count)
