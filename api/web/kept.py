"""What pages make of the counts of a workspace, made once per state of them and kept with the workbench."""

from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from threading import RLock
from typing import Any, TypeVar
from weakref import WeakKeyDictionary

from assistant.workbench import Workbench

_Made = TypeVar("_Made")


@dataclass
class _Shelf:
    """Of one workbench, and only for one stamp: what pages ask for is bounded by their kinds and levels."""

    lock: RLock = field(default_factory=RLock)
    stamp: str = ""
    made: dict[Hashable, Any] = field(default_factory=dict)


_shelves: WeakKeyDictionary[Workbench, _Shelf] = WeakKeyDictionary()
_new = RLock()


def once(bench: Workbench, stamp: str, name: Hashable, make: Callable[[], _Made]) -> _Made:
    """What `make` gives, made again only when the stamp changed. Of requests that ask at once, one makes it.

    Args: stamp: of what pages count. name: of what is made; it tells everything that `make` depends on besides.
    """
    with _new:
        shelf = _shelves.setdefault(bench, _Shelf())
    with shelf.lock:
        if shelf.stamp != stamp:
            shelf.stamp, shelf.made = stamp, {}
        if name not in shelf.made:
            shelf.made[name] = make()
        made: _Made = shelf.made[name]
        return made
