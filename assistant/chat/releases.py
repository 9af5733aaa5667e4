"""Releases as the records name them: in an attribute such as `app_version`. A release begins with the first record that names it."""

from datetime import UTC, datetime

import numpy as np

from assistant.chat.periods import Period, period_named, release_named
from assistant.drafting.segments import VERSION
from assistant.search.matrix import CorpusMatrix, matrix_of
from assistant.workbench import Workbench

_TOLD = 8


def releases_of(matrix: CorpusMatrix) -> dict[str, datetime]:
    """Release → midnight UTC of the day on which a record first names it, the oldest first."""
    found: dict[str, float] = {}
    for name in matrix.segment_names:
        if not any(mark in name.casefold() for mark in VERSION):
            continue
        column = matrix.segment(name)
        dated = ~np.isnan(matrix.said_at) & (column.codes >= 0)
        first = np.full(len(column.known), np.inf)
        np.minimum.at(first, column.codes[dated], matrix.said_at[dated])
        for value, code in column.known.items():
            if isinstance(value, str) and np.isfinite(first[code]):
                found[value] = min(found.get(value, np.inf), float(first[code]))
    order = sorted(found, key=lambda value: (found[value], value))
    return {value: datetime.fromtimestamp(found[value] // 86_400 * 86_400, UTC) for value in order}


def period_of(bench: Workbench, words: str) -> Period | None:
    """`since` and `until` that the words name by days, by a release, or by both; None where they name none."""
    matrix = matrix_of(bench)
    dates = matrix.said_at[~np.isnan(matrix.said_at)]
    if not len(dates):
        return None
    days = period_named(words, datetime.fromtimestamp(float(dates.max()), UTC))
    named = release_named(words)
    day = _day(releases_of(matrix), named.number) if named else None
    if named is None or day is None:
        return days
    since, until = days or (None, None)
    return (since, day) if named.before else (day, until)


def unknown_release(bench: Workbench, words: str) -> str:
    """What is said where the words take a release as a bound that no record names; empty where they don't."""
    named = release_named(words)
    known = releases_of(matrix_of(bench))
    if named is None or named.is_bare or _day(known, named.number) is not None:
        return ""
    if not known:
        return "The records name no releases; name a day, for example “since 2026-06-16”."
    told = ", ".join(f"“{value}”" for value in list(known)[-_TOLD:])
    some = "the newest of those that they know are" if len(known) > _TOLD else "they know"
    return f"The records know no release “{named.number}”; {some} {told}."


def _day(known: dict[str, datetime], number: str) -> datetime | None:
    if not number:
        return max(known.values(), default=None)
    values = {value.casefold().removeprefix("v"): day for value, day in known.items()}
    parts = [day for value, day in values.items() if value.startswith(f"{number}.")]
    return values.get(number) or min(parts, default=None)
