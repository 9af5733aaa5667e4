"""Whether what a claim speaks of is told more often than before: by the records that its own numbers count, held against everything said."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Literal

import numpy as np

from assistant.domain.draft import Claim, Draft
from assistant.domain.evidence import Scope
from assistant.domain.fact import Measure, Selection
from assistant.search.column import are_first
from assistant.search.matrix import Bools, CorpusMatrix, Ints
from assistant.search.scope import record_mask
from assistant.synthesis.change_point import Times, trend, usual_span

_COUNTS = (Measure.people, Measure.records)
_ABOUT_THE_SAME = 1.8
"""Ratio of the shares of two halves up to which a need holds steady, as in `profile`."""


@dataclass(frozen=True)
class Share:
    """How much was told of something within a span."""

    first: date
    until: date
    """Exclusive."""
    told: int
    """Dated records, each voice once."""
    heard: int
    """The same of everything in the draft's scope."""

    @property
    def value(self) -> float:
        """Told over heard; 0 where nothing was heard."""
        return self.told / self.heard if self.heard else 0.0


@dataclass(frozen=True)
class ClaimTrend:
    """The course of what a claim counts, with the numbers that bear it out."""

    direction: Literal["rising", "falling", "steady"]
    since: date | None
    """The day from which the new rate holds; None where it is steady."""
    before: Share
    after: Share
    """Where it is steady: the first and the second half."""


def claim_trends(draft: Draft, matrix: CorpusMatrix) -> dict[str, ClaimTrend]:
    """Claim id → its trend, for those whose trend code can tell; the others aren't named.

    A claim is followed by the selection that its first count is taken over. Nothing is told of fewer than eight dated records, of a
    change that chance explains (`change_point.trend`), or where the plain shares don't say the same as the test, source by source.

    Args: matrix: the records of now.
    """
    heard: dict[str, tuple[Bools, dict[str, Times]]] = {}
    known: dict[tuple[str, str], ClaimTrend | None] = {}
    found = {}
    for claim in draft.claims.values():
        counted = _counted(draft, claim)
        if counted is None:
            continue
        name, scope = counted
        key = scope.model_dump_json()
        if key not in heard:
            mask = record_mask(matrix, scope)
            heard[key] = mask, _times(matrix, np.flatnonzero(mask))
        mask, everything = heard[key]
        if (name, key) not in known:
            known[name, key] = _told(_times(matrix, _rows(matrix, draft.selections[name], mask)), everything)
        if (told := known[name, key]) is not None:
            found[claim.id] = told
    return found


def _counted(draft: Draft, claim: Claim) -> tuple[str, Scope] | None:
    """The selection of a claim's first count, and where it is counted: its own scope, over all the time of the draft's."""
    facts = [draft.facts[one] for one in claim.fact_ids if one in draft.facts]
    counted = next((one for one in facts if one.measure in _COUNTS), None)
    if counted is None or counted.filter.selection not in draft.selections:
        return None
    days = {"since": draft.scope.since, "until": draft.scope.until}
    return counted.filter.selection, counted.filter.scope.model_copy(update=days)


def _rows(matrix: CorpusMatrix, selection: Selection, mask: Bools) -> Ints:
    places = (matrix.row_of(one) for one in selection.record_ids)
    return np.array([row for row in places if row is not None and mask[row]], dtype=np.int64)


def _told(said: Mapping[str, Times], heard: Mapping[str, Times]) -> ClaimTrend | None:
    change = trend(said, heard)
    if change.since is not None and change.before is not None and change.until is not None:
        before = _share(said, heard, change.before, change.since)
        after = _share(said, heard, change.since, change.until)
        rises = change.direction == "growing"
        # By source it may rise while all in all it doesn't, if the sources' own amounts changed: then no word is borne out by its numbers.
        if (after.value > before.value) is not rises or after.value == before.value:
            return None
        return ClaimTrend("rising" if rises else "falling", change.since.date(), before, after)
    span = usual_span(np.concatenate([np.zeros(0), *heard.values()]))
    if change.direction != "steady" or span is None:
        return None
    middle = span[0] + timedelta(days=(span[1] - span[0]).days // 2)
    halves = (_share(said, heard, span[0], middle), _share(said, heard, middle, span[1]))
    low, high = sorted(one.value for one in halves)
    return ClaimTrend("steady", None, *halves) if high <= _ABOUT_THE_SAME * low else None


def _share(said: Mapping[str, Times], heard: Mapping[str, Times], first: datetime, until: datetime) -> Share:
    def within(times: Mapping[str, Times]) -> int:
        edges = [first.timestamp(), until.timestamp()]
        return sum(int(np.diff(np.searchsorted(one, edges))[0]) for one in times.values())

    return Share(
        first.astimezone(UTC).date(), until.astimezone(UTC).date(), told=within(said), heard=within(heard)
    )


def _times(matrix: CorpusMatrix, rows: Ints) -> dict[str, Times]:
    """Source → when its dated records were said, each voice once."""
    rows = rows[are_first(matrix.voice.codes[rows])]
    rows = rows[~np.isnan(matrix.said_at[rows])]
    return {
        str(source): np.sort(matrix.said_at[rows[matrix.source.codes[rows] == code]])
        for source, code in sorted(matrix.source.known.items(), key=lambda item: str(item[0]))
    }
