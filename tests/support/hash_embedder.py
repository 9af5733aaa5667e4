"""A deterministic embedder for tests: vectors from the hashes of a text's words. Similar words, similar vectors; no model."""

from collections.abc import Sequence
from zlib import crc32

import numpy as np
import numpy.typing as npt

from assistant.domain.text import content_words


class HashEmbedder:
    """Bag of hashed words on the unit sphere. Counts what it embedded."""

    def __init__(self, dimension: int = 32, name: str = "hash") -> None:
        self._dimension = dimension
        self._name = name
        self.embedded: list[str] = []

    @property
    def identity(self) -> str:
        """Name and dimension."""
        return f"{self._name}:{self._dimension}"

    @property
    def dimension(self) -> int:
        """Length of a vector."""
        return self._dimension

    def embed(self, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        """Shape (len(texts), dimension), unit rows."""
        self.embedded.extend(texts)
        vectors = np.zeros((len(texts), self._dimension), dtype=np.float32)
        for row, text in enumerate(texts):
            vectors[row, 0] = 0.1
            for word in content_words(text):
                seed = crc32(word.encode("utf-8", "surrogatepass"))
                vectors[row, seed % self._dimension] += 1.0 if seed & 0x10000 else -1.0
        lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
        return vectors / np.where(lengths == 0, 1, lengths)
