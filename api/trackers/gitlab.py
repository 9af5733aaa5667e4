"""GitLab issues (REST v4), of gitlab.com or a server of one's own.

It offers no reservation to whom isn't an owner: what may have arrived is looked for by its marker in the list of what its author made.
It writes under no condition: somebody's change in the moment between reading and writing is not seen.
"""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any, TypeVar
from urllib.parse import quote

import httpx
from pydantic import TypeAdapter, ValidationError

from api.trackers.gitlab_shapes import (
    COMMIT_STATES,
    Issue,
    Note,
    Status,
    User,
    read_description,
    write_description,
    write_note,
)
from api.trackers.gitlab_webhook import GitLabWebhook
from api.trackers.plain import Body, Place, holds_the_same
from api.trackers.port import TicketPage, Tracker, Webhook
from api.trackers.web import client, send
from assistant.domain.ticket import (
    CommitStatus,
    Connection,
    Ticket,
    TicketChange,
    TicketComment,
    TicketState,
    TicketText,
)
from assistant.errors import Conflict, NotFound, TrackerError, TrackerRefused, UsageError

_HOME = "https://gitlab.com"
_API = "/api/v4"
_PAGE = "100"
_ISSUES = TypeAdapter(list[Issue])
_NOTES = TypeAdapter(list[Note])
_STATUSES = TypeAdapter(list[Status])
_Read = TypeVar("_Read")


