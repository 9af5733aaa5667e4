"""Three nested levels of themes over unit vectors: broad themes, themes, and what a large theme consists of.

Knows vectors, and texts by their spelling alone: people and names are others' business.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import repeat

import numpy as np

from assistant.synthesis.grid import (
    Bools,
    Floats,
    Ints,
    Vectors,
    by_first_row,
    centred,
    centroids,
    likeness,
    mean_of,
    on_grid,
    unit,
)
from assistant.synthesis.levels import best_level, communities, network_of
from assistant.synthesis.linkage import average_linkage, typical_nearest
from assistant.synthesis.neighbours import inside, nearest_neighbours
from assistant.synthesis.partition import Partition, partition

LEAST_MEMBERS = 3
"""A group of fewer rows is a single voice: it stays as it is, and says so."""
SPLIT_FROM = 60
"""Rows from which a theme is looked at for parts, where it also has twice as many as themes have on average."""
BROAD = 0.25
"""Mean cosine between the themes of two groups from which they are one broad theme, as a share of the median cosine of a theme to
its nearest, where the mean is taken out. On clinc150 a quarter gives 13 broad themes for its 10 domains (NMI 0.59, ARI 0.41)."""
_BROAD_OF_FEW = 0.3
"""The same between themes of rows too few to have a mean: a cosine."""
_COMPARED = 5_000
"""Themes of which all are compared with all (0.6 GB). More, as of statements that are all alone, are joined along their neighbours."""


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
    def is_single_voice(self) -> Bools:
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


def cluster(vectors: Vectors, texts: Sequence[str] | None = None, *, overwrite: bool = False) -> Clusters:
    """Find themes; every row is in one of level 1 and 2, whatever it says.

    The result depends on the rows and their order alone, to the last bit, on every machine and for any number of threads. Sort
    the rows by a hash of their content, and it doesn't depend on the order in which they came.

    Args:
        vectors: shape (rows, dimension), float32, of unit length, each once.
        texts: what each row says; looked at where rows are few (`partition.FEW`).
        overwrite: the caller needs the vectors no more; their place is used.
    """
    steps = on_grid(vectors, overwrite=overwrite)
    found = partition(steps, texts)
    broad = _broad(steps, found.labels)
    parts = _parts(steps, found)
    return Clusters(
        _layer(steps, broad, None), _layer(steps, found.labels, broad), _layer(steps, parts, found.labels)
    )


def _broad(steps: Vectors, themes: Ints) -> Ints:
    """Themes that are near each other, joined. Shape (rows,)."""
    count = int(themes.max(initial=-1)) + 1
    if count < 2:
        return themes.copy()
    mean = mean_of(steps)
    centres = centred(centroids(steps, themes, count), mean)
    if count > _COMPARED:
        return by_first_row(communities(network_of(nearest_neighbours(centres)), 1.0)[themes])
    cosines = likeness(centres, centres)
    return by_first_row(average_linkage(cosines, broad_from(cosines, mean))[themes])


def broad_from(cosines: Floats, mean: Floats) -> float:
    """Mean cosine between the themes of two groups from which they are one broad theme.

    Args: cosines: between all themes, seen from the mean. mean: as `mean_of` has it.
    """
    return BROAD * typical_nearest(cosines) if mean.any() else _BROAD_OF_FEW


def _parts(steps: Vectors, found: Partition) -> Ints:
    """Themes inside large themes, where these fall apart as clearly as all rows do into themes. Shape (rows,), -1 elsewhere."""
    parts = np.full(len(steps), -1, dtype=np.int64)
    themes = int(found.labels.max(initial=-1)) + 1
    sizes = np.bincount(found.labels, minlength=themes)
    order = np.argsort(found.labels, kind="stable")
    ends = np.cumsum(sizes)
    graphs = repeat(None, themes) if found.graph is None else inside(found.graph, found.labels, themes)
    count = 0
    for graph, size, end in zip(graphs, sizes.tolist(), ends.tolist(), strict=True):
        if size < max(SPLIT_FROM, 2 * len(steps) / themes):
            continue
        rows = order[end - size : end]
        level = best_level(graph or nearest_neighbours(steps[rows]), steps[rows])
        if level.silhouette > max(found.silhouette, 0.0):
            parts[rows] = level.labels + count
            count += int(level.labels.max()) + 1
    return by_first_row(parts)


def _layer(steps: Vectors, labels: Ints, above: Ints | None) -> Layer:
    count = int(labels.max(initial=-1)) + 1
    inside = labels >= 0
    parents = np.full(count, -1, dtype=np.int64)
    if above is not None:
        parents[labels[inside]] = above[inside]
    sizes = np.bincount(labels[inside], minlength=count).astype(np.int64)
    return Layer(labels, unit(centroids(steps, labels, count)), parents, sizes)
