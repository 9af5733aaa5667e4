"""Which rows are of one theme: by a graph of neighbours where themes are dense, by average linkage where rows are few and sparse."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from assistant.synthesis.grid import Ints, Vectors, centred, likeness, mean_of, on_grid
from assistant.synthesis.levels import best_level, simplified_silhouette
from assistant.synthesis.linkage import average_linkage, typical_nearest
from assistant.synthesis.neighbours import Graph, nearest_neighbours
from assistant.synthesis.spelling import spelling

FEW = 1_000
"""Rows from which the graph alone is looked at: with more of them the themes that matter have more rows than a row has neighbours."""
SAME = 0.5
"""Mean cosine between the members of two groups from which they are one; where the mean is taken out, as a share of the median
cosine of a row to its nearest: where rows are sparse, half of it came within 0.04 of the best AMI for both embedders."""
_SPARSE = 0.5
"""Median cosine to the nearest row, mean taken out, below which most rows have nobody to share a theme with: fifteen neighbours
would join what isn't alike."""
SPELLED = 0.3
"""Part of the spelling in how alike two rows are for linkage. Reviews of two other apps than those of the benchmark (480, four sets): mean
AMI of the whole reviews 0.346 without it, 0.390 with it; of their longest statement 0.328 and 0.345. From 0.2 to 0.5 all are better."""
_CLEARLY = 1.03
"""How many times as good the silhouette of the graph's themes must be: linkage judges each pair, so a tie is its."""


@dataclass(frozen=True)
class Partition:
    """One group for each row."""

    labels: Ints
    """Numbered in the order of their first rows."""
    graph: Graph | None
    """What they come from; None where it is linkage."""
    silhouette: float
    """As in `levels.Level`."""


def partition(steps: Vectors, texts: Sequence[str] | None = None) -> Partition:
    """Group rows by likeness.

    Args: steps: shape (rows, dimension), on the grid. texts: what each row says; where rows are few, its spelling counts too.
    """
    if len(steps) >= FEW:
        return _communities(steps)
    mean = mean_of(steps)
    seen = centred(steps, mean)
    cosines = likeness(seen, seen)
    is_sparse = not mean.any() or typical_nearest(cosines) < _SPARSE
    if texts is not None and mean.any():
        both = _with_spelling(seen, texts)
        cosines = likeness(both, both)
    labels = average_linkage(cosines, SAME * typical_nearest(cosines) if mean.any() else SAME)
    by_linkage = Partition(labels, None, simplified_silhouette(steps, labels))
    if is_sparse:
        return by_linkage
    by_graph = _communities(steps)
    return by_graph if by_graph.silhouette > _CLEARLY * by_linkage.silhouette else by_linkage


def _with_spelling(seen: Vectors, texts: Sequence[str]) -> Vectors:
    """Meaning and spelling side by side, on the grid. A row that shares no spelling with another is its meaning alone."""
    spelled = on_grid(spelling(texts))
    has_any = np.abs(spelled).max(axis=1, keepdims=True) > 0
    apart = np.where(has_any, centred(spelled, mean_of(spelled)), np.float32(0.0))
    both = np.hstack([np.sqrt(1.0 - SPELLED) * seen, np.sqrt(SPELLED) * apart])
    length = np.sqrt(np.einsum("ij,ij->i", both, both, dtype=np.float64))[:, None]
    return on_grid((both / np.maximum(length, 1.0)).astype(np.float32))


def _communities(steps: Vectors) -> Partition:
    graph = nearest_neighbours(steps)
    level = best_level(graph, steps)
    return Partition(level.labels, graph, level.silhouette)
