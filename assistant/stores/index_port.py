"""The seam of the vector index, and of the changes that it hasn't taken in yet."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

Vectors = npt.NDArray[np.float32]
"""Shape (n, dimension), rows of unit length."""


@dataclass(frozen=True)
class IndexChange:
    """One outbox row: the passage's vector, or None where it is to be removed."""

    seq: int
    passage_id: str
    vector: npt.NDArray[np.float32] | None


class OutboxStore(Protocol):
    """What the vector index has still to hear of, in order."""

    def pending(self, workspace: str, after_seq: int, limit: int) -> list[IndexChange]:
        """Changes after that sequence number, oldest first."""
        ...

    def head(self, workspace: str) -> int:
        """Greatest sequence number given out; 0 where there is none."""
        ...

    def count(self, workspace: str) -> int:
        """Current passages: what an index holds that has heard of every change."""
        ...

    def rows(self, workspace: str, batch: int) -> Iterator[tuple[list[str], Vectors]]:
        """All current passages with their vectors, in batches by passage id, for a rebuild."""
        ...


class VectorIndex(Protocol):
    """Nearest passages of one workspace. One owner process."""

    def apply(self, changes: Sequence[IndexChange]) -> None:
        """Upsert and delete, then remember the last sequence number. Idempotent."""
        ...

    def applied(self) -> int:
        """Sequence number of the last change that is findable."""
        ...

    def count(self) -> int:
        """Passages in the index."""
        ...

    def query(self, vector: npt.NDArray[np.float32], limit: int) -> list[tuple[str, float]]:
        """Nearest passages with cosine similarity, best first."""
        ...

    def replace(self, rows: Iterable[tuple[list[str], Vectors]], seq: int) -> None:
        """Build anew beside the old one and swap."""
        ...

    def close(self) -> None:
        """Give the ownership back."""
        ...
