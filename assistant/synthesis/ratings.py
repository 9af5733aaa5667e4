"""Ratings of each theme: on the scale of their source, and all on one."""

from collections.abc import Sequence

import numpy as np

from assistant.domain.ratings import Scale
from assistant.domain.theme_facts import RatingFacts
from assistant.search.matrix import Bools, Floats, Ints
from assistant.synthesis.intervals import mean_interval, nps_interval
from assistant.synthesis.pairs import Pairs

NPS: Scale = (0.0, 10.0)
_SHARES: Scale = (0.0, 1.0)


def ratings_of(pairs: Pairs) -> tuple[list[tuple[RatingFacts, ...]], list[RatingFacts | None], list[int]]:
    """For each group: the ratings by scale, all of them as shares of their scale where several scales occur, and the odd ones."""
    matrix = pairs.matrix
    ends = matrix.rating_ends
    scales = sorted(set(ends.values()))
    of_source = np.array(
        [scales.index(ends[str(source)]) if source in ends else -1 for source in matrix.source.known],
        dtype=np.int64,
    )
    fits = ~np.isnan(matrix.rating_shares[pairs.record])
    scale = of_source[matrix.source.codes[pairs.record]] if len(of_source) else np.empty(0, np.int64)
    by_scale = [
        _on_scale(pairs, fits & (scale == place), one, matrix.rating[pairs.record])
        for place, one in enumerate(scales)
    ]
    together = _on_scale(pairs, fits, _SHARES, matrix.rating_shares[pairs.record])
    odd = pairs.per_group(pairs.group[~np.isnan(matrix.rating[pairs.record]) & ~fits]).tolist()
    found = [
        tuple(sorted((one for one in of_group if one is not None), key=lambda one: (-one.count, one.scale)))
        for of_group in zip(*by_scale, strict=True)
    ] or [()] * pairs.groups
    pooled = [one if len(several) > 1 else None for one, several in zip(together, found, strict=True)]
    return found, pooled, odd


def _on_scale(pairs: Pairs, mask: Bools, scale: Scale, values: Floats) -> Sequence[RatingFacts | None]:
    # A zero among one to five stars counts as the worst, as it does in `rating_share`.
    group, rated = pairs.group[mask], np.maximum(values[mask], scale[0])
    count = pairs.per_group(group)
    total = np.bincount(group, weights=rated, minlength=pairs.groups)
    squares = np.bincount(group, weights=rated * rated, minlength=pairs.groups)
    up, down = pairs.per_group(group[rated >= 9]), pairs.per_group(group[rated <= 6])
    sources = _sources(pairs, mask)
    columns = (column.tolist() for column in (count, total, squares, up, down))
    return [
        _facts(scale, sources[place], *one) if one[0] else None
        for place, one in enumerate(zip(*columns, strict=True))
    ]


def _facts(
    scale: Scale, sources: tuple[str, ...], count: int, total: float, squares: float, up: int, down: int
) -> RatingFacts:
    low, high = mean_interval(total, squares, count, scale)
    found = RatingFacts(scale=scale, sources=sources, count=count, mean=total / count, low=low, high=high)
    if scale != NPS:
        return found
    nps_low, nps_high = nps_interval(up, down, count)
    return found.model_copy(
        update={"nps": 100 * (up - down) / count, "nps_low": nps_low, "nps_high": nps_high}
    )


def _sources(pairs: Pairs, mask: Bools) -> list[tuple[str, ...]]:
    names = [str(name) for name in pairs.matrix.source.known]
    keys: Ints = np.unique(
        pairs.group[mask] * max(1, len(names)) + pairs.matrix.source.codes[pairs.record[mask]]
    )
    found: list[list[str]] = [[] for _ in range(pairs.groups)]
    for key in keys.tolist():
        found[key // len(names)].append(names[key % len(names)])
    return [tuple(sorted(one)) for one in found]
