"""What a theme weighs: the sum of a numeric segment over the accounts that speak of it."""

import re

import numpy as np

from assistant.domain.theme_facts import WeightFacts
from assistant.errors import UsageError
from assistant.search.matrix import CorpusMatrix, Floats, Ints
from assistant.synthesis.pairs import Pairs, held

WEIGHT_NAMES = ("revenue", "arr", "mrr", "acv", "tcv", "ltv", "contract_value", "spend", "seats", "weight")
"""A numeric segment of this name is the weight where none was named; the first one counts."""
_NUMERIC = 0.9
"""So many of the values must be numbers."""
_NUMBER = re.compile(
    r"[-+]?(?:\d{1,3}(?:[, '’\u00a0\u202f]\d{3})+|\d+)(?:\.\d+)?(?:[eE][-+]?\d{1,3})?", re.ASCII
)
_SIGNS = re.compile(r"^(?:[$€£¥₹]|USD|EUR|GBP|CHF|JPY)\s*|\s*(?:[$€£¥₹]|USD|EUR|GBP|CHF|JPY)$")


def number_of(text: str) -> float | None:
    """A number such as `1200`, `1,200.50`, `€ 1 200`; None for anything else, such as `1.2k` or `12 %`."""
    plain = _SIGNS.sub("", text.strip())
    if not _NUMBER.fullmatch(plain):
        return None
    value = float(re.sub(r"[, '’\u00a0\u202f]", "", plain))
    return value if np.isfinite(value) else None


def weight_segment(matrix: CorpusMatrix, asked: str | None) -> str | None:
    """Name of the segment to weigh by: the one asked for, else one that is called a weight; None where there is none.

    Args: asked: `segment.NAME` or `NAME`. Raises: UsageError where it doesn't exist or doesn't hold numbers.
    """
    if asked is None:
        names = {name.casefold().replace(" ", "_"): name for name in reversed(matrix.segment_names)}
        found = (names[name] for name in WEIGHT_NAMES if name in names)
        return next((name for name in found if _is_numeric(matrix, name)), None)
    name = asked.removeprefix("segment.")
    numeric = [one for one in matrix.segment_names if _is_numeric(matrix, one)]
    if name in numeric:
        return name
    why = "doesn't hold numbers" if name in matrix.segment_names else "doesn't exist"
    hint = (
        f"Segments with numbers: {', '.join(numeric[:12])}." if numeric else "No segment here holds numbers."
    )
    raise UsageError(f"The segment '{name[:60]}' can't be a weight: it {why}.", hint=hint)


def weights_of(pairs: Pairs, everyone: Ints, segment: str) -> list[WeightFacts]:
    """The weight of each group. Args: everyone: corpus rows of all that customers said, every record, not only one per voice.

    A holder's number is the one of its newest record that has one; undated records are older than any, ties go to the greatest.
    """
    holder = _holders(pairs.matrix)
    by_holder = _numbers(pairs.matrix, everyone, holder, segment)
    holders = held(pairs.groups, pairs.group, holder[pairs.record])
    numbers = by_holder[holders.holder]
    has = ~np.isnan(numbers)
    totals = np.bincount(holders.group[has], weights=numbers[has], minlength=pairs.groups)
    known = np.bincount(holders.group[has], minlength=pairs.groups)
    whole = float(np.nansum(by_holder))
    return [
        WeightFacts(segment=segment, total=total, whole=whole, holders=some, unknown=size - some)
        for total, some, size in zip(totals.tolist(), known.tolist(), holders.sizes.tolist(), strict=True)
    ]


def _is_numeric(matrix: CorpusMatrix, name: str) -> bool:
    column = matrix.segment(name)
    counts = np.bincount(column.codes[column.codes >= 0], minlength=len(column.known))
    numeric = sum(
        int(counts[code]) for value, code in column.known.items() if number_of(str(value)) is not None
    )
    return numeric >= _NUMERIC * int(counts.sum())


def _holders(matrix: CorpusMatrix) -> Ints:
    """Who holds the weight of each record: its account, else its person, else its voice."""
    accounts, people = len(matrix.reach_account.known), len(matrix.person.known)
    lone = np.where(
        matrix.person.codes >= 0, accounts + matrix.person.codes, accounts + people + matrix.voice.codes
    )
    return np.where(matrix.reach_account.codes >= 0, matrix.reach_account.codes, lone)


def _numbers(matrix: CorpusMatrix, everyone: Ints, holder: Ints, segment: str) -> Floats:
    """Holder → its number, NaN where it has none."""
    column = matrix.segment(segment)
    of_code = np.array([number_of(str(value)) for value in column.known] + [None], dtype=np.float64)
    numbers = of_code[column.codes[everyone]]
    rows = np.flatnonzero(~np.isnan(numbers))
    when = np.nan_to_num(matrix.said_at[everyone[rows]], nan=-np.inf)
    rows = rows[np.lexsort((numbers[rows], when))]
    found = np.full(int(holder.max(initial=-1)) + 1, np.nan)
    # The last of equal indices stays.
    found[holder[everyone[rows]]] = numbers[rows]
    return found
