"""Random choices that come out the same on every Python: only `Random.random` is used, whose output is guaranteed."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from random import Random
from typing import TypeVar

T = TypeVar("T")


class Dice:
    """A named stream of random choices; streams with different names don't disturb each other.

    Example:
        >>> Dice(42, "people").pick(["a", "b"])
    """

    def __init__(self, *name: object) -> None:
        joined = "/".join(str(part) for part in name)
        self._random = Random(int.from_bytes(hashlib.blake2b(joined.encode(), digest_size=8).digest(), "big"))

    def unit(self) -> float:
        """A number in [0, 1)."""
        return self._random.random()

    def below(self, limit: int) -> int:
        """A whole number in [0, limit)."""
        return int(self._random.random() * limit)

    def between(self, low: int, high: int) -> int:
        """A whole number in [low, high]."""
        return low + self.below(high - low + 1)

    def chance(self, probability: float) -> bool:
        """True with that probability."""
        return self._random.random() < probability

    def pick(self, options: Sequence[T]) -> T:
        """One of the options, which must not be empty."""
        return options[self.below(len(options))]

    def weighted(self, weights: Mapping[T, float]) -> T:
        """A key, by weight."""
        left = self._random.random() * sum(weights.values())
        for option, weight in weights.items():
            left -= weight
            if left < 0:
                return option
        return next(reversed(list(weights)))

    def shuffled(self, items: Iterable[T]) -> list[T]:
        """A new list in random order (Fisher-Yates)."""
        order = list(items)
        for last in range(len(order) - 1, 0, -1):
            other = self.below(last + 1)
            order[last], order[other] = order[other], order[last]
        return order

    def apportion(self, total: int, weights: Mapping[T, float]) -> list[T]:
        """Keys in random order, each as often as its share of the total (largest remainder)."""
        whole = sum(weights.values())
        exact = {key: total * weight / whole for key, weight in weights.items()}
        counts = {key: int(share) for key, share in exact.items()}
        by_remainder = sorted(exact, key=lambda key: counts[key] - exact[key])
        for key in by_remainder[: total - sum(counts.values())]:
            counts[key] += 1
        return self.shuffled(key for key, count in counts.items() for _ in range(count))
