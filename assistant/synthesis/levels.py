"""From the graph to a partition: communities at finer and finer resolution, and where to stop."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from graspologic_native import leiden

from assistant.synthesis.grid import SCALE, Ints, Vectors, by_first_row, likeness, on_grid, sums
from assistant.synthesis.neighbours import Graph

RESOLUTIONS = (1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0, 128.0, 256.0, 512.0)
"""Each about 1.4 times as many communities as the one before."""
LEAST_GAIN = 0.02
"""A finer level must be so much better, relatively, to be worth its themes."""
_SEED = 7
_CYCLES = 2
_ROWS_AT_ONCE = 4096


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


def best_level(graph: Graph, steps: Vectors, resolutions: Sequence[float] = RESOLUTIONS) -> Level:
    """The last level before finer ones stop to be clearly better.

    Args: steps: shape (rows, dimension), on the grid; what the silhouette is taken over.
    """
    best = Level(0.0, np.zeros(graph.rows, dtype=np.int64), 0.0)
    for finer in _levels(graph, steps, resolutions):
        if finer.silhouette - best.silhouette <= LEAST_GAIN * abs(best.silhouette):
            break
        best = finer
    return best


def _levels(graph: Graph, steps: Vectors, resolutions: Sequence[float]) -> Iterator[Level]:
    edges = edges_of(graph)
    for resolution in resolutions:
        labels = communities(graph.rows, edges, resolution)
        yield Level(resolution, labels, simplified_silhouette(steps, labels))


def edges_of(graph: Graph) -> list[tuple[str, str, float]]:
    """As the library takes them."""
    names = [str(row) for row in range(graph.rows)]
    return [
        (names[one], names[other], weight)
        for one, other, weight in zip(
            graph.first.tolist(), graph.second.tolist(), graph.weight.tolist(), strict=True
        )
    ]


def communities(rows: int, edges: list[tuple[str, str, float]], resolution: float) -> Ints:
    """Leiden communities (Traag et al. 2019); a row without edges is one by itself. Shape (rows,)."""
    found: dict[str, int] = {}
    if edges:
        _, found = leiden(edges, resolution=resolution, seed=_SEED, iterations=_CYCLES)
    alone = len(found)
    labels = np.array([found.get(str(row), alone + row) for row in range(rows)], dtype=np.int64)
    return by_first_row(labels)


def simplified_silhouette(steps: Vectors, labels: Ints) -> float:
    """As in `Level.silhouette`."""
    count = int(labels.max(initial=-1)) + 1
    if count < 2:
        return 0.0
    total = sums(steps, labels, count)
    squares = np.einsum("ij,ij->i", total, total)
    centres = on_grid((total / np.maximum(np.sqrt(squares), 1.0)[:, None]).astype(np.float32))
    scores = 0
    for start in range(0, len(steps), _ROWS_AT_ONCE):
        rows, own_label = steps[start : start + _ROWS_AT_ONCE], labels[start : start + _ROWS_AT_ONCE]
        length = np.einsum("ij,ij->i", rows, rows, dtype=np.float64)
        along = np.einsum("ij,ij->i", rows, total[own_label], dtype=np.float64)
        rest = np.sqrt(np.maximum(squares[own_label] - 2.0 * along + length, 0.0))
        # Less than a step long: nothing is left of the community without the row.
        is_alone = rest < 1.0
        own = np.maximum(1.0 - (along - length) / (np.maximum(rest, 1.0) * SCALE), 0.0)
        near = likeness(rows, centres)
        near[np.arange(len(near)), own_label] = -np.inf
        other = np.maximum(1.0 - near.max(axis=1), 0.0)
        score = np.where(is_alone, 0.0, (other - own) / np.maximum(np.maximum(own, other), 1e-9))
        # Whole numbers again: their sum is exact in any order.
        scores += int(np.rint(score * 1e9).astype(np.int64).sum())
    return round(scores / 1e9 / len(steps), 6)
