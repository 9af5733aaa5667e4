"""The opened workbenches, one per workspace. This process owns their vector indexes while they are open."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

from assistant.errors import StoreError, VoxspecError
from assistant.settings import Settings
from assistant.workbench import Workbench

_MAX_OPEN = 32
_LOOK_EVERY_S = 0.5


class Benches:
    """Opens a workspace when it is first asked for; closes the least recently used one when there are too many.

    Args:
        open_bench: opens the seams of the settings' workspace.
    """

    def __init__(
        self, settings: Settings, open_bench: Callable[[Settings], Workbench], *, max_open: int = _MAX_OPEN
    ) -> None:
        self._settings = settings
        self._open_bench = open_bench
        self._max_open = max_open
        self._lock = threading.Lock()
        self._benches: OrderedDict[str, Workbench] = OrderedDict()
        self._users: dict[str, int] = {}
        self._gates: dict[str, threading.Lock] = {}
        self._inside: dict[str, int] = {}
        """Workspace → how many have its bench in hands."""
        self._left = threading.Event()

    @contextmanager
    def use(self, workspace: str) -> Iterator[Workbench]:
        """The workspace's bench; it stays open while the block runs. Raises: StoreError where all are in use."""
        with self._lock:
            self._users[workspace] = self._users.get(workspace, 0) + 1
            gate = self._gates.setdefault(workspace, threading.Lock())
        try:
            # A big index takes seconds to open; only requests for that workspace wait.
            with gate:
                bench = self._find(workspace) or self._open(workspace)
                with self._lock:
                    self._inside[workspace] = self._inside.get(workspace, 0) + 1
            try:
                yield bench
            finally:
                with self._lock:
                    self._inside[workspace] -= 1
                self._left.set()
        finally:
            self._leave(workspace)

    @contextmanager
    def alone(self, workspace: str) -> Iterator[Settings]:
        """The workspace's settings, with its bench closed and nobody using it; whoever asks for it waits until the block ends.

        What runs in it is waited for: an import or a draft goes on to its end first.
        """
        with self._lock:
            self._users[workspace] = self._users.get(workspace, 0) + 1
            gate = self._gates.setdefault(workspace, threading.Lock())
        try:
            while True:
                with gate:
                    with self._lock:
                        idle = self._inside.get(workspace, 0) == 0
                        bench = self._benches.pop(workspace, None) if idle else None
                    if idle:
                        if bench is not None:
                            bench.close()
                        yield self._settings.model_copy(update={"workspace": workspace})
                        return
                self._left.wait(_LOOK_EVERY_S)
                self._left.clear()
        finally:
            self._leave(workspace)

    def has(self, workspace: str) -> bool:
        """Whether it is open now."""
        with self._lock:
            return workspace in self._benches

    def open_now(self) -> list[str]:
        """Workspaces that are open."""
        with self._lock:
            return list(self._benches)

    def close(self) -> None:
        """Close them all."""
        with self._lock:
            for bench in self._benches.values():
                bench.close()
            self._benches.clear()

    def _leave(self, workspace: str) -> None:
        with self._lock:
            self._users[workspace] -= 1
            if not self._users[workspace]:
                del self._users[workspace], self._gates[workspace]
                self._inside.pop(workspace, None)

    def _find(self, workspace: str) -> Workbench | None:
        with self._lock:
            bench = self._benches.get(workspace)
            if bench is not None:
                self._benches.move_to_end(workspace)
            return bench

    def _open(self, workspace: str) -> Workbench:
        self._make_room()
        bench = self._open_bench(self._settings.model_copy(update={"workspace": workspace}))
        # The seams open on first use, and two threads must not open one twice: the index has one owner. What can't
        # be opened now fails where it is needed, so that the rest goes on working.
        for open_seam in (
            lambda: bench.catalog,
            lambda: bench.index,
            lambda: bench.embedder,
            lambda: bench.model,
        ):
            with suppress(VoxspecError):
                open_seam()
        with self._lock:
            self._benches[workspace] = bench
        return bench

    def _make_room(self) -> None:
        with self._lock:
            if len(self._benches) < self._max_open:
                return
            idle = next((name for name in self._benches if not self._users.get(name)), None)
            if idle is None:
                raise StoreError(
                    f"{self._max_open} workspaces are in use at once.",
                    hint="Try again when some work is done.",
                )
            # Closed inside the lock: nobody can open the workspace again before its index is given back.
            self._benches.pop(idle).close()
