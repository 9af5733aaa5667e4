"""One embedded corpus for all hostile models; each test opens it with its own model behind a real server."""

import shutil
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from assistant.llm.cache import CachedModel
from assistant.llm.minilm import open_minilm
from assistant.llm.openai_chat import OpenAIChat
from assistant.settings import Settings
from assistant.stores.catalog import open_catalog
from assistant.workbench import Workbench
from ingest.options import IngestOptions
from ingest.pipeline import ingest
from tests.integration.hostile.proof import INJECTED
from tests.support.voices import write_voices


class SharedEmbedder:
    """The real embedder, opened once, that remembers the texts of all workspaces."""

    def __init__(self) -> None:
        self._embedder = open_minilm(None, 0)
        self._known: dict[str, npt.NDArray[np.float32]] = {}
        self.identity = self._embedder.identity
        self.dimension = self._embedder.dimension

    def embed(self, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        missing = [text for text in dict.fromkeys(texts) if text not in self._known]
        if missing:
            self._known.update(zip(missing, self._embedder.embed(missing), strict=True))
        return np.array([self._known[text] for text in texts], dtype=np.float32).reshape(
            len(texts), self.dimension
        )


OpenBench = Callable[..., Workbench]


@pytest.fixture(scope="session")
def embedder() -> SharedEmbedder:
    return SharedEmbedder()


@pytest.fixture(scope="session")
def open_bench(embedder: SharedEmbedder) -> OpenBench:
    """Open a home with the model of a server (None: the extractive writer)."""

    def open_it(
        home: Path, url: str | None = None, *, timeout_s: float = 20.0, retries: int = 1
    ) -> Workbench:
        def model() -> CachedModel | None:
            if url is None:
                return None
            chat = OpenAIChat(name="hostile", base_url=url, timeout_s=timeout_s, retries=retries)
            return CachedModel(chat, bench.catalog.calls, bench.workspace)

        bench = Workbench(
            Settings.load(home=home),
            open_catalog=lambda: open_catalog(home / "catalog.sqlite3"),
            open_index=lambda: None,
            open_embedder=lambda: embedder,
            open_model=model,
        )
        return bench

    return open_it


@pytest.fixture(scope="session")
def corpus(tmp_path_factory: pytest.TempPathFactory, open_bench: OpenBench) -> Path:
    """A home with the voices of five topics, two of which try to instruct the model. Copy it; it isn't changed."""
    folder = tmp_path_factory.mktemp("hostile")
    write_voices(folder / "voices.csv", extra=INJECTED)
    (folder / "home").mkdir()
    with open_bench(folder / "home") as bench:
        ingest(bench, [folder / "voices.csv"], IngestOptions())
    return folder / "home"


@pytest.fixture
def home(corpus: Path, tmp_path: Path) -> Path:
    """The corpus for one test."""
    return Path(shutil.copytree(corpus, tmp_path / "home"))
