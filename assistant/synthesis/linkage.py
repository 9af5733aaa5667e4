"""Average linkage: the two groups whose members are most alike on average become one, again and again."""

import numpy as np

from assistant.synthesis.grid import SCALE, Floats, Ints, Vectors, by_first_row

SAME = 0.5
"""Mean cosine between the members of two groups from which they are one theme."""


def average_linkage(steps: Vectors, threshold: float = SAME) -> Ints:
    """Groups whose members have a mean cosine of at least `threshold` with each other when joined. Shape (rows,).

    Takes rows² memory (8 bytes each) and time: for some thousand rows. Args: steps: shape (rows, dimension), on the grid.
    """
    cosines = (steps @ steps.T).astype(np.float64) / (SCALE * SCALE)
    return linked(cosines, np.ones(len(steps), dtype=np.int64), threshold)


def linked(cosines: Floats, sizes: Ints, threshold: float) -> Ints:
    """Average linkage from given groups on, by chains of nearest neighbours (Murtagh 1983).

    Args:
        cosines: shape (groups, groups), mean cosine between the members of two groups; overwritten.
        sizes: members of each group.
        threshold: least mean cosine for two groups to be joined.
    """
    count = len(cosines)
    weight = sizes.astype(np.float64)
    np.fill_diagonal(cosines, -np.inf)
    into = np.arange(count)
    chain: list[int] = []
    # A group whose nearest is below the threshold has no one to join: means of joined groups only lie between.
    waiting = list(range(count - 1, -1, -1))
    is_gone = np.zeros(count, dtype=bool)
    while waiting or chain:
        if not chain:
            start = waiting.pop()
            if is_gone[start]:
                continue
            chain.append(start)
        top = chain[-1]
        near = int(cosines[top].argmax())
        best = cosines[top, near]
        if best < threshold:
            # Nobody joins it, so nobody below it in the chain would have come to it.
            is_gone[top] = True
            cosines[:, top] = -np.inf
            chain.pop()
            continue
        if len(chain) > 1 and cosines[top, chain[-2]] == best:
            other = chain[-2]
            del chain[-2:]
            keep, drop = min(top, other), max(top, other)
            row = (weight[keep] * cosines[keep] + weight[drop] * cosines[drop]) / (
                weight[keep] + weight[drop]
            )
            row[[keep, drop]] = -np.inf
            cosines[keep], cosines[:, keep] = row, row
            cosines[drop], cosines[:, drop] = -np.inf, -np.inf
            weight[keep] += weight[drop]
            into[drop] = keep
            is_gone[drop] = True
            waiting.append(keep)
        else:
            chain.append(near)
    # A group always joins an earlier one, so one pass from the first on finds where each ended.
    for place in range(count):
        into[place] = into[into[place]]
    return by_first_row(into)
