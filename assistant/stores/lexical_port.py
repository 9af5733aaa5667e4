"""The seam of the lexical index."""

from collections.abc import Sequence
from typing import Protocol

import numpy as np
import numpy.typing as npt

Keys = npt.NDArray[np.int64]
Scores = npt.NDArray[np.float64]


class LexicalIndex(Protocol):
    """BM25 over the passages' words; part of the catalog's own transactions."""

    def search(self, workspace: str, terms: Sequence[str], limit: int) -> list[tuple[str, float]]:
        """Passages by BM25 score, best first, ties by id. Terms as `domain.text.index_terms` gives them."""
        ...

    def frequencies(self, workspace: str, terms: Sequence[str]) -> tuple[int, dict[str, int]]:
        """How many passages the workspace holds, and how many of them hold each of the terms; terms that none holds are absent."""
        ...

    def scored(self, workspace: str, terms: Sequence[str]) -> tuple[Keys, Scores]:
        """All passages that hold any of the terms, by the catalog's numbers, ascending, with their BM25 scores."""
        ...

    def scored_apart(self, workspace: str, terms: Sequence[str]) -> dict[str, tuple[Keys, Scores]]:
        """The same for each term alone; terms that none holds are absent."""
        ...
