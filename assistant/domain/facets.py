"""Facets of a record: what sort of thing it says, and with which feeling. Decided by code when it comes in."""

from dataclasses import dataclass
from enum import StrEnum


class RecordType(StrEnum):
    """What a record is for its author; where it is several things, the first that it plainly is."""

    problem = "problem"
    """Something hurts, fails or is missing that should be there."""
    request = "request"
    """Something is to be added, changed or done."""
    praise = "praise"
    question = "question"
    other = "other"


class Sentiment(StrEnum):
    """How the author feels about it."""

    positive = "positive"
    negative = "negative"
    neutral = "neutral"
    """Neither, or both alike."""


@dataclass(frozen=True)
class Wording:
    """What the words of a record tell, before its rating is looked at. This is what the catalog stores."""

    type: RecordType
    tone: Sentiment


@dataclass(frozen=True)
class Facets:
    """What a record is shown and filtered with; the sentiment is its rating's where there is one, else its tone."""

    type: RecordType | None
    sentiment: Sentiment | None
    """None, both, where nobody has looked at the record yet."""
