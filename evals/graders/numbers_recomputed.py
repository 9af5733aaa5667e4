"""Every fact is counted again from the records, by code that shares nothing with the code that wrote it."""

import re
from collections.abc import Iterator

from assistant.domain.draft import Draft
from assistant.domain.evidence import Scope
from assistant.domain.fact import Fact, Measure
from assistant.domain.finding import Finding, Severity
from evals.grader import Grader
from evals.language.negation import cuts_word
from evals.recounting.recount import Recount, Unanswerable
from evals.sample import with_fact
from evals.view import EvidenceView

_NAME = "numbers_recomputed"
_TOLERANCE = 1e-9
UNITS = {
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
"""What each measure counts; other measures have no unit."""


def numbers_recomputed(draft: Draft, view: EvidenceView) -> list[Finding]:
    """Block on a fact whose value, date or parameter isn't what counting again gives; floats may differ by 1e-9."""
    recount = Recount(view.corpus, draft)
    same_corpus = draft.provenance.corpus == view.corpus.snapshot
    found = [finding for key, fact in draft.facts.items() for finding in _fact(key, fact, draft, recount)]
    found += [
        finding for key, fact in draft.facts.items() for finding in _date(key, fact, recount, same_corpus)
    ]
    if same_corpus:
        return found
    fix = "Write the draft again: the workspace's records have changed since."
    return [finding.model_copy(update={"fix": fix}) for finding in found]


def _fact(key: str, fact: Fact, draft: Draft, recount: Recount) -> Iterator[Finding]:
    try:
        counted = recount.answer(fact)
    except Unanswerable as problem:
        yield _finding(key, f"{key} can't be counted: {problem}.", "")
        return
    value = str(fact.value) if fact.measure is Measure.constant else fact.value
    if not _equal(value, counted):
        yield _finding(key, f"{key} says {fact.display}, counting again gives another value.", f"{counted}")
    elif fact.measure in (Measure.share_of_people, Measure.share_of_records) and float(fact.value) > 1:
        yield _finding(
            key, f"{key} is a share of more than the whole: its filter is wider than its denominator.", ""
        )
    elif fact.measure is Measure.constant and not _of_the_query(str(fact.value), draft):
        yield _finding(
            key, f"{key} is a number that neither a query of this draft nor the brief holds.", str(fact.value)
        )
    elif fact.measure is not Measure.constant and fact.unit not in ("", UNITS.get(fact.measure, "")):
        yield _finding(
            key, f"{key} counts {fact.measure.value.replace('_', ' ')}, not '{fact.unit}'.", fact.unit
        )
    elif fact.measure is not Measure.constant and _leaves(fact.filter.scope, draft.scope):
        yield _finding(key, f"{key} counts records from outside of the draft's scope.", "")
    elif fact.measure is Measure.stated and _cut_out(fact, draft):
        yield _finding(key, f"{key} takes a part out of a longer number or word.", str(fact.value))


def _date(key: str, fact: Fact, recount: Recount, same_corpus: bool) -> Iterator[Finding]:
    """A draft older than the newest record isn't wrong about its date; one newer than all records is."""
    newest = recount.as_of
    if fact.as_of is None or fact.as_of == newest:
        return
    if same_corpus or newest is None or fact.as_of > newest:
        yield _finding(key, f"{key} was counted as of another date than the newest record's.", f"{newest}")


def _equal(value: float | int | str, counted: float | int | str) -> bool:
    if isinstance(value, str) or isinstance(counted, str):
        return value == counted
    return abs(value - counted) <= _TOLERANCE


def _of_the_query(value: str, draft: Draft) -> bool:
    filters = [where for fact in draft.facts.values() for where in (fact.filter, fact.denominator) if where]
    held = {fact.param for fact in draft.facts.values() if fact.measure is not Measure.constant}
    held |= {
        bound for scope in (draft.scope, *(where.scope for where in filters)) for bound in _bounds(scope)
    }
    brief = " ".join(re.sub(r"[{}]", "", draft.brief).split())
    return value in held or re.search(rf"(?<!\w){re.escape(value)}(?!\w)", brief) is not None


def _bounds(scope: Scope) -> set[str]:
    dates = [bound for bound in (scope.since, scope.until) if bound is not None]
    ratings = [bound for bound in (scope.min_rating, scope.max_rating) if bound is not None]
    segments = {value for values in scope.segments.values() for value in values}
    return {date.date().isoformat() for date in dates} | {f"{rating:g}" for rating in ratings} | segments


def _leaves(scope: Scope, whole: Scope) -> bool:
    """Whether a filter lets in what the draft's scope keeps out."""
    lists = ("kinds", "sources", "languages", "accounts", "types", "sentiments")
    return (
        any(
            allowed and not set(getattr(scope, name) or (None,)) <= set(allowed)
            for name in lists
            if (allowed := getattr(whole, name))
        )
        or any(
            not set(scope.segments.get(name) or ("",)) <= set(held) for name, held in whole.segments.items()
        )
        or (whole.since is not None and (scope.since is None or scope.since < whole.since))
        or (whole.until is not None and (scope.until is None or scope.until > whole.until))
        or (
            whole.min_rating is not None and (scope.min_rating is None or scope.min_rating < whole.min_rating)
        )
        or (
            whole.max_rating is not None and (scope.max_rating is None or scope.max_rating > whole.max_rating)
        )
    )


def _cut_out(fact: Fact, draft: Draft) -> bool:
    quote_id, start, end = fact.param.split(":")
    return cuts_word(draft.quotes[quote_id].text, int(start), int(end))


def _finding(target: str, message: str, evidence: str) -> Finding:
    return Finding(
        grader=_NAME,
        severity=Severity.block,
        target=target,
        message=message,
        evidence=evidence,
        fix="Count it again, or take it out.",
    )


def _good(draft: Draft) -> Draft:
    return with_fact(draft, "F3", value=0.75 + 1e-12)


def _bad(draft: Draft) -> Draft:
    return with_fact(draft, "F1", value=4)


GRADER = Grader(_NAME, 1, Severity.block, numbers_recomputed, _good, _bad)
