"""The directory of a ZIP file, looked at before it is read: an entry of it costs a reader half a kilobyte."""

import stat
import struct
import zipfile
from collections.abc import Sequence
from pathlib import Path, PurePosixPath

from assistant.errors import InputRejected

MAX_ENTRIES = 50_000
"""Of the largest containers that are read: a Slack export has a file for every channel and day."""
_TAIL = 22 + (1 << 16)
"""The end record, and the longest comment that may follow it."""
_MAX_BYTES = 32 << 20
_SIGNATURE = b"PK\1\2"
_CSV_HINT = "Export the data as CSV instead."


def check_directory(path: Path) -> None:
    """Count the entries of a ZIP file without reading them.

    Raises: InputRejected where there are more than any container has. What isn't a ZIP file is left to whoever opens it.
    """
    with path.open("rb") as file:
        end = file.seek(0, 2)
        file.seek(max(0, end - _TAIL))
        tail = file.read()
        at = tail.rfind(b"PK\5\6")
        if at < 0 or len(tail) < at + 22:
            return
        size = struct.unpack_from("<I", tail, at + 12)[0]
        wide = tail.rfind(b"PK\6\6", 0, at)
        if size == 0xFFFFFFFF and 0 <= wide <= at - 56:
            size, at = struct.unpack_from("<Q", tail, wide + 40)[0], wide
        place = end - len(tail) + at
        if size > _MAX_BYTES:
            raise bomb(path, f"has a directory of {size >> 20:,} MB")
        file.seek(max(0, place - size))
        count = file.read(size).count(_SIGNATURE)
    if count > MAX_ENTRIES:
        raise bomb(path, f"holds {count:,} parts")


def check_names(path: Path, entries: Sequence[zipfile.ZipInfo], max_entries: int) -> None:
    """Raises: InputRejected for too many entries, encrypted ones, links, and names that leave the container or stand twice."""
    if len(entries) > max_entries:
        raise bomb(path, f"holds {len(entries):,} parts")
    seen: set[str] = set()
    for entry in entries:
        if _leaves(entry):
            raise InputRejected(
                f"{path.name} holds a part whose name leaves the file: it may be an attack.",
                hint="Ask whoever sent it for a CSV export.",
            )
        if entry.flag_bits & 0x1:
            raise InputRejected(f"{path.name} is encrypted.", hint="Remove the password and try again.")
        # Readers differ in which of two they take: what was checked must be what is read.
        name = entry.filename.replace("\\", "/").casefold()
        if name in seen:
            raise InputRejected(
                f"{path.name} holds the part '{entry.filename[:80]}' twice: it may be an attack.",
                hint="Open and save it again with the program that made it.",
            )
        seen.add(name)


def _leaves(entry: zipfile.ZipInfo) -> bool:
    name = PurePosixPath(entry.filename.replace("\\", "/"))
    if "\0" in entry.orig_filename or stat.S_ISLNK(entry.external_attr >> 16):
        return True
    return not name.parts or name.is_absolute() or ".." in name.parts or ":" in name.parts[0]


def bomb(path: Path, what: str) -> InputRejected:
    """The error for a container that would fill the memory."""
    return InputRejected(f"{path.name} {what}: it looks like a zip bomb and was not opened.", hint=_CSV_HINT)
