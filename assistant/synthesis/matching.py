"""Which theme of now is which theme of before: the assignment that keeps most members together."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from assistant.synthesis.grid import Floats, Ints

_MOST = 0.5
"""Share of either theme that both must have in common to be one and the same."""


@dataclass(frozen=True)
class Held:
    """A theme as the set of its texts."""

    id: str
    texts: Ints
    """Ascending."""


def same_themes(before: Sequence[Held], after: Sequence[Held], weights: Ints) -> dict[str, str]:
    """The pairs of themes that share most, each theme in one pair at most.

    Of all ways to pair them the one with the greatest sum of Dice coefficients (Dice 1945) over the shared statements, by the
    Hungarian algorithm. Two themes that have less than half of either in common are no pair.

    Args:
        before: may hold an id several times, where a theme has been several sets of texts.
        weights: statements of each text.

    Returns: id of after → id of before.
    """
    edges = _edges(before, after, weights)
    pairs: dict[str, str] = {}
    for part in _parts(edges):
        olds = sorted({old for old, _ in part})
        news = sorted({new for _, new in part})
        gain = np.zeros((len(olds), len(news)))
        for row, old in enumerate(olds):
            for column, new in enumerate(news):
                gain[row, column] = edges.get((old, new), 0.0)
        for row, column in enumerate(best_assignment(gain).tolist()):
            if column >= 0 and gain[row, column] > 0:
                pairs[news[column]] = olds[row]
    return pairs


def best_assignment(gain: Floats) -> Ints:
    """Column of each row, so that the sum of gains is greatest; -1 where there are fewer columns than rows.

    The Hungarian algorithm with potentials (Kuhn 1955, Jonker & Volgenant 1987): O(rows² · columns), the same result for the same table.

    Args: gain: shape (rows, columns), finite.
    """
    if gain.shape[0] > gain.shape[1]:
        across = best_assignment(gain.T)
        found = np.full(gain.shape[0], -1, dtype=np.int64)
        found[across] = np.arange(len(across))
        return found
    rows, columns = gain.shape
    # Column 0 stands for a row that is still looking.
    cost = np.zeros((rows + 1, columns + 1))
    cost[1:, 1:] = -gain
    row_price, column_price = np.zeros(rows + 1), np.zeros(columns + 1)
    owner = np.zeros(columns + 1, dtype=np.int64)
    for row in range(1, rows + 1):
        owner[0] = row
        least = np.full(columns + 1, np.inf)
        came_from = np.zeros(columns + 1, dtype=np.int64)
        is_used = np.zeros(columns + 1, dtype=bool)
        at = 0
        while owner[at]:
            is_used[at] = True
            slack = cost[owner[at]] - row_price[owner[at]] - column_price
            better = ~is_used & (slack < least)
            least[better], came_from[better] = slack[better], at
            step = int(np.where(is_used, np.inf, least)[1:].argmin()) + 1
            by = least[step]
            row_price[owner[is_used]] += by
            column_price[is_used] -= by
            least[~is_used] -= by
            at = step
        while at:
            before = int(came_from[at])
            owner[at] = owner[before]
            at = before
    found = np.full(rows, -1, dtype=np.int64)
    taken = np.flatnonzero(owner[1:]) + 1
    found[owner[taken] - 1] = taken - 1
    return found


def overlaps(before: Sequence[Held], after: Sequence[Held], weights: Ints) -> list[dict[int, int]]:
    """For each theme of before: place of a theme of after → statements that are in both. No text is in two themes of after."""
    place = np.full(len(weights), -1, dtype=np.int64)
    for number, one in enumerate(after):
        place[one.texts] = number
    found = []
    for one in before:
        inside = place[one.texts]
        shared = np.bincount(inside + 1, weights=weights[one.texts], minlength=len(after) + 1)[1:]
        found.append({int(number): int(shared[number]) for number in np.flatnonzero(shared)})
    return found


def _edges(before: Sequence[Held], after: Sequence[Held], weights: Ints) -> Mapping[tuple[str, str], float]:
    sizes = [int(weights[one.texts].sum()) for one in after]
    edges: dict[tuple[str, str], float] = {}
    for old, shared in zip(before, overlaps(before, after, weights), strict=True):
        size = int(weights[old.texts].sum())
        for number, both in shared.items():
            if both > _MOST * size or both > _MOST * sizes[number]:
                pair = old.id, after[number].id
                edges[pair] = max(edges.get(pair, 0.0), 2.0 * both / (size + sizes[number]))
    return edges


def _parts(edges: Mapping[tuple[str, str], float]) -> list[list[tuple[str, str]]]:
    """Edges by the connected part of the graph that they are in: an assignment never reaches across."""
    group: dict[tuple[int, str], tuple[int, str]] = {}

    def root(one: tuple[int, str]) -> tuple[int, str]:
        while group.setdefault(one, one) != one:
            group[one] = group[group[one]]
            one = group[one]
        return one

    for old, new in sorted(edges):
        one, other = root((0, old)), root((1, new))
        group[max(one, other)] = min(one, other)
    found: dict[tuple[int, str], list[tuple[str, str]]] = {}
    for old, new in sorted(edges):
        found.setdefault(root((0, old)), []).append((old, new))
    return list(found.values())
