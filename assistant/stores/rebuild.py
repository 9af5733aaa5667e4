"""Throwing the vector index away and building it anew from the catalog."""

from typing import Protocol

from assistant.errors import IndexLocked
from assistant.stores.port import Catalog, VectorIndex
from assistant.stores.sync import rebuild


class OpenedStores(Protocol):
    """The part of the Workbench that a rebuild needs."""

    @property
    def workspace(self) -> str: ...

    @property
    def catalog(self) -> Catalog: ...

    @property
    def index(self) -> VectorIndex | None: ...


def rebuild_index(bench: OpenedStores) -> int:
    """Build the workspace's vector index anew, without one embedding call. Returns passages in it.

    Nothing of the old index stays on disk, so this is also how erased records leave it.
    Raises: IndexLocked where another process owns the index; DiskFull; StoreError.
    """
    index = bench.index
    if index is None:
        raise IndexLocked(
            f"The vector index of workspace '{bench.workspace}' is in use by another process.",
            hint="Stop it (often 'voxspec serve' or a running import) and run 'voxspec rebuild-index'.",
        )
    return rebuild(bench.catalog, index, bench.workspace)
