"""Redmine (5.0 and newer, REST): it sends no webhooks and makes nothing once by itself, so the marker in a text is all there is.

Comments are its journals with notes. The marker stands in an HTML comment, which Redmine leaves out of what it shows whether its
texts are Markdown or Textile. Text goes in as it is: a Redmine that is set to Textile shows Markdown's signs.
"""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

import httpx

from api.trackers.port import TicketPage, Tracker
from api.trackers.web import client, read_json, send
from assistant.domain.base import digest
from assistant.domain.ticket import (
    Connection,
    Ticket,
    TicketChange,
    TicketComment,
    TicketState,
    TicketText,
    with_marker,
    without_marker,
)
from assistant.errors import Conflict, NotFound, TrackerError, TrackerRefused, UsageError

_PAGE = 100
"""The most that it gives at once."""


class Redmine:
    """One project."""

    def __init__(self, connection: Connection, http: httpx.AsyncClient) -> None:
        self._connection = connection
        self._http = http
        self._kinds: dict[str, int] = {}
        """Name in lower case → id."""

    async def get(self, key: str) -> Ticket:
        """The ticket with its comments; see the port."""
        return self._ticket(await self._issue(key))

    async def find(self, marker: str) -> Ticket | None:
        """The oldest ticket whose text carries the marker: a filter of the list, which reads the table, no index; see the port."""
        asked = {"description": f"~{marker}", "status_id": "*", "sort": "id:asc"}
        for issue in (await self._issues(asked))["issues"]:
            if self._ticket(issue).marker == marker:
                return await self.get(str(issue["id"]))
        return None

    async def list_since(self, since: datetime | None, cursor: str | None = None) -> TicketPage:
        """Tickets by their last change; see the port."""
        offset = int(cursor or 0)
        asked = {"status_id": "*", "sort": "updated_on:asc,id:asc", "offset": str(offset)}
        if since is not None:
            asked["updated_on"] = f">={since.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
        told = await self._issues(asked)
        behind = offset + len(told["issues"])
        more = bool(told["issues"]) and behind < told["total_count"]
        return TicketPage(tuple(map(self._ticket, told["issues"])), str(behind) if more else None)

    async def reserve(self, marker: str) -> str:
        """It offers nothing of the kind."""
        return ""

    async def create(self, text: TicketText, marker: str, reserved: str) -> Ticket:
        """Make an issue; its labels have no place here; see the port."""
        wanted: dict[str, Any] = {
            "project_id": self._connection.project,
            "subject": text.title,
            "description": with_marker(text.body, marker),
        }
        if kind := await self._kind(text.kind):
            wanted["tracker_id"] = kind
        if text.parent:
            wanted["parent_issue_id"] = text.parent
        answer = await send(self._http, "POST", "issues.json", what="a new ticket", json={"issue": wanted})
        return self._ticket(read_json(answer)["issue"])

    async def update(self, key: str, change: TicketChange) -> Ticket:
        """Change what is named; see the port."""
        issue = await self._issue(key, "allowed_statuses")
        held = self._ticket(issue)
        if change.version not in ("", held.version):
            raise Conflict(f"Somebody changed ticket {key} meanwhile.", hint="Read it again.")
        wanted: dict[str, Any] = {}
        if change.title not in (None, held.title):
            wanted["subject"] = change.title
        if change.body is not None and change.body != held.body:
            wanted["description"] = with_marker(change.body, held.marker) if held.marker else change.body
        if change.state not in (None, held.state):
            wanted["status_id"] = _status(issue, TicketState(change.state))
        if wanted:
            await self._put(key, wanted)
        changed = await self.get(key)
        if change.state not in (None, changed.state):
            # What somebody may not do is left out without a word.
            raise TrackerRefused(
                f"Ticket {key} stays '{changed.status}'.", hint="Check the workflow of the token's role."
            )
        return changed

    async def comment(
        self, key: str, text: str, marker: str, comment_id: str, reserved: str
    ) -> TicketComment:
        """Add a note, or write it anew; see the port."""
        held = await self.get(key)
        marked = with_marker(text, marker)
        if comment_id:
            known = next((one for one in held.comments if one.id == comment_id), None)
            if known is None:
                raise NotFound(f"Ticket {key} has no comment {comment_id}.")
            if (known.text, known.marker) != (text, marker):
                notes = {"journal": {"notes": marked}}
                path = f"journals/{comment_id}.json"
                await send(self._http, "PUT", path, what=f"comment {comment_id}", json=notes)
        else:
            await self._put(key, {"notes": marked})
        written = (await self.get(key)).comments
        of_ours = [
            one for one in written if one.id == comment_id or (not comment_id and one.marker == marker)
        ]
        if not of_ours:
            raise TrackerError(
                f"Ticket {key} took no comment.", hint="Check the rights of the token's role to add notes."
            )
        return of_ours[0]

    async def _put(self, key: str, wanted: Mapping[str, Any]) -> None:
        changed = {"issue": dict(wanted)}
        await send(self._http, "PUT", f"issues/{key}.json", what=f"ticket {key}", json=changed)

    async def _issue(self, key: str, also: str = "journals") -> dict[str, Any]:
        if not key.isdigit():
            raise NotFound(f"There is no ticket {key[:40]}.", hint="Its keys are numbers.")
        asked = {"include": also}
        answer = await send(self._http, "GET", f"issues/{key}.json", what=f"ticket {key}", params=asked)
        issue: dict[str, Any] = read_json(answer)["issue"]
        return issue

    async def _issues(self, asked: Mapping[str, str]) -> dict[str, Any]:
        here = {"project_id": self._connection.project, "limit": str(_PAGE)}
        answer = await send(
            self._http, "GET", "issues.json", what="list of tickets", params={**here, **asked}
        )
        told: dict[str, Any] = read_json(answer)
        return told

    async def _kind(self, name: str) -> int | None:
        """Id of the project's tracker of that name; None: it has none, and takes its first."""
        if not name:
            return None
        if not self._kinds:
            path = f"projects/{self._connection.project}.json"
            asked = {"include": "trackers"}
            answer = await send(
                self._http, "GET", path, what=f"project {self._connection.project}", params=asked
            )
            held = read_json(answer)["project"]["trackers"]
            self._kinds = {str(one["name"]).lower(): int(one["id"]) for one in held}
        return self._kinds.get(name.lower())

    def _ticket(self, issue: Mapping[str, Any]) -> Ticket:
        body, marker = without_marker(_lines(issue.get("description")))
        key = str(issue["id"])
        status = issue["status"]
        return Ticket(
            connection=self._connection.name,
            key=key,
            title=issue["subject"],
            body=body,
            state=TicketState.closed if status.get("is_closed") else TicketState.open,
            status=status["name"],
            kind=_name(issue, "tracker"),
            priority=_name(issue, "priority"),
            component=_name(issue, "category"),
            parent=str(issue["parent"]["id"]) if issue.get("parent") else "",
            author=_name(issue, "author"),
            url=f"{self._connection.url.rstrip('/')}/issues/{key}",
            version=_version(issue),
            created_at=_at(issue.get("created_on")),
            updated_at=_at(issue.get("updated_on")),
            comments=tuple(_comment(one) for one in issue.get("journals", ()) if one.get("notes")),
            marker=marker,
        )


