"""Average linkage: the two groups whose members are most alike on average become one, again and again."""

import numpy as np

from assistant.synthesis.grid import Floats, Ints, by_first_row


def typical_nearest(cosines: Floats) -> float:
    """Median cosine of a row to its nearest other, at least 0; 1 where there is no other: the scale of an embedder.

    Args: cosines: shape (rows, rows).
    """
    if len(cosines) < 2:
        return 1.0
    others = cosines.copy()
    np.fill_diagonal(others, -np.inf)
    return max(float(np.sort(others.max(axis=1))[len(others) // 2]), 0.0)


def average_linkage(cosines: Floats, threshold: float) -> Ints:
    """Join rows by chains of nearest neighbours (Murtagh 1983). Shape (rows,).

    Takes time and memory of rows squared: for some thousand rows.

    Args:
        cosines: shape (rows, rows); overwritten.
        threshold: least mean cosine between the members of two groups for them to be joined.
    """
    count = len(cosines)
    weight = np.ones(count)
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
