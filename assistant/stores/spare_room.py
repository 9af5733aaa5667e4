"""Spare room in Chroma's graph files, blanked.

hnswlib writes the arrays of a new, empty graph as the allocator gave them: with whatever the process held there before, for example the
text of a record that was erased since. Later writes hold used rows only.
"""

import struct
from pathlib import Path

_HEADER = struct.Struct("<i4Q")
"""Format version, offset of level 0, rows there is room for, rows in use, bytes of a row of `data_level0.bin`."""
_LENGTH_BYTES = 4
"""Of a row of `length.bin`."""


def blank_spare_room(folder: Path) -> None:
    """Fill what lies behind the rows in use with zeros, in every graph under the folder. Raises: OSError."""
    for header in folder.rglob("header.bin"):
        head = header.read_bytes()
        if len(head) < _HEADER.size:
            # Cut off: Chroma tells on its first use, and the index is built anew.
            continue
        _version, _offset, _room, used, row_bytes = _HEADER.unpack_from(head)
        _blank(header.with_name("data_level0.bin"), used * row_bytes)
        _blank(header.with_name("length.bin"), used * _LENGTH_BYTES)


def _blank(path: Path, start: int) -> None:
    spare = path.stat().st_size - start
    if spare > 0:
        with path.open("r+b") as file:
            file.seek(start)
            file.write(bytes(spare))
