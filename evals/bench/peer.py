"""The other side of the comparison: a plain LangChain + Chroma pipeline, as its documentation shows it.

Chroma's default embedder fetches its weights at run time. Here the same class, unchanged, finds the MiniLM weights that
Voxspec uses in the folder where it looks for them: stored as int8, computed in float32 as its own would be.
"""

import csv
import shutil
from collections.abc import Callable
from importlib import resources
from pathlib import Path

import numpy as np
from chromadb.config import Settings as ChromaSettings
from chromadb.utils.embedding_functions.onnx_mini_lm_l6_v2 import ONNXMiniLM_L6_V2
from langchain_chroma import Chroma
from langchain_core.embeddings import Embeddings
from langchain_text_splitters import RecursiveCharacterTextSplitter

from assistant.llm.minilm import TOKENIZER_FILE, WEIGHTS_PACKAGE
from assistant.llm.port import Embedder

_CHUNK_CHARS, _OVERLAP_CHARS = 1000, 200
"""As LangChain's tutorials split."""


class OwnEmbeddings(Embeddings):
    """LangChain's seam over Chroma's default embedder."""

    def __init__(self, folder: Path) -> None:
        _place_weights(folder)
        own = type("Offline", (ONNXMiniLM_L6_V2,), {"DOWNLOAD_PATH": folder})
        self._embedder: ONNXMiniLM_L6_V2 = own()

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """Batches of 32, each text padded to 256 tokens."""
        return [np.asarray(vector).tolist() for vector in self._embedder(texts)]

    def embed_query(self, text: str) -> list[float]:
        """One text, padded to 256 tokens."""
        return self.embed_documents([text])[0]


class GivenEmbeddings(Embeddings):
    """LangChain's seam over any embedder of ours, to compare everything but the embedding."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """Unit vectors."""
        vectors: list[list[float]] = self._embedder.embed(texts).tolist()
        return vectors

    def embed_query(self, text: str) -> list[float]:
        """One unit vector."""
        return self.embed_documents([text])[0]


class Peer:
    """A persisted Chroma collection behind LangChain, all settings left as they come."""

    def __init__(self, folder: Path, embeddings: Embeddings) -> None:
        settings = ChromaSettings(_env_file=None, anonymized_telemetry=False, is_persistent=True)
        self._store = Chroma(
            embedding_function=embeddings, persist_directory=str(folder), client_settings=settings
        )

    def count(self) -> int:
        """Chunks that are stored."""
        return int(self._store._collection.count())

    def add_file(self, path: Path, progress: Callable[[int], None] | None = None) -> int:
        """Read a CSV, split its texts, embed and store them. Returns: chunks."""
        splitter = RecursiveCharacterTextSplitter(chunk_size=_CHUNK_CHARS, chunk_overlap=_OVERLAP_CHARS)
        with path.open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        documents = splitter.create_documents(
            [row["text"] for row in rows],
            [
                {"id": row["id"], "date": row["date"], "plan": row["plan"], "source": path.stem}
                for row in rows
            ],
        )
        batch = int(self._store._client.get_max_batch_size())
        for start in range(0, len(documents), batch):
            self._store.add_documents(documents[start : start + batch])
            if progress:
                progress(start)
        return len(documents)

    def find(self, question: str, limit: int = 10, plan: str | None = None) -> list[str]:
        """Texts of the nearest chunks. Args: plan: a metadata filter."""
        where = {"plan": plan} if plan else None
        return [
            found.page_content for found in self._store.similarity_search(question, k=limit, filter=where)
        ]

    def find_ids(self, question: str, limit: int = 10) -> list[str]:
        """The `id` column of the nearest chunks' rows."""
        return [str(found.metadata["id"]) for found in self._store.similarity_search(question, k=limit)]

    def close(self) -> None:
        """Close the database."""
        self._store._client.close()


def _place_weights(folder: Path) -> None:
    target = folder / ONNXMiniLM_L6_V2.EXTRACTED_FOLDER_NAME
    target.mkdir(parents=True, exist_ok=True)
    with resources.as_file(resources.files(WEIGHTS_PACKAGE) / "model.onnx") as weights:
        shutil.copyfile(weights, target / "model.onnx")
    tokenizer = resources.files("assistant.models").joinpath(TOKENIZER_FILE).read_bytes()
    (target / "tokenizer.json").write_bytes(tokenizer)
    # Looked for, never read.
    for name in ("config.json", "special_tokens_map.json", "tokenizer_config.json", "vocab.txt"):
        (target / name).touch()
