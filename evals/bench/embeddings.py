"""Embeddings kept on disk between benchmark runs, so that a workspace of 100,000 passages is paid once.

Never used where embedding is part of what is timed.
"""

import hashlib
import sqlite3
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from assistant.llm.port import Embedder

_Vectors = npt.NDArray[np.float32]
_ASK = 500


class KeptEmbedder:
    """An embedder that looks on disk first. Same identity, same bytes."""

    def __init__(self, inner: Embedder, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._inner = inner
        self.missed = 0
        """Texts that were not on disk."""
        # Import prepares in one thread and embeds in another; one call at a time either way.
        self._file = sqlite3.connect(folder / "embeddings.sqlite3", check_same_thread=False)
        self._file.execute(
            "CREATE TABLE IF NOT EXISTS kept (key BLOB PRIMARY KEY, vector BLOB) WITHOUT ROWID"
        )

    @property
    def identity(self) -> str:
        """The inner embedder's."""
        return self._inner.identity

    @property
    def dimension(self) -> int:
        """The inner embedder's."""
        return self._inner.dimension

    def embed(self, texts: Sequence[str]) -> _Vectors:
        """As the inner embedder does. Shape (len(texts), dimension)."""
        keys = [self._key(text) for text in texts]
        known = self._known(list(dict.fromkeys(keys)))
        missing = {key: text for key, text in zip(keys, texts, strict=True) if key not in known}
        if missing:
            self.missed += len(missing)
            for key, vector in zip(missing, self._inner.embed(list(missing.values())), strict=True):
                known[key] = vector
            with self._file:
                rows = [(key, known[key].tobytes()) for key in missing]
                self._file.executemany("INSERT OR IGNORE INTO kept VALUES (?, ?)", rows)
        return np.stack([known[key] for key in keys]) if keys else np.empty((0, self.dimension), np.float32)

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    def _key(self, text: str) -> bytes:
        return hashlib.blake2b(
            f"{self.identity}\x1f{text}".encode("utf-8", "surrogatepass"), digest_size=16
        ).digest()

    def _known(self, keys: list[bytes]) -> dict[bytes, _Vectors]:
        found: dict[bytes, _Vectors] = {}
        for start in range(0, len(keys), _ASK):
            part = keys[start : start + _ASK]
            marks = ",".join("?" * len(part))
            for key, vector in self._file.execute(
                f"SELECT key, vector FROM kept WHERE key IN ({marks})", part
            ):
                found[key] = np.frombuffer(vector, dtype=np.float32)
        return found
