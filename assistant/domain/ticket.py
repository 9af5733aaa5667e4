"""Issue systems as Voxspec sees them: connections, tickets, links to requirements, and what is still to be sent to them. No I/O.

A ticket's text is data, as all text from outside. A `Ticket` is what its tracker said last; the tracker is the truth.
"""

import re
from datetime import timedelta
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import AwareDatetime, Field

from assistant.domain.base import Frozen, digest

CONNECTION_NAME = r"^[a-z0-9][a-z0-9-]{0,39}$"
_MARKER = "voxspec"
_MARKED = re.compile(r"\n*<!-- (voxspec-[0-9a-f]{20}) -->\s*\Z")
SecretRef = Annotated[str, Field(pattern=r"^(env|file):.+$")]
"""Where a secret is read from when it is needed: `env:NAME` or `file:PATH`. The secret itself is kept by nobody."""


class Connection(Frozen):
    """A project of an issue system that a workspace talks to."""

    name: str = Field(pattern=CONNECTION_NAME)
    tracker: str
    """Which adapter: `github`, `gitlab`, `jira`, `linear`, `redmine`, `roundup`, or one that is installed."""
    url: str = Field(default="", pattern=r"^(https?://[^\s]+)?$")
    """Base address of the API; empty: the vendor's own."""
    project: str = Field(default="", max_length=200)
    """As the tracker names it: `owner/repository`, a project key, a team key."""
    token: SecretRef | None = None
    user: str = ""
    """Whom the token belongs to, where the tracker asks for a name beside it."""
    webhook_secrets: tuple[SecretRef, ...] = ()
    """What its webhooks are signed with: the current secret first, then those that are being replaced."""
    counts_as: Literal["customer", "internal"] = "internal"
    """Whose voice its tickets are when they become records."""
    comment_at: int = Field(default=3, ge=1)
    """People who must ask for something before its ticket gets a comment with evidence."""
    asked_by: tuple[str, ...] = ()
    """Whose commands in comments are answered, as the tracker shows their names; empty: of all who can comment."""


class TicketState(StrEnum):
    """Whether there is still something to do."""

    open = "open"
    closed = "closed"


class TicketComment(Frozen):
    """A remark on a ticket."""

    id: str
    text: str
    author: str = ""
    at: AwareDatetime | None = None
    marker: str = ""
    """Of the effect that wrote it; the text is without it. Empty: somebody else's."""


class Ticket(Frozen):
    """An issue, as its tracker said last."""

    connection: str
    key: str
    """As people name it: `42`, `ABC-12`."""
    title: str
    body: str = ""
    """Markdown, as near as the adapter comes."""
    state: TicketState = TicketState.open
    status: str = ""
    """The tracker's own word for it."""
    kind: str = ""
    """The tracker's own word: `Bug`, `Story`."""
    labels: tuple[str, ...] = ()
    priority: str = ""
    component: str = ""
    parent: str = ""
    """Key of the ticket that it is a part of."""
    author: str = ""
    url: str = ""
    version: str = ""
    """What changes with every change: an ETag, a time. Versions of one ticket sort in the order of their making, by what stands before
    a slash; what is behind it tells changes of one time apart, and no order."""
    created_at: AwareDatetime | None = None
    updated_at: AwareDatetime | None = None
    comments: tuple[TicketComment, ...] = ()
    marker: str = ""
    """Of the effect that made it; the body is without it. Empty: somebody else's."""

    @property
    def order(self) -> str:
        """What its versions sort by; the same for changes of one time."""
        return version_order(self.version)


class TicketText(Frozen):
    """A ticket to be made."""

    title: str = Field(min_length=1, max_length=255)
    body: str = ""
    """Markdown. The adapter adds the marker."""
    kind: str = ""
    labels: tuple[str, ...] = ()
    parent: str = ""
    """Key of the ticket that it is a part of, or the `key` of the effect that makes that one."""


class TicketChange(Frozen):
    """What is to be changed in a ticket; None leaves a thing as it is."""

    title: str | None = None
    body: str | None = None
    state: TicketState | None = None
    labels: tuple[str, ...] | None = None
    version: str = ""
    """The version that the change was made for: where the ticket has another one, nothing is written. Empty: whatever it has."""


class Relation(StrEnum):
    """What a ticket is to a part of a draft."""

    implements = "implements"
    """It was made from it, or a person said that it does it."""
    evidence = "evidence"
    """It asks for it."""
    duplicate = "duplicate"
    """Another ticket asks for the same."""


