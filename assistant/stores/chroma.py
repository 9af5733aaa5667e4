"""The `VectorIndex` on Chroma: ids and vectors only, one folder per workspace, one owner process.

The folder holds `lock`, `owner` (pid of the owner), `state.json` (the generation in use and the last applied change), `opening` (there while
an open has not been checked) and one folder per generation. A rebuild is a new generation, because Chroma leaves the content of
deleted rows on disk, and because a damaged one can't be repaired from inside.
"""

import json
import os
import shutil
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import chromadb
import numpy as np
import numpy.typing as npt
from chromadb.config import Settings as ChromaSettings
from chromadb.errors import ChromaError
from filelock import FileLock

from assistant.errors import DiskFull, StoreCorrupt
from assistant.stores.index_port import IndexChange, Vectors
from assistant.stores.ownership import give_back, take_index
from assistant.stores.spare_room import blank_spare_room
from assistant.telemetry import get_logger

_COLLECTION = "passages"
HNSW: dict[str, Any] = {
    "space": "cosine",
    "max_neighbors": 16,
    "ef_construction": 100,
    "ef_search": 100,
    # With 50,000, an open took 47 s: what was not synced is inserted again.
    "sync_threshold": 2000,
}
"""Of every collection of vectors."""
BATCH = 2000
"""Rows sent at once."""
_log = get_logger("stores")


class ChromaIndex:
    """Nearest passages of one workspace. Made by `open_chroma_index`."""

    def __init__(self, folder: Path, lock: FileLock) -> None:
        self._folder = folder
        self._lock = lock
        self._changing = threading.RLock()
        self._generation, self._applied, sizes = _read_state(folder)
        if _shrunk(folder, sizes):
            _log.warning("A file of the vector index is cut off or missing; it is built anew.")
            self._generation, self._applied = self._generation + 1, 0
        elif (folder / "opening").exists() and self._applied:
            # A damaged file can take the whole process down, which no handler sees.
            _log.warning("The last open of the vector index did not end; it is built anew.")
            self._generation, self._applied = self._generation + 1, 0
        (folder / "opening").touch()
        try:
            self._client, self._rows = _open_generation(self._path(self._generation))
        except StoreCorrupt as problem:
            _log.warning("The vector index is damaged; it is built anew.", reason=problem.message)
            self._generation, self._applied = self._generation + 1, 0
            shutil.rmtree(self._path(self._generation), ignore_errors=True)
            self._client, self._rows = _open_generation(self._path(self._generation))
        self._remove_others()

    def apply(self, changes: Sequence[IndexChange]) -> None:
        """Upsert and delete, then remember the last number. Changes that were applied already are skipped."""
        with self._changing, _translated(self._folder):
            latest = {change.passage_id: change for change in changes if change.seq > self._applied}
            if not latest:
                return
            write_changes(self._rows, latest.values())
            self._remember(self._generation, max(change.seq for change in latest.values()))

    def applied(self) -> int:
        """Sequence number of the last change that is findable."""
        return self._applied

    def count(self) -> int:
        """Passages in the index."""
        with _translated(self._folder):
            return int(self._rows.count())

    def query(self, vector: npt.NDArray[np.float32], limit: int) -> list[tuple[str, float]]:
        """Nearest passages with cosine similarity, best first, ties by id."""
        if limit < 1:
            return []
        with _translated(self._folder):
            found = self._rows.query(
                query_embeddings=[np.asarray(vector, np.float32)], n_results=limit, include=["distances"]
            )
        return nearest_first(found["ids"][0], found["distances"][0])

    def nearest_similarities(self, vectors: Vectors) -> npt.NDArray[np.float32]:
        """Cosine of each vector with its nearest passage, shape (n,). One question for all: 0.2 ms each, alone 1 to 2 ms."""
        if not len(vectors):
            return np.empty(0, np.float32)
        with _translated(self._folder):
            found = self._rows.query(query_embeddings=vectors, n_results=1, include=["distances"])
        return np.array([1.0 - far[0] if far else -1.0 for far in found["distances"]], np.float32)

    def replace(self, rows: Iterable[tuple[list[str], Vectors]], seq: int) -> None:
        """Build a new generation beside the old one and swap; queries are answered by the old one meanwhile."""
        with self._changing:
            generation = self._generation + 1
            path = self._path(generation)
            shutil.rmtree(path, ignore_errors=True)
            with _translated(self._folder):
                client, built = _open_generation(path)
                for ids, vectors in rows:
                    for start in range(0, len(ids), BATCH):
                        part = slice(start, start + BATCH)
                        built.upsert(ids=ids[part], embeddings=vectors[part])
                self._remember(generation, seq)
            old, self._client, self._rows = self._client, client, built
            old.close()
            self._remove_others()

    @contextmanager
    def owned(self) -> Iterator[None]:
        """Nothing to do: the folder's lock is held as long as the index is open."""
        yield

    def trust(self) -> None:
        """Say that the open-time check passed, or that the process is leaving in order."""
        (self._folder / "opening").unlink(missing_ok=True)

    def close(self) -> None:
        """Give the ownership back. Closing twice does nothing."""
        with self._changing:
            if not self._lock.is_locked:
                return
            self._client.close()
            blank_spare_room(self._path(self._generation))
            self.trust()
            give_back(self._folder, self._lock)

    def _path(self, generation: int) -> Path:
        return self._folder / f"generation-{generation}"

    def _remember(self, generation: int, seq: int) -> None:
        """Make the state durable: it is written after the data it speaks of, never before."""
        blank_spare_room(self._path(generation))
        draft = self._folder / "state.json.new"
        with draft.open("w", encoding="utf-8") as file:
            sizes = _graph_sizes(self._folder, generation)
            json.dump({"generation": generation, "applied": seq, "sizes": sizes}, file)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(self._folder / "state.json")
        self._generation, self._applied = generation, seq

    def _remove_others(self) -> None:
        for path in self._folder.glob("generation-*"):
            if path != self._path(self._generation):
                shutil.rmtree(path, ignore_errors=True)


