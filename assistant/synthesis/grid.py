"""Unit vectors as whole numbers, so that every sum of products is exact: the same bytes for any order, thread or machine.

A matrix product rounds, and how depends on the library's blocks, threads and instructions. On a grid of 1/4000 no product
and no partial sum of two unit vectors reaches 2**24, so float32 holds each of them exactly and there is nothing to round.
"""

import numpy as np
import numpy.typing as npt

SCALE = 4000
"""Steps per unit. 4000² and what rounding adds (dimension up to 9,000) stay below 2**24; cosines move by less than 0.0002."""

Vectors = npt.NDArray[np.float32]
Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]
_ROWS_AT_ONCE = 1024
"""Rows that are summed in float32: 4,000 steps each stay below 2**24."""
_LEAST_ROWS = 50
"""Rows whose mean says what they share; that of fewer says what they are about."""
_ALL_THE_SAME = 0.9
"""Length of the mean from which the rows say one thing: without it nothing but chance would be left."""


def on_grid(vectors: Vectors, *, overwrite: bool = False) -> Vectors:
    """Whole numbers, as float32, shape as given.

    Args:
        vectors: shape (rows, dimension), of unit length.
        overwrite: put them in the place of the vectors, if these are float32: 236,000 rows take 360 MB.
    """
    held = np.asarray(vectors, dtype=np.float32)
    steps: Vectors = np.multiply(held, np.float32(SCALE), out=held if overwrite else None)
    return np.rint(steps, out=steps)


def likeness(steps: Vectors, others: Vectors) -> Floats:
    """Cosine of every row to every other, shape (rows, others). Args: both on the grid."""
    cosines: Floats = (steps @ others.T).astype(np.float64) / (SCALE * SCALE)
    return cosines


def sums(steps: Vectors, labels: Ints, count: int) -> Floats:
    """Sum of the rows of each label, exact, shape (count, dimension); a label below 0 is in none."""
    total = np.zeros((count, steps.shape[1]))
    order = np.argsort(labels, kind="stable")
    order = order[np.searchsorted(labels[order], 0) :]
    for start in range(0, len(order), _ROWS_AT_ONCE):
        rows = order[start : start + _ROWS_AT_ONCE]
        own = labels[rows]
        begins = np.flatnonzero(np.diff(own, prepend=-1))
        total[own[begins]] += np.add.reduceat(steps[rows], begins, axis=0)
    return total


def centroids(steps: Vectors, labels: Ints, count: int) -> Vectors:
    """Mean direction of each label's rows on the grid, shape (count, dimension); a label without rows has a row of zeros."""
    return directions(sums(steps, labels, count))


def directions(total: Floats) -> Vectors:
    """Sums of rows as directions on the grid, shape as given; zeros stay."""
    lengths = np.sqrt(np.einsum("ij,ij->i", total, total))
    return on_grid((total / np.maximum(lengths, 1.0)[:, None]).astype(np.float32))


def mean_of(steps: Vectors) -> Floats:
    """What all rows share, such as the product's name: whole numbers; zeros where there is no such thing. Shape (dimension,)."""
    if len(steps) < _LEAST_ROWS:
        return np.zeros(steps.shape[1])
    mean = np.rint(sums(steps, np.zeros(len(steps), dtype=np.int64), 1)[0] / len(steps))
    return mean if np.sqrt(mean @ mean) < _ALL_THE_SAME * SCALE else np.zeros_like(mean)


def centred(steps: Vectors, mean: Floats) -> Vectors:
    """Seen from the mean, on the grid again; a row that is the mean stays as it is."""
    moved = (steps - mean).astype(np.float32)
    length = np.sqrt(np.einsum("ij,ij->i", moved, moved, dtype=np.float64))[:, None]
    return np.where(length < 1.0, steps, on_grid((moved / np.maximum(length, 1.0)).astype(np.float32)))


def to_the_rest(steps: Vectors, sums_of_own: Floats) -> tuple[Floats, Bools]:
    """Cosine of each row to the mean direction of its group without itself, and whether there is nothing of the group then.

    Args: steps: shape (rows, dimension), on the grid. sums_of_own: the sum of each row's group, same shape.
    """
    length = np.einsum("ij,ij->i", steps, steps).astype(np.float64)
    along = np.einsum("ij,ij->i", steps, sums_of_own)
    squares = np.einsum("ij,ij->i", sums_of_own, sums_of_own)
    rest = np.sqrt(np.maximum(squares - 2.0 * along + length, 0.0))
    # Less than a step long: nothing is left.
    return (along - length) / (np.maximum(rest, 1.0) * SCALE), rest < 1.0


def unit(steps: Vectors) -> Vectors:
    """Back from the grid to vectors of unit length."""
    length = np.sqrt(np.einsum("ij,ij->i", steps, steps, dtype=np.float64))
    vectors: Vectors = (steps / np.maximum(length, 1.0)[:, None]).astype(np.float32)
    return vectors


def by_first_row(labels: Ints) -> Ints:
    """The same partition with its labels numbered from 0 in the order of their first rows; below 0 stays -1."""
    numbered = np.full(len(labels), -1, dtype=np.int64)
    inside = labels >= 0
    _, first, inverse = np.unique(labels[inside], return_index=True, return_inverse=True)
    number = np.empty(len(first), dtype=np.int64)
    number[np.argsort(first)] = np.arange(len(first))
    numbered[inside] = number[inverse]
    return numbered
