"""Throwing a vector index away with everything that it left on disk, and building it anew in a process of its own.

Chroma writes its graph files with room to spare, and what stands in that room is whatever its process had in memory. A process
that never heard of the erased ids can't write them.
"""

import shutil
import subprocess
import sys
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
    done = subprocess.run(  # noqa: S603 - our own module, with the interpreter that runs us
        [sys.executable, "-m", _STARTED_BY, str(home), workspace],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=False,
    )
    if done.returncode:
        said = done.stderr.decode("utf-8", "replace").strip().splitlines()
        raise StoreError(
            f"The vector index can't be built anew: {said[-1] if said else f'exit code {done.returncode}'}",
            hint="Run the same command again; nothing that was erased is in it.",
        )


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
    _build(Path(sys.argv[1]), sys.argv[2])
