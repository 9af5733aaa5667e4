"""Numbers about a theme, all by code: who, where, how rated, and whether few voices make it look large.

Everything is counted as `domain.fact` says: twins of one person once, the pseudonyms of one person once. Intervals are of 95 %.
"""

from typing import Literal

from assistant.domain.base import Frozen

Counts = Literal["people", "records"]
"""What «how many» means: people where at least four of five records have a known author, else records (distinct voices)."""


class Share(Frozen):
    """A part of a whole, with Wilson's interval."""

    part: int
    whole: int
    value: float
    """Part over whole, in [0, 1]; 0 where the whole is 0."""
    low: float
    high: float


class SegmentFacts(Frozen):
    """Who has which value of a segment: `sum(values) + others + several + unknown` is all of them."""

    values: dict[str, int]
    """People (or records) by value, most frequent first; the 24 most frequent ones of the workspace at most, without zeros."""
    others: int = 0
    """Those with a value that is none of the 24."""
    several: int = 0
    """People whose records here say more than one value: they are counted under none of them."""
    unknown: int = 0
    """Those whose records here say nothing of it."""

    @property
    def total(self) -> int:
        """All of them."""
        return sum(self.values.values()) + self.others + self.several + self.unknown


class RatingFacts(Frozen):
    """Ratings on one scale. One rating per voice."""

    scale: tuple[float, float]
    """Worst and best."""
    sources: tuple[str, ...]
    """Whose ratings are on it, sorted."""
    count: int
    mean: float
    low: float
    """Student's interval with half a rating added at either end of the scale; see `synthesis.intervals`."""
    high: float
    nps: float | None = None
    """Share of 9 and 10 less share of 0 to 6, from -100 to 100; on the scale from 0 to 10 only."""
    nps_low: float | None = None
    """Adjusted Wald interval (Rocks 2016)."""
    nps_high: float | None = None


class WeightFacts(Frozen):
    """The sum of a numeric segment, such as revenue, over those who speak of the theme. Each holder counts once."""

    segment: str
    total: float
    whole: float
    """The same over everyone."""
    holders: int
    """Accounts with a number; a person where no account is known, a voice where neither is."""
    unknown: int
    """Holders without one."""


class LoudMinority(Frozen):
    """Few wrote most of it: the fifth that wrote most (at least one) wrote half or more of at least twelve records.

    By people; by accounts where no author is known. Or: the three loudest of more accounts wrote 45 % or more, and hold a quarter
    or less of the known people.
    """

    by: Literal["people", "accounts"]
    few: int
    """So many wrote …"""
    of: int
    """… of so many who speak of it …"""
    records: int
    """… so many records …"""
    of_records: int
    """… of those whose author (or account) is known."""


class Burst(Frozen):
    """Many records in a short time from few people, as a campaign has them.

    The densest seven days hold ten or more records and three of ten of all that are dated, by half as many people or fewer; and
    at most a third of that share of everything that was said lies in those days.
    """

    first: str
    """UTC date of its first record."""
    last: str
    records: int
    people: int
    """Accounts where no author is known."""
    share: float
    """Of the theme's dated records."""
    usual: float
    """Of all dated records."""


class ThemeFacts(Frozen):
    """What code counts of a theme, or of everything that customers said."""

    counts: Counts
    reach: Share
    """People (or records) of the theme, of all."""
    of_records: Share
    """Records (distinct voices) of the theme, of all."""
    people: int
    accounts: int
    sources: dict[str, int]
    """Records by source, most frequent first; their sum is all records of the theme. So are the sums of the next three."""
    languages: dict[str, int]
    sentiments: dict[str, int]
    """By facet; `unknown` where nobody has looked."""
    types: dict[str, int]
    segments: dict[str, SegmentFacts]
    """By name. Of one that is missing, nobody's records here say anything."""
    ratings: tuple[RatingFacts, ...]
    """One for each scale that occurs, the one with most ratings first."""
    rating_share: RatingFacts | None = None
    """All of them on one scale from 0 (worst) to 1 (best), where several scales occur."""
    odd_ratings: int = 0
    """Ratings above the scale of their source: in no mean."""
    undated: int = 0
    """Records without a date."""
    weight: WeightFacts | None = None
    """Where a weight was named, or a numeric segment is called one (`revenue`, `mrr`, `arr`, `seats` …)."""
    loud: LoudMinority | None = None
    burst: Burst | None = None
