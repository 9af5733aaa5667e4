"""A fact's query in words, so that a person can count again."""

import re
from collections.abc import Mapping

from assistant.domain.draft import Draft
from assistant.domain.evidence import Scope
from assistant.domain.fact import RATED, Fact, FactFilter, Measure, Selection

_WORDS = {
    Measure.records: "records, each voice once",
    Measure.people: "distinct people",
    Measure.accounts: "distinct accounts",
    Measure.duplicates: "records that repeat a voice",
    Measure.share_of_people: "share of people",
    Measure.share_of_records: "share of records",
    Measure.per_week: "records per week",
    Measure.mean_rating: "mean rating",
    Measure.rating_of_people: "mean over the people of each one's mean rating",
    Measure.rating_of_others: "mean over all other people of each one's mean rating",
    Measure.rating_below_low: "how far the people's mean rating is below that of all others: lower end of its 95 % interval (Welch)",
    Measure.rating_below_high: "how far the people's mean rating is below that of all others: upper end of its 95 % interval (Welch)",
    Measure.rank_by_people: "rank by people",
    Measure.top_accounts_share: "share of records written by the most frequent accounts",
    Measure.weeks: "weeks from the first to the last record",
    Measure.first_date: "first date",
    Measure.last_date: "last date",
    Measure.top_value: "most frequent value",
}


_PART = "of those: "
_NEAR = re.compile("(close to «[^»]*»): the ones that ")


def describe(fact: Fact, selections: Mapping[str, Selection]) -> str:
    """For example `distinct people; of those close to «export»: …; since 2026-06-15`."""
    if fact.measure is Measure.constant:
        return "given by the request or by the query itself"
    if fact.measure is Measure.stated:
        return f"stated by a customer, in quote {fact.param.split(':')[0]}"
    parts = [_WORDS[fact.measure]]
    if fact.measure is Measure.top_accounts_share:
        parts[0] += f" (top {fact.param})"
    if fact.measure is Measure.top_value:
        parts[0] += f" of {fact.param}"
    parts.append(filter_words(fact.filter, selections))
    if fact.denominator and fact.measure in RATED:
        parts.append(f"by their ratings in {filter_words(fact.denominator, selections)}")
    elif fact.denominator:
        parts.append(f"out of {filter_words(fact.denominator, selections)}")
    return "; ".join(part for part in parts if part)


def bounded_by(draft: Draft, fact: Fact) -> list[str]:
    """Ids of the numbers whose queries have this one as a bound, such as a date or a release; none for a number of the request."""
    if fact.measure is not Measure.constant:
        return []
    return [
        other.id
        for other in sorted(draft.facts.values(), key=lambda one: int(one.id[1:]))
        if other.measure is not Measure.constant and fact.param in _bounds(other)
    ]


def _bounds(fact: Fact) -> set[str]:
    found = {fact.param} if fact.measure is Measure.top_accounts_share else set()
    for where in (fact.filter, fact.denominator):
        if where is not None:
            moments = (where.scope.since, where.scope.until)
            found |= {moment.date().isoformat() for moment in moments if moment}
            found |= {value for values in where.scope.segments.values() for value in values}
    return found


def filter_words(where: FactFilter, selections: Mapping[str, Selection]) -> str:
    """Which records, in words."""
    parts = [scope_words(where.scope)]
    if where.selection and where.selection in selections:
        chosen = selections[where.selection]
        parts.insert(0, f"{chosen.id}: {_rule(chosen, selections)}")
    return ", ".join(part for part in parts if part) or "all records"


def _rule(chosen: Selection, selections: Mapping[str, Selection]) -> str:
    """The rule of a selection; of one that is a part of another, with the smallest that holds it."""
    if not chosen.rule.startswith(_PART):
        return chosen.rule
    members = set(chosen.record_ids)
    holds = [
        (len(one.record_ids), one.id, near[1])
        for one in selections.values()
        if (near := _NEAR.search(one.rule)) and members <= set(one.record_ids)
    ]
    if not holds:
        return chosen.rule
    _, name, near_to = min(holds)
    return f"of {name}, {near_to}: {chosen.rule.removeprefix(_PART)}"


def scope_words(scope: Scope) -> str:
    """The restrictions of a scope, in words; empty where there are none."""
    parts = [f"kind {', '.join(scope.kinds)}"] if scope.kinds else []
    if scope.sources:
        parts.append(f"source {' or '.join(scope.sources)}")
    if scope.languages:
        parts.append(f"language {' or '.join(scope.languages)}")
    if scope.accounts:
        parts.append(f"account {' or '.join(scope.accounts)}")
    if scope.types:
        parts.append(f"type {' or '.join(scope.types)}")
    if scope.sentiments:
        parts.append(f"sentiment {' or '.join(scope.sentiments)}")
    for name, values in sorted(scope.segments.items()):
        parts.append(f"{name} {' or '.join(values) if len(values) <= 3 else 'known'}")
    if scope.since:
        parts.append(f"since {scope.since.date().isoformat()}")
    if scope.until:
        parts.append(f"before {scope.until.date().isoformat()}")
    if scope.min_rating is not None:
        parts.append(f"rating ≥ {scope.min_rating:g}")
    if scope.max_rating is not None:
        parts.append(f"rating ≤ {scope.max_rating:g}")
    return ", ".join(parts)
