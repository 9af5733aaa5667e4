"""Throwing a vector index away with everything that it left on disk, and building it anew in a process of its own.

Chroma writes its graph files with room to spare, and what stands in that room is whatever its process had in memory. A process
that never heard of the erased ids can't write them.
"""

import os
import shutil
import subprocess
import sys
import threading
from pathlib import Path

from assistant.errors import StoreError

_STARTED_BY = "assistant.stores.renewing"


def discard_index(folder: Path) -> None:
    """Remove everything of an index but its lock. Whoever opens it next builds it anew. For its owner."""
    for path in sorted(folder.iterdir()) if folder.is_dir() else ():
        if path.is_dir():
            shutil.rmtree(path)
        elif path.name not in {"lock", "owner"}:
            path.unlink(missing_ok=True)
    for path in folder.parent.glob(f"{folder.name}.aside"):
        path.unlink(missing_ok=True)


def build_in_new_process(home: Path, workspace: str) -> None:
    """Build a workspace's index anew from the catalog, which must own it. Raises: StoreError with what the process said."""
    command = [sys.executable, "-m", _STARTED_BY, str(home), workspace]
    with subprocess.Popen(  # noqa: S603 - our own module, with the interpreter that runs us
        command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    ) as child:
        # Not `communicate`, which closes the child's stdin at once: to the child that is our end.
        assert child.stderr is not None
        said = child.stderr.read().decode("utf-8", "replace").strip().splitlines()
        code = child.wait()
    if code:
        raise StoreError(
            f"The vector index can't be built anew: {said[-1] if said else f'exit code {code}'}",
            hint="Run the same command again; nothing that was erased is in it.",
        )


def _end_with_parent() -> None:
    """End when whoever started us does, also by kill -9: the next one needs the index."""
    # Not `sys.stdin`, whose lock a thread must not hold when the interpreter ends.
    while os.read(0, 1):
        pass
    os._exit(1)


def _build(home: Path, workspace: str) -> None:
    # Imported here: the parent must not load Chroma.
    from assistant.stores.catalog import open_catalog
    from assistant.stores.chroma import open_chroma_index
    from assistant.stores.sync import rebuild

    catalog = open_catalog(home / "catalog.sqlite3")
    try:
        index = open_chroma_index(home / "index" / workspace)
        try:
            rebuild(catalog, index, workspace)
        finally:
            index.close()
    finally:
        catalog.close()


if __name__ == "__main__":
    threading.Thread(target=_end_with_parent, daemon=True).start()
    _build(Path(sys.argv[1]), sys.argv[2])
