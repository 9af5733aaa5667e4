"""A map of numbers that stays small: 16 bytes a pair where a dict takes 170."""

import numpy as np

_NEW = 1 << 16


class NumberMap:
    """64-bit numbers to 64-bit numbers. What is new lies in a dict, all else in sorted arrays."""

    def __init__(self) -> None:
        self._new: dict[int, int] = {}
        self._keys = np.empty(0, np.uint64)
        self._values = np.empty(0, np.uint64)

    def get(self, key: int) -> int | None:
        """The number for a key, or None."""
        found = self._new.get(key)
        if found is not None or not len(self._keys):
            return found
        place = int(self._keys.searchsorted(np.uint64(key)))
        if place < len(self._keys) and int(self._keys[place]) == key:
            return int(self._values[place])
        return None

    def put(self, key: int, value: int) -> None:
        """Keep a number for a key, in place of another. Both in [0, 2**64)."""
        self._new[key] = value
        if len(self._new) >= _NEW:
            self._settle()

    def _settle(self) -> None:
        keys = np.fromiter(self._new.keys(), np.uint64, len(self._new))
        values = np.fromiter(self._new.values(), np.uint64, len(self._new))
        order = keys.argsort()
        keys, values = keys[order], values[order]
        # What is known already keeps its place and takes the new number.
        place = np.minimum(keys.searchsorted(self._keys), len(keys) - 1)
        left = keys[place] != self._keys
        self._keys, self._values = self._keys[left], self._values[left]
        place = self._keys.searchsorted(keys)
        self._keys = np.insert(self._keys, place, keys)
        self._values = np.insert(self._values, place, values)
        self._new.clear()


def id_number(name: str) -> int:
    """64 bits of a hexadecimal hash, after a prefix such as `rec_` if there is one."""
    return int(name.rpartition("_")[2][:16], 16)
