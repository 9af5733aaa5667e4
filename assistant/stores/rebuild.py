"""Throwing the vector index away and building it anew from the catalog."""

from typing import Protocol

from assistant.errors import IndexLocked
from assistant.stores.index_port import VectorIndex
from assistant.stores.port import Catalog
from assistant.stores.sync import rebuild


class OpenedStores(Protocol):
    """The part of the Workbench that a rebuild needs."""

    @property
    def workspace(self) -> str: ...

    @property
    def catalog(self) -> Catalog: ...

    @property
    def index(self) -> VectorIndex | None: ...

    @property
    def index_refusal(self) -> IndexLocked | None: ...


def rebuild_index(bench: OpenedStores) -> int:
    """Build the workspace's vector index anew, without one embedding call. Returns passages in it.

    Nothing of the old index stays on disk, so this is also how erased records leave it.
    Raises: IndexLocked where another process owns the index; DiskFull; StoreError.
    """
    return rebuild(bench.catalog, owned_index(bench), bench.workspace)


def owned_index(bench: OpenedStores) -> VectorIndex:
    """The workspace's index, owned by this process until the bench is closed.

    Raises: IndexLocked where another process owns it, with that process' pid; nothing was changed then.
    """
    index = bench.index
    if index is None:
        raise bench.index_refusal or IndexLocked(
            f"The vector index of workspace '{bench.workspace}' is in use by another process.",
            hint="Stop it (often 'voxspec serve' or a running import) and run the same command again.",
        )
    return index
