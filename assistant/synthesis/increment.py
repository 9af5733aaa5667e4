"""What is new joins the themes that there are: the nearest one, unless it lies farther out than that theme's own rows."""

from dataclasses import dataclass

import numpy as np

from assistant.synthesis.grid import (
    SCALE,
    Bools,
    Floats,
    Ints,
    Vectors,
    centroids,
    on_grid,
    sums,
    to_the_rest,
    unit,
)

_OUTERMOST = 0.05
"""Share of a theme's own rows that lie farther out than what it takes in."""
_ENOUGH = 30
"""Rows from which a theme has a spread of its own; smaller ones have that of all rows together."""
_UNKNOWN = 0.5
"""Least cosine where no theme has two rows to learn it from."""
_ROWS_AT_ONCE = 1024


@dataclass(frozen=True)
class Anchors:
    """What is kept of themes to tell who joins them."""

    centroids: Vectors
    """Unit vectors, shape (themes, dimension)."""
    least: Floats
    """Cosine to the centroid that a row needs to join, shape (themes,)."""


@dataclass(frozen=True)
class Assigned:
    """Where new rows go."""

    labels: Ints
    """The nearest theme of each row, the far ones too; -1 where there are no themes."""
    is_far: Bools
    """Whether it lies farther out than that theme's rows: to be clustered among its like."""


def anchors(vectors: Vectors, labels: Ints) -> Anchors:
    """Centroids and reach of the finest themes.

    Args:
        vectors: shape (rows, dimension), of unit length.
        labels: theme of each row, 0 up to the number of themes, each with a row.
    """
    steps, count = on_grid(vectors), int(labels.max(initial=-1)) + 1
    total = sums(steps, labels, count)
    parts = [
        to_the_rest(steps[start : start + _ROWS_AT_ONCE], total[labels[start : start + _ROWS_AT_ONCE]])
        for start in range(0, len(steps), _ROWS_AT_ONCE)
    ]
    cosine = np.concatenate([one for one, _ in parts]) if parts else np.empty(0)
    has_company = ~np.concatenate([alone for _, alone in parts]) if parts else np.empty(0, np.bool_)
    cosine, own = cosine[has_company], labels[has_company]
    order = np.lexsort((cosine, own))
    begins = np.searchsorted(own[order], np.arange(count + 1))
    least = np.full(count, _outermost(np.sort(cosine)))
    for theme in np.flatnonzero(np.diff(begins) >= _ENOUGH).tolist():
        least[theme] = _outermost(cosine[order[begins[theme] : begins[theme + 1]]])
    return Anchors(unit(centroids(steps, labels, count)), least)


def assign(vectors: Vectors, known: Anchors) -> Assigned:
    """The nearest theme of each row; rows and themes that are there already are not touched.

    Rows that are far are for `hierarchy.cluster`, by themselves. Each row's place depends on that row and the anchors alone.

    Args: vectors: shape (rows, dimension), of unit length.
    """
    labels = np.full(len(vectors), -1, dtype=np.int64)
    is_far = np.ones(len(vectors), dtype=np.bool_)
    if not len(known.centroids):
        return Assigned(labels, is_far)
    steps, centres = on_grid(vectors), on_grid(known.centroids)
    for start in range(0, len(steps), _ROWS_AT_ONCE):
        rows = slice(start, start + _ROWS_AT_ONCE)
        products = steps[rows] @ centres.T
        labels[rows] = products.argmax(axis=1)
        nearest = products.max(axis=1).astype(np.float64) / (SCALE * SCALE)
        is_far[rows] = nearest < known.least[labels[rows]]
    return Assigned(labels, is_far)


def _outermost(ascending: Floats) -> float:
    return float(ascending[int(_OUTERMOST * len(ascending))]) if len(ascending) else _UNKNOWN
