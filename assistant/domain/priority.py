"""Priorities: items with numbers, each a fact or a person's, and the tables that are worked out of them.

A table never fills in a number: what is missing leaves its item out of the order, with the reason.
"""

import math
from enum import IntEnum, StrEnum
from typing import Annotated, Literal

from pydantic import Field, FiniteFloat, model_validator

from assistant.domain.base import Frozen

SMALLEST, LARGEST = 1e-9, 1e15
"""A number of a table is 0 or lies between these: beyond them a spreadsheet's arithmetic loses digits."""


class Origin(StrEnum):
    """Where a number comes from."""

    fact = "fact"
    """Counted by code over records."""
    person = "person"
    """Set by a person; everything that is read from a file is."""
    missing = "missing"


class Input(Frozen):
    """One number of an item, with an interval where one is known."""

    value: FiniteFloat | None = None
    low: FiniteFloat | None = None
    """Both ends or none; `low <= value <= high`."""
    high: FiniteFloat | None = None
    origin: Origin
    source: str = ""
    """Fact: the measure's name. Person: who set it. Missing: why."""
    over: str = ""
    """Fact: what it was counted over, in words."""

    @model_validator(mode="after")
    def _holds_together(self) -> "Input":
        """Raises: ValueError with the sentence that a person reads."""
        if (self.value is None) != (self.origin is Origin.missing):
            raise ValueError("a number is there, or it is missing")
        if (self.low is None) != (self.high is None) or (self.value is None and self.low is not None):
            raise ValueError("an interval needs the number, a low end and a high end")
        for number in (self.value, self.low, self.high):
            if number and not SMALLEST <= abs(number) <= LARGEST:
                raise ValueError(f"{number:g} is neither 0 nor between {SMALLEST:g} and {LARGEST:g} in size")
        if self.value is not None and not self.least <= self.value <= self.most:
            raise ValueError(
                f"{self.value:.15g} does not lie in its interval, {self.low:.15g} to {self.high:.15g}"
            )
        return self

    @classmethod
    def counted(
        cls, value: float, low: float | None = None, high: float | None = None, *, measure: str, over: str
    ) -> "Input":
        """A fact. Args: measure: its name, see `domain.fact.Measure`; over: what it was counted over, in words."""
        return cls(value=value, low=low, high=high, origin=Origin.fact, source=measure, over=over)

    @classmethod
    def said(
        cls, value: float, low: float | None = None, high: float | None = None, *, by: str = ""
    ) -> "Input":
        """A person's number. Args: by: who set it."""
        return cls(value=value, low=low, high=high, origin=Origin.person, source=by)

    @classmethod
    def missing(cls, why: str = "") -> "Input":
        """A number that nobody has given."""
        return cls(origin=Origin.missing, source=why)

    @property
    def least(self) -> float:
        """The low end, or the number itself; -inf where it is missing."""
        known = self.low if self.low is not None else self.value
        return -math.inf if known is None else known

    @property
    def most(self) -> float:
        """The high end, or the number itself; inf where it is missing."""
        known = self.high if self.high is not None else self.value
        return math.inf if known is None else known


class Item(Frozen):
    """What competes for a place: a theme, a story, an idea."""

    name: str = Field(min_length=1)
    inputs: dict[str, Input] = Field(default_factory=dict)
    bucket: str = ""
    """MoSCoW: the bucket that a person put it in; wins over the rules."""
    where: str = Field(default="", exclude=True)
    """Where it was read, for sentences about it: `row 3`. Not written out: the order of rows leaves no trace."""


class Flip(Frozen):
    """A change of one input that makes an item and the next one below it tie; beyond it they swap."""

    item: str
    """Whose input changes."""
    own: bool
    """True: the item's own input; False: the next one's."""
    input: str
    value: float
    ties_at: float
    relative: float | None
    """`|ties_at - value| / |value|`; None where the value is 0."""
    other: str
    """The item that it then ties with."""
    within: bool | None
    """Whether the change lies inside the input's interval; None where it has none."""


class Ranked(Frozen):
    """An item's place in an order by score."""

    item: Item
    score: float | None = None
    low: float | None = None
    """Ends of the score when every input moves inside its interval."""
    high: float | None = None
    rank: int | None = None
    """1 + how many have a higher score; equal scores share a rank."""
    best_rank: int | None = None
    worst_rank: int | None = None
    flips: tuple[Flip, ...] = ()
    """Against the next item with a lower score: the smallest change first, at most four."""
    reason: str = ""
    """Why the item has no score."""


