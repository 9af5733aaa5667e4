"""Themes over time: counts per period with their intervals, and what changed. Intervals are of 95 %, days are UTC."""

from datetime import date
from enum import StrEnum
from typing import Literal

from assistant.domain.base import Frozen
from assistant.domain.theme import Level


class Grain(StrEnum):
    """How long a period is. Weeks begin on Monday."""

    day = "day"
    week = "week"
    month = "month"
    quarter = "quarter"


class Release(Frozen):
    """A day that a person marks."""

    name: str
    day: date


class Period(Frozen):
    """A day, week, month or quarter, with everything that customers said in it."""

    first: date
    until: date
    """Exclusive."""
    is_whole: bool = True
    """Whether it is over and its records are in, as far as that can be told; see `synthesis.periods`."""
    records: int
    """Distinct voices of the period."""
    people: int
    """Distinct known people of the period."""
    releases: tuple[str, ...] = ()


class Point(Frozen):
    """A theme in one period. A voice or person that is heard in two periods counts in both, as a fact with dates does."""

    records: int
    """Distinct voices."""
    low: float
    """Byar's interval of the count."""
    high: float
    people: int
    share: float
    """Of the period's records; 0 where it has none."""
    share_low: float
    """Wilson's interval of the share."""
    share_high: float
    change: Literal["spike", "fade"] | None = None
    """Against the periods before it, corrected for all themes and periods of the table."""


class ThemeTrend(Frozen):
    """One theme over all periods."""

    id: str
    name: str
    level: Level
    records: int
    """Distinct voices, dated or not: what the theme has in all. The sum over periods may be greater."""
    points: tuple[Point, ...]
    undated: int
    """Distinct voices without a date."""
    outside: int
    """Distinct voices dated in the future, or far from all others: in no period."""


class ChangeKind(StrEnum):
    """What changed."""

    spike = "spike"
    """More in the last whole period than in the periods before it."""
    fade = "fade"
    """Less in the last whole period than in the periods before it."""
    new = "new"
    """First heard in the last whole period, or since."""
    rise = "rise"
    """A greater share since a day, for good."""
    decline = "decline"
    """A smaller share since a day, for good."""


class Span(Frozen):
    """How much was said of a theme from one day to another."""

    first: date
    until: date
    """Exclusive."""
    told: int
    """People who spoke of it, each once in a period (in a week for rise and decline); records without author each for itself."""
    heard: int
    """The same of anything."""
    share: float
    """Told over heard; 0 where nothing was heard."""


class Change(Frozen):
    """An alert: a theme is spoken of at another rate than before."""

    kind: ChangeKind
    theme: str
    """Id."""
    name: str
    level: Level
    since: date
    before: Span
    after: Span
    probability: float
    """That any theme looked at would show such a change although none did: corrected for their number, and for sources that
    said more or less."""
    release: str | None = None
    """The nearest release within ten days."""
    days_after_release: int | None = None
    """Negative where the change came first."""


class Trends(Frozen):
    """The themes of one level over time."""

    grain: Grain
    today: date | None
    """The day that was taken for today; None: the day of the last record."""
    periods: tuple[Period, ...]
    window: int
    """So many periods before it is a period compared with."""
    level: Level
    looked_at: int
    """Tests that the probabilities are corrected for."""
    records: int
    """Distinct voices of everything that customers said."""
    themes: tuple[ThemeTrend, ...]
    alerts: tuple[Change, ...]
    """Newest first."""
    undated: int
    """Distinct voices without a date: in no period."""
    future: int
    """Distinct voices dated after today: in no period."""
    strays: int
    """Distinct voices dated before 1971, or more than a year apart from nearly all others: in no period."""
