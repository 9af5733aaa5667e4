"""How far raters agree beyond chance: Cohen's κ for two, Krippendorff's α for any number and with gaps. Nominal answers.

Own code of thirty lines: the maintained library for α is under the GPL, the permissive ones are untried, and statsmodels and
scikit-learn are too heavy for a sum. Held against the published examples in the tests.
"""

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from assistant.domain.label import WITHDRAWN, Label

PREFER = "judge:better"
"""The question which of two is better; asked in both orders, its items are `A/B` and `B/A`."""
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
    """Agreement by question. `unsure` is an answer like the others. Of two drafts counts which a rater prefers in both orders.

    What was taken back counts as never said: who overruled a finding and withdrew that has no opinion of it.
    """
    by_question: dict[str, dict[str, dict[str, str]]] = defaultdict(lambda: defaultdict(dict))
    for label in _standing(list(labels)):
        by_question[label.question][label.item][label.rater] = label.verdict.value
    if PREFER in by_question:
        by_question[PREFER] = preferences(by_question[PREFER])
    return [_of(question, answers) for question, answers in sorted(by_question.items())]


def _standing(labels: list[Label]) -> list[Label]:
    """Answers to raters' questions that nobody took back."""
    taken = {tuple(one.item.split("#")) for one in labels if one.question == WITHDRAWN}
    return [
        one
        for one in labels
        if one.question != WITHDRAWN
        and (one.item.partition("#")[0], one.item.rpartition("#")[2], one.at.isoformat()) not in taken
    ]


def preferences(answers: Mapping[str, Mapping[str, str]]) -> dict[str, dict[str, str]]:
    """What each rater prefers of a pair that was asked about in both orders: the preferred one, or `tie` where the answer went with the
    place, or was unsure. Pairs that a rater saw in one order only are left out.

    Args: answers: item `A/B` → rater → verdict on whether A is better. Returns: pair by name → rater → preference.
    """
    found: dict[str, dict[str, str]] = defaultdict(dict)
    for item, held in sorted(answers.items()):
        one, _, other = item.partition("/")
        swapped = answers.get(f"{other}/{one}", {})
        for rater in held.keys() & swapped.keys() if one < other else ():
            pair = (held[rater], swapped[rater])
            better = {("right", "wrong"): one, ("wrong", "right"): other}.get(pair, "tie")
            found[item][rater] = better
    return found


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
