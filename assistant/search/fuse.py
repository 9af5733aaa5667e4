"""Reciprocal rank fusion of ranked lists."""

from collections.abc import Hashable, Sequence
from typing import Protocol, Self, TypeVar

RANK_CONSTANT = 60
DENSE_WEIGHT = 1.0
LEXICAL_WEIGHT = 0.3


class _Id(Hashable, Protocol):
    def __lt__(self, other: Self, /) -> bool: ...


Id = TypeVar("Id", bound=_Id)


def fuse(
    rankings: Sequence[Sequence[Id]], weights: Sequence[float], *, k: int = RANK_CONSTANT
) -> list[tuple[Id, float]]:
    """Fuse ranked lists by weighted reciprocal rank (Cormack et al. 2009, k = 60).

    Args:
        rankings: ids, best first, each at most once in a list.
        weights: one per ranking, not negative.

    Returns: (id, score), best first, ties by id; score in [0, 1], 1 for an id that leads every list.
    """
    best = sum(weights) / (k + 1)
    scores: dict[Id, float] = {}
    for ranking, weight in zip(rankings, weights, strict=True):
        for rank, name in enumerate(ranking, start=1):
            scores[name] = scores.get(name, 0.0) + weight / (k + rank)
    scaled = ((name, round(score / best, 6) if best else 0.0) for name, score in scores.items())
    return sorted(scaled, key=lambda pair: (-pair[1], pair[0]))