class RedmineKind:
    """Redmine among the systems that can be connected."""

    name = "redmine"
    webhook = None

    @asynccontextmanager
    async def open(self, connection: Connection, token: str) -> AsyncIterator[Tracker]:
        """Talk to a project; see the port."""
        if not connection.url or not connection.project or not token:
            raise UsageError(
                f"The connection '{connection.name}' lacks its address, project or key.",
                hint="voxspec tracker add NAME --to redmine --url https://host/ --project IDENTIFIER --token env:API_KEY",
            )
        headers = {"x-redmine-api-key": token, "accept": "application/json"}
        async with client(f"{connection.url.rstrip('/')}/", headers) as http:
            yield Redmine(connection, http)


KIND = RedmineKind()


def _status(issue: Mapping[str, Any], state: TicketState) -> int:
    """Id of the first status that means it, of those that the workflow allows from here."""
    allowed = issue.get("allowed_statuses", ())
    for one in allowed:
        if bool(one.get("is_closed")) == (state is TicketState.closed):
            return int(one["id"])
    names = ", ".join(one["name"] for one in allowed) or "none"
    raise TrackerRefused(
        f"No status that means {state.value} can follow '{issue['status']['name']}'.",
        hint=f"The workflow allows: {names}.",
    )


def _version(issue: Mapping[str, Any]) -> str:
    # The time is told in whole seconds; what stands behind it tells two changes within one apart.
    named = [_name(issue, name) for name in ("status", "tracker", "priority", "category", "assigned_to")]
    parts = (issue["subject"], _lines(issue.get("description")), *named, str(issue.get("parent")))
    return f"{issue.get('updated_on')}/{digest('redmine', *parts, size=8)}"


def _comment(journal: Mapping[str, Any]) -> TicketComment:
    text, marker = without_marker(_lines(journal["notes"]))
    return TicketComment(
        id=str(journal["id"]),
        text=text,
        author=_name(journal, "user"),
        at=_at(journal.get("created_on")),
        marker=marker,
    )


def _name(told: Mapping[str, Any], what: str) -> str:
    return str((told.get(what) or {}).get("name", ""))


def _lines(text: str | None) -> str:
    """Its pages end lines as forms do."""
    return (text or "").replace("\r\n", "\n")


def _at(told: str | None) -> datetime | None:
    return datetime.fromisoformat(told) if told else None
