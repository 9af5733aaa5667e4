"""Counting facts again, over columns of its own and without any code that wrote them: the second opinion on every number."""

import math
from collections.abc import Hashable, Mapping, Sequence
from datetime import UTC, date, datetime

import numpy as np

from assistant.domain.draft import Draft
from assistant.domain.evidence import Scope
from assistant.domain.fact import Fact, FactFilter, Measure
from assistant.drafting.formats.behind import Counted
from assistant.stores.port import CorpusRows
from evals.recounting.ratings import rated
from evals.recounting.reach import Codes
from evals.recounting.table import Floats, Rows, table_of

_WEEK_S = 7 * 24 * 3600
_MOST_DIGITS = 18


class Unanswerable(Exception):
    """A fact that no counting can answer: it names a selection or quote that isn't there, or a wrong parameter."""


class Recount:
    """Answers a draft's facts from the corpus. Keeps what it filtered, since facts share filters."""

    def __init__(self, corpus: CorpusRows, draft: Draft) -> None:
        self._table = table_of(corpus)
        self._draft = draft
        self._counted: dict[str, Rows] = {}
        self._members: dict[str, Rows] = {}

    def answer(self, fact: Fact) -> float | int | str:
        """Count a fact again. Raises: Unanswerable."""
        if fact.measure is Measure.stated:
            return self._stated(fact.param)
        if fact.measure is Measure.constant:
            return fact.param
        rows = self._rows(fact.filter)
        match fact.measure:
            case Measure.records:
                return len(self._table.one_per_voice(rows))
            case Measure.duplicates:
                return len(rows) - len(self._table.one_per_voice(rows))
            case Measure.people:
                return self._people(rows)
            case Measure.accounts:
                return _distinct(self._table.reach.account[self._table.one_per_voice(rows)])
            case Measure.share_of_people:
                return _share(self._people(rows), self._people(self._denominator(fact)))
            case Measure.share_of_records:
                whole = len(self._table.one_per_voice(self._denominator(fact)))
                return _share(len(self._table.one_per_voice(rows)), whole)
            case Measure.per_week:
                return self._per_week(fact.filter.scope, rows)
            case Measure.mean_rating:
                return self._mean_rating(rows)
            case (
                Measure.rating_of_people
                | Measure.rating_of_others
                | Measure.rating_below_low
                | Measure.rating_below_high
            ):
                return rated(self._table, fact.measure, rows, self._denominator(fact))
            case Measure.rank_by_people:
                return self._rank(fact, self._people(rows))
            case Measure.top_accounts_share:
                return self._top_accounts(rows, fact.param)
            case Measure.weeks:
                return self._weeks(rows)
            case Measure.first_date:
                return _iso(self._dates(rows).min(initial=np.inf))
            case Measure.last_date:
                return _iso(self._dates(rows).max(initial=-np.inf))
            case Measure.top_value:
                return self._top_value(rows, fact.param)

    def behind(self, which: FactFilter) -> Counted:
        """The records that a query finds, and who they come from. Raises: Unanswerable."""
        rows = self._rows(which)
        table = self._table
        first = table.one_per_voice(rows)
        dates = np.where(np.isnan(table.said_at[rows]), 0.0, table.said_at[rows])
        # Rows stand in the order of the ids: what was said at one moment stays in it.
        members = rows[np.argsort(dates, kind="stable")]
        return Counted(
            tuple(table.id_of(row) for row in members.tolist()),
            is_selected=which.selection is not None,
            voices=len(first),
            people=self._people(rows),
            accounts=_distinct(table.reach.account[first]),
        )

    @property
    def as_of(self) -> datetime | None:
        """Latest `said_at` of the workspace's records."""
        dates = _given(self._table.said_at)
        return datetime.fromtimestamp(float(dates.max()), UTC) if len(dates) else None

    def _denominator(self, fact: Fact) -> Rows:
        if fact.denominator is None:
            raise Unanswerable("a share needs a denominator")
        return self._rows(fact.denominator)

    def _rows(self, which: FactFilter) -> Rows:
        key = which.model_dump_json()
        if key not in self._counted:
            self._counted[key] = self._left_by(which.scope, self._candidates(which.selection))
        return self._counted[key]

    def _candidates(self, selection: str | None) -> Rows:
        if selection is None:
            return self._table.everything
        if selection not in self._draft.selections:
            raise Unanswerable(f"there is no selection {selection}")
        if selection not in self._members:
            row_of = self._table.row_of
            places = {row_of.get(one, -1) for one in self._draft.selections[selection].record_ids} - {-1}
            self._members[selection] = np.array(sorted(places), dtype=np.int64)
        return self._members[selection]

    def _left_by(self, scope: Scope, rows: Rows) -> Rows:
        table = self._table
        restricted: list[tuple[str, Sequence[Hashable]]] = [
            ("kind", scope.kinds),
            ("source", scope.sources),
            ("language", scope.languages),
            ("account", scope.accounts),
            ("type", scope.types),
            ("sentiment", scope.sentiments),
        ]
        columns = [(table.column(name), allowed) for name, allowed in restricted if allowed]
        columns += [(table.segment(name), values) for name, values in scope.segments.items()]
        for column, allowed in columns:
            rows = rows[column.among(allowed)[rows]]
        rows = _between(rows, table.said_at, _stamp(scope.since), _stamp(scope.until), closed=False)
        return _between(rows, table.rating, scope.min_rating, scope.max_rating, closed=True)

    def _people(self, rows: Rows) -> int:
        return _distinct(self._table.reach.person[rows])

    def _dates(self, rows: Rows) -> Floats:
        return _given(self._table.said_at[self._table.one_per_voice(rows)])

    def _weeks(self, rows: Rows) -> int:
        dates = self._dates(rows)
        return max(1, math.ceil((dates.max() - dates.min()) / _WEEK_S)) if len(dates) else 0

    def _per_week(self, scope: Scope, rows: Rows) -> float:
        counted = len(self._dates(rows))
        window = _given(self._table.said_at[self._rows(FactFilter(scope=scope))])
        if not len(window):
            return 0.0
        since = scope.since.timestamp() if scope.since else float(window.min())
        until = scope.until.timestamp() if scope.until else float(window.max())
        return counted / max(1.0, (until - since) / _WEEK_S)

    def _mean_rating(self, rows: Rows) -> float:
        ratings = _given(self._table.rating[self._table.one_per_voice(rows)])
        return math.fsum(ratings.tolist()) / len(ratings) if len(ratings) else 0.0

    def _rank(self, fact: Fact, people: int) -> int:
        peers = [
            self._people(self._rows(FactFilter(scope=fact.filter.scope, selection=peer)))
            for peer in fact.peers
        ]
        return 1 + sum(other > people for other in peers)

    def _top_accounts(self, rows: Rows, param: str) -> float:
        if not _is_whole(param) or int(param) < 1:
            raise Unanswerable(f"the k of a top-k share must be a whole number above 0, not '{param[:40]}'")
        voices = self._table.one_per_voice(rows)
        written = np.sort(_sizes(self._table.reach.account[voices]))
        return _share(int(written[::-1][: int(param)].sum()), len(voices))

    def _top_value(self, rows: Rows, segment: str) -> str:
        column = self._table.segment(segment)
        counted = _sizes(column.codes[self._table.one_per_voice(rows)])
        most = counted.max(initial=0)
        return min(
            (str(column.names[place]) for place in np.flatnonzero(counted == most) if most), default=""
        )

    def _stated(self, param: str) -> str:
        quote_id, _, span = param.partition(":")
        start, _, end = span.partition(":")
        quote = self._draft.quotes.get(quote_id)
        if quote is None or not (_is_whole(start) and _is_whole(end)):
            raise Unanswerable(f"'{param[:40]}' is no span of a quote of this draft")
        if not int(start) < int(end) <= len(quote.text):
            raise Unanswerable(f"'{param[:40]}' lies outside of the quote")
        return quote.text[int(start) : int(end)]