class Link(Frozen):
    """A requirement and its ticket; or a ticket and its comment with evidence, where no draft is named."""

    draft_id: str = ""
    item: str = ""
    """`FR-1`, `US-2`; empty: the draft as a whole."""
    connection: str
    ticket: str
    """Its key."""
    relation: Relation = Relation.implements
    version: int = 1
    """Of the draft that the ticket's text says."""
    base: str = ""
    """The body as the draft says it, of the version that was written last: what is not as it was is somebody's own."""
    comment_id: str = ""
    """Of the comment with evidence."""
    comment: str = ""
    """That comment's text as it was written last."""
    at: AwareDatetime


class Action(StrEnum):
    """What can be done to an issue system."""

    create = "create"
    update = "update"
    comment = "comment"
    """Made once per key, edited in place after that."""
    status = "status"
    """Shown at a commit, in the place of the one of the same name."""


class CommitState(StrEnum):
    """What a status says of a commit."""

    success = "success"
    failure = "failure"
    error = "error"
    """It can't be said."""


class CommitStatus(Frozen):
    """What is shown at a commit, under a name."""

    sha: str = Field(pattern=r"^([0-9a-f]{40}|[0-9a-f]{64})$")
    name: str = Field(min_length=1, max_length=100)
    state: CommitState
    description: str = Field(max_length=140)
    """One line. GitHub takes no more."""
    url: str = ""
    """Where to read more; empty: nowhere."""


class EffectState(StrEnum):
    """Where something that is to be sent stands."""

    waiting = "waiting"
    sending = "sending"
    """Somebody has it in hands. Found so after `until`: nobody knows whether it arrived."""
    done = "done"
    dead = "dead"
    """Given up, with the reason; a person can replay it."""


class Effect(Frozen):
    """One thing to be done to an issue system, exactly once."""

    key: str = Field(min_length=1, max_length=300)
    """Says what it is. The same key is the same effect: it is never added twice."""
    connection: str
    action: Action
    subject: str
    """Effects on one subject happen in the order in which they were added. The ticket's key, or what it is to be made from."""
    ticket: str = ""
    """Key of the ticket that it is about; or `effect:` and the key of the effect that makes the ticket."""
    text: TicketText | None = None
    """Of a `create`."""
    change: TicketChange | None = None
    """Of an `update`."""
    base: str = ""
    """Of an `update` of the body: the body as the draft says it, without what people wrote between."""
    comment: str = ""
    """Of a `comment`: Markdown."""
    status: CommitStatus | None = Field(default=None, exclude_if=lambda one: one is None)
    """Of a `status`."""
    relation: Relation | None = None
    """What its ticket is to `draft_id` and `item` once it is done; None: nothing is to be remembered."""
    draft_id: str = ""
    item: str = ""
    draft_version: int = 0
    state: EffectState = EffectState.waiting
    tries: int = 0
    not_before: AwareDatetime | None = None
    until: AwareDatetime | None = None
    """While `sending`: when it may be taken from who has it in hands."""
    reserved: str = ""
    """What makes sending it again harmless, where the tracker offers such a thing: an id or an address that works once."""
    result_ticket: str = ""
    result_comment: str = ""
    error: str = ""
    hint: str = ""
    made_at: AwareDatetime


class Delivery(Frozen):
    """A webhook's message that was verified and taken in."""

    connection: str
    id: str
    """The tracker's id of it; the same id is the same message."""
    body_sha256: str
    taken_at: AwareDatetime


class Arrived(Frozen):
    """What came in from a tracker and waits to be worked on: of a webhook, of a request, or of asking."""

    connection: str
    delivery_id: str
    happened: Literal["ticket", "removed", "comment"]
    key: str
    """The ticket's."""
    actor: str = ""
    ticket: Ticket | None = None
    """As the message tells it; None: it has to be asked for."""
    comment: TicketComment | None = None
    is_old: bool = False
    """It was there before anybody connected the tracker: it becomes known, and nothing is written under it."""
    seq: int = 0
    """Its place among those that wait; given by the store."""


def version_order(version: str) -> str:
    """The part of a ticket's version that sorts."""
    return version.partition("/")[0]


def marker(key: str) -> str:
    """The marker of an effect: short, without a word of it, found by a search for one word. Args: key: what no other effect has."""
    return f"{_MARKER}-{digest('effect', key, size=10)}"


def with_marker(text: str, marked: str) -> str:
    """Markdown with the marker at its end, where no reader sees it."""
    return f"{text}\n\n<!-- {marked} -->"


def without_marker(text: str) -> tuple[str, str]:
    """What `with_marker` was given: text and marker; the marker is empty where there is none."""
    found = _MARKED.search(text)
    return (text[: found.start()], found[1]) if found else (text, "")


RETRY_AFTER = (
    timedelta(seconds=2),
    timedelta(seconds=10),
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=6),
)
"""How long to wait after each failed try that may be repeated; one more, and the effect is dead."""
