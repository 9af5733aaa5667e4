"""Counts facts over the corpus columns and hands out their placeholders. `evals/recounting/recount.py` counts them again, by itself."""

from collections import Counter
from datetime import UTC, datetime
from math import ceil
from typing import Any

import numpy as np
import numpy.typing as npt

from assistant.domain.base import canonical_json, digest
from assistant.domain.evidence import Scope
from assistant.domain.fact import RATED, Fact, FactFilter, Measure, Selection
from assistant.drafting.apart import interval, means_by_person
from assistant.search.column import are_first
from assistant.search.matrix import Bools, CorpusMatrix
from assistant.search.scope import record_mask
from assistant.synthesis.change_point import WEEK_S, usual_span

_UNITS = {
    Measure.records: "report",
    Measure.people: "person",
    Measure.accounts: "account",
    Measure.duplicates: "duplicate",
    Measure.share_of_people: "%",
    Measure.share_of_records: "%",
    Measure.top_accounts_share: "%",
    Measure.per_week: "report per week",
    Measure.weeks: "week",
}
Rows = npt.NDArray[np.int64]


def narrow(scope: Scope, **more: Any) -> Scope:
    """The scope with further restrictions; segments are added to those it has."""
    segments = {**scope.segments, **more.pop("segments", {})}
    return scope.model_copy(update={**more, "segments": segments})


