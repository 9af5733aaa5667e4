"""A writer of ZIP files that lies where it is told to: sizes, names, offsets."""

import struct
import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

_LOCAL = struct.Struct("<4s5H3I2H")
_CENTRAL = struct.Struct("<4s6H3I5H2I")
_END = struct.Struct("<4s4H2IH")
_BLOCK = 1 << 20
_LARGEST_32 = 0xFFFFFFFF


@dataclass(frozen=True)
class Part:
    """One entry as it is stored."""

    name: bytes
    packed: bytes
    size: int
    """What its header claims that it unpacks to."""
    crc: int = 0
    attributes: int = 0
    times: int = 1
    """How often `packed` stands in the entry: flushed blocks can be repeated."""


def stored(name: str, content: bytes, *, size: int | None = None, attributes: int = 0) -> Part:
    """An honest entry, unless a size is given."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    packed = packer.compress(content) + packer.flush()
    return Part(
        name.encode(), packed, len(content) if size is None else size, zlib.crc32(content), attributes
    )


def endless(name: str, size: int, *, claims: int | None = None, fill: bytes = b"\0") -> Part:
    """An entry that unpacks to `size` bytes, a multiple of a megabyte, made without packing them."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    block = (fill * (_BLOCK // len(fill) + 1))[:_BLOCK]
    # After a full flush nothing refers back: the block can stand there any number of times.
    packed = packer.compress(block) + packer.flush(zlib.Z_FULL_FLUSH)
    return Part(name.encode(), packed, size if claims is None else claims, times=size // _BLOCK)


def write_zip(path: Path, parts: Iterable[Part], *, overlap: int = 1) -> None:
    """Write an archive. Args: overlap: how many names point to each entry."""
    directory = bytearray()
    count = 0
    with path.open("wb") as file:
        for part in parts:
            at = file.tell()
            last = b"\x03\0" if part.times > 1 else b""
            packed = len(part.packed) * part.times + len(last)
            file.write(_header(part, packed))
            for _ in range(part.times):
                file.write(part.packed)
            file.write(last)
            for copy in range(overlap):
                name = part.name if overlap == 1 else b"%d-%s" % (copy, part.name)
                directory += _entry(part, name, packed, at)
                count += 1
        start = file.tell()
        file.write(directory)
        file.write(
            _END.pack(b"PK\5\6", 0, 0, min(count, 0xFFFF), min(count, 0xFFFF), len(directory), start, 0)
        )


def _extra(part: Part) -> bytes:
    return struct.pack("<HHQ", 1, 8, part.size) if part.size > _LARGEST_32 else b""


def _header(part: Part, packed: int) -> bytes:
    size = min(part.size, _LARGEST_32)
    fields = _LOCAL.pack(b"PK\3\4", 20, 0x800, 8, 0, 33, part.crc, packed, size, len(part.name), 0)
    return fields + part.name


def _entry(part: Part, name: bytes, packed: int, at: int) -> bytes:
    extra, size = _extra(part), min(part.size, _LARGEST_32)
    fields = _CENTRAL.pack(
        b"PK\1\2", 0x314, 20, 0x800, 8, 0, 33, part.crc, packed, size, len(name), len(extra), 0, 0, 0,
        part.attributes, at,
    )  # fmt: skip
    return fields + name + extra


def parts_of(files: Mapping[str, bytes]) -> Iterator[Part]:
    """Honest entries."""
    return (stored(name, content) for name, content in files.items())
