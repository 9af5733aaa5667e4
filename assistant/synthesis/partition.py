"""Which rows are of one theme: by a graph of neighbours where themes are dense, by average linkage where rows are few and sparse."""

from dataclasses import dataclass

from assistant.synthesis.grid import Ints, Vectors, centred, likeness, mean_of
from assistant.synthesis.levels import best_level, simplified_silhouette
from assistant.synthesis.linkage import average_linkage, typical_nearest
from assistant.synthesis.neighbours import Graph, nearest_neighbours

FEW = 1_000
"""Rows from which the graph alone is looked at: with more of them the themes that matter have more rows than a row has neighbours."""
SAME = 0.5
"""Mean cosine between the members of two groups from which they are one; where the mean is taken out, as a share of the median
cosine of a row to its nearest: where rows are sparse, half of it came within 0.04 of the best AMI for both embedders."""
_SPARSE = 0.5
"""Median cosine to the nearest row, mean taken out, below which most rows have nobody to share a theme with: fifteen neighbours
would join what isn't alike."""
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


def partition(steps: Vectors) -> Partition:
    """Group rows by likeness. Args: steps: shape (rows, dimension), on the grid."""
    if len(steps) >= FEW:
        return _communities(steps)
    mean = mean_of(steps)
    seen = centred(steps, mean)
    cosines = likeness(seen, seen)
    nearest = typical_nearest(cosines)
    labels = average_linkage(cosines, SAME * nearest if mean.any() else SAME)
    by_linkage = Partition(labels, None, simplified_silhouette(steps, labels))
    if nearest < _SPARSE or not mean.any():
        return by_linkage
    by_graph = _communities(steps)
    return by_graph if by_graph.silhouette > _CLEARLY * by_linkage.silhouette else by_linkage


def _communities(steps: Vectors) -> Partition:
    graph = nearest_neighbours(steps)
    level = best_level(graph, steps)
    return Partition(level.labels, graph, level.silhouette)
