"""Unit vectors around a few directions: subjects that are known to be there."""

import numpy as np

from assistant.synthesis.grid import Ints, Vectors


def unit_rows(rows: int, subjects: int, spread: float = 0.08, dimension: int = 24) -> tuple[Vectors, Ints]:
    """Rows around so many random directions, in turn; and which direction each has."""
    dice = np.random.default_rng(rows * 31 + subjects)
    subject = np.arange(rows) % max(subjects, 1)
    vectors = dice.normal(size=(max(subjects, 1), dimension))[subject] / 5
    vectors += spread * dice.normal(size=vectors.shape)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    return vectors.astype(np.float32), subject
