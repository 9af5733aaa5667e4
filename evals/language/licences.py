"""What facts say that a word of amount, comparison or trend may repeat. Predicates over the facts of a place."""

from collections.abc import Callable
from itertools import combinations, permutations

from assistant.domain.fact import Fact, Measure

Licence = Callable[[tuple[Fact, ...]], bool]

COUNTS = {Measure.records, Measure.people, Measure.accounts, Measure.duplicates}
SHARES = {Measure.share_of_people, Measure.share_of_records, Measure.top_accounts_share}
_OVER_TIME = {
    *COUNTS,
    Measure.per_week,
    Measure.share_of_people,
    Measure.share_of_records,
    Measure.mean_rating,
}
WINDOWS = "two facts of the same measure in two windows, the later one"


def _values(facts: tuple[Fact, ...], measures: set[Measure]) -> list[float]:
    return [f.value for f in facts if f.measure in measures and not isinstance(f.value, str)]


def majority(facts: tuple[Fact, ...]) -> bool:
    """A share above one half."""
    return any(value > 0.5 for value in _values(facts, SHARES))


def vast(facts: tuple[Fact, ...]) -> bool:
    """A share of four fifths or more."""
    return any(value >= 0.8 for value in _values(facts, SHARES))


def superlative(facts: tuple[Fact, ...]) -> bool:
    """A first rank, or the same count of two groups: a lone count is nobody's largest."""
    first = any(f.measure is Measure.rank_by_people and f.value == 1 for f in facts)
    return first or any(
        one.measure == other.measure
        and one.measure in COUNTS | SHARES
        and one.value != other.value
        and one.filter.scope == other.filter.scope
        and None not in (one.filter.selection, other.filter.selection)
        for one, other in combinations(facts, 2)
    )


def windowed(facts: tuple[Fact, ...]) -> bool:
    """A count over a part of the time, or a date."""
    return any(fact.filter.scope.since or fact.filter.scope.until for fact in facts)


def compared(facts: tuple[Fact, ...]) -> bool:
    """Two different values of the same measure."""
    return any(
        one.measure == other.measure
        and one.measure in {*_OVER_TIME, *SHARES, Measure.rating_of_people, Measure.rating_of_others}
        and one.value != other.value
        for one, other in combinations(facts, 2)
    ) or any(fact.measure is Measure.rank_by_people for fact in facts)


def many(facts: tuple[Fact, ...]) -> bool:
    """A count of 20 or a share of a quarter."""
    return any(v >= 20 for v in _values(facts, COUNTS)) or any(v >= 0.25 for v in _values(facts, SHARES))


def dozens(facts: tuple[Fact, ...]) -> bool:
    """A count of 24 or more."""
    return any(value >= 24 for value in _values(facts, COUNTS))


def several(facts: tuple[Fact, ...]) -> bool:
    """A count of 3 or more."""
    return any(value >= 3 for value in _values(facts, COUNTS))


def few(facts: tuple[Fact, ...]) -> bool:
    """A count of at most 10, a share below one half, or a concentration on some accounts."""
    if any(fact.measure is Measure.top_accounts_share for fact in facts):
        return True
    return any(v <= 10 for v in _values(facts, COUNTS)) or any(v < 0.5 for v in _values(facts, SHARES))


def hardly_any(facts: tuple[Fact, ...]) -> bool:
    """A share below one tenth."""
    return any(value < 0.1 for value in _values(facts, SHARES))


def everyone(facts: tuple[Fact, ...]) -> bool:
    """A share of all."""
    return any(value >= 1 for value in _values(facts, SHARES))


def share(facts: tuple[Fact, ...]) -> bool:
    """Any share."""
    return bool(_values(facts, SHARES))


def nobody(facts: tuple[Fact, ...]) -> bool:
    """A count or share of nothing."""
    return any(value == 0 for value in _values(facts, COUNTS | SHARES))


def no_fact(facts: tuple[Fact, ...]) -> bool:
    """Nothing that can be counted says so."""
    return False


def rate(facts: tuple[Fact, ...]) -> bool:
    """A count per week."""
    return any(fact.measure is Measure.per_week for fact in facts)


def averaged(facts: tuple[Fact, ...]) -> bool:
    """A mean, or a rate over time."""
    means = {Measure.mean_rating, Measure.rating_of_people, Measure.rating_of_others, Measure.per_week}
    return any(fact.measure in means for fact in facts)


def trends(facts: tuple[Fact, ...]) -> list[tuple[float, float]]:
    """(earlier, later) values of every two facts that measure the same in two windows, one after the other."""
    return [
        (earlier.value, later.value)
        for earlier, later in permutations(facts, 2)
        if earlier.measure == later.measure
        and earlier.measure in _OVER_TIME
        and earlier.filter.selection == later.filter.selection
        and earlier.filter.scope.until is not None
        and later.filter.scope.since is not None
        and earlier.filter.scope.until <= later.filter.scope.since
        and not isinstance(earlier.value, str)
        and not isinstance(later.value, str)
    ]


def changed(facts: tuple[Fact, ...]) -> bool:
    """Two windows to compare."""
    return bool(trends(facts))


def grown(ratio: float) -> Licence:
    """A later window that is higher, by this ratio at least."""
    return lambda facts: any(late > early and late >= ratio * early for early, late in trends(facts))


def shrunk(ratio: float) -> Licence:
    """A later window that is lower, at this ratio at most."""
    return lambda facts: any(late < early and late <= ratio * early for early, late in trends(facts))


def steady(facts: tuple[Fact, ...]) -> bool:
    """Two windows within a factor of 2."""
    return any(max(pair) < 2 * max(min(pair), 0.01) for pair in trends(facts))
