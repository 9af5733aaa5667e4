"""The planted corpora in workspaces of their own, embedded by the multilingual embedder once for all who ask."""

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

import numpy as np
import numpy.typing as npt

from assistant.llm.use_multilingual import open_use_multilingual
from assistant.settings import Settings
from assistant.stores.catalog import open_catalog
from assistant.workbench import Workbench
from evals.planted.corpus import write_corpus
from ingest.options import IngestOptions
from ingest.pipeline import ingest


class Remembering:
    """The multilingual embedder, which embeds no text twice: a vector is the same in any batch."""

    def __init__(self) -> None:
        self._inner = open_use_multilingual()
        self._vectors: dict[str, npt.NDArray[np.float32]] = {}
        self.identity = self._inner.identity
        self.dimension = self._inner.dimension

    def embed(self, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        missing = [text for text in dict.fromkeys(texts) if text not in self._vectors]
        if missing:
            self._vectors.update(zip(missing, self._inner.embed(missing), strict=True))
        rows = [self._vectors[text] for text in texts]
        return np.array(rows, dtype=np.float32).reshape(len(texts), self.dimension)


@lru_cache(maxsize=1)
def remembering() -> Remembering:
    """One for the whole run."""
    return Remembering()


def open_planted(home: Path, *languages: str) -> Workbench:
    """A workbench with a real catalog and exact search over the records of some languages."""
    home.mkdir(parents=True, exist_ok=True)
    bench = Workbench(
        Settings(home=home),
        open_catalog=lambda: open_catalog(home / "catalog.sqlite3"),
        open_index=lambda: None,
        open_embedder=remembering,
        open_model=lambda: None,
    )
    ingest(bench, [write_corpus(home / "feedback.csv", *languages)], IngestOptions())
    return bench
