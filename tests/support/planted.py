"""The planted corpora in workspaces of their own, embedded by a real embedder once for all who ask."""

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

import numpy as np
import numpy.typing as npt

from assistant.llm.minilm import open_minilm
from assistant.llm.port import Embedder
from assistant.llm.use_multilingual import open_use_multilingual
from assistant.settings import Settings
from assistant.stores.catalog import open_catalog
from assistant.workbench import Workbench
from evals.planted.corpus import write_corpus
from ingest.options import IngestOptions
from ingest.pipeline import ingest


class Remembering:
    """A local embedder, which embeds no text twice: a vector is the same in any batch."""

    def __init__(self, inner: Embedder) -> None:
        self._inner = inner
        self._vectors: dict[str, npt.NDArray[np.float32]] = {}
        self.identity = self._inner.identity
        self.dimension = self._inner.dimension

    def embed(self, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        missing = [text for text in dict.fromkeys(texts) if text not in self._vectors]
        if missing:
            self._vectors.update(zip(missing, self._inner.embed(missing), strict=True))
        rows = [self._vectors[text] for text in texts]
        return np.array(rows, dtype=np.float32).reshape(len(texts), self.dimension)


@lru_cache(maxsize=2)
def remembering(name: str) -> Remembering:
    """One for the whole run. Args: name: `use-multilingual` or `minilm`."""
    return Remembering(open_use_multilingual() if name == "use-multilingual" else open_minilm())


def open_planted(home: Path, *languages: str, embedder: str = "use-multilingual") -> Workbench:
    """A workbench with a real catalog and exact search over the records of some languages."""
    home.mkdir(parents=True, exist_ok=True)
    bench = Workbench(
        Settings(home=home),
        open_catalog=lambda: open_catalog(home / "catalog.sqlite3"),
        open_index=lambda: None,
        open_embedder=lambda: remembering(embedder),
        open_model=lambda: None,
    )
    ingest(bench, [write_corpus(home / "feedback.csv", *languages)], IngestOptions())
    return bench
