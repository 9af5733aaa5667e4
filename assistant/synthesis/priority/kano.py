"""Kano's model: what pairs of answers, with a feature and without it, say of the feature.

Kano 1984; table, order of ties and coefficients by Berger et al. 1993; significance of the first category by Fong 1996; intervals by
Wilson 1927.
"""

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from statistics import NormalDist

from assistant.domain.priority import KanoAnswer, KanoCategory, KanoResult, KanoTable, Share
from assistant.errors import InputRejected

ENOUGH = 20
"""Fewer answer pairs than this give no category: Fong's test and the intervals rest on the normal distribution."""
FONG_Z = 1.65
Z95 = NormalDist().inv_cdf(0.975)
_DOUBTFUL = 0.1
_CODES = ("QAAAO", "RIIIM", "RIIIM", "RIIIM", "RRRRQ")
TABLE: Mapping[tuple[KanoAnswer, KanoAnswer], KanoCategory] = {
    (functional, dysfunctional): KanoCategory(_CODES[functional - 1][dysfunctional - 1])
    for functional in KanoAnswer
    for dysfunctional in KanoAnswer
}
"""The evaluation table: answers with the feature and without it → category."""


@dataclass(frozen=True, slots=True)
class AnswerPair:
    """What one person answered about one feature."""

    feature: str
    functional: KanoAnswer | None
    """How it is to have it; None where the answer is blank or can't be read."""
    dysfunctional: KanoAnswer | None
    """How it is to lack it."""
    person: str = ""
    segments: Mapping[str, str] = field(default_factory=dict)


def evaluate(
    pairs: Iterable[AnswerPair], segments: Sequence[str] = (), *, notes: Sequence[str] = ()
) -> KanoTable:
    """Count categories per feature, of everybody and per value of the segments.

    A person counts once per feature: equal pairs are one, and pairs that differ are left out. Those without a value of a segment
    stand under `unknown`, so that a segment's rows add up to everybody's.

    Raises: InputRejected where there is no pair.
    """
    voices, contradicted = _one_each(pairs)
    if not voices and not contradicted:
        raise InputRejected(
            "There are no answer pairs.",
            hint="A Kano survey asks twice per feature: how it is with it, and how it is without it.",
        )
    groups: dict[tuple[str, str], list[AnswerPair]] = {}
    for pair in voices:
        for segment in ("", *(f"{name}={pair.segments.get(name) or 'unknown'}" for name in segments)):
            groups.setdefault((pair.feature, segment), []).append(pair)
    for pair in contradicted:
        groups.setdefault((pair.feature, ""), [])
    clashes = Counter(pair.feature for pair in contradicted)
    rows = [
        _result(feature, segment, members, 0 if segment else clashes[feature])
        for (feature, segment), members in groups.items()
    ]
    told = list(notes)
    if contradicted:
        people = len({pair.person for pair in contradicted})
        told.append(f"{sum(clashes.values()):,} answer pairs contradict others of the same person on the same feature and are left out ({people:,} people).")  # fmt: skip
    told += [_doubt(row) for row in sorted(rows, key=_place) if not row.segment and _is_doubtful(row)]
    told += _backwards(rows)
    return KanoTable(rows=tuple(sorted(rows, key=_place)), notes=tuple(told))


def _one_each(pairs: Iterable[AnswerPair]) -> tuple[list[AnswerPair], list[AnswerPair]]:
    """Pairs that count, and those that contradict each other."""
    counted: list[AnswerPair] = []
    given: dict[tuple[str, str], list[AnswerPair]] = {}
    for pair in pairs:
        if pair.person:
            given.setdefault((pair.feature, pair.person), []).append(pair)
        else:
            counted.append(pair)
    contradicted: list[AnswerPair] = []
    for of_person in given.values():
        readable = [one for one in of_person if one.functional and one.dysfunctional] or of_person
        alike = len({(one.functional, one.dysfunctional) for one in readable}) == 1
        if alike:
            # Of equal pairs the one that stands for them must not depend on the order of rows.
            counted.append(min(readable, key=lambda one: sorted(one.segments.items())))
        else:
            contradicted.extend(readable)
    return counted, contradicted


