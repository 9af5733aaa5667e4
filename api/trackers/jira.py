"""Jira Cloud (REST, version 3): texts are documents, a state is reached by a transition, and the search lags behind what was written.

The marker is a property of the issue or comment, set in the request that makes it; people don't see it. Jira finds a property only for
apps that declare it, so `find` reads those of our own issues, newest first. A search may miss what was made seconds ago, and its
`reconcileIssues` asks for ids that nobody knows after a lost answer: so the keys that follow the last known one are fetched as well, past
the index, which sees an issue as soon as it is made.
"""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from typing import Any
from urllib.parse import quote

import httpx

from api.trackers.adf.reading import to_markdown
from api.trackers.adf.writing import to_adf
from api.trackers.jira_answers import FIELDS, PROPERTY, comment_of, marker_of, ticket_of, version_of
from api.trackers.jira_webhook import JiraWebhook
from api.trackers.plain import holds_the_same
from api.trackers.port import TicketPage, Tracker, Webhook
from api.trackers.web import client, read_json, send
from assistant.domain.ticket import Connection, Ticket, TicketChange, TicketComment, TicketState, TicketText
from assistant.errors import Conflict, TrackerError, TrackerRefused, UsageError

_PAGE = 50
_COMMENTS = 100
_BULK = 100
"""As many issues as one request may fetch by their keys."""
_TYPES = {
    "epic": ("epic", "initiative", "feature"),
    "story": ("story", "user story", "task", "issue"),
    "bug": ("bug", "defect", "incident", "task", "issue"),
    "task": ("task", "issue", "story"),
}
"""What a kind is called, the best name first."""
_DONE = ("done", "closed", "resolved", "complete", "completed")
_TO_DO = ("to do", "open", "reopened", "reopen", "backlog", "new", "selected for development", "in progress")
_CLOCKS_DIFFER = timedelta(minutes=10)


