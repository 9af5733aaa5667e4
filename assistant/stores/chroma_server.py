"""The `VectorIndex` on a Chroma server, which many processes share: all of them ask, one at a time changes it.

The server is `chroma run`, the one in Rust, in a private network: it has no keys. Per workspace it holds a collection without rows whose
metadata say which generation is in use and what was applied last, and one collection per generation with ids and vectors. Whoever
changes something holds the workspace's turn; a process that finds it taken leaves the work to the holder.
"""

import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import chromadb
import httpx
import numpy as np
import numpy.typing as npt
from chromadb.config import Settings as ChromaSettings
from chromadb.errors import ChromaError, NotFoundError

from assistant.domain.base import digest
from assistant.errors import IndexLocked, StoreError
from assistant.stores.chroma import BATCH, HNSW, nearest_first, write_changes
from assistant.stores.index_port import IndexChange, Vectors
from assistant.stores.port import Catalog
from assistant.stores.sync import mend, rebuild
from assistant.telemetry import get_logger

TURN = "index"
"""What the turn to change an index is called."""
_TIMEOUT_S = 60.0
_WAIT_S = 3.0
"""For another process to finish a batch."""
_POLL_S = 0.05
_PAGE = 500
_never = threading.Event()
_log = get_logger("stores")


@dataclass
class ChromaServer:
    """Where the server is; connected when it is first needed."""

    url: str
    _client: Any = field(default=None, repr=False)
    _opening: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def client(self) -> Any:
        """The connection. Raises: what Chroma raises."""
        with self._opening:
            if self._client is None:
                parts = urlsplit(self.url)
                # Without `_env_file=None`, Chroma reads a `.env` file of the working directory.
                client: Any = chromadb.HttpClient(
                    host=str(parts.hostname),
                    port=parts.port or (443 if parts.scheme == "https" else 8000),
                    ssl=parts.scheme == "https",
                    settings=ChromaSettings(_env_file=None, anonymized_telemetry=False),
                )
                # Its own default is to wait for ever.
                client._server._session.timeout = httpx.Timeout(_TIMEOUT_S)
                self._client = client
            return self._client

    @contextmanager
    def translated(self) -> Iterator[None]:
        """Errors of the server as ours. Raises: StoreError."""
        try:
            yield
        except (ChromaError, httpx.HTTPError, ValueError, KeyError) as problem:
            raise StoreError(
                f"The Chroma server {self.url} can't serve: {str(problem) or type(problem).__name__}.",
                hint="Check that 'chroma run' is running there; no record was lost.",
            ) from problem

    def close(self) -> None:
        """Close the connection."""
        with self._opening:
            client, self._client = self._client, None
        if client is not None:
            # Its own close leaves the sockets to the garbage collector.
            client._server._session.close()
            client.close()


