"""A chat: the thread, its turns, what a turn asks for and what Voxspec answers. Nothing here reads or writes."""

from enum import StrEnum
from typing import Any, Literal

from pydantic import AwareDatetime, Field

from assistant.domain.base import Frozen, digest
from assistant.domain.draft import Claim
from assistant.domain.evidence import Quote, Scope
from assistant.domain.fact import Fact, Selection

LONGEST_TEXT = 20_000
"""Characters of what a person writes in one turn."""


class Intent(StrEnum):
    """What a person wants with a turn. It is decided from their own words, never from records, drafts or a model's output."""

    draft = "draft"
    revise = "revise"
    edit = "edit"
    explain = "explain"
    evidence = "evidence"
    compare = "compare"
    scope = "scope"
    undo = "undo"
    help = "help"
    reply = "reply"
    """Answers the question that Voxspec asked last."""
    unknown = "unknown"


class TurnState(StrEnum):
    """Where a turn stands. Of all states but `open` nothing follows."""

    open = "open"
    done = "done"
    failed = "failed"
    cancelled = "cancelled"


class Reference(Frozen):
    """What a turn is about, where the person points at something."""

    draft_id: str | None = None
    version: int | None = None
    section: str = ""
    target: str = ""
    """Id of a claim, story, requirement, fact or quote."""
    selected: str = ""
    """Words of the draft that the person selected. They are data, no wish."""


class Option(Frozen):
    """One answer that a question offers. Texts may hold placeholders of the body's facts."""

    id: str
    text: str
    reason: str = ""
    recommended: bool = False
    change: dict[str, Any] = Field(default_factory=dict)
    """Fields of the order that this choice sets."""
    assumed: str = ""
    """What the draft then assumes, where the person leaves the choice to Voxspec."""


class Question(Frozen):
    """A choice with consequences that only the person can make. The first option is the recommended one."""

    id: str
    topic: Literal["kind", "subject", "segment", "period", "evidence"]
    text: str
    options: tuple[Option, ...]


class Order(Frozen):
    """A draft that is being ordered, with what was asked about it so far."""

    kind: str = ""
    brief: str = ""
    scope: Scope = Field(default_factory=Scope)
    language: str = "en"
    parent: str | None = None
    assumptions: tuple[str, ...] = ()
    """What the person left to Voxspec; the draft lists it."""
    settled: tuple[str, ...] = ()
    """Topics that need no question any more."""


class Body(Frozen):
    """An answer as sentences that each carry their proof: the same claims, quotes and facts as in a draft."""

    claim_ids: tuple[str, ...] = ()
    """In reading order."""
    claims: dict[str, Claim] = Field(default_factory=dict)
    quotes: dict[str, Quote] = Field(default_factory=dict)
    facts: dict[str, Fact] = Field(default_factory=dict)
    selections: dict[str, Selection] = Field(default_factory=dict)


class Turn(Frozen):
    """One message of a thread."""

    id: str
    thread_id: str
    seq: int
    """Place in the thread, from 1."""
    by: Literal["person", "voxspec"]
    at: AwareDatetime
    name: str = ""
    """The person's: who they are, where a key or a session says it."""
    corpus: str = ""
    """The person's: snapshot of the records when it was said, where the same words may come again."""
    text: str = ""
    intent: Intent | None = None
    about: Reference = Field(default_factory=Reference)
    """The person's: what they point at. Voxspec's: the draft and version that came of it."""
    state: TurnState = TurnState.open
    choice: str = ""
    """The person's: id of the option that they chose, `skip` or `just_draft`; of a proposal `apply` or `discard`."""
    answers: str | None = None
    """The person's turn that this one answers."""
    body: Body = Field(default_factory=Body)
    question: Question | None = None
    order: Order | None = None
    """The draft that the question is about."""
    proposal: dict[str, Any] | None = None
    """`{draft_id, version, edits, wishes}`: what would change, and the wish behind each edit; nothing has changed."""
    usage: dict[str, Any] = Field(default_factory=dict)
    error: dict[str, Any] | None = None
    """`{code, message, hint, retryable}` where it failed or was stopped."""


class Thread(Frozen):
    """A chat of one workspace."""

    id: str
    workspace: str
    title: str = ""
    draft_id: str | None = None
    """The draft that it is about, once there is one."""
    scope: Scope = Field(default_factory=Scope)
    created_at: AwareDatetime


def turn_id(thread_id: str, seq: int) -> str:
    """Id of a turn by its place in its thread."""
    return "trn_" + digest(thread_id, seq, size=8)


def rests_on(turn: Turn, record_ids: frozenset[str]) -> bool:
    """Whether a turn shows or counts one of these records."""
    quoted = (quote.record_id for quote in turn.body.quotes.values())
    chosen = (one for selection in turn.body.selections.values() for one in selection.record_ids)
    return not record_ids.isdisjoint(quoted) or not record_ids.isdisjoint(chosen)
