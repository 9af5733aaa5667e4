"""GitHub Issues (REST, version 2022-11-28), of github.com or an enterprise server.

It offers no reservation: what may have arrived is looked for by its marker in the list of what its author made, which is not the search
index and holds an issue as soon as it is made. It writes under no condition: somebody's change in the moment between reading and
writing is not seen.
"""

import re
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any, TypeVar

import httpx
from pydantic import TypeAdapter, ValidationError

from api.trackers.github_shapes import Comment, Issue, Status, User
from api.trackers.github_webhook import GitHubWebhook
from api.trackers.plain import Body, Place, holds_the_same, read_body
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
    with_marker,
)
from assistant.errors import (
    Conflict,
    NotFound,
    TrackerError,
    TrackerRefused,
    UsageError,
)
from assistant.telemetry import get_logger

_HOME = "https://api.github.com"
_PROJECT = re.compile(r"[\w-]+/(?!\.{1,2}\Z)[\w.-]+", re.ASCII)
_PAGE = "100"
_ISSUES = TypeAdapter(list[Issue])
_COMMENTS = TypeAdapter(list[Comment])
_STATUSES = TypeAdapter(list[Status])
_Read = TypeVar("_Read")
_log = get_logger("trackers")


class GitHub:
    """The issues of one repository."""

    def __init__(self, connection: Connection, http: httpx.AsyncClient) -> None:
        self._connection = connection
        self._http = http
        self._repository = f"repos/{connection.project}"
        self._issues = f"{self._repository}/issues"
        self._login: str | None = None

    async def get(self, key: str) -> Ticket:
        """The ticket with its comments; see the port."""
        return await self._with_comments(await self._issue(key))

    async def find(self, marker: str) -> Ticket | None:
        """The newest issue of this author that carries the marker, wherever in its text people moved it; see the port."""
        asked = {"state": "all", "sort": "created", "direction": "desc", "per_page": _PAGE, "page": "1"}
        if creator := await self._author():
            asked["creator"] = creator
        while True:
            found, more = await self._list(asked)
            for issue in found:
                if issue.is_ticket and marker in (issue.body or ""):
                    return issue.ticket(self._connection.name).model_copy(update={"marker": marker})
            if not more:
                return None
            asked["page"] = str(int(asked["page"]) + 1)

    async def list_since(self, since: datetime | None, cursor: str | None = None) -> TicketPage:
        """Issues by their last change, pull requests left out; see the port."""
        place = Place.of(since, cursor)
        asked = {"state": "all", "sort": "updated", "direction": "asc", "per_page": _PAGE}
        asked["page"] = str(place.page)
        if place.since is not None:
            asked["since"] = place.since.strftime("%Y-%m-%dT%H:%M:%SZ")
        found, more = await self._list(asked)
        tickets = tuple(one.ticket(self._connection.name) for one in found if one.is_ticket)
        return TicketPage(tickets, place.after(found[-1].updated_at) if more and found else None)

    async def reserve(self, marker: str) -> str:
        """GitHub offers none."""
        return ""

    async def create(self, text: TicketText, marker: str, reserved: str) -> Ticket:
        """Make an issue; its kind becomes a label, as types of issues are an organisation's; see the port."""
        labels = [*text.labels, *([text.kind] if text.kind else [])]
        body = Body(text.body, marker, text.parent).written()
        wanted = {"title": text.title, "body": body, "labels": labels}
        made = await self._ask("POST", self._issues, "a new ticket", Issue, wanted)
        if text.parent:
            await self._put_under(text.parent, made)
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
            before = read_body(issue.body)
            wanted["body"] = Body(change.body, before.marker, before.parent).written()
        if change.state is not None:
            wanted["state"] = "closed" if change.state is TicketState.closed else "open"
        if change.labels is not None:
            wanted["labels"] = list(change.labels)
        if wanted:
            issue = await self._ask("PATCH", f"{self._issues}/{key}", f"ticket {key}", Issue, wanted)
        return await self._with_comments(issue)

    async def comment(
        self, key: str, text: str, marker: str, comment_id: str, reserved: str
    ) -> TicketComment:
        """Comment, or write a comment anew; see the port."""
        wanted = {"body": with_marker(text, marker)}
        if comment_id:
            path, what = f"{self._issues}/comments/{_number(comment_id, 'comment')}", f"comment {comment_id}"
            return (await self._ask("PATCH", path, what, Comment, wanted)).comment()
        path = f"{self._issues}/{_number(key, 'ticket')}/comments"
        return (await self._ask("POST", path, f"ticket {key}", Comment, wanted)).comment()

    async def status_of(self, sha: str, name: str) -> CommitStatus | None:
        """GitHub lists the newest first and keeps all; names differ by more than case. See the port."""
        path, page, more = f"{self._repository}/commits/{sha}/statuses", 1, True
        while more:
            asked = {"per_page": _PAGE, "page": str(page)}
            answer = await self._send("GET", path, f"commit {sha[:10]}", params=asked)
            for one in _read(answer, _STATUSES):
                if one.context.casefold() == name.casefold():
                    found = one.commit_status(sha)
                    return found.model_copy(update={"name": name}) if found else None
            page, more = page + 1, "next" in answer.links
        return None

    async def show_status(self, status: CommitStatus) -> CommitStatus:
        """Set it; see the port."""
        wanted = {"state": status.state.value, "context": status.name, "description": status.description}
        if status.url:
            wanted["target_url"] = status.url
        path = f"{self._repository}/statuses/{status.sha}"
        made = await self._ask("POST", path, f"commit {status.sha[:10]}", Status, wanted)
        return made.commit_status(status.sha) or status

    async def _author(self) -> str:
        """Whom the token belongs to; empty for an app's, which may not ask."""
        if self._login is None:
            try:
                self._login = (
                    self._connection.user or (await self._ask("GET", "user", "the token's user", User)).login
                )
            except (NotFound, TrackerRefused):
                self._login = ""
        return self._login

    async def _put_under(self, parent: str, made: Issue) -> None:
        """Show it among its parent's. A line of its text says so already: where this can't be done, nothing is lost."""
        path = f"{self._issues}/{parent}/sub_issues"
        try:
            await self._ask("POST", path, f"ticket {parent}", Issue, {"sub_issue_id": made.id})
        except (TrackerError, NotFound) as problem:
            _log.info("A ticket is not shown under its parent.", parent=parent, problem=problem.code)

    async def _with_comments(self, issue: Issue) -> Ticket:
        said: list[Comment] = []
        page, more = 1, True
        while more:
            path, asked = f"{self._issues}/{issue.number}/comments", {"per_page": _PAGE, "page": str(page)}
            answer = await self._send("GET", path, f"ticket {issue.number}", params=asked)
            found: list[Comment] = _read(answer, _COMMENTS)
            said += found
            page, more = page + 1, "next" in answer.links
        return issue.ticket(self._connection.name, tuple(one.comment() for one in said))

    async def _issue(self, key: str) -> Issue:
        path = f"{self._issues}/{_number(key, 'ticket')}"
        issue = await self._ask("GET", path, f"ticket {key}", Issue)
        if not issue.is_ticket:
            raise NotFound(f"{key} is a pull request, not a ticket.", hint="Name an issue.")
        return issue

    async def _list(self, asked: Mapping[str, str]) -> tuple[list[Issue], bool]:
        answer = await self._send("GET", self._issues, "list of tickets", params=dict(asked))
        return _read(answer, _ISSUES), "next" in answer.links

    async def _ask(
        self, method: str, path: str, what: str, shape: type[_Read], wanted: Mapping[str, Any] | None = None
    ) -> _Read:
        given: dict[str, Any] = {} if wanted is None else {"json": dict(wanted)}
        return _read(await self._send(method, path, what, **given), TypeAdapter(shape))

    async def _send(self, method: str, path: str, what: str, **given: Any) -> httpx.Response:
        return await send(self._http, method, path, what=what, limited=True, **given)