class Jira:
    """One project of a site."""

    def __init__(self, connection: Connection, http: httpx.AsyncClient) -> None:
        self._connection = connection
        self._http = http

    async def get(self, key: str) -> Ticket:
        """The ticket with its comments; see the port."""
        return self._ticket(await self._issue(key), await self._comments(key))

    async def find(self, marker: str) -> Ticket | None:
        """The ticket with the marker among our own; see the port."""
        own = f"{self._here()} AND creator = currentUser() ORDER BY created DESC, key DESC"
        found = await self._just_made(marker)
        token: str | None = None
        while found is None:
            page = await self._search(own, token)
            found = next((one for one in page["issues"] if marker_of(one) == marker), None)
            if (token := page.get("nextPageToken")) is None:
                break
        return await self.get(found["key"]) if found is not None else None

    async def list_since(self, since: datetime | None, cursor: str | None = None) -> TicketPage:
        """Tickets by their last change; see the port."""
        ago, _, token = (cursor or "").partition(" ")
        # Minutes ago, not a time: Jira reads times in the zone of the user's profile, to the minute.
        ago = ago or ("all" if since is None else str(_minutes_since(since)))
        when = "" if ago == "all" else f' AND updated >= "-{ago}m"'
        page = await self._search(f"{self._here()}{when} ORDER BY updated ASC, key ASC", token or None)
        tickets = [self._ticket(one, ()) for one in page["issues"]]
        wanted = tuple(
            one for one in tickets if since is None or one.updated_at is None or one.updated_at >= since
        )
        following = page.get("nextPageToken")
        return TicketPage(wanted, f"{ago} {following}" if following else None)

    async def reserve(self, marker: str) -> str:
        """Nothing: Jira has no request that counts once."""
        return ""

    async def create(self, text: TicketText, marker: str, reserved: str) -> Ticket:
        """Make an issue with its marker in one request; see the port."""
        fields: dict[str, Any] = {
            "project": {"key": self._connection.project},
            "issuetype": {"id": await self._type(text.kind)},
            "summary": text.title,
            "description": to_adf(text.body),
        }
        if text.labels:
            fields["labels"] = _labels(text.labels)
        if text.parent:
            fields["parent"] = {"key": text.parent}
        marked = [{"key": PROPERTY, "value": marker}]
        made = await self._ask("POST", "issue", "a new issue", {"fields": fields, "properties": marked})
        return await self.get(made["key"])

    async def update(self, key: str, change: TicketChange) -> Ticket:
        """Change what is named. Jira has no conditional write: between looking and writing, somebody may slip in. See the port."""
        issue = await self._issue(key)
        if change.version and not holds_the_same(change.version, version_of(issue)):
            raise Conflict(f"Somebody changed ticket {key} meanwhile.", hint="Read it again.")
        fields: dict[str, Any] = {}
        if change.title is not None:
            fields["summary"] = change.title
        if change.body is not None and change.body != to_markdown(issue["fields"].get("description")):
            fields["description"] = to_adf(change.body, issue["fields"].get("description"))
        if change.labels is not None:
            fields["labels"] = _labels(change.labels)
        if fields:
            await self._ask("PUT", f"issue/{_path(key)}", f"ticket {key}", {"fields": fields})
        if change.state not in (None, self._ticket(issue, ()).state):
            assert change.state is not None
            await self._move(key, change.state)
        return await self.get(key)

    async def comment(
        self, key: str, text: str, marker: str, comment_id: str, reserved: str
    ) -> TicketComment:
        """Add a comment with its marker, or write it anew without a mail to the watchers; see the port."""
        wanted = {"body": to_adf(text), "properties": [{"key": PROPERTY, "value": marker}]}
        if comment_id:
            place = f"issue/{_path(key)}/comment/{_path(comment_id)}?notifyUsers=false"
            told = await self._ask("PUT", place, f"comment {comment_id} of ticket {key}", wanted)
        else:
            told = await self._ask("POST", f"issue/{_path(key)}/comment", f"ticket {key}", wanted)
        return comment_of({**told, "properties": wanted["properties"]})

    def _here(self) -> str:
        return f'project = "{self._connection.project}"'

    def _ticket(self, issue: Mapping[str, Any], comments: Sequence[TicketComment]) -> Ticket:
        return ticket_of(self._connection, issue, comments)

    async def _issue(self, key: str) -> dict[str, Any]:
        asked = {"fields": ",".join(FIELDS), "properties": PROPERTY}
        return await self._ask("GET", f"issue/{_path(key)}", f"ticket {key[:40]}", params=asked)

    async def _comments(self, key: str) -> list[TicketComment]:
        ids: list[int] = []
        while True:
            asked = {"startAt": str(len(ids)), "maxResults": str(_COMMENTS), "orderBy": "created"}
            page = await self._ask("GET", f"issue/{_path(key)}/comment", f"ticket {key[:40]}", params=asked)
            ids += [int(one["id"]) for one in page["comments"]]
            if not page["comments"] or len(ids) >= page["total"]:
                break
        # Only this request tells the properties of comments.
        held: dict[int, TicketComment] = {}
        for start in range(0, len(ids), _COMMENTS):
            some = ids[start : start + _COMMENTS]
            told = await self._ask(
                "POST", "comment/list?expand=properties", f"comments of {key[:40]}", {"ids": some}
            )
            held |= {int(one["id"]): comment_of(one) for one in told["values"]}
        return [held[one] for one in ids if one in held]

    async def _search(self, jql: str, token: str | None, most: int = _PAGE) -> dict[str, Any]:
        wanted = {"jql": jql, "maxResults": most, "fields": list(FIELDS), "properties": [PROPERTY]}
        if token:
            wanted["nextPageToken"] = token
        return await self._ask("POST", "search/jql", f"project {self._connection.project}", wanted)

    async def _just_made(self, marker: str) -> dict[str, Any] | None:
        """The issue with the marker among the last keys of the project, read past the index of the search."""
        newest = (await self._search(f"{self._here()} ORDER BY key DESC", None, 1))["issues"]
        project, _, number = (
            newest[0]["key"].rpartition("-") if newest else (self._connection.project, "", "0")
        )
        first = max(1, int(number) - _BULK + 1)
        while True:
            keys = [f"{project}-{one}" for one in range(first, first + _BULK)]
            wanted = {"issueIdsOrKeys": keys, "fields": ["creator"], "properties": [PROPERTY]}
            there = (await self._ask("POST", "issue/bulkfetch", "the newest issues", wanted))["issues"]
            for one in there:
                if marker_of(one) == marker:
                    return dict(one)
            if not there and first > int(number):
                return None
            first += _BULK

    async def _type(self, kind: str) -> str:
        """Id of the issue type for a kind: by its name, else the nearest that there is."""
        place = f"issue/createmeta/{_path(self._connection.project)}/issuetypes"
        told = await self._ask(
            "GET", place, f"project {self._connection.project}", params={"maxResults": "200"}
        )
        types = [one for one in told["issueTypes"] if not one.get("subtask")]
        by_name = {
            str(one.get(name, "")).casefold(): one for one in types for name in ("untranslatedName", "name")
        }
        wanted = (kind.casefold(), *_TYPES.get(kind.casefold(), _TYPES["task"]))
        found = next((by_name[name] for name in wanted if name and name in by_name), None)
        level = 1 if kind.casefold() == "epic" else 0
        found = found or next((one for one in types if one.get("hierarchyLevel", 0) == level), None)
        found = found or next(iter(types), None)
        if found is None:
            raise TrackerRefused(
                f"Project {self._connection.project} has no type of issue that the token may make.",
                hint="Check the project and the token's rights.",
            )
        return str(found["id"])

    async def _move(self, key: str, state: TicketState) -> None:
        told = await self._ask("GET", f"issue/{_path(key)}/transitions", f"ticket {key}")
        closing = state is TicketState.closed
        names = _DONE if closing else _TO_DO
        ways = {
            str(one["to"]["name"]).casefold(): one
            for one in told["transitions"]
            if (one["to"]["statusCategory"]["key"] == "done") is closing
        }
        way = next((ways[name] for name in names if name in ways), None) or next(iter(ways.values()), None)
        if way is None:
            raise TrackerRefused(
                f"No transition leads ticket {key} to a status that means {state.value}.",
                hint="Check the project's workflow and the token's rights.",
            )
        wanted = {"transition": {"id": way["id"]}}
        await self._ask("POST", f"issue/{_path(key)}/transitions", f"ticket {key}", wanted)

    async def _ask(
        self,
        method: str,
        path: str,
        what: str,
        wanted: Mapping[str, Any] | None = None,
        params: Mapping[str, str] | None = None,
    ) -> dict[str, Any]:
        given: dict[str, Any] = {"json": dict(wanted)} if wanted is not None else {}
        if params is not None:
            given["params"] = dict(params)
        answer = await send(self._http, method, path, what=what, **given)
        if answer.status_code == HTTPStatus.NO_CONTENT:
            return {}
        told = read_json(answer)
        if not isinstance(told, dict):
            raise TrackerError(
                f"Jira answered something else than {what}.", hint="Check the connection's address."
            )
        return told


class JiraKind:
    """Jira among the systems that can be connected."""

    name = "jira"
    webhook: Webhook | None = JiraWebhook()

    @asynccontextmanager
    async def open(self, connection: Connection, token: str) -> AsyncIterator[Tracker]:
        """Talk to a site; see the port."""
        if not connection.url or not connection.user or not connection.project or not token:
            raise UsageError(
                f"The connection '{connection.name}' lacks its address, project, user or token.",
                hint="voxspec tracker add NAME --to jira --url https://SITE.atlassian.net --project KEY"
                " --user E-MAIL --token env:JIRA_TOKEN",
            )
        base = f"{connection.url.rstrip('/')}/rest/api/3/"
        async with client(base, {"accept": "application/json"}, (connection.user, token)) as http:
            yield Jira(connection, http)


KIND = JiraKind()


def _minutes_since(since: datetime) -> int:
    return max(1, int((datetime.now(UTC) - since + _CLOCKS_DIFFER).total_seconds() // 60) + 1)


def _labels(labels: Sequence[str]) -> list[str]:
    """Jira's labels hold no blanks."""
    return ["-".join(label.split()) for label in labels if label.strip()]


def _path(key: str) -> str:
    """A key as one part of an address."""
    return quote(key, safe="")
