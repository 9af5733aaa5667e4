"""Items in order of a score, with the interval of each score and what would change the order."""

import math
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter

from assistant.domain.base import canonical_json
from assistant.domain.priority import Flip, Item, Origin, Ranked, ScoreTable
from assistant.errors import InputRejected
from assistant.synthesis.priority.method import Method

SAME = 1e-12
"""Scores that differ by less than this share of themselves are equal: the same sum in another order differs by as much."""
_FLIPS = 4
_SHOWN = 5


@dataclass(frozen=True)
class _Scored:
    item: Item
    values: dict[str, float]
    score: float
    low: float
    high: float


def rank(method: Method, items: Sequence[Item]) -> ScoreTable:
    """Score items and put them in order.

    An item that lacks an input has no rank, and its reason says what is missing. The order of `items` leaves no trace.

    Raises: InputRejected for no items, a negative number, a zero that the score is divided by, or a number above its scale.
    """
    if not items:
        raise InputRejected("There is nothing to rank.", hint="Give at least one item with its numbers.")
    check(method, items)
    scored = [_scored(method, item) for item in items if not lacking(item, _names(method))]
    rows = _placed(method, scored)
    unranked = [
        Ranked(item=item, reason=_sentence(missing))
        for item in sorted(items, key=by_name)
        if (missing := lacking(item, _names(method)))
    ]
    return ScoreTable(method=method.name, rows=(*rows, *unranked), notes=tuple(_notes(items, rows)))


def check(method: Method, items: Sequence[Item]) -> None:
    """Raises: InputRejected where a number can't be what its input means; it names the items."""
    problems = [
        f"{_place(item)}, {parameter.name}: {problem}"
        for item in items
        for parameter in method.parameters
        if (problem := _problem(item, parameter.name, divides=parameter.divides, top=parameter.top))
    ]
    if problems:
        raise InputRejected(
            f"The numbers can't be used: {listed(problems)}.",
            hint="Correct these numbers; leave a cell empty where nobody knows the number.",
        )


def listed(problems: Sequence[str]) -> str:
    """The first problems as one sentence's parts, and how many more there are."""
    more = f"; and {len(problems) - _SHOWN:,} more" if len(problems) > _SHOWN else ""
    return "; ".join(problems[:_SHOWN]) + more


def lacking(item: Item, names: Sequence[str]) -> list[str]:
    """Which of the inputs have no number, each with the reason where there is one."""
    missing = []
    for name in names:
        given = item.inputs.get(name)
        if given is None or given.origin is Origin.missing:
            missing.append(f"{name} ({given.source})" if given and given.source else name)
    return missing


def _problem(item: Item, name: str, *, divides: bool, top: float | None) -> str:
    given = item.inputs.get(name)
    if given is None or given.value is None:
        return ""
    if given.least < 0:
        return f"{given.least:.15g} is negative"
    if divides and given.least <= 0:
        return "0 can't be divided by; the least that the work can take is above 0"
    if top is not None and given.most > top:
        return f"{given.most:.15g} is above {top:g}"
    return ""


def _place(item: Item) -> str:
    return f"{item.where} ('{item.name[:60]}')" if item.where else f"'{item.name[:60]}'"


def _names(method: Method) -> list[str]:
    return [one.name for one in method.parameters]


def by_name(item: Item) -> tuple[str, str]:
    """Sorts items by name, and those of one name by their numbers."""
    inputs = {name: given.model_dump(mode="json") for name, given in item.inputs.items()}
    return item.name, canonical_json(inputs)


def _sentence(missing: Sequence[str]) -> str:
    *others, last = missing
    return f"{', '.join(others)} and {last} are missing" if others else f"{last} is missing"


def _scored(method: Method, item: Item) -> _Scored:
    given = {name: item.inputs[name] for name in _names(method)}
    values = {name: one.value for name, one in given.items() if one.value is not None}
    low, high = method.ends(
        {name: one.least for name, one in given.items()}, {name: one.most for name, one in given.items()}
    )
    return _Scored(item, values, method.score(values), low, high)


