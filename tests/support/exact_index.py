"""A `VectorIndex` in memory: the reference that the contract suite holds the real ones to."""

from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager, nullcontext

import numpy as np
import numpy.typing as npt

from assistant.stores.index_port import IndexChange, Vectors


class ExactIndex:
    """Compares with every vector."""

    def __init__(self) -> None:
        self._vectors: dict[str, npt.NDArray[np.float32]] = {}
        self._applied = 0

    def apply(self, changes: Sequence[IndexChange]) -> None:
        for change in changes:
            if change.seq <= self._applied:
                continue
            self._applied = change.seq
            if change.vector is None:
                self._vectors.pop(change.passage_id, None)
            else:
                self._vectors[change.passage_id] = change.vector

    def applied(self) -> int:
        return self._applied

    def count(self) -> int:
        return len(self._vectors)

    def query(self, vector: npt.NDArray[np.float32], limit: int) -> list[tuple[str, float]]:
        def cosine(other: npt.NDArray[np.float32]) -> float:
            return float(vector @ other / (np.linalg.norm(vector) * np.linalg.norm(other)))

        scored = [(name, cosine(other)) for name, other in self._vectors.items()]
        return sorted(scored, key=lambda hit: (-hit[1], hit[0]))[: max(limit, 0)]

    def nearest_similarities(self, vectors: Vectors) -> npt.NDArray[np.float32]:
        hits = [self.query(vector, 1) for vector in vectors]
        return np.array([hit[0][1] if hit else -1.0 for hit in hits], np.float32)

    def replace(self, rows: Iterable[tuple[list[str], Vectors]], seq: int) -> None:
        self._vectors = {name: row for names, block in rows for name, row in zip(names, block, strict=True)}
        self._applied = seq

    def owned(self) -> AbstractContextManager[None]:
        return nullcontext()

    def trust(self) -> None:
        """There is nothing to distrust."""

    def close(self) -> None:
        """There is nothing to give back."""
