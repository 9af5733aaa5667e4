"""Keeping a vector index true to the catalog: applying the outbox, checking on open, building anew where they disagree."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Protocol

import numpy as np
import numpy.typing as npt

from assistant.errors import StoreCorrupt
from assistant.stores.index_port import VectorIndex, Vectors
from assistant.stores.port import Catalog
from assistant.telemetry import get_logger

_BATCH = 2000
_SAMPLE = 200
_ENOUGH_FOUND = 0.95
"""An index in order finds 99.9 % of its own vectors; one written by two processes had lost 21 %."""
_LOOKS = 5
_SAME = 0.999
"""Cosine of a vector with itself, after float16 and float32 arithmetic."""
_log = get_logger("stores")


class CheckedIndex(VectorIndex, Protocol):
    """A vector index that can be checked when it is opened."""

    def nearest_similarities(self, vectors: Vectors) -> npt.NDArray[np.float32]:
        """Cosine of each vector with its nearest passage, shape (n,); -1 where there is none."""
        ...

    def owned(self) -> AbstractContextManager[None]:
        """Nobody else changes the index while the block runs. Raises: IndexLocked."""
        ...

    def trust(self) -> None:
        """Say that the open-time check passed."""
        ...


def drain(catalog: Catalog, index: VectorIndex, workspace: str) -> int:
    """Apply what the index has not heard of, in order. Returns how many changes. Safe to break off and repeat at any point."""
    applied = 0
    while some := drain_one(catalog, index, workspace):
        applied += some
    return applied


def drain_one(catalog: Catalog, index: VectorIndex, workspace: str) -> int:
    """The next changes alone, for who may have to stop in between. Returns how many; 0: the index has heard of all."""
    changes = catalog.outbox.pending(workspace, index.applied(), _BATCH)
    if changes:
        index.apply(changes)
    return len(changes)


def rebuild(catalog: Catalog, index: VectorIndex, workspace: str) -> int:
    """Build the index anew from the catalog's vectors, without one embedding call. Returns passages in it."""
    # Read before the rows: what is added while they are read is applied again afterwards, which changes nothing.
    head = catalog.outbox.head(workspace)
    index.replace(catalog.outbox.rows(workspace, _BATCH), head)
    drain(catalog, index, workspace)
    return index.count()


def disagreement(catalog: Catalog, index: CheckedIndex, workspace: str) -> str:
    """Why an index that was drained can't be trusted; empty where it can.

    Its count must be the catalog's, and a sample of passages must find themselves. Ids are hashes, so the first ones are a random sample.
    """
    stored, held = catalog.outbox.count(workspace), index.count()
    if stored != held:
        return f"it holds {held} passages, the catalog {stored}"
    for _, vectors in catalog.outbox.rows(workspace, _SAMPLE):
        found = int((index.nearest_similarities(vectors) >= _SAME).sum())
        if found < _ENOUGH_FOUND * len(vectors):
            return f"only {found} of {len(vectors)} sampled passages are found"
        break
    return ""


def open_checked_index(
    catalog: Catalog, workspace: str, open_index: Callable[[Path], CheckedIndex], folder: Path
) -> CheckedIndex:
    """Open a workspace's index, bring it up to date and check it; build it anew where it disagrees with the catalog.

    Raises: IndexLocked, DiskFull, StoreError.
    """
    index = open_index(folder)
    try:
        mend(catalog, index, workspace)
    except BaseException:
        index.close()
        raise
    return index


def mend(catalog: Catalog, index: CheckedIndex, workspace: str) -> None:
    """Bring an opened index up to date and check it; build it anew where it disagrees. Raises: IndexLocked, DiskFull, StoreError."""
    with index.owned():
        if reason := _brought_up_to_date(catalog, index, workspace):
            _log.warning(f"The vector index does not fit the catalog ({reason}); it is built anew.")
            rebuild(catalog, index, workspace)
        index.trust()


def _brought_up_to_date(catalog: Catalog, index: CheckedIndex, workspace: str) -> str:
    for _ in range(_LOOKS):
        head = catalog.outbox.head(workspace)
        if index.applied() > head:
            return f"it has heard of change {index.applied()}, the catalog's last is {head}"
        try:
            drain(catalog, index, workspace)
            reason = disagreement(catalog, index, workspace)
        except StoreCorrupt as problem:
            return problem.message
        if not reason or catalog.outbox.head(workspace) == head:
            return reason
    # Others import all the time, so the two are never seen in one state. What is missing is drained before the next search.
    return ""
