"""Parting one theme into several, when a person asks for it."""

import numpy as np

from assistant.synthesis.grid import Ints, Vectors, centroids, likeness

_ROUNDS = 30


def parted(steps: Vectors, count: int) -> Ints:
    """Groups around as many centres (spherical k-means), numbered from the largest. Shape (rows,).

    The first centres are rows: the one farthest from the middle, then always the one farthest from those before. So the result
    depends on the rows and their order alone.

    Args: steps: shape (rows, dimension), on the grid. count: at most as many as there are different rows.
    """
    chosen = [int(likeness(steps, centroids(steps, np.zeros(len(steps), np.int64), 1))[:, 0].argmin())]
    while len(chosen) < count:
        near = likeness(steps, steps[chosen]).max(axis=1)
        near[chosen] = np.inf
        chosen.append(int(near.argmin()))
    centres = steps[chosen]
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
