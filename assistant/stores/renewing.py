"""Throwing a vector index away with everything that it left on disk, and building it anew in a process of its own.

Chroma writes its graph files with room to spare, and what stands in that room is whatever its process had in memory. A process
that never heard of the erased ids can't write them.
"""

import os
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from assistant.errors import StoreError
from assistant.stores.ownership import give_back, take_index

if TYPE_CHECKING:
    from sqlalchemy.engine import URL

_STARTED_BY = "assistant.stores.renewing"
_LAST_ONES_END_S = 2.0
"""An erasure that was killed leaves the process that builds for it, which ends a moment later."""


class IndexKeeper(Protocol):
    """An index as an erasure handles it."""

    def own(self) -> AbstractContextManager[None]:
        """Nobody else changes it while the block runs. Raises: IndexLocked."""
        ...

    def discard(self) -> None:
        """Remove everything of it, inside of `own`. Whoever opens it next builds it anew."""
        ...

    def build_anew(self) -> None:
        """Build it from the catalog, in a process that never heard of what was removed. Outside of `own`. Raises: StoreError."""
        ...


class IndexFolder:
    """The `IndexKeeper` of an index in the home folder.

    Args:
        place: where the catalog lies.
    """

    def __init__(self, home: Path, workspace: str, place: "Path | URL") -> None:
        self._folder = home / "index" / workspace
        self._workspace = workspace
        self._place = place

    @contextmanager
    def own(self) -> Iterator[None]:
        """Hold the folder's lock."""
        lock = take_index(self._folder, patience_s=_LAST_ONES_END_S)
        try:
            yield
        finally:
            give_back(self._folder, lock)

    def discard(self) -> None:
        """Remove everything but the lock."""
        discard_index(self._folder)

    def build_anew(self) -> None:
        """In a process of its own."""
        build_in_new_process(self._folder, self._workspace, self._place)


def discard_index(folder: Path) -> None:
    """Remove everything of an index but its lock. Whoever opens it next builds it anew. For its owner."""
    for path in sorted(folder.iterdir()) if folder.is_dir() else ():
        if path.is_dir():
            shutil.rmtree(path)
        elif path.name not in {"lock", "owner"}:
            path.unlink(missing_ok=True)
    for path in folder.parent.glob(f"{folder.name}.aside"):
        path.unlink(missing_ok=True)


def build_in_new_process(folder: Path, workspace: str, place: "Path | URL") -> None:
    """Build a workspace's index anew from the catalog at a place. Raises: StoreError with what the process said."""
    command = [sys.executable, "-m", _STARTED_BY, str(folder), workspace]
    # Not an argument, which everybody on the machine can read: a URL may hold a password.
    told = str(place) if isinstance(place, Path) else place.render_as_string(hide_password=False)
    with subprocess.Popen(  # noqa: S603 - our own module, with the interpreter that runs us
        command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    ) as child:
        assert child.stdin is not None
        child.stdin.write(f"{told}\n".encode("utf-8", "surrogateescape"))
        child.stdin.flush()
        # Not `communicate`, which closes the child's stdin at once: to the child that is our end.
        assert child.stderr is not None
        said = child.stderr.read().decode("utf-8", "replace").strip().splitlines()
        code = child.wait()
    if code:
        raise StoreError(
            f"The vector index can't be built anew: {said[-1] if said else f'exit code {code}'}",
            hint="Run the same command again; nothing that was erased is in it.",
        )


def end_with_parent() -> None:
    """End when whoever started us does, also by kill -9: the next one needs the index. Its end of stdin is its life."""
    if os.name == "posix":
        _end_by_signal()
    threading.Thread(target=_end_at_end_of_stdin, daemon=True).start()


def _end_by_signal() -> None:
    """Let the kernel end us: a thread would first wait for Chroma, which holds the interpreter for seconds."""
    import fcntl
    import select

    signal.signal(signal.SIGIO, signal.SIG_DFL)
    fcntl.fcntl(0, fcntl.F_SETOWN, os.getpid())
    fcntl.fcntl(0, fcntl.F_SETFL, fcntl.fcntl(0, fcntl.F_GETFL) | os.O_ASYNC)
    if select.select([0], [], [], 0)[0]:
        os._exit(1)


def _end_at_end_of_stdin() -> None:
    # Not `sys.stdin`, whose lock a thread must not hold when the interpreter ends.
    while os.read(0, 1):
        pass
    os._exit(1)


def _place() -> "Path | URL":
    line = b""
    while (byte := os.read(0, 1)) not in (b"", b"\n"):
        line += byte
    told = line.decode("utf-8", "surrogateescape")
    if "://" not in told:
        return Path(told)
    from sqlalchemy.engine import make_url

    return make_url(told)


def _build(folder: Path, workspace: str, place: "Path | URL") -> None:
    # Imported here: the parent must not load Chroma.
    from assistant.stores.catalog import open_catalog
    from assistant.stores.chroma import open_chroma_index
    from assistant.stores.sync import rebuild

    catalog = open_catalog(place)
    try:
        index = open_chroma_index(folder)
        try:
            rebuild(catalog, index, workspace)
        finally:
            index.close()
    finally:
        catalog.close()


if __name__ == "__main__":
    catalog_place = _place()
    end_with_parent()
    _build(Path(sys.argv[1]), sys.argv[2], catalog_place)
