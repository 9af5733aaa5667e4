"""What a turn comes to: words with their proof, a question, a draft to write, a change to propose, or a step back.

Chat decides and words; who carries it out (`api/turns.py`) calls the gate.
"""

from dataclasses import dataclass, field

from assistant.domain.edit import Edit
from assistant.domain.evidence import Scope
from assistant.domain.request import DraftRequest
from assistant.domain.thread import Body, Order, Question, Reference


@dataclass(frozen=True)
class Say:
    """An answer in words."""

    note: str = ""
    """Connecting words before the sentences; they state nothing about the world."""
    body: Body = field(default_factory=Body)
    about: Reference = field(default_factory=Reference)
    scope: Scope | None = None
    """The thread's scope from now on; None leaves it."""


@dataclass(frozen=True)
class Ask:
    """A question back, about an order that isn't clear enough."""

    question: Question
    order: Order
    body: Body = field(default_factory=Body)
    """The facts that the options' texts refer to."""


@dataclass(frozen=True)
class Write:
    """A draft to write."""

    request: DraftRequest
    parent_version: int = 0
    note: str = ""
    scope: Scope | None = None
    is_shorter: bool = False
    """Whether it is to say less than the version before: whether it does is told when it is written."""


@dataclass(frozen=True)
class Propose:
    """Edits of a draft that a person may take; nothing is changed."""

    draft_id: str
    version: int
    edits: tuple[Edit, ...]
    """Wishes: a `Reword` is worded by who carries it out; of several for one passage the first that works counts."""
    note: str = ""


@dataclass(frozen=True)
class Take:
    """A person takes what was proposed."""

    draft_id: str
    version: int
    """The one that they saw."""
    edits: tuple[Edit, ...]


@dataclass(frozen=True)
class Restore:
    """The last thing that was done to a draft is to be undone."""

    draft_id: str
    version: int
    """The newest one, as the person sees it."""


Outcome = Say | Ask | Write | Propose | Take | Restore
