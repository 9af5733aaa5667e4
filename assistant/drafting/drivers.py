"""Drivers: how people who write of a theme rate, against those who don't. It goes together; it isn't shown to be the cause."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from assistant.domain.draft import TableBlock, TextBlock
from assistant.domain.evidence import Scope
from assistant.domain.fact import FactFilter, Measure
from assistant.drafting.desk import Desk
from assistant.drafting.facts import narrow
from assistant.drafting.paragraphs import named, readable
from assistant.drafting.profile import Profile

_LEAST = 8
"""People who rated, on either side; with fewer the interval says little and its approximation is off."""
_ROWS = 6


@dataclass(frozen=True)
class Driver:
    """One theme in one source that carries ratings. All but `need` and `source` are placeholders."""

    need: Profile
    source: str
    scope: Scope
    low: str
    """How far below the others at least; below 0 where it may be above."""
    high: str
    clear: float
    """Width of the gap beside its uncertainty: 1 where the interval just touches 0, 0 or less where it holds 0."""


def drivers(desk: Desk, needs: Iterable[Profile]) -> list[Driver]:
    """The themes whose people clearly rate lower or higher than others of the same source, clearest first.

    A theme is looked at in the source where the largest number of its people rated.
    """
    found = [one for need in needs if (one := _driver(desk, need)) is not None and one.clear > 0]
    return sorted(found, key=lambda one: (-one.clear, one.need.label))


def _driver(desk: Desk, need: Profile) -> Driver | None:
    best: tuple[int, str] | None = None
    for source, scale in sorted(desk.reader.matrix.rating_ends.items()):
        if desk.book.scope.sources and source not in desk.book.scope.sources:
            continue
        scope = _rated(desk, source, scale[0])
        ours = _known(desk, need.hurts, scope)
        if ours >= _LEAST and _known(desk, None, scope) - ours >= _LEAST and (best is None or ours > best[0]):
            best = ours, source
    if best is None:
        return None
    source = best[1]
    scope = _rated(desk, source, desk.reader.matrix.rating_ends[source][0])
    whose, which = FactFilter(scope=scope, selection=need.hurts), FactFilter(scope=scope)
    low, high = (
        float(desk.book.count(measure, whose, of=which))
        for measure in (Measure.rating_below_low, Measure.rating_below_high)
    )
    width = (high - low) / 2
    # Where all rate alike on both sides there is no spread to judge by.
    clear = abs(low + high) / 2 / width - 1 if width > 0 else 0.0
    lowest = desk.book.fact(Measure.rating_below_low, need.hurts, scope, of=which)
    highest = desk.book.fact(Measure.rating_below_high, need.hurts, scope, of=which)
    return Driver(need, source, scope, lowest, highest, round(clear, 6))


def _rated(desk: Desk, source: str, worst: float) -> Scope:
    return narrow(desk.book.scope, sources=(source,), min_rating=worst)


def _known(desk: Desk, selection: str | None, scope: Scope) -> int:
    codes = desk.reader.matrix.person.codes[desk.book.rows(selection, scope)]
    return len(np.unique(codes[codes >= 0]))


def driver_sentence(desk: Desk, one: Driver) -> str:
    """What goes with a theme, as a claim. Returns its id."""
    people, others = _means(desk, one)
    return desk.claim(
        f"Of those who rate in {readable(one.source)}, the ones who complain of {named(one.need)} give {people} on average, all "
        f"others {others}."
    )


def _means(desk: Desk, one: Driver) -> tuple[str, str]:
    which = FactFilter(scope=one.scope)
    people, others = (
        desk.book.fact(measure, one.need.hurts, one.scope, of=which)
        for measure in (Measure.rating_of_people, Measure.rating_of_others)
    )
    return people, others


def driver_table(desk: Desk, found: list[Driver]) -> list[TableBlock | TextBlock]:
    """Ratings with and without each theme; nothing where no theme stands out."""
    if not found:
        return []
    rows = []
    for one in found[:_ROWS]:
        count = desk.book.fact(Measure.people, one.need.hurts, one.scope)
        rows.append(
            (one.need.label, readable(one.source).strip("“”"), count, *_means(desk, one), f"{one.low} to {one.high}")
        )  # fmt: skip
    header = ("theme", "rated in", "people with it", "they give", "others give", "lower by (interval)")
    told = TextBlock(
        text="What goes along with a low rating: the themes where both groups clearly rate apart. It doesn't show the cause, and "
        "where themes overlap, their people do too."
    )
    return [told, TableBlock(header=header, rows=tuple(rows))]