def open_chroma_index(folder: Path) -> ChromaIndex:
    """Become the owner of a workspace's index. A folder that can't be read gives an empty index with `applied() == 0`.

    Raises: IndexLocked within a second where another process owns it; DiskFull.
    """
    if folder.is_file():
        _log.warning("A file stands where the vector index belongs; it is put aside.")
        folder.rename(folder.with_name(f"{folder.name}.aside"))
    lock = take_index(folder)
    try:
        return ChromaIndex(folder, lock)
    except BaseException:
        lock.release()
        raise


def _open_generation(path: Path) -> tuple[Any, Any]:
    """Client and collection of a generation, which is created where it is new. Raises: StoreCorrupt, DiskFull."""
    with _translated(path):
        path.mkdir(exist_ok=True)
        # Without `_env_file=None`, Chroma reads a `.env` file of the working directory.
        settings = ChromaSettings(
            _env_file=None,
            anonymized_telemetry=False,
            allow_reset=False,
            is_persistent=True,
            persist_directory=str(path),
        )
        client: Any = chromadb.PersistentClient(path=str(path), settings=settings)
        try:
            rows = client.get_or_create_collection(
                _COLLECTION, embedding_function=None, configuration={"hnsw": HNSW}
            )
            rows.count()
            blank_spare_room(path)
        except BaseException:
            client.close()
            raise
        return client, rows


def nearest_first(ids: Sequence[str], distances: Sequence[float]) -> list[tuple[str, float]]:
    """Chroma's answer as passages with their cosine, best first, ties by id."""
    pairs = zip(ids, distances, strict=True)
    return sorted(((name, 1.0 - float(far)) for name, far in pairs), key=lambda hit: (-hit[1], hit[0]))


def write_changes(rows: Any, changes: Iterable[IndexChange]) -> None:
    """Upsert and delete the changed passages in a collection."""
    gone: list[str] = []
    ids: list[str] = []
    vectors: list[npt.NDArray[np.float32]] = []
    for change in changes:
        if change.vector is None:
            gone.append(change.passage_id)
        else:
            ids.append(change.passage_id)
            vectors.append(change.vector)
    for start in range(0, len(ids), BATCH):
        part = slice(start, start + BATCH)
        rows.upsert(ids=ids[part], embeddings=np.stack(vectors[part]))
    for start in range(0, len(gone), BATCH):
        rows.delete(ids=gone[start : start + BATCH])


def _read_state(folder: Path) -> tuple[int, int, dict[str, int]]:
    try:
        state = json.loads((folder / "state.json").read_text(encoding="utf-8"))
        sizes = {str(name): int(size) for name, size in state["sizes"].items()}
        return int(state["generation"]), int(state["applied"]), sizes
    except FileNotFoundError:
        return 0, 0, {}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        _log.warning("The state of the vector index can't be read; it is built anew.")
        return 1 + max((_number(path) for path in folder.glob("generation-*")), default=0), 0, {}


def _graph_sizes(folder: Path, generation: int) -> dict[str, int]:
    found = folder.glob(f"generation-{generation}/*/*.bin")
    return {str(path.relative_to(folder)): path.stat().st_size for path in found}


def _shrunk(folder: Path, sizes: dict[str, int]) -> bool:
    """Whether a graph file is shorter than it was: these only grow, and reading past the end of one is a segmentation fault."""
    return any(
        not (folder / name).is_file() or (folder / name).stat().st_size < size for name, size in sizes.items()
    )


def _number(path: Path) -> int:
    digits = path.name.rpartition("-")[2]
    return int(digits) if digits.isdecimal() else 0


@contextmanager
def _translated(folder: Path) -> Iterator[None]:
    try:
        yield
    except (ChromaError, ValueError, KeyError) as problem:
        raise _as_store_error(folder, str(problem)) from problem
    except OSError as problem:
        raise _as_store_error(folder, problem.strerror or str(problem)) from problem
    except BaseException as problem:
        # A Rust panic is a BaseException whose class can't be imported.
        if type(problem).__name__ != "PanicException":
            raise
        raise _as_store_error(folder, str(problem)) from problem


def _as_store_error(folder: Path, reason: str) -> DiskFull | StoreCorrupt:
    if "disk is full" in reason or "No space left" in reason:
        return DiskFull(
            f"No space left for the vector index {folder}.",
            hint="Free some space and run the same command again; no record was lost.",
        )
    return StoreCorrupt(
        f"The vector index {folder} can't be read: {reason}.",
        hint="Run 'voxspec rebuild-index': it is built anew from the catalog, without embedding.",
    )
