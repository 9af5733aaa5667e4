"""Three nested levels of themes over unit vectors: broad themes, themes, and what a large theme consists of.

Knows vectors only: texts, people and names are others' business.
"""

from dataclasses import dataclass

import numpy as np

from assistant.synthesis.grid import Ints, Vectors, by_first_row, centroids, likeness, on_grid, sums, unit
from assistant.synthesis.levels import best_level
from assistant.synthesis.linkage import average_linkage, linked
from assistant.synthesis.neighbours import Graph, induced, nearest_neighbours

FEW = 2_000
"""Rows below which average linkage is taken; a graph of neighbours needs more of them to be dense where a theme is."""
LEAST_MEMBERS = 3
"""A group of fewer rows is a single voice: it stays as it is, and says so."""
SPLIT_FROM = 60
"""Rows from which a theme is looked at for themes inside it."""
BROAD = 0.3
"""Mean cosine between the members of two themes from which they are one broad theme."""


@dataclass(frozen=True)
class Layer:
    """One level of themes."""

    labels: Ints
    """Theme per row, numbered from 0 in the order of their first rows; -1 where a row is in no theme of this level, which
    happens on the third only."""
    centroids: Vectors
    """Unit vectors, shape (themes, dimension)."""
    parents: Ints
    """Theme of the level above for each theme; -1 on the first level."""
    sizes: Ints
    """Rows of each theme."""

    @property
    def is_single_voice(self) -> "np.ndarray[tuple[int], np.dtype[np.bool_]]":
        """Whether a theme has too few rows to be more than single voices, shape (themes,)."""
        return self.sizes < LEAST_MEMBERS


@dataclass(frozen=True)
class Clusters:
    """Strictly nested themes: rows that share a theme share the one above it too."""

    broad: Layer
    """Level 1: every row is in one."""
    themes: Layer
    """Level 2, the partition that the data show best: every row is in one."""
    parts: Layer
    """Level 3: parts of those themes that fall apart clearly; rows of other themes have -1."""

    @property
    def layers(self) -> tuple[Layer, Layer, Layer]:
        """Level 1, 2, 3."""
        return self.broad, self.themes, self.parts


def cluster(vectors: Vectors) -> Clusters:
    """Find themes; every row is in one of level 1 and 2, whatever it says.

    The result depends on the rows and their order alone, to the last bit, on every machine and for any number of threads. Sort
    the rows by a hash of their content, and it doesn't depend on the order in which they came.

    Args: vectors: shape (rows, dimension), float32, of unit length, each once.
    """
    steps = on_grid(vectors)
    if len(steps) < FEW:
        graph = None
        themes = average_linkage(steps)
    else:
        graph = nearest_neighbours(steps)
        themes = best_level(graph, steps).labels
    broad = _broad(steps, themes)
    parts = _parts(steps, themes, graph)
    top = _layer(steps, broad, None)
    middle = _layer(steps, themes, broad)
    return Clusters(top, middle, _layer(steps, parts, themes))


def _broad(steps: Vectors, themes: Ints) -> Ints:
    """Themes that are near each other, joined. Shape (rows,)."""
    count = int(themes.max(initial=-1)) + 1
    if count < 2:
        return themes.copy()
    sizes = np.bincount(themes, minlength=count)
    means = (sums(steps, themes, count) / sizes[:, None]).round().astype(np.float32)
    return by_first_row(linked(likeness(means, means), sizes, BROAD)[themes])


def _parts(steps: Vectors, themes: Ints, graph: Graph | None) -> Ints:
    """Themes inside large themes, where that is clearly better than one. Shape (rows,), -1 elsewhere."""
    parts = np.full(len(themes), -1, dtype=np.int64)
    sizes = np.bincount(themes, minlength=1)
    found = 0
    for theme in np.flatnonzero(sizes >= SPLIT_FROM).tolist():
        rows = np.flatnonzero(themes == theme)
        inside = nearest_neighbours(steps[rows]) if graph is None else induced(graph, rows)
        level = best_level(inside, steps[rows])
        if level.labels.max() > 0 and level.silhouette > 0.1:
            parts[rows] = level.labels + found
            found += int(level.labels.max()) + 1
    return by_first_row(parts)


def _layer(steps: Vectors, labels: Ints, above: Ints | None) -> Layer:
    count = int(labels.max(initial=-1)) + 1
    inside = labels >= 0
    parents = np.full(count, -1, dtype=np.int64)
    if above is not None:
        parents[labels[inside]] = above[inside]
    sizes = np.bincount(labels[inside], minlength=count).astype(np.int64)
    return Layer(labels, unit(centroids(steps, labels, count)), parents, sizes)
