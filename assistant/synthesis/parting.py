"""Parting one theme into several, when a person asks for it."""

import numpy as np

from assistant.synthesis.grid import Ints, Vectors, centroids, likeness

_ROUNDS = 30
_MOST_STARTS = 2_000
"""Rows among which the first centres are looked for; their table takes 8 bytes a pair."""


def parted(steps: Vectors, count: int) -> Ints:
    """Groups around as many centres (spherical k-means), numbered from the largest. Shape (rows,).

    The first centres are rows, each the one that brings most of the others nearer to a centre (BUILD of PAM, Kaufman & Rousseeuw
    1990): an outlier brings nobody. So the result depends on the rows and their order alone.

    Args: steps: shape (rows, dimension), on the grid. count: at most as many as there are rows.
    """
    chosen = steps[:: len(steps) // _MOST_STARTS + 1]
    centres = chosen[_starts(chosen, min(count, len(chosen)))]
    labels = np.full(len(steps), -1, dtype=np.int64)
    for _ in range(_ROUNDS):
        now = likeness(steps, centres).argmax(axis=1)
        if (now == labels).all():
            break
        labels = now
        centres = centroids(steps, labels, count)
    used, labels = np.unique(labels, return_inverse=True)
    order = np.argsort(-np.bincount(labels, minlength=len(used)), kind="stable")
    number = np.empty(len(used), dtype=np.int64)
    number[order] = np.arange(len(used))
    found: Ints = number[labels]
    return found


def _starts(steps: Vectors, count: int) -> list[int]:
    # Whole numbers, so that the sums are exact.
    alike = np.maximum(steps @ steps.T, 0.0).astype(np.float64)
    best = np.zeros(len(steps))
    found: list[int] = []
    for _ in range(count):
        gain = np.maximum(alike - best[:, None], 0.0).sum(axis=0)
        gain[found] = -1.0
        found.append(int(gain.argmax()))
        best = np.maximum(best, alike[:, found[-1]])
    return found


def seeds_of(steps: Vectors, labels: Ints, most: int) -> list[Ints]:
    """Rows nearest to the centre of each group, nearest first: what the group is known by."""
    count = int(labels.max(initial=-1)) + 1
    centres = centroids(steps, labels, count)
    found = []
    for number in range(count):
        rows = np.flatnonzero(labels == number)
        near = likeness(steps[rows], centres[number : number + 1])[:, 0]
        found.append(rows[np.argsort(-near, kind="stable")][:most])
    return found