def _placed(method: Method, scored: Sequence[_Scored]) -> list[Ranked]:
    scores = sorted(one.score for one in scored)
    lows, highs = sorted(one.low for one in scored), sorted(one.high for one in scored)
    ranks = {id(one): 1 + _above(scores, one.score) for one in scored}
    order = sorted(scored, key=lambda one: (ranks[id(one)], *by_name(one.item)))
    tops = _tops(method, scored)
    rows = []
    for one, below in zip(order, _next_below(order, ranks), strict=True):
        overtaken_by = _above(highs, one.low) - (one.high > one.low * (1 + SAME))
        rows.append(
            Ranked(
                item=one.item,
                score=one.score,
                low=one.low,
                high=one.high,
                rank=ranks[id(one)],
                best_rank=1 + _above(lows, one.high),
                worst_rank=1 + overtaken_by,
                flips=_flips(method, one, below, tops) if below else (),
            )
        )
    return rows


def _above(ascending: Sequence[float], value: float) -> int:
    """How many are higher by more than rounding."""
    return len(ascending) - bisect_right(ascending, value * (1 + SAME))


def _next_below(order: Sequence[_Scored], ranks: Mapping[int, int]) -> list[_Scored | None]:
    """For each, the first one with a lower rank."""
    below: list[_Scored | None] = []
    found: _Scored | None = None
    for place in range(len(order) - 1, -1, -1):
        if place + 1 < len(order) and ranks[id(order[place + 1])] > ranks[id(order[place])]:
            found = order[place + 1]
        below.append(found)
    return below[::-1]


def _tops(method: Method, scored: Sequence[_Scored]) -> dict[str, float]:
    """What no change may exceed: the input's own top, or that of the scale which the whole table keeps to."""
    tops = {one.name: one.top for one in method.parameters if one.top is not None}
    on_scales = [one for one in method.parameters if one.scales]
    highest = max((s.item.inputs[one.name].most for s in scored for one in on_scales), default=0.0)
    for one in on_scales:
        fitting = [scale for scale in one.scales if highest <= scale]
        if fitting:
            tops[one.name] = min(fitting)
    return tops


def _flips(method: Method, upper: _Scored, lower: _Scored, tops: Mapping[str, float]) -> tuple[Flip, ...]:
    found = [
        *_changes(method, upper, lower, tops, own=True),
        *_changes(method, lower, upper, tops, own=False),
    ]
    return tuple(flip for _, flip in sorted(found, key=itemgetter(0))[:_FLIPS])


def _changes(
    method: Method, changed: _Scored, other: _Scored, tops: Mapping[str, float], *, own: bool
) -> Iterator[tuple[tuple[float, bool, bool], Flip]]:
    """Every input whose change alone makes the two level, with what sorts it."""
    for parameter in method.parameters:
        name = parameter.name
        at = method.solve(changed.values, name, other.score)
        if at is None or at < 0 or (parameter.divides and at <= 0) or at > tops.get(name, at):
            continue
        given, value = changed.item.inputs[name], changed.values[name]
        relative = abs(at - value) / value if value else None
        within = None if given.low is None else given.least <= at <= given.most
        # In a product the same share of every factor does it: then what is uncertain comes first, and what a person set.
        key = (
            math.inf if relative is None else round(relative, 9),
            within is not True,
            given.origin is Origin.fact,
        )
        yield (
            key,
            Flip(
                item=changed.item.name,
                own=own,
                input=name,
                value=value,
                ties_at=at,
                relative=relative,
                other=other.item.name,
                within=within,
            ),
        )


def repeated_names(items: Sequence[Item]) -> Iterator[str]:
    """A note where items share a name; they stay apart."""
    repeated = [name for name, count in sorted(Counter(item.name for item in items).items()) if count > 1]
    if repeated:
        quoted = [f"'{name[:60]}'" for name in repeated]
        yield f"More than one item is called {listed(quoted)}."


def _notes(items: Sequence[Item], rows: Sequence[Ranked]) -> Iterator[str]:
    yield from repeated_names(items)
    if len(rows) == 1 == len(items):
        yield "One item alone has no order."
    elif len(rows) > 1 and rows[-1].rank == 1:
        yield "All items have the same score: the numbers don't say which comes first."
    if left := len(items) - len(rows):
        yield f"{left:,} of {len(items):,} items have no rank, since a number is missing."
