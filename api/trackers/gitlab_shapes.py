"""What GitLab says of issues, in answers and in webhooks: the part that is read.

Lines that begin with a slash are commands to GitLab wherever its API takes a text. What we send may hold the words of others, who
command nothing: such a line gets a backslash, which no reader sees outside of code, and loses it when it is read again.
"""

import re
from datetime import UTC, datetime
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict

from api.trackers.plain import Body, read_body, version_of
from assistant.domain.ticket import (
    CommitState,
    CommitStatus,
    Ticket,
    TicketComment,
    TicketState,
    with_marker,
    without_marker,
)

_COMMAND = re.compile(r"^([ \t]*\\*)/", re.MULTILINE)
_DISARMED = re.compile(r"^([ \t]*)\\(\\*/)", re.MULTILINE)


def _time(told: object) -> object:
    # Webhooks also write 2026-02-03 10:20:30 UTC.
    if isinstance(told, str) and told.endswith(" UTC"):
        return datetime.strptime(told, "%Y-%m-%d %H:%M:%S %Z").replace(tzinfo=UTC)
    return told


Time = Annotated[datetime, BeforeValidator(_time)]


class _Told(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class User(_Told):
    """Who wrote something."""

    username: str = ""


class Note(_Told):
    """A comment on an issue; a system note tells what somebody did."""

    id: int
    body: str | None = None
    author: User | None = None
    system: bool = False
    created_at: Time | None = None

    def comment(self) -> TicketComment:
        """As the seam has it."""
        return note_comment(self.id, self.body, self.author.username if self.author else "", self.created_at)


class Issue(_Told):
    """An issue of a project."""

    iid: int
    title: str
    description: str | None = None
    state: str
    labels: tuple[str, ...] = ()
    issue_type: str | None = None
    author: User | None = None
    web_url: str = ""
    created_at: Time
    updated_at: Time

    def ticket(self, connection: str, comments: tuple[TicketComment, ...] = ()) -> Ticket:
        """As the seam has it."""
        body = read_description(self.description)
        labels = tuple(sorted(self.labels))
        return Ticket(
            connection=connection,
            key=str(self.iid),
            title=self.title,
            body=body.text,
            state=TicketState.closed if self.state == "closed" else TicketState.open,
            status=self.state,
            kind=self.issue_type or "",
            labels=labels,
            parent=body.parent,
            author=self.author.username if self.author else "",
            url=self.web_url,
            version=version_of(self.updated_at, self.title, body.text, self.state, labels),
            created_at=self.created_at,
            updated_at=self.updated_at,
            comments=comments,
            marker=body.marker,
        )


class Project(_Told):
    """Where an issue is."""

    id: int = 0
    path_with_namespace: str = ""


COMMIT_STATES = {
    CommitState.success: "success",
    CommitState.failure: "failed",
    CommitState.error: "canceled",
}
"""Pending isn't among them: GitLab refuses it where it stands already."""


class Status(_Told):
    """What is shown at a commit."""

    id: int
    status: str
    name: str
    description: str | None = None
    target_url: str | None = None

    def commit_status(self, sha: str) -> CommitStatus | None:
        """As the seam has it; None for a state that we never set."""
        state = next((ours for ours, theirs in COMMIT_STATES.items() if theirs == self.status), None)
        if state is None:
            return None
        # What others wrote may be longer than what we write.
        return CommitStatus.model_construct(
            sha=sha,
            name=self.name,
            state=state,
            description=self.description or "",
            url=self.target_url or "",
        )


class Attributes(_Told):
    """What a webhook tells of the issue or the comment that it is about."""

    id: int
    iid: int | None = None
    action: str | None = None
    type: str | None = None
    """Of a work item: `Issue`, `Task`, `Epic`."""
    note: str | None = None
    noteable_type: str | None = None
    system: bool = False
    created_at: Time | None = None


class Numbered(_Told):
    """The issue that a comment is on."""

    iid: int


class Message(_Told):
    """What a webhook tells. It doesn't tell who wrote an issue, so an issue is asked for."""

    object_kind: str
    user: User | None = None
    project: Project
    object_attributes: Attributes | None = None
    issue: Numbered | None = None


def note_comment(number: int, body: str | None, author: str, at: datetime | None) -> TicketComment:
    """A note as the seam has it."""
    text, marker = without_marker((body or "").replace("\r\n", "\n"))
    return TicketComment(
        id=str(number), text=_armed(text) if marker else text, author=author, at=at, marker=marker
    )


def write_note(text: str, marker: str) -> str:
    """A comment as GitLab is to keep it."""
    return with_marker(_disarmed(text), marker)


def read_description(raw: str | None) -> Body:
    """The text of an issue, as somebody meant it."""
    body = read_body(raw)
    return Body(_armed(body.text), body.marker, body.parent) if body.marker else body


def write_description(body: Body) -> str:
    """The text of an issue as GitLab is to keep it."""
    return Body(_disarmed(body.text), body.marker, body.parent).written()


def _disarmed(text: str) -> str:
    return _COMMAND.sub(r"\1\\/", text)


def _armed(text: str) -> str:
    return _DISARMED.sub(r"\1\2", text)