class ChromaServerIndex:
    """Nearest passages of one workspace.

    Args:
        catalog: whose vectors they are; it keeps the turns.
    """

    def __init__(self, server: ChromaServer, catalog: Catalog, workspace: str) -> None:
        self._server = server
        self._turns = catalog.turns
        self._workspace = workspace
        # Catalogs that share a server don't share workspaces.
        self._name = f"voxspec.{digest(catalog.identity, size=8)}.{workspace}.index"
        self._rows: tuple[int, Any] | None = None
        self._changing = threading.RLock()
        self._depth = 0

    @contextmanager
    def owned(self) -> Iterator[None]:
        """Nobody else changes the index while the block runs. Raises: IndexLocked where another process does."""
        with self._changing:
            give_back = self._take() if self._depth == 0 else None
            self._depth += 1
            try:
                yield
            finally:
                self._depth -= 1
                if give_back is not None:
                    give_back()

    def apply(self, changes: Sequence[IndexChange]) -> None:
        """Upsert and delete, then remember the last number. Changes that anybody applied already are skipped."""
        if not changes:
            return
        with self.owned(), self._server.translated():
            generation, applied = self._state()
            latest = {change.passage_id: change for change in changes if change.seq > applied}
            if not latest:
                return
            write_changes(self._made(generation), latest.values())
            self._remember(generation, max(change.seq for change in latest.values()))

    def applied(self) -> int:
        """Sequence number of the last change that is findable, whoever applied it."""
        with self._server.translated():
            return self._state()[1]

    def count(self) -> int:
        """Passages in the index."""
        with self._server.translated():
            return int(self._asked(lambda rows: rows.count(), 0))

    def query(self, vector: npt.NDArray[np.float32], limit: int) -> list[tuple[str, float]]:
        """Nearest passages with cosine similarity, best first, ties by id."""
        if limit < 1:
            return []
        asked = np.asarray(vector, np.float32)[None]
        with self._server.translated():
            found = self._asked(lambda rows: _nearest(rows, asked, limit), None)
        return [] if found is None else nearest_first(found["ids"][0], found["distances"][0])

    def nearest_similarities(self, vectors: Vectors) -> npt.NDArray[np.float32]:
        """Cosine of each vector with its nearest passage, shape (n,)."""
        if not len(vectors):
            return np.empty(0, np.float32)
        with self._server.translated():
            found = self._asked(lambda rows: _nearest(rows, vectors, 1), None)
        far = [[]] * len(vectors) if found is None else found["distances"]
        return np.array([1.0 - one[0] if one else -1.0 for one in far], np.float32)

    def replace(self, rows: Iterable[tuple[list[str], Vectors]], seq: int) -> None:
        """Build a new generation beside the old one and swap; queries are answered by the old one meanwhile."""
        with self.owned(), self._server.translated():
            generation = self._state()[0] + 1
            self._drop(lambda number: number == generation)
            built = self._made(generation)
            for ids, vectors in rows:
                for start in range(0, len(ids), BATCH):
                    part = slice(start, start + BATCH)
                    built.upsert(ids=ids[part], embeddings=vectors[part])
            self._remember(generation, seq)
            self._drop(lambda number: number != generation)

    def discard(self) -> None:
        """Remove everything of the workspace from the server. Whoever opens it next builds it anew."""
        with self.owned(), self._server.translated():
            with suppress(NotFoundError):
                self._server.client().delete_collection(self._name)
            self._drop(lambda _: True)
            self._rows = None

    def trust(self) -> None:
        """Nothing: a damaged index can't take this process down."""

    def close(self) -> None:
        """Close the connection. Closing twice does nothing."""
        self._server.close()

    def _take(self) -> Callable[[], None]:
        for _ in range(int(_WAIT_S / _POLL_S)):
            if (give_back := self._turns.take(TURN, self._workspace)) is not None:
                return give_back
            _never.wait(_POLL_S)
        raise IndexLocked(
            f"Another process is changing the vector index of workspace '{self._workspace}'.",
            hint="Try again when it has finished; search is exact meanwhile.",
        )

    def _state(self) -> tuple[int, int]:
        """Generation in use, and the last applied change; (0, 0) where nothing was ever written."""
        try:
            held = self._server.client().get_collection(self._name, embedding_function=None).metadata
        except NotFoundError:
            return 0, 0
        return int(held["generation"]), int(held["applied"])

    def _remember(self, generation: int, applied: int) -> None:
        """After the data that it speaks of, never before."""
        state = {"generation": generation, "applied": applied}
        known = self._server.client().get_or_create_collection(
            self._name, embedding_function=None, metadata=state
        )
        known.modify(metadata=state)

    def _asked(self, ask: Callable[[Any], Any], empty: Any) -> Any:
        """The answer of the generation in use, which another process may swap in between."""
        for _ in range(3):
            try:
                return ask(self._current())
            except NotFoundError:
                self._rows = None
        return empty

    def _current(self) -> Any:
        if self._rows is None:
            generation = self._state()[0]
            name = self._generation(generation)
            self._rows = generation, self._server.client().get_collection(name, embedding_function=None)
        return self._rows[1]

    def _made(self, generation: int) -> Any:
        return self._server.client().get_or_create_collection(
            self._generation(generation), embedding_function=None, configuration={"hnsw": HNSW}
        )

    def _generation(self, number: int) -> str:
        return f"{self._name}.{number}"

    def _drop(self, meant: Callable[[int], bool]) -> None:
        client, found = self._server.client(), []
        for start in range(0, client.count_collections(), _PAGE):
            found += [one.name for one in client.list_collections(limit=_PAGE, offset=start)]
        for name in sorted(found):
            head, _, number = name.rpartition(".")
            if head == self._name and number.isdecimal() and meant(int(number)):
                with suppress(NotFoundError):
                    client.delete_collection(name)


class IndexOnServer:
    """The `IndexKeeper` of an index on a server: how its files look is the server's."""

    def __init__(self, index: ChromaServerIndex, catalog: Catalog, workspace: str) -> None:
        self._index = index
        self._catalog = catalog
        self._workspace = workspace

    def own(self) -> AbstractContextManager[None]:
        """Hold the workspace's turn."""
        return self._index.owned()

    def discard(self) -> None:
        """Remove its collections."""
        self._index.discard()

    def build_anew(self) -> None:
        """Here: this process writes none of the index's files."""
        rebuild(self._catalog, self._index, self._workspace)


def open_chroma_server(url: str, catalog: Catalog, workspace: str) -> ChromaServerIndex:
    """The index of a workspace on a server, brought up to date and checked where that can be done now.

    Where another process changes it, or the server is away, it is returned as it is: a search asks it when it answers.
    """
    index = ChromaServerIndex(ChromaServer(url), catalog, workspace)
    try:
        mend(catalog, index, workspace)
    except StoreError as problem:
        _log.warning(f"{problem.message} The vector index was not checked.")
    return index


def _nearest(rows: Any, vectors: Vectors, limit: int) -> Any:
    return rows.query(query_embeddings=vectors, n_results=limit, include=["distances"])
