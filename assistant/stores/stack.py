"""Vectors in the order in which they came, so that what comes is put behind the others and not in between."""

import threading

import numpy as np
import numpy.typing as npt

Halves = npt.NDArray[np.float16]
Places = npt.NDArray[np.int64]
_SPARE = 16
"""A sixteenth more room is made whenever there is none: copying 100,000 vectors for each record that comes takes 0.1 s."""


class Stack:
    """Vectors that readings of a workspace share; each reading names its own by their places. Threads may ask and add at once.

    Args:
        vectors: shape (n, dimension); theirs are the places from 0 to n.
    """

    def __init__(self, vectors: Halves) -> None:
        self._vectors = vectors
        self._used = len(vectors)
        self._adding = threading.Lock()

    def __reduce__(self) -> tuple[type["Stack"], tuple[Halves]]:
        """Another process gets a stack of its own."""
        return Stack, (self._vectors[: self._used],)

    def __len__(self) -> int:
        return self._used

    @property
    def dimension(self) -> int:
        """Length of a vector."""
        return int(self._vectors.shape[1])

    def at(self, places: Places) -> Halves:
        """The vectors at some places, shape (places, dimension)."""
        found: Halves = self._vectors[places]
        return found

    def add(self, vectors: Halves) -> Places:
        """Put some behind the others. Returns: their places."""
        with self._adding:
            first, end = self._used, self._used + len(vectors)
            if end > len(self._vectors):
                roomy = np.empty((end + end // _SPARE + 1, self.dimension), dtype=np.float16)
                roomy[:first] = self._vectors[:first]
                # Who asks meanwhile has the old ones, in which all places that it knows are.
                self._vectors = roomy
            self._vectors[first:end] = vectors
            self._used = end
        return np.arange(first, end)