class ScoreTable(Frozen):
    """Items in order of their score; those without one stand last, by name."""

    method: Literal["rice", "wsjf", "ice"]
    rows: tuple[Ranked, ...]
    notes: tuple[str, ...] = ()


class Bucket(StrEnum):
    """MoSCoW, most wanted first."""

    must = "must"
    should = "should"
    could = "could"
    wont = "wont"

    @property
    def label(self) -> str:
        """As people write it."""
        return "Won't" if self is Bucket.wont else self.value.capitalize()


Operator = Literal[">=", "<=", ">", "<"]


class Condition(Frozen):
    """A threshold on one input."""

    input: str
    operator: Operator
    value: FiniteFloat


class Rule(Frozen):
    """A person's rule: all conditions together put an item into the bucket."""

    bucket: Bucket
    conditions: Annotated[tuple[Condition, ...], Field(min_length=1)]

    def __str__(self) -> str:
        terms = " and ".join(f"{one.input} {one.operator} {one.value:.15g}" for one in self.conditions)
        return f"{self.bucket.value}: {terms}"


class Move(Frozen):
    """The smallest change of one input that puts an item into another bucket."""

    input: str
    value: float
    threshold: float
    side: Literal["at", "above", "below"]
    """Whether the threshold itself does it, or only what lies beyond."""
    relative: float | None
    bucket: Bucket
    """Where it then goes."""
    within: bool | None
    """Whether the threshold lies inside the input's interval; None where it has none."""


class Placed(Frozen):
    """An item's bucket."""

    item: Item
    bucket: Bucket | None = None
    rule: str = ""
    """The rule that holds, or that a person said so."""
    highest: Bucket | None = None
    """Most and least wanted bucket when the inputs move inside their intervals."""
    lowest: Bucket | None = None
    move: Move | None = None
    reason: str = ""


class Capacity(Frozen):
    """Whether the Musts leave room: at most 60 % of what can be done (DSDM)."""

    capacity: float
    must: float
    """Effort of all Musts."""
    must_low: float
    must_high: float
    allowed: float
    """60 % of the capacity."""
    verdict: Literal["fits", "may not fit", "too much", "unknown"]
    sentence: str


class MoscowTable(Frozen):
    """Items by bucket, then by name; those without one stand last."""

    method: Literal["moscow"] = "moscow"
    rules: tuple[Rule, ...]
    rows: tuple[Placed, ...]
    capacity: Capacity | None = None
    notes: tuple[str, ...] = ()


class KanoAnswer(IntEnum):
    """The five standard answers, numbered as questionnaires do (Berger et al. 1993)."""

    like = 1
    must_be = 2
    neutral = 3
    live_with = 4
    dislike = 5


class KanoCategory(StrEnum):
    """Kano's categories, in the order in which a tie is decided (Berger et al. 1993)."""

    must_be = "M"
    one_dimensional = "O"
    attractive = "A"
    indifferent = "I"
    reverse = "R"
    questionable = "Q"

    @property
    def label(self) -> str:
        """In words."""
        return self.name.replace("_", "-")


class Share(Frozen):
    """A share with its 95 % interval (Wilson 1927)."""

    value: float
    low: float
    high: float
    count: int
    of: int


class KanoResult(Frozen):
    """What the answer pairs about one feature say, of all people or of one segment."""

    feature: str
    segment: str = ""
    """`plan=team`; empty: everybody."""
    pairs: int
    """Answer pairs that can be read."""
    left_out: int = 0
    """Pairs with a blank or unreadable answer, or that contradict another of the same person."""
    counts: dict[KanoCategory, int]
    category: KanoCategory | None = None
    """The most frequent one; None where there are too few pairs."""
    second: KanoCategory | None = None
    clear: bool = False
    """Whether the lead over the second is significant at 90 % (Fong 1996)."""
    lead: int = 0
    threshold: float = 0.0
    """The lead that Fong's test asks for."""
    flips_at: int | None = None
    """How many people would have to answer as the second category says for it to draw level."""
    better: Share | None = None
    """How much having it pleases: (A + O) / (A + O + M + I)."""
    worse: Share | None = None
    """How much lacking it displeases, as a positive share: (O + M) / (A + O + M + I)."""
    reason: str = ""
    """Why there is no category."""


class KanoTable(Frozen):
    """Features in the order M, O, A, I, R, Q, then the unclear ones; then the same per segment."""

    method: Literal["kano"] = "kano"
    rows: tuple[KanoResult, ...]
    notes: tuple[str, ...] = ()


PriorityTable = Annotated[ScoreTable | MoscowTable | KanoTable, Field(discriminator="method")]
