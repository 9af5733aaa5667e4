"""What GitHub says of issues, in answers and in webhooks: the part that is read."""

from datetime import datetime

from pydantic import BaseModel, ConfigDict

from api.trackers.plain import read_body, version_of
from assistant.domain.ticket import (
    CommitState,
    CommitStatus,
    Ticket,
    TicketComment,
    TicketState,
    without_marker,
)


class _Told(BaseModel):
    # It says much more, and more each year.
    model_config = ConfigDict(frozen=True, extra="ignore")


class User(_Told):
    """Who wrote something."""

    login: str = ""


class Label(_Told):
    """A label, or a type of issue."""

    name: str | None = None


class Comment(_Told):
    """A comment on an issue."""

    id: int
    body: str | None = None
    user: User | None = None
    created_at: datetime | None = None

    def comment(self) -> TicketComment:
        """As the seam has it."""
        text, marker = without_marker((self.body or "").replace("\r\n", "\n"))
        author = self.user.login if self.user else ""
        return TicketComment(id=str(self.id), text=text, author=author, at=self.created_at, marker=marker)


class Issue(_Told):
    """An issue, or a pull request, which GitHub lists among them."""

    id: int
    number: int
    title: str
    body: str | None = None
    state: str | None = None
    """Some messages leave it out; then `closed_at` says it."""
    state_reason: str | None = None
    user: User | None = None
    labels: tuple[Label | str, ...] = ()
    type: Label | None = None
    html_url: str = ""
    parent_issue_url: str | None = None
    pull_request: object = None
    created_at: datetime
    updated_at: datetime
    closed_at: datetime | None = None

    @property
    def is_ticket(self) -> bool:
        """Whether it is one, and no pull request."""
        return self.pull_request is None

    def ticket(self, connection: str, comments: tuple[TicketComment, ...] = ()) -> Ticket:
        """As the seam has it."""
        body = read_body(self.body)
        closed = self.state == "closed" if self.state else self.closed_at is not None
        state = TicketState.closed if closed else TicketState.open
        names = (one if isinstance(one, str) else one.name or "" for one in self.labels)
        labels = tuple(sorted(name for name in names if name))
        above = (self.parent_issue_url or "").rpartition("/")[2]
        return Ticket(
            connection=connection,
            key=str(self.number),
            title=self.title,
            body=body.text,
            state=state,
            status=self.state_reason or state.value,
            kind=(self.type.name if self.type else None) or "",
            labels=labels,
            parent=above or body.parent,
            author=self.user.login if self.user else "",
            url=self.html_url,
            version=version_of(self.updated_at, self.title, body.text, state, labels),
            created_at=self.created_at,
            updated_at=self.updated_at,
            comments=comments,
            marker=body.marker,
        )


class Repository(_Told):
    """Where an issue is."""

    full_name: str


class Message(_Told):
    """What a webhook tells of an issue or a comment on one."""

    action: str
    issue: Issue
    repository: Repository
    comment: Comment | None = None
    sender: User | None = None


class Status(_Told):
    """What is shown at a commit."""

    state: str
    context: str
    description: str | None = None
    target_url: str | None = None

    def commit_status(self, sha: str) -> CommitStatus | None:
        """As the seam has it; None for a state that we never set."""
        if self.state not in set(CommitState):
            return None
        # What others wrote may be longer than what we write.
        return CommitStatus.model_construct(
            sha=sha,
            name=self.context,
            state=CommitState(self.state),
            description=self.description or "",
            url=self.target_url or "",
        )
