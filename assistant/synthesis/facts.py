"""The numbers of every theme, and of everything that was said, in a few passes over the corpus columns. No record is read."""

from collections.abc import Sequence

import numpy as np

from assistant.domain.record import RecordKind
from assistant.domain.theme_facts import Counts, Share, ThemeFacts
from assistant.search.matrix import CorpusMatrix, Ints
from assistant.synthesis.intervals import share_interval
from assistant.synthesis.loudness import bursts, loud_minorities
from assistant.synthesis.pairs import Pairs, pairs_of
from assistant.synthesis.ratings import ratings_of
from assistant.synthesis.segments import segments_of
from assistant.synthesis.weights import weight_segment, weights_of


def facts_of(
    matrix: CorpusMatrix, members: Sequence[Ints], everything: Ints, weight: str | None = None
) -> tuple[list[ThemeFacts], ThemeFacts]:
    """Count groups of records.

    Args:
        members: of each group, corpus rows of the first record of each voice, ascending (`Members.records`).
        everything: the same of all that customers said.
        weight: `segment.NAME` to sum; None takes a numeric segment that is called a weight, if there is one.

    Returns: the facts of each group, and of everything.
    Raises: UsageError where `weight` can't be one.
    """
    pairs = pairs_of(matrix, [*members, everything])
    counts = what_counts(matrix, everything)
    segment = weight_segment(matrix, weight)
    customers = np.flatnonzero(matrix.kind.among([RecordKind.customer.value]))
    dates = np.sort(matrix.said_at[everything])
    reach = _reach(pairs, counts)
    ratings, on_one_scale, odd = ratings_of(pairs)
    columns: dict[str, Sequence[object]] = {
        "reach": [people for people, _ in reach],
        "of_records": [records for _, records in reach],
        "people": pairs.by_person.sizes.tolist(),
        "accounts": pairs.by_account.sizes.tolist(),
        "sources": pairs.tally(matrix.source),
        "languages": pairs.tally(matrix.language),
        "sentiments": pairs.tally(matrix.sentiment, "unknown"),
        "types": pairs.tally(matrix.type, "unknown"),
        "segments": segments_of(pairs, customers, counts),
        "ratings": ratings,
        "rating_share": on_one_scale,
        "odd_ratings": odd,
        "undated": pairs.per_group(pairs.group[np.isnan(matrix.said_at[pairs.record])]).tolist(),
        "weight": weights_of(pairs, customers, segment) if segment else [None] * pairs.groups,
        "loud": loud_minorities(pairs),
        "burst": bursts(pairs, dates[~np.isnan(dates)]),
    }
    found = [
        ThemeFacts.model_validate({"counts": counts} | dict(zip(columns, one, strict=True)))
        for one in zip(*columns.values(), strict=True)
    ]
    return found[:-1], found[-1]


def what_counts(matrix: CorpusMatrix, everything: Ints) -> Counts:
    """People, where at least four of five records have a known author; else records."""
    known = int((matrix.person.codes[everything] >= 0).sum())
    return "people" if len(everything) and 5 * known >= 4 * len(everything) else "records"


def _reach(pairs: Pairs, counts: Counts) -> list[tuple[Share, Share]]:
    by_records = _shares(pairs.sizes)
    return list(
        zip(_shares(pairs.by_person.sizes) if counts == "people" else by_records, by_records, strict=True)
    )


def _shares(sizes: Ints) -> list[Share]:
    """Each group as a part of the last one."""
    whole = int(sizes[-1])
    low, high = share_interval(sizes, np.full(len(sizes), whole))
    return [
        Share(part=part, whole=whole, value=part / whole if whole else 0.0, low=from_, high=to)
        for part, from_, to in zip(sizes.tolist(), low.tolist(), high.tolist(), strict=True)
    ]
