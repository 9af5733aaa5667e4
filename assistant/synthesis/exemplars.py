"""Which statements stand for a theme: typical ones, the strongest, one that dissents, the newest. Quotes are cut by code."""

from collections.abc import Iterator

import numpy as np

from assistant.domain.theme import Exemplar, ExemplarRole
from assistant.search.instructions import is_instruction_like
from assistant.search.sentences import LONGEST, quote_of
from assistant.search.stance import score_of
from assistant.synthesis.material import Material, Spoken
from assistant.synthesis.members import Members

TYPICAL = 5
READ = 120
"""Most central statements of a theme that are read for its name and its exemplars."""
_NEWEST_READ = 12
_CLEARLY = 1.0
"""Strength of feeling (`search.stance.score_of`) from which a statement praises or complains clearly."""


def exemplars_of(material: Material, theme: Members, central: list[Spoken]) -> tuple[Exemplar, ...]:
    """Exemplars of a theme, each of another record; typical ones also of other people and words, as long as there are some.

    Args: central: its most central statements as they were read, `READ` of them at most.
    """
    usable = [one for one in central if _may_be_quoted(one)]
    chosen: dict[int, ExemplarRole] = {}
    told: set[int] = set()

    def take(found: Iterator[Spoken], role: ExemplarRole, most: int) -> None:
        for one in found:
            record = int(material.record[one.statement])
            if record not in told and most > 0:
                told.add(record)
                chosen[one.statement] = role
                most -= 1

    take(_different(material, usable), ExemplarRole.typical, TYPICAL)
    scores = {one.statement: score_of(one.text, one.language) for one in usable}
    usual = float(np.median(list(scores.values()))) if scores else 0.0
    sign = -1.0 if usual <= 0 else 1.0
    strongest = sorted(usable, key=lambda one: -sign * scores[one.statement])
    take((one for one in strongest if sign * scores[one.statement] >= _CLEARLY), ExemplarRole.extreme, 1)
    against = (one for one in reversed(strongest) if sign * scores[one.statement] <= -_CLEARLY)
    take(against, ExemplarRole.dissenting, 1)
    take(iter(_newest(material, theme)), ExemplarRole.newest, 1)
    return tuple(_exemplar(material, statement, role) for statement, role in chosen.items())


def _may_be_quoted(one: Spoken) -> bool:
    return bool(one.text) and any(map(str.isalpha, one.text)) and not is_instruction_like(one.text)


def _different(material: Material, usable: list[Spoken]) -> Iterator[Spoken]:
    """In order, but first those of people and words that were not there yet."""
    people: set[int] = set()
    texts: set[str] = set()
    later: list[Spoken] = []
    for one in usable:
        person = int(material.matrix.person.codes[material.record[one.statement]])
        if one.text.casefold() in texts or person in people:
            later.append(one)
            continue
        texts.add(one.text.casefold())
        if person >= 0:
            people.add(person)
        yield one
    yield from later


def _newest(material: Material, theme: Members) -> list[Spoken]:
    dates = material.matrix.said_at[material.record[theme.central]]
    dated = np.flatnonzero(~np.isnan(dates))
    order = dated[np.argsort(-dates[dated], kind="stable")][:_NEWEST_READ]
    return [one for one in material.read(theme.central[order].tolist()) if _may_be_quoted(one)]


def _exemplar(material: Material, statement: int, role: ExemplarRole) -> Exemplar:
    record = material.of(statement)
    start, end = int(material.rows.start[statement]), int(material.rows.end[statement])
    if end - start > LONGEST:
        cut = record.raw.rfind(" ", start + LONGEST // 2, start + LONGEST)
        end = cut if cut > 0 else start + LONGEST
    return Exemplar(role=role, quote=quote_of(record, start, end))
