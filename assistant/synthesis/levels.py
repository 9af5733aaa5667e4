"""From the graph to a partition: communities at finer and finer resolution, and where to stop."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from graspologic_native import leiden_csr

from assistant.synthesis.grid import SCALE, Floats, Ints, Vectors, by_first_row, directions, sums, to_the_rest
from assistant.synthesis.neighbours import Graph

FINEST = 1024.0
"""Greatest resolution. Levels are looked at from 1 on, each twice the one before and with about 1.4 times as many communities."""
_ROWS_AT_ONE = 6_000
"""With more rows the first level is finer, since communities of modularity grow with the graph (Fortunato & Barthélemy 2007);
coarser ones are looked at where it is the best."""
LEAST_GAIN = 0.02
"""A finer level must be so much better, relatively, to be worth its themes."""
_IN_A_ROW = 2
"""Levels that don't pay until none is looked at any more: one may fall short by chance. Mean NMI over 22 sets of 1,000 to 7,500
questions: 0.844 where the first one ends it, 0.876 with two, 0.886 where the labels themselves choose the level."""
_SEED = 7
_CYCLES = 2
_ROWS_AT_ONCE = 1024
_CELLS_AT_ONCE = 1 << 22
"""Of rows times centroids (16 MB): in smaller products BLAS's threads spend more on waiting than on multiplying."""


@dataclass(frozen=True)
class Level:
    """One partition of all rows."""

    resolution: float
    labels: Ints
    """Community per row, 0 up to the number of communities, in the order of their first rows."""
    silhouette: float
    """Simplified silhouette in [-1, 1]: mean over the rows of (b - a) / max(a, b), a and b the cosine distances to the own and the
    nearest other centroid (Hruschka, de Castro & Campello 2004). The own centroid is taken without the row, which would else be
    near it for being part of it, the more the smaller the community; a row by itself counts 0."""


@dataclass(frozen=True)
class Network:
    """A graph as Leiden takes it: the neighbours of each node one after the other. Rows without edges are no nodes."""

    rows: int
    """Of the graph."""
    row: Ints
    """Row of each node, in the order in which the edges name them: near rows lie near each other, and the communities are those
    of the library's list of edges, at half the time and without its texts."""
    begins: Ints
    """Shape (nodes + 1,)."""
    neighbours: npt.NDArray[np.int32]
    """Ascending for each node, shape (2 * edges,)."""
    weight: Floats


def best_level(graph: Graph, steps: Vectors) -> Level:
    """The last level before finer ones stop to be clearly better.

    Args: steps: shape (rows, dimension), on the grid; what the silhouette is taken over.
    """
    network = network_of(graph)

    def level(resolution: float) -> Level:
        labels = communities(network, resolution)
        return Level(resolution, labels, simplified_silhouette(steps, labels))

    lowest = 2.0 ** max(0, int(np.log2(max(graph.rows, 1) / _ROWS_AT_ONE)))
    levels: list[Level] = []
    while lowest * 2 ** len(levels) <= FINEST and not _is_past(levels):
        levels.append(level(lowest * 2 ** len(levels)))
    while lowest > 1.0 and _last_that_pays(levels) == 0:
        lowest /= 2
        levels.insert(0, level(lowest))
    chosen = _last_that_pays(levels)
    return levels[chosen] if chosen >= 0 else Level(0.0, np.zeros(graph.rows, dtype=np.int64), 0.0)


def _last_that_pays(levels: Sequence[Level]) -> int:
    """Place of the last level that is clearly better than the last such one before it; -1 where all rows together are best."""
    best, silhouette = -1, 0.0
    for place, level in enumerate(levels):
        if level.silhouette - silhouette > LEAST_GAIN * abs(silhouette):
            best, silhouette = place, level.silhouette
        elif place - best == _IN_A_ROW:
            break
    return best


def _is_past(levels: Sequence[Level]) -> bool:
    return len(levels) - 1 - _last_that_pays(levels) >= _IN_A_ROW


def network_of(graph: Graph) -> Network:
    """As the library takes it."""
    row, first_named = np.unique(np.column_stack((graph.first, graph.second)), return_index=True)
    row = row[np.argsort(first_named)]
    node = np.empty(graph.rows, dtype=np.int64)
    node[row] = np.arange(len(row))
    one, other = node[graph.first], node[graph.second]
    here, there = np.concatenate((one, other)), np.concatenate((other, one))
    order = np.argsort(here * len(row) + there)
    begins = np.zeros(len(row) + 1, dtype=np.int64)
    np.cumsum(np.bincount(here, minlength=len(row)), out=begins[1:])
    weight = np.concatenate((graph.weight, graph.weight))[order]
    return Network(graph.rows, row, begins, there[order].astype(np.int32), weight)


def communities(network: Network, resolution: float) -> Ints:
    """Leiden communities (Traag et al. 2019); a row without edges is one by itself. Shape (rows,)."""
    nodes = len(network.row)
    labels = nodes + np.arange(network.rows)
    if nodes:
        _, found = leiden_csr(
            network.begins,
            network.neighbours,
            network.weight,
            nodes,
            resolution=resolution,
            seed=_SEED,
            iterations=_CYCLES,
        )
        labels[network.row] = [found[node] for node in range(nodes)]
    return by_first_row(labels)


def simplified_silhouette(steps: Vectors, labels: Ints) -> float:
    """As in `Level.silhouette`."""
    count = int(labels.max(initial=-1)) + 1
    if count < 2:
        return 0.0
    total = sums(steps, labels, count)
    other = 1.0 - _to_others(steps, labels, directions(total))
    scores = 0
    for start in range(0, len(steps), _ROWS_AT_ONCE):
        block = slice(start, start + _ROWS_AT_ONCE)
        cosine, is_alone = to_the_rest(steps[block], total[labels[block]])
        own, near = np.maximum(1.0 - cosine, 0.0), np.maximum(other[block], 0.0)
        score = np.where(is_alone, 0.0, (near - own) / np.maximum(np.maximum(own, near), 1e-9))
        # Whole numbers again: their sum is exact in any order.
        scores += int(np.rint(score * 1e9).astype(np.int64).sum())
    return round(scores / 1e9 / len(steps), 6)


def _to_others(steps: Vectors, labels: Ints, centres: Vectors) -> Floats:
    """Cosine of each row to the nearest centroid that isn't its own, shape (rows,)."""
    found = np.empty(len(steps))
    at_once = max(_CELLS_AT_ONCE // len(centres), 1)
    for start in range(0, len(steps), at_once):
        block = slice(start, start + at_once)
        products = steps[block] @ centres.T
        products[np.arange(len(products)), labels[block]] = -np.inf
        found[block] = products.max(axis=1)
    return found / (SCALE * SCALE)