class GitLab:
    """The issues of one project."""

    def __init__(self, connection: Connection, http: httpx.AsyncClient) -> None:
        self._connection = connection
        self._http = http
        self._project = f"projects/{quote(connection.project, safe='')}"
        self._issues = f"{self._project}/issues"
        self._login: str | None = None

    async def get(self, key: str) -> Ticket:
        """The ticket with its comments; see the port."""
        return await self._with_comments(await self._issue(key))

    async def find(self, marker: str) -> Ticket | None:
        """The newest issue of this author that carries the marker, wherever in its text people moved it; see the port."""
        asked = {"scope": "all", "order_by": "created_at", "sort": "desc", "per_page": _PAGE, "page": "1"}
        if author := await self._author():
            asked["author_username"] = author
        while True:
            found, more = await self._list(asked)
            for issue in found:
                if marker in (issue.description or ""):
                    return issue.ticket(self._connection.name).model_copy(update={"marker": marker})
            if not more:
                return None
            asked["page"] = str(int(asked["page"]) + 1)

    async def list_since(self, since: datetime | None, cursor: str | None = None) -> TicketPage:
        """Issues by their last change; see the port."""
        place = Place.of(since, cursor)
        asked = {"scope": "all", "order_by": "updated_at", "sort": "asc", "per_page": _PAGE}
        asked["page"] = str(place.page)
        if place.since is not None:
            asked["updated_after"] = place.since.isoformat()
        found, more = await self._list(asked)
        tickets = tuple(one.ticket(self._connection.name) for one in found)
        return TicketPage(tickets, place.after(found[-1].updated_at) if more and found else None)

    async def reserve(self, marker: str) -> str:
        """GitLab offers none: only owners may choose a number."""
        return ""

    async def create(self, text: TicketText, marker: str, reserved: str) -> Ticket:
        """Make an issue; its kind becomes a label, as GitLab's own types are other ones; see the port."""
        labels = [*text.labels, *([text.kind] if text.kind else [])]
        body = write_description(Body(text.body, marker, text.parent))
        wanted = {"title": text.title, "description": body, "labels": ",".join(labels)}
        made = await self._ask("POST", self._issues, "a new ticket", Issue, wanted)
        return made.ticket(self._connection.name)

    async def update(self, key: str, change: TicketChange) -> Ticket:
        """Change what is named, unless the text is another one meanwhile; see the port."""
        issue = await self._issue(key)
        held = issue.ticket(self._connection.name)
        if change.version and not holds_the_same(change.version, held.version):
            raise Conflict(f"Somebody changed ticket {key} meanwhile.", hint="Read it again.")
        wanted: dict[str, Any] = {}
        if change.title is not None:
            wanted["title"] = change.title
        if change.body is not None:
            before = read_description(issue.description)
            wanted["description"] = write_description(Body(change.body, before.marker, before.parent))
        if change.state is not None and change.state is not held.state:
            wanted["state_event"] = "close" if change.state is TicketState.closed else "reopen"
        if change.labels is not None:
            wanted["labels"] = ",".join(change.labels)
        if wanted:
            issue = await self._ask("PUT", f"{self._issues}/{key}", f"ticket {key}", Issue, wanted)
        return await self._with_comments(issue)

    async def comment(
        self, key: str, text: str, marker: str, comment_id: str, reserved: str
    ) -> TicketComment:
        """Write a note, or write one anew; see the port."""
        path, wanted = f"{self._issues}/{_number(key, 'ticket')}/notes", {"body": write_note(text, marker)}
        if comment_id:
            path, what = f"{path}/{_number(comment_id, 'comment')}", f"comment {comment_id}"
            return (await self._ask("PUT", path, what, Note, wanted)).comment()
        return (await self._ask("POST", path, f"ticket {key}", Note, wanted)).comment()

    async def status_of(self, sha: str, name: str) -> CommitStatus | None:
        """The one with the highest number, as GitLab's order is another one from release to release; see the port."""
        asked = {"name": name, "all": "true", "per_page": _PAGE, "page": "1"}
        newest: Status | None = None
        while asked["page"]:
            path = f"{self._project}/repository/commits/{sha}/statuses"
            answer = await send(self._http, "GET", path, what=f"commit {sha[:10]}", params=asked)
            held = [one for one in _read(answer, _STATUSES) if one.name == name]
            newest = max([*held, *([newest] if newest else [])], key=lambda one: one.id, default=None)
            asked["page"] = answer.headers.get("x-next-page", "")
        return newest.commit_status(sha) if newest is not None else None

    async def show_status(self, status: CommitStatus) -> CommitStatus:
        """Set it; see the port."""
        wanted = {
            "state": COMMIT_STATES[status.state],
            "name": status.name,
            "description": status.description,
        }
        if status.url:
            wanted["target_url"] = status.url
        path = f"{self._project}/statuses/{status.sha}"
        made = await self._ask("POST", path, f"commit {status.sha[:10]}", Status, wanted)
        return made.commit_status(status.sha) or status

    async def _author(self) -> str:
        """Whom the token belongs to; empty for one that may not ask."""
        if self._login is None:
            try:
                self._login = (
                    self._connection.user
                    or (await self._ask("GET", "user", "the token's user", User)).username
                )
            except (NotFound, TrackerRefused):
                self._login = ""
        return self._login

    async def _with_comments(self, issue: Issue) -> Ticket:
        said: list[Note] = []
        path, page = f"{self._issues}/{issue.iid}/notes", "1"
        while page:
            asked = {"sort": "asc", "order_by": "created_at", "per_page": _PAGE, "page": page}
            answer = await send(self._http, "GET", path, what=f"ticket {issue.iid}", params=asked)
            found: list[Note] = _read(answer, _NOTES)
            said += found
            page = answer.headers.get("x-next-page", "")
        comments = tuple(one.comment() for one in said if not one.system)
        return issue.ticket(self._connection.name, comments)

    async def _issue(self, key: str) -> Issue:
        return await self._ask("GET", f"{self._issues}/{_number(key, 'ticket')}", f"ticket {key}", Issue)

    async def _list(self, asked: Mapping[str, str]) -> tuple[list[Issue], bool]:
        answer = await send(self._http, "GET", self._issues, what="list of tickets", params=dict(asked))
        return _read(answer, _ISSUES), bool(answer.headers.get("x-next-page"))

    async def _ask(
        self, method: str, path: str, what: str, shape: type[_Read], wanted: Mapping[str, Any] | None = None
    ) -> _Read:
        given: dict[str, Any] = {} if wanted is None else {"json": dict(wanted)}
        answer = await send(self._http, method, path, what=what, **given)
        return _read(answer, TypeAdapter(shape))


class GitLabKind:
    """GitLab among the systems that can be connected."""

    name = "gitlab"
    webhook: Webhook | None = GitLabWebhook()

    @asynccontextmanager
    async def open(self, connection: Connection, token: str) -> AsyncIterator[Tracker]:
        """Talk to a project's issues; see the port."""
        if not connection.project or not token:
            raise UsageError(
                f"The connection '{connection.name}' lacks its project or its token.",
                hint="voxspec tracker add NAME --to gitlab --project GROUP/PROJECT --token env:GITLAB_TOKEN",
            )
        base = (connection.url or _HOME).rstrip("/").removesuffix(_API) + f"{_API}/"
        async with client(base, {"authorization": f"Bearer {token}"}) as http:
            yield GitLab(connection, http)


KIND = GitLabKind()


def _read(answer: httpx.Response, shape: TypeAdapter[_Read]) -> _Read:
    try:
        return shape.validate_json(answer.content)
    except ValidationError as problem:
        raise TrackerError(
            f"{answer.request.url.host} answered something else than GitLab does.",
            hint="Is the connection's address that of the server itself?",
        ) from problem


def _number(given: str, what: str) -> str:
    if not (given.isascii() and given.isdigit()):
        raise NotFound(f"There is no {what} {given[:40]}.", hint="GitLab's are numbers.")
    return given
