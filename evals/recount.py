"""Counting facts again, in plain Python and without any code that wrote them: the second opinion on every number."""

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from functools import cached_property

from assistant.domain.draft import Draft
from assistant.domain.evidence import Scope
from assistant.domain.fact import Fact, FactFilter, Measure
from assistant.stores.port import CorpusRows
from evals.reach import Reach, reach_of
from evals.recount_ratings import rated

_WEEK_S = 7 * 24 * 3600
_MOST_DIGITS = 18


class Unanswerable(Exception):
    """A fact that no counting can answer: it names a selection or quote that isn't there, or a wrong parameter."""


class Recount:
    """Answers a draft's facts from the corpus. Keeps what it filtered, since facts share filters."""

    def __init__(self, corpus: CorpusRows, draft: Draft) -> None:
        self._corpus = corpus
        self._draft = draft
        self._counted: dict[str, list[int]] = {}

    def answer(self, fact: Fact) -> float | int | str:
        """Count a fact again. Raises: Unanswerable."""
        rows = [] if fact.measure in (Measure.stated, Measure.constant) else self._rows(fact.filter)
        match fact.measure:
            case Measure.records:
                return len(self._one_per_voice(rows))
            case Measure.duplicates:
                return len(rows) - len(self._one_per_voice(rows))
            case Measure.people:
                return self._people(rows)
            case Measure.accounts:
                return len({self._reach.account[row] for row in self._one_per_voice(rows)} - {None})
            case Measure.share_of_people:
                return _share(self._people(rows), self._people(self._denominator(fact)))
            case Measure.share_of_records:
                whole = len(self._one_per_voice(self._denominator(fact)))
                return _share(len(self._one_per_voice(rows)), whole)
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
                return rated(self._corpus, self._reach, fact.measure, rows, self._denominator(fact))
            case Measure.rank_by_people:
                return self._rank(fact, self._people(rows))
            case Measure.top_accounts_share:
                return self._top_accounts(rows, fact.param)
            case Measure.weeks:
                return self._weeks(rows)
            case Measure.first_date:
                return _iso(min(self._dates(rows), default=None))
            case Measure.last_date:
                return _iso(max(self._dates(rows), default=None))
            case Measure.top_value:
                return self._top_value(rows, fact.param)
            case Measure.stated:
                return self._stated(fact.param)
            case Measure.constant:
                return fact.param

    @cached_property
    def as_of(self) -> datetime | None:
        """Latest `said_at` of the workspace's records."""
        latest = max((at for at in self._corpus.said_at if at is not None), default=None)
        return datetime.fromtimestamp(latest, UTC) if latest is not None else None

    @cached_property
    def _reach(self) -> Reach:
        return reach_of(self._corpus)

    @cached_property
    def _row_of(self) -> Mapping[str, int]:
        return {record_id: row for row, record_id in enumerate(self._corpus.record_ids)}

    def _denominator(self, fact: Fact) -> list[int]:
        if fact.denominator is None:
            raise Unanswerable("a share needs a denominator")
        return self._rows(fact.denominator)

    def _rows(self, which: FactFilter) -> list[int]:
        key = which.model_dump_json()
        if key not in self._counted:
            self._counted[key] = self._left_by(which.scope, self._candidates(which.selection))
        return self._counted[key]

    def _candidates(self, selection: str | None) -> list[int]:
        if selection is None:
            return list(range(len(self._corpus.record_ids)))
        if selection not in self._draft.selections:
            raise Unanswerable(f"there is no selection {selection}")
        members = set(self._draft.selections[selection].record_ids)
        return sorted(self._row_of[member] for member in members if member in self._row_of)

    def _left_by(self, scope: Scope, rows: list[int]) -> list[int]:
        # One restriction after the other: a call per record would cost a second at 100,000 records.
        corpus = self._corpus
        nothing = (None,) * len(corpus.record_ids)
        for column, allowed in (
            (corpus.kind, scope.kinds),
            (corpus.source, scope.sources),
            (corpus.language, scope.languages),
            (corpus.account, scope.accounts),
            (corpus.type or nothing, scope.types),
            (corpus.sentiment or nothing, scope.sentiments),
        ):
            if allowed:
                rows = [row for row in rows if column[row] in allowed]
        for name, values in scope.segments.items():
            rows = [row for row in rows if corpus.segments[row].get(name) in values]
        rows = _between(rows, corpus.said_at, _stamp(scope.since), _stamp(scope.until), closed=False)
        return _between(rows, corpus.rating, scope.min_rating, scope.max_rating, closed=True)

    def _one_per_voice(self, rows: list[int]) -> list[int]:
        first: dict[tuple[str, ...], int] = {}
        for row in rows:
            first.setdefault(self._reach.voice[row], row)
        return list(first.values())

    def _people(self, rows: list[int]) -> int:
        return len({self._reach.person[row] for row in rows} - {None})

    def _dates(self, rows: list[int]) -> list[int]:
        return [at for row in self._one_per_voice(rows) if (at := self._corpus.said_at[row]) is not None]

    def _weeks(self, rows: list[int]) -> int:
        dates = self._dates(rows)
        return max(1, math.ceil((max(dates) - min(dates)) / _WEEK_S)) if dates else 0

    def _per_week(self, scope: Scope, rows: list[int]) -> float:
        counted = len(self._dates(rows))
        window = [
            at for row in self._rows(FactFilter(scope=scope)) if (at := self._corpus.said_at[row]) is not None
        ]
        if not window:
            return 0.0
        since = scope.since.timestamp() if scope.since else min(window)
        until = scope.until.timestamp() if scope.until else max(window)
        return counted / max(1.0, (until - since) / _WEEK_S)

    def _mean_rating(self, rows: list[int]) -> float:
        ratings = [r for row in self._one_per_voice(rows) if (r := self._corpus.rating[row]) is not None]
        return math.fsum(ratings) / len(ratings) if ratings else 0.0

    def _rank(self, fact: Fact, people: int) -> int:
        peers = [
            self._people(self._rows(FactFilter(scope=fact.filter.scope, selection=peer)))
            for peer in fact.peers
        ]
        return 1 + sum(other > people for other in peers)

    def _top_accounts(self, rows: list[int], param: str) -> float:
        if not _is_whole(param) or int(param) < 1:
            raise Unanswerable(f"the k of a top-k share must be a whole number above 0, not '{param[:40]}'")
        voices = self._one_per_voice(rows)
        written = Counter(account for row in voices if (account := self._reach.account[row]) is not None)
        return _share(sum(sorted(written.values(), reverse=True)[: int(param)]), len(voices))

    def _top_value(self, rows: list[int], segment: str) -> str:
        values = (self._corpus.segments[row].get(segment) for row in self._one_per_voice(rows))
        counted = Counter(value for value in values if value is not None)
        most = max(counted.values(), default=0)
        return min((value for value, times in counted.items() if times == most), default="")

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


def _between(
    rows: list[int], column: Sequence[float | None], least: float | None, most: float | None, *, closed: bool
) -> list[int]:
    if least is not None:
        rows = [row for row in rows if (value := column[row]) is not None and value >= least]
    if most is not None:
        rows = [
            row
            for row in rows
            if (value := column[row]) is not None and (value < most or (closed and value == most))
        ]
    return rows


def _is_whole(param: str) -> bool:
    return param.isdecimal() and len(param) <= _MOST_DIGITS


def _stamp(moment: datetime | None) -> float | None:
    return None if moment is None else moment.timestamp()


def _share(part: int, whole: int) -> float:
    return part / whole if whole else 0.0


def _iso(seconds: int | None) -> str:
    if seconds is None:
        return ""
    day: date = datetime.fromtimestamp(seconds, UTC).date()
    return day.isoformat()