class GitHubKind:
    """GitHub among the systems that can be connected."""

    name = "github"
    webhook: Webhook | None = GitHubWebhook()

    @asynccontextmanager
    async def open(self, connection: Connection, token: str) -> AsyncIterator[Tracker]:
        """Talk to a repository's issues; see the port."""
        if not _PROJECT.fullmatch(connection.project) or not token:
            raise UsageError(
                f"The connection '{connection.name}' lacks its repository or its token.",
                hint="voxspec tracker add NAME --to github --project OWNER/REPO --token env:GITHUB_TOKEN",
            )
        headers = {
            "accept": "application/vnd.github+json",
            "x-github-api-version": "2022-11-28",
            "authorization": f"Bearer {token}",
        }
        async with client(f"{(connection.url or _HOME).rstrip('/')}/", headers) as http:
            yield GitHub(connection, http)


KIND = GitHubKind()


def _read(answer: httpx.Response, shape: TypeAdapter[_Read]) -> _Read:
    try:
        return shape.validate_json(answer.content)
    except ValidationError as problem:
        raise TrackerError(
            f"{answer.request.url.host} answered something else than GitHub does.",
            hint="Is the connection's address that of its API?",
        ) from problem


def _number(given: str, what: str) -> str:
    if not (given.isascii() and given.isdigit()):
        raise NotFound(f"There is no {what} {given[:40]}.", hint="GitHub's are numbers.")
    return given