def in_scope(
    scope: Scope,
    *,
    kind: str,
    source: str,
    language: str,
    account: str | None,
    segments: Mapping[str, str],
    said_at: float | None,
    rating: float | None,
    type: str | None = None,
    sentiment: str | None = None,
) -> bool:
    """Whether a record with these attributes belongs to a scope. What a scope restricts must be known of the record."""
    return (
        (not scope.kinds or kind in scope.kinds)
        and (not scope.sources or source in scope.sources)
        and (not scope.languages or language in scope.languages)
        and (not scope.accounts or account in scope.accounts)
        and (not scope.types or type in scope.types)
        and (not scope.sentiments or sentiment in scope.sentiments)
        and all(segments.get(name) in allowed for name, allowed in scope.segments.items())
        and (scope.since is None or (said_at is not None and said_at >= scope.since.timestamp()))
        and (scope.until is None or (said_at is not None and said_at < scope.until.timestamp()))
        and (scope.min_rating is None or (rating is not None and rating >= scope.min_rating))
        and (scope.max_rating is None or (rating is not None and rating <= scope.max_rating))
    )


def _between(rows: Rows, column: Floats, least: float | None, most: float | None, *, closed: bool) -> Rows:
    # A comparison with NaN holds never: what isn't known is left out.
    if least is not None:
        rows = rows[column[rows] >= least]
    if most is not None:
        rows = rows[column[rows] <= most if closed else column[rows] < most]
    return rows


def _given(values: Floats) -> Floats:
    return values[~np.isnan(values)]


def _sizes(codes: Codes) -> Rows:
    """How often each number occurs; -1 counts for none."""
    return np.bincount(codes[codes >= 0])


def _distinct(codes: Codes) -> int:
    return int(np.count_nonzero(_sizes(codes)))


def _is_whole(param: str) -> bool:
    return param.isdecimal() and len(param) <= _MOST_DIGITS


def _stamp(moment: datetime | None) -> float | None:
    return None if moment is None else moment.timestamp()


def _share(part: int, whole: int) -> float:
    return part / whole if whole else 0.0


def _iso(seconds: float) -> str:
    if math.isinf(seconds):
        return ""
    day: date = datetime.fromtimestamp(seconds, UTC).date()
    return day.isoformat()
