"""Taking into the vector indexes, which the server's process owns, what its worker imports in another one."""

import threading
import time

from api.pool import Benches
from assistant.errors import VoxspecError
from assistant.search.plan import EXACT_PASSAGES, MOST_DRAINED
from assistant.stores.sync import drain_one
from assistant.telemetry import get_logger

_REST = 4.0
"""Chroma holds the interpreter while it writes: 0.4 to 0.8 s per 2,000 passages, in which nobody is answered. So for each
batch, so many times as long is left to requests; searches compare exactly until it has caught up."""
_WAIT_S = 5.0
_GATHER_S = 5.0
"""A few changes wait so long for others: a write of one ticket takes about as long as one of ten, and a search that comes
before takes them in itself."""


class IndexUpkeep:
    """A thread that brings the index of each workspace it is asked about up to date, one after the other.

    Args:
        workspace: one that is open all the time.
    """

    def __init__(self, benches: Benches, workspace: str) -> None:
        self._benches = benches
        self._default = workspace
        self._asked: dict[str, None] = {}
        self._changed = threading.Condition()
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run, name="index upkeep", daemon=True)
        self._thread.start()

    def ask(self, workspace: str) -> None:
        """Records of that workspace changed. From any thread; returns at once."""
        with self._changed:
            self._asked[workspace] = None
            self._changed.notify()

    def close(self) -> None:
        """Stop after the changes at hand. What is left is taken in when the index is opened again."""
        self._over.set()
        with self._changed:
            self._changed.notify()
        self._thread.join(_WAIT_S)

    def _run(self) -> None:
        while (workspace := self._next()) is not None:
            try:
                self._bring_up(workspace)
            except VoxspecError as problem:
                # The index is a cache: the next search or the next open makes up for it.
                get_logger("stores").warning(
                    "the vector index can't be brought up to date", reason=problem.message
                )

    def _next(self) -> str | None:
        with self._changed:
            self._changed.wait_for(lambda: self._asked or self._over.is_set())
            if self._over.is_set():
                return None
            workspace = next(iter(self._asked))
            del self._asked[workspace]
            return workspace

    def _bring_up(self, workspace: str) -> None:
        with self._benches.use(self._default) as bench:
            # A smaller one is compared with exactly, and its index is brought up to date when it is next opened.
            is_asked = bench.catalog.outbox.count(workspace) > EXACT_PASSAGES
        if not is_asked and not self._benches.has(workspace):
            return
        with self._benches.use(workspace) as bench:
            bench.heed_embedder()
            if not is_asked or bench.index is None:
                return
            behind = bench.catalog.outbox.head(workspace) - bench.index.applied()
            if behind <= MOST_DRAINED and self._over.wait(_GATHER_S):
                return
            began = time.monotonic()
            while drain_one(bench.catalog, bench.index, workspace):
                if self._over.wait(_REST * (time.monotonic() - began)):
                    return
                began = time.monotonic()
