"""Numbers by code. A fact is a stored query and its answer; text holds its placeholder, never its digits."""

from enum import StrEnum

from pydantic import AwareDatetime, Field

from assistant.domain.base import Frozen
from assistant.domain.evidence import Scope


class Measure(StrEnum):
    """What is counted over the records a `FactFilter` leaves.

    Records of one voice count once: of those the filter leaves, the one with the smallest id stands for its voice. Only
    `duplicates` looks at the others. A share of nothing is 0. Nothing is rounded before `Fact.display`.
    """

    records = "records"
    """Distinct voices: exact and near duplicates of one person count once."""
    people = "people"
    """Distinct known people: the pseudonyms of one person are one."""
    accounts = "accounts"
    """Distinct known accounts; a record without one counts for the only account that its merged person has elsewhere."""
    duplicates = "duplicates"
    """Records that repeat another record's voice: records minus distinct voices."""
    share_of_people = "share_of_people"
    """People of the filter over people of the denominator, in [0, 1]: the filter must be the narrower one."""
    share_of_records = "share_of_records"
    """Records of the filter over records of the denominator, in [0, 1]: the filter must be the narrower one."""
    per_week = "per_week"
    """Dated records of the filter divided by the weeks of its window.

    The window is the scope's `since` to `until`. A bound that the scope leaves open is the first or last dated record of
    the scope, whatever the selection. Weeks are a fraction of 7 days, at least 1.
    """
    mean_rating = "mean_rating"
    """Arithmetic mean of the ratings present; 0 where there are none."""
    rating_of_people = "rating_of_people"
    """Mean over the filter's known people of each one's mean rating in the denominator; 0 where none of them rated there."""
    rating_of_others = "rating_of_others"
    """As `rating_of_people`, over the known people of the denominator who are not among the filter's."""
    rating_below_low = "rating_below_low"
    """Lower end of the 95 % interval of `rating_of_others` minus `rating_of_people`.

    Welch's, with one value per person and the t quantile by its expansion in 1/degrees of freedom (Abramowitz & Stegun 26.7.5).
    0 where either side has fewer than two people."""
    rating_below_high = "rating_below_high"
    """Upper end of the same interval."""
    rank_by_people = "rank_by_people"
    """1 + how many of the `peers` selections have more people than the filter's selection, all in the filter's scope."""
    top_accounts_share = "top_accounts_share"
    """Share of the filter's records that its k most frequent accounts wrote, in [0, 1]; k is `param`.

    Records without an account count in the whole, not among the k."""
    weeks = "weeks"
    """Whole weeks of 7 days, rounded up, between the first and the last dated record of the filter.

    At least 1; 0 where no record is dated."""
    first_date = "first_date"
    """UTC date of the earliest dated record of the filter."""
    last_date = "last_date"
    """UTC date of the latest dated record of the filter."""
    top_value = "top_value"
    """Most frequent value of the segment `param` over the filter's records that have it; ties: the smallest value."""
    stated = "stated"
    """Words that a customer wrote: the characters `param` = `quote_id:start:end` (offsets into that quote's text)."""
    constant = "constant"
    """A number of the query itself: another fact's `param` (the k of a top-k share), a bound of the scope, or a number of
    the brief. The value is `param`."""


class Selection(Frozen):
    """A named set of records: the members of a need or theme, frozen so that anyone can count again."""

    id: str
    rule: str
    """In words, how the members were found."""
    record_ids: tuple[str, ...]
    """Sorted."""


class FactFilter(Frozen):
    """Which records a fact counts: current ones of the scope that are in the selection, if one is named.

    A scope that restricts dates, ratings, accounts or a segment leaves out records that lack them.
    """

    scope: Scope = Field(default_factory=Scope)
    selection: str | None = None


class Fact(Frozen):
    """A number with the query that gives it."""

    id: str
    measure: Measure
    filter: FactFilter
    denominator: FactFilter | None = None
    value: float | int | str
    """A number; an ISO date for date measures; the verbatim characters for `stated`."""
    unit: str = ""
    """Singular noun of what is counted, for example `person`; `%` for shares; empty for bare numbers."""
    param: str = ""
    peers: tuple[str, ...] = ()
    """Selections that `rank_by_people` compares with."""
    as_of: AwareDatetime | None = None
    """Latest `said_at` of the workspace's records."""

    @property
    def display(self) -> str:
        """The characters that a reader sees in place of the placeholder."""
        if isinstance(self.value, str):
            return self.value
        if self.measure in _SHARES:
            return (
                f"{self.value * 100:.0f} %"
                if self.value >= 0.1 or not self.value
                else f"{self.value * 100:.1f} %"
            )
        if self.measure is Measure.rank_by_people:
            return _ordinal(int(self.value))
        if isinstance(self.value, float) and not self.value.is_integer():
            return f"{self.value:,.1f}" if abs(self.value) >= 1 else f"{self.value:.2f}"
        return f"{int(self.value):,}"


RATED = frozenset(
    {
        Measure.rating_of_people,
        Measure.rating_of_others,
        Measure.rating_below_low,
        Measure.rating_below_high,
    }
)
"""Measures that look at how people rate: their filter says whose ratings, their denominator which."""
_SHARES = {Measure.share_of_people, Measure.share_of_records, Measure.top_accounts_share}


def _ordinal(number: int) -> str:
    suffix = "th" if 10 <= number % 100 <= 20 else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{suffix}"
