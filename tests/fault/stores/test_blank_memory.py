"""The files of the vector index hold nothing of what the process had in memory before."""

import ctypes
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from assistant.stores.chroma import open_chroma_index
from assistant.stores.port import IndexChange

WORDS = b"zorblatt exporter "


def _used_memory() -> None:
    """Give memory of many sizes back to the allocator, full of words."""
    libc = ctypes.CDLL(None)
    libc.malloc.restype = ctypes.c_void_p
    libc.malloc.argtypes = [ctypes.c_size_t]
    libc.free.argtypes = [ctypes.c_void_p]
    blocks = []
    for size in [400] * 2000 + [4 << 10] * 500 + [200 << 10] * 100 + [20 << 20]:
        block = libc.malloc(size)
        ctypes.memmove(block, (WORDS * (size // len(WORDS) + 1))[:size], size)
        blocks.append(block)
    for block in blocks:
        libc.free(block)


def _index_some(folder: Path) -> None:
    vectors = np.random.default_rng(0).normal(size=(150, 384)).astype(np.float32)
    _used_memory()
    index = open_chroma_index(folder)
    _used_memory()
    index.apply([IndexChange(n, f"rec_{n}.0", vector) for n, vector in enumerate(vectors, 1)])
    index.close()


@pytest.mark.skipif(
    not hasattr(ctypes.CDLL(None), "mallopt"), reason="only glibc can be told to give out blank memory"
)
@pytest.mark.skipif(sys.platform != "linux", reason="only glibc can be told to give out blank memory")
def test_spare_room_of_the_graph_is_blank(tmp_path: Path) -> None:
    with ThreadPoolExecutor(1) as pool:
        # A thread of its own, as an import over HTTP has: its memory was used by what ran in it before.
        pool.submit(_index_some, tmp_path / "index").result()
    files = {path.name: path.read_bytes() for path in (tmp_path / "index").rglob("*.bin")}
    assert {"data_level0.bin", "length.bin"} <= files.keys()
    assert set(files["length.bin"]) == {0}
    assert all(b"zorblatt" not in held for held in files.values())
