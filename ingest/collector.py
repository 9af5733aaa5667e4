"""Fewer collections of cyclic garbage while an import runs: it makes objects by the million, and hardly a cycle.

Python looks for cycles after every 700 new objects, and every so often through all that the process holds: an eighth of an import's time.
"""

import gc
import threading
from collections.abc import Iterator
from contextlib import contextmanager

_OBJECTS = 20_000
"""New objects between two looks; a batch of records makes a few hundred thousand."""
_changing = threading.Lock()
_open = 0
_before = gc.get_threshold()


@contextmanager
def rare_collections() -> Iterator[None]:
    """Collect less often as long as any of these blocks is open, in any thread."""
    _count(1)
    try:
        yield
    finally:
        _count(-1)


def _count(by: int) -> None:
    global _open, _before
    with _changing:
        if not _open:
            _before = gc.get_threshold()
        _open += by
        gc.set_threshold(*((_OBJECTS, *_before[1:]) if _open and _before[0] else _before))
