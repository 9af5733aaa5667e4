"""Who owns a workspace's vector index: one process, through a lock file that goes with it."""

import os
from pathlib import Path

from filelock import FileLock, Timeout

from assistant.errors import IndexLocked


def take_index(folder: Path, *, patience_s: float = 0) -> FileLock:
    """Become the owner of an index folder, which is made where it is new. Raises: IndexLocked, once the patience ends."""
    folder.mkdir(parents=True, exist_ok=True)
    lock = FileLock(folder / "lock", timeout=patience_s, is_singleton=False)
    try:
        lock.acquire()
    except Timeout as problem:
        raise IndexLocked(
            f"The vector index {folder} is in use by process {_owner(folder)}.",
            hint="Stop that process (often 'voxspec serve' or a running import) and run the same command again, or ask its server.",
        ) from problem
    (folder / "owner").write_text(str(os.getpid()), encoding="ascii")
    return lock


def give_back(folder: Path, lock: FileLock) -> None:
    """End the ownership."""
    (folder / "owner").unlink(missing_ok=True)
    lock.release()


def _owner(folder: Path) -> str:
    try:
        return (folder / "owner").read_text(encoding="ascii") or "unknown"
    except OSError:
        return "unknown"
