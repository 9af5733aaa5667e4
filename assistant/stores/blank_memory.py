"""Blank memory for Chroma's graph files.

hnswlib writes spare room of its arrays as the allocator gave it: with whatever the process held there before, for example the text of a
record that was erased since. While these blocks are open, glibc fills what it gives out with zeros (`mallopt`, M_PERTURB).
"""

import ctypes
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import lru_cache

_M_PERTURB = -6
_ZEROS = 0xFF
"""glibc fills with the complement of the byte that it is told."""
_OFF = 0

_changing = threading.Lock()
_open = 0


@contextmanager
def blank_memory() -> Iterator[None]:
    """Memory that is allocated meanwhile, by any thread, is zero. Does nothing on systems without glibc."""
    perturb = _perturb()
    if perturb is None:
        yield
        return
    _count(1, perturb)
    try:
        yield
    finally:
        _count(-1, perturb)


def _count(by: int, perturb: Callable[[int], None]) -> None:
    global _open
    with _changing:
        _open += by
        perturb(_ZEROS if _open else _OFF)


@lru_cache(maxsize=1)
def _perturb() -> Callable[[int], None] | None:
    if not sys.platform.startswith("linux"):
        return None
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is None:
        return None

    def perturb(byte: int) -> None:
        mallopt(_M_PERTURB, byte)

    return perturb
