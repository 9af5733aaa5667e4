"""Counting again how people rate: each person once, with the mean of their ratings."""

import math
import statistics

import numpy as np

from assistant.domain.fact import Measure
from evals.recounting.table import Rows, Table

_Z = 1.959963984540054


def rated(table: Table, measure: Measure, whose: Rows, which: Rows) -> float:
    """Answer a measure of `RATED`. Args: whose: rows whose people are meant. which: rows whose ratings count."""
    person = table.reach.person
    meant = set(person[whose].tolist())
    heard = table.one_per_voice(which)
    heard = heard[(person[heard] >= 0) & ~np.isnan(table.rating[heard])]
    ratings: dict[int, list[float]] = {}
    for who, rating in zip(person[heard].tolist(), table.rating[heard].tolist(), strict=True):
        ratings.setdefault(who, []).append(rating)
    ours = [math.fsum(held) / len(held) for who, held in ratings.items() if who in meant]
    others = [math.fsum(held) / len(held) for who, held in ratings.items() if who not in meant]
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
