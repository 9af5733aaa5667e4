"""Counting again how people rate, in plain Python: each person once, with the mean of their ratings."""

import math
import statistics
from collections.abc import Sequence

from assistant.domain.fact import Measure
from assistant.stores.port import CorpusRows
from evals.reach import Reach

_Z = 1.959963984540054


def rated(
    corpus: CorpusRows, reach: Reach, measure: Measure, whose: Sequence[int], which: Sequence[int]
) -> float:
    """Answer a measure of `RATED`. Args: whose: rows whose people are meant. which: rows whose ratings count."""
    meant = {reach.person[row] for row in whose} - {None}
    heard: set[tuple[str, ...]] = set()
    ratings: dict[str, list[float]] = {}
    for row in which:
        voice, person, rating = reach.voice[row], reach.person[row], corpus.rating[row]
        if voice not in heard and person is not None and rating is not None:
            ratings.setdefault(person, []).append(rating)
        heard.add(voice)
    ours = [math.fsum(held) / len(held) for person, held in ratings.items() if person in meant]
    others = [math.fsum(held) / len(held) for person, held in ratings.items() if person not in meant]
    if measure is Measure.rating_of_people:
        return math.fsum(ours) / len(ours) if ours else 0.0
    if measure is Measure.rating_of_others:
        return math.fsum(others) / len(others) if others else 0.0
    low, high = _welch(others, ours)
    return low if measure is Measure.rating_below_low else high


def _welch(one: list[float], other: list[float]) -> tuple[float, float]:
    if len(one) < 2 or len(other) < 2:
        return 0.0, 0.0
    gap = statistics.fmean(one) - statistics.fmean(other)
    errors = [statistics.variance(group) / len(group) for group in (one, other)]
    whole = math.fsum(errors)
    if whole == 0:
        return gap, gap
    freedom = whole**2 / math.fsum(
        error**2 / (len(group) - 1) for error, group in zip(errors, (one, other), strict=True)
    )
    half = _quantile(freedom) * math.sqrt(whole)
    return gap - half, gap + half


def _quantile(freedom: float) -> float:
    """Student's t at 97.5 %, as the measure's description has it."""
    terms = (
        ((1, 1), 4),
        ((3, 16, 5), 96),
        ((-15, 17, 19, 3), 384),
        ((-945, -1920, 1482, 776, 79), 92160),
    )
    total = _Z
    for power, (factors, divisor) in enumerate(terms, start=1):
        polynomial = math.fsum(factor * _Z ** (2 * place + 1) for place, factor in enumerate(factors))
        total += polynomial / (divisor * freedom**power)
    return total
