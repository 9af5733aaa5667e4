"""How far raters agree beyond chance: Cohen's κ for two, Krippendorff's α for any number and with gaps. Nominal answers.

Own code of thirty lines: the maintained library for α is under the GPL, the permissive ones are untried, and statsmodels and
scikit-learn are too heavy for a sum. Held against the published examples in the tests.
"""

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from assistant.domain.label import Label

Units = Sequence[Sequence[Hashable]]
"""For each item the answers that it got, of whomever."""


def alpha(units: Units) -> float | None:
    """Krippendorff's α for nominal answers (Krippendorff 2011, "Computing Krippendorff's Alpha-Reliability", section C).

    Returns: 1 for full agreement, about 0 for chance, below for less; None where no item has two answers, or all
    answers are the same one: agreement can't be told from a lack of variety then.
    """
    pairable = [Counter(unit) for unit in units if len(unit) >= 2]
    totals = sum(pairable, Counter[Hashable]())
    n = totals.total()
    if n < 2 or len(totals) < 2:
        return None
    observed = sum(
        (unit.total() ** 2 - sum(count * count for count in unit.values())) / (unit.total() - 1)
        for unit in pairable
    )
    expected = (n * n - sum(count * count for count in totals.values())) / (n - 1)
    return 1 - observed / expected


def kappa(pairs: Iterable[tuple[Hashable, Hashable]]) -> float | None:
    """Cohen's κ of two raters (Cohen 1960). None for no pairs, and where chance alone explains full agreement."""
    table = Counter(pairs)
    n = table.total()
    first, second = Counter[Hashable](), Counter[Hashable]()
    for (one, other), count in table.items():
        first[one] += count
        second[other] += count
    by_chance = sum(count * second[value] for value, count in first.items())
    if not n or by_chance == n * n:
        return None
    same = sum(count for (one, other), count in table.items() if one == other)
    return (same * n - by_chance) / (n * n - by_chance)


@dataclass(frozen=True)
class Agreement:
    """How far the raters of one question agree."""

    question: str
    items: int
    """Items with at least one label."""
    shared: int
    """Items with labels of two raters or more."""
    raters: tuple[str, ...]
    alpha: float | None
    """Krippendorff's α over the shared items; None with fewer than two raters or without variety."""
    kappas: tuple[tuple[str, str, int, float | None], ...]
    """Rater, rater, items that both labelled, Cohen's κ."""


def agreement(labels: Iterable[Label]) -> list[Agreement]:
    """Agreement by question. `unsure` is an answer like the others."""
    by_question: dict[str, dict[str, dict[str, str]]] = defaultdict(lambda: defaultdict(dict))
    for label in labels:
        by_question[label.question][label.item][label.rater] = label.verdict.value
    return [_of(question, answers) for question, answers in sorted(by_question.items())]


def _of(question: str, answers: Mapping[str, Mapping[str, str]]) -> Agreement:
    raters = tuple(sorted({rater for one in answers.values() for rater in one}))
    kappas = []
    for one, other in combinations(raters, 2):
        pairs = [(held[one], held[other]) for held in answers.values() if one in held and other in held]
        kappas.append((one, other, len(pairs), kappa(pairs)))
    return Agreement(
        question=question,
        items=len(answers),
        shared=sum(len(held) >= 2 for held in answers.values()),
        raters=raters,
        alpha=alpha([list(held.values()) for held in answers.values()]),
        kappas=tuple(kappas),
    )