def _result(feature: str, segment: str, members: Sequence[AnswerPair], contradicted: int) -> KanoResult:
    counts = dict.fromkeys(KanoCategory, 0)
    left_out = contradicted
    for pair in members:
        if pair.functional and pair.dysfunctional:
            counts[TABLE[pair.functional, pair.dysfunctional]] += 1
        else:
            left_out += 1
    n = sum(counts.values())
    base = KanoResult(feature=feature, segment=segment, pairs=n, left_out=left_out, counts=counts)
    pleased = counts[KanoCategory.attractive] + counts[KanoCategory.one_dimensional]
    missed = counts[KanoCategory.one_dimensional] + counts[KanoCategory.must_be]
    of = pleased + counts[KanoCategory.must_be] + counts[KanoCategory.indifferent]
    shares = {"better": wilson(pleased, of), "worse": wilson(missed, of)}
    if n < ENOUGH:
        noun = "answer pair" if n == 1 else "answer pairs"
        return base.model_copy(
            update=shares | {"reason": f"not enough answers: {n} {noun}, at least {ENOUGH} are needed"}
        )
    order = list(KanoCategory)
    first, second = sorted(order, key=lambda one: (-counts[one], order.index(one)))[:2]
    lead = counts[first] - counts[second]
    threshold = fong(counts[first], counts[second], n)
    verdict = {
        "category": first,
        "second": second if counts[second] else None,
        "clear": lead >= threshold,
        "lead": lead,
        "threshold": threshold,
        "flips_at": math.ceil(lead / 2),
    }
    return base.model_copy(update=shares | verdict)


def fong(first: int, second: int, n: int) -> float:
    """The lead of the most frequent category over the second that is significant at 90 % among n answers (Fong 1996)."""
    both = first + second
    return FONG_Z * math.sqrt(both * (2 * n - both) / (2 * n)) if n else 0.0


def wilson(count: int, of: int) -> Share | None:
    """A share with its 95 % interval (Wilson 1927); None of nothing."""
    if not of:
        return None
    p, z2 = count / of, Z95**2
    middle = (p + z2 / (2 * of)) / (1 + z2 / of)
    half = Z95 * math.sqrt(p * (1 - p) / of + z2 / (4 * of**2)) / (1 + z2 / of)
    # The ends of a share of none and of all are exact; rounding must not push them past the share.
    low = 0.0 if count == 0 else max(0.0, middle - half)
    high = 1.0 if count == of else min(1.0, middle + half)
    return Share(value=p, low=low, high=high, count=count, of=of)


def _backwards(rows: Sequence[KanoResult]) -> list[str]:
    everybody = [row for row in rows if not row.segment]
    n = sum(row.pairs for row in everybody)
    odd = sum(
        row.counts[code] for row in everybody for code in (KanoCategory.reverse, KanoCategory.questionable)
    )
    if n < ENOUGH or odd * 2 <= n:
        return []
    return [
        f"{odd:,} of {n:,} pairs are reverse or questionable. Are the answers numbered from 5 (like) to 1 (dislike), or the two columns "
        "swapped? Here 1 is like and 5 is dislike."
    ]


def _place(row: KanoResult) -> tuple[str, int, float, str]:
    order = [*KanoCategory, None]
    strength = sum(share.value for share in (row.better, row.worse) if share)
    return row.segment, order.index(row.category), -strength, row.feature


def _is_doubtful(row: KanoResult) -> bool:
    return row.pairs >= ENOUGH and row.counts[KanoCategory.questionable] > _DOUBTFUL * row.pairs


def _doubt(row: KanoResult) -> str:
    count = row.counts[KanoCategory.questionable]
    return f"'{row.feature[:60]}': {count:,} of {row.pairs:,} pairs contradict themselves (Q); the questions may have been misunderstood."
