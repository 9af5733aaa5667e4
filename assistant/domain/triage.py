"""What is worked out of a ticket when it comes in: what it repeats, what it lacks, how bad it is. By code; each answer says why."""

from enum import StrEnum

from pydantic import Field

from assistant.domain.base import Frozen
from assistant.domain.evidence import Quote


class Severity(StrEnum):
    """How bad a problem is, worst first."""

    critical = "critical"
    """Data is lost, leaks or is wrong, money is lost, or nobody can work."""
    major = "major"
    """Something doesn't work, and there is no way around it."""
    minor = "minor"
    """Something is tedious, or there is a way around it."""
    trivial = "trivial"
    """Looks or wording."""


class TicketType(StrEnum):
    """What a ticket asks for."""

    bug = "bug"
    feature = "feature"
    question = "question"
    task = "task"


class Alike(Frozen):
    """Another ticket, or a record, that says the same or nearly."""

    connection: str = ""
    """Of a ticket; empty for a record that is no ticket."""
    ticket: str = ""
    """Its key."""
    record_id: str
    title: str
    score: float = Field(ge=0, le=1)
    is_duplicate: bool = False
    """Whether the score is one that duplicates have; the others are to be looked at."""


class Question(Frozen):
    """Something that the ticket doesn't say and that whoever works on it will ask."""

    about: str
    """`steps`, `expected`, `actual`, `version`, `environment`, `who`, `why`, `example`."""
    text: str


class Rated(Frozen):
    """A severity, and the rule that gave it."""

    severity: Severity
    rule: str
    """Name of the rule."""
    because: str
    """A sentence for a person."""
    quote: Quote | None = None
    """The words that fired it."""


class Triage(Frozen):
    """All of it."""

    connection: str
    ticket: str
    record_id: str
    type: TicketType
    component: str = ""
    rated: Rated
    alike: tuple[Alike, ...] = ()
    """Best first."""
    questions: tuple[Question, ...] = ()
    steps: tuple[Quote, ...] = ()
    expected: tuple[Quote, ...] = ()
    actual: tuple[Quote, ...] = ()
    title: str = ""
    """A draft of a title, where the ticket's own says too little; else empty."""
