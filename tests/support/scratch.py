"""Where tests write: in memory, where there is room.

Each new catalog waits nine times for the disk, and a disk that others use answers in milliseconds: two files of tests took 62 s on one and
15 s in memory. What tests prove about killed processes doesn't rest on the disk: a killed process leaves its writes to the system.
"""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

_MEMORY = Path("/dev/shm")
_ENOUGH_BYTES = 6 * 1024**3


def use_memory() -> None:
    """Have this process and those that it starts make their temporary files in memory, and remove them at its end.

    Does nothing where TMPDIR is set, or where less than 6 GiB of memory are free for files.
    """
    if "TMPDIR" in os.environ or not _has_room():
        return
    folder = tempfile.mkdtemp(prefix="voxspec-tests-", dir=_MEMORY)
    # The database server of tests runs as another user.
    Path(folder).chmod(0o755)
    os.environ["TMPDIR"] = folder
    tempfile.tempdir = None
    atexit.register(shutil.rmtree, folder, ignore_errors=True)


def _has_room() -> bool:
    if not _MEMORY.is_dir() or not os.access(_MEMORY, os.W_OK):
        return False
    return min(shutil.disk_usage(_MEMORY).free, _available()) >= _ENOUGH_BYTES


def _available() -> int:
    for line in Path("/proc/meminfo").read_text().splitlines():
        if line.startswith("MemAvailable:"):
            return int(line.split()[1]) * 1024
    return 0