class FactBook:
    """The facts, selections and their placeholders of one draft. The same query always gives the same placeholder."""

    def __init__(self, matrix: CorpusMatrix, scope: Scope) -> None:
        self.matrix = matrix
        self.scope = scope
        self.facts: dict[str, Fact] = {}
        self.selections: dict[str, Selection] = {}
        self._by_query: dict[str, str] = {}
        self._by_members: dict[str, str] = {}
        self._rows: dict[str | None, Rows] = {}
        self._masks: dict[str, Bools] = {}
        dates = matrix.said_at[~np.isnan(matrix.said_at)]
        self.as_of = datetime.fromtimestamp(float(dates.max()), UTC) if len(dates) else None

    def span(self) -> tuple[datetime, datetime] | None:
        """Midnights UTC before the first and after the last dated record of the scope, without strays; None where none is dated."""
        dates = self.matrix.said_at[self.rows(None, self.scope)]
        return usual_span(dates[~np.isnan(dates)])

    def select(self, records: Rows, rule: str) -> str:
        """Freeze a set of records (rows of the corpus) under a name such as `S2`."""
        rows = np.unique(records)
        key = digest([int(row) for row in rows])
        if key not in self._by_members:
            name = f"S{len(self.selections) + 1}"
            ids = tuple(self.matrix.rows.record_ids[row] for row in rows)
            self.selections[name] = Selection(id=name, rule=rule, record_ids=ids)
            self._by_members[key] = name
            self._rows[name] = rows
        return self._by_members[key]

    def nobody(self) -> str:
        """The selection of no records: what a count of zero is counted over."""
        return self.select(np.zeros(0, dtype=np.int64), "none: no record of the scope was found to say so")

    def rows(self, selection: str | None, scope: Scope) -> Rows:
        """Rows of the corpus that a filter leaves."""
        key = scope.model_dump_json()
        if key not in self._masks:
            self._masks[key] = record_mask(self.matrix, scope)
        mask = self._masks[key]
        return (
            np.flatnonzero(mask) if selection is None else (members := self._rows[selection])[mask[members]]
        )

    def fact(
        self,
        measure: Measure,
        selection: str | None = None,
        scope: Scope | None = None,
        *,
        of: FactFilter | None = None,
        param: str = "",
        peers: tuple[str, ...] = (),
        unit: str | None = None,
    ) -> str:
        """Count, keep the fact, and return its placeholder `{F1}`."""
        where = FactFilter(scope=scope or self.scope, selection=selection)
        query = canonical_json(
            [measure, where.model_dump(mode="json"), of and of.model_dump(mode="json"), param, peers]
        )
        if query not in self._by_query:
            name = f"F{len(self.facts) + 1}"
            self.facts[name] = Fact(
                id=name,
                measure=measure,
                filter=where,
                denominator=of,
                value=self.count(measure, where, of=of, param=param, peers=peers),
                unit=_UNITS.get(measure, "") if unit is None else unit,
                param=param,
                peers=peers,
                as_of=self.as_of,
            )
            self._by_query[query] = name
        return f"{{{self._by_query[query]}}}"

    def quote_words(self, quote_id: str, start: int, end: int, words: str) -> str:
        """A placeholder for words that stand in a quote."""
        return self._literal(Measure.stated, f"{quote_id}:{start}:{end}", words)

    def constant(self, value: str) -> str:
        """A placeholder for a number or date of the query itself."""
        return self._literal(Measure.constant, value, value)

    def _literal(self, measure: Measure, param: str, value: str) -> str:
        query = canonical_json([measure, param])
        if query not in self._by_query:
            name = f"F{len(self.facts) + 1}"
            self.facts[name] = Fact(
                id=name,
                measure=measure,
                filter=FactFilter(scope=self.scope),
                value=value,
                param=param,
                as_of=self.as_of,
            )
            self._by_query[query] = name
        return f"{{{self._by_query[query]}}}"

    def value(self, placeholder: str) -> float | int | str:
        """The value behind a placeholder."""
        return self.facts[placeholder.strip("{}")].value

    def number(self, placeholder: str) -> float:
        """The value behind a placeholder of a numeric fact."""
        return float(self.value(placeholder))

    def count(
        self,
        measure: Measure,
        where: FactFilter,
        *,
        of: FactFilter | None = None,
        param: str = "",
        peers: tuple[str, ...] = (),
    ) -> float | int | str:
        """Run a fact's query."""
        rows = self.rows(where.selection, where.scope)
        if measure in RATED and of is not None:
            return self._rated(measure, rows, self.rows(of.selection, of.scope))
        if measure in {Measure.share_of_people, Measure.share_of_records} and of is not None:
            part = Measure.people if measure is Measure.share_of_people else Measure.records
            whole = self.count(part, of)
            return float(self.count(part, where)) / float(whole) if whole else 0.0
        if measure is Measure.rank_by_people:
            own = self.count(Measure.people, where)
            others = (
                self.count(Measure.people, where.model_copy(update={"selection": peer})) for peer in peers
            )
            return 1 + sum(1 for other in others if float(other) > float(own))
        if measure is Measure.per_week:
            return self._per_week(rows, where.scope)
        return self._plain(measure, rows, param)

    def _rated(self, measure: Measure, whose: Rows, which: Rows) -> float:
        """Args: whose: rows whose people are looked at. which: rows whose ratings count."""
        matrix = self.matrix
        which = self._one_per_voice(which)
        people, means = means_by_person(matrix.person.codes[which], matrix.rating[which])
        are_meant = np.isin(people, matrix.person.codes[whose])
        ours, others = means[are_meant], means[~are_meant]
        if measure is Measure.rating_of_people:
            return float(ours.mean()) if len(ours) else 0.0
        if measure is Measure.rating_of_others:
            return float(others.mean()) if len(others) else 0.0
        return interval(others, ours)[measure is Measure.rating_below_high]

    def _plain(self, measure: Measure, rows: Rows, param: str) -> float | int | str:
        first = self._one_per_voice(rows)
        matrix = self.matrix
        if measure is Measure.records:
            return len(first)
        if measure is Measure.duplicates:
            return len(rows) - len(first)
        if measure is Measure.people:
            return _distinct(matrix.person.codes[first])
        if measure is Measure.accounts:
            return _distinct(matrix.reach_account.codes[first])
        if measure is Measure.mean_rating:
            ratings = matrix.rating[first]
            present = [float(value) for value in ratings[~np.isnan(ratings)]]
            return sum(present) / len(present) if present else 0.0
        if measure is Measure.top_accounts_share:
            codes = matrix.reach_account.codes[first]
            top = (
                np.sort(np.bincount(codes[codes >= 0]))[::-1][: int(param)]
                if (codes >= 0).any()
                else np.array([0])
            )
            return float(top.sum()) / len(first) if len(first) else 0.0
        if measure is Measure.top_value:
            values = (matrix.rows.segments[row].get(param) for row in first)
            counted = Counter(value for value in values if value is not None)
            return min(counted, key=lambda value: (-counted[value], value)) if counted else ""
        return self._dates(measure, first)

    def _dates(self, measure: Measure, rows: Rows) -> int | str:
        dates = self.matrix.said_at[rows]
        dates = dates[~np.isnan(dates)]
        if measure is Measure.weeks:
            return max(1, ceil((dates.max() - dates.min()) / WEEK_S)) if len(dates) else 0
        if not len(dates):
            return ""
        moment = float(dates.min() if measure is Measure.first_date else dates.max())
        return datetime.fromtimestamp(moment, UTC).date().isoformat()

    def _per_week(self, rows: Rows, scope: Scope) -> float:
        first = self._one_per_voice(rows)
        dated = int((~np.isnan(self.matrix.said_at[first])).sum())
        window = self.matrix.said_at[self.rows(None, scope)]
        window = window[~np.isnan(window)]
        if not len(window):
            return 0.0
        start = scope.since.timestamp() if scope.since else float(window.min())
        end = scope.until.timestamp() if scope.until else float(window.max())
        return dated / max(1.0, (end - start) / WEEK_S)

    def _one_per_voice(self, rows: Rows) -> Rows:
        return rows[are_first(self.matrix.voice.codes[rows])]


def _distinct(codes: npt.NDArray[np.int64]) -> int:
    return int(are_first(codes[codes >= 0]).sum())
