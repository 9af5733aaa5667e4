"""Linear (GraphQL): the id of what is made is chosen by who makes it, so that sending it again makes nothing twice.

Its answers carry errors in a 200 or 400. Texts are Markdown as it is; labels that aren't there are left out.
"""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any

import httpx

from api.trackers import linear_queries as ask
from api.trackers.linear_ids import ATTEMPTS, id_of, marker_of
from api.trackers.linear_webhook import LinearWebhook
from api.trackers.plain import holds_the_same
from api.trackers.port import TicketPage, Tracker, Webhook
from api.trackers.web import client, read_json, retry_after_s, send
from assistant.domain.base import digest
from assistant.domain.ticket import Connection, Ticket, TicketChange, TicketComment, TicketState, TicketText
from assistant.errors import (
    Conflict,
    NotFound,
    TrackerError,
    TrackerRateLimited,
    TrackerRefused,
    TrackerUnavailable,
    UsageError,
)

_ENDPOINT = "https://api.linear.app/graphql"
_CLOSED = ("completed", "canceled", "duplicate")
"""Types of states in which nothing is left to do; the first one that there is closes a ticket."""
_OPENED = ("unstarted", "backlog", "triage", "started")
_PASSING = frozenset({"internal error", "lock timeout", "network error", "bootstrap error"})
_RESETS = ("x-ratelimit-requests-reset", "x-ratelimit-complexity-reset")


class Linear:
    """One team."""

    def __init__(self, connection: Connection, http: httpx.AsyncClient, endpoint: str) -> None:
        self._connection = connection
        self._http = http
        self._endpoint = endpoint

    async def get(self, key: str) -> Ticket:
        """The ticket with its comments; see the port."""
        told = (await self._ask(ask.ISSUE, f"ticket {key[:40]}", id=key))["issue"]
        if told.get("trashed"):
            raise NotFound(
                f"Somebody deleted ticket {key[:40]}.", hint="It may be restored from Linear's trash."
            )
        return self._ticket(told, await self._comments(key))

    async def find(self, marker: str) -> Ticket | None:
        """The ticket whose id is the marker's, deleted ones too; see the port."""
        told = (await self._ask(ask.MADE, "ticket", id=id_of(marker)))["issues"]["nodes"]
        return self._ticket(told[0], await self._comments(told[0]["identifier"])) if told else None

    async def list_since(self, since: datetime | None, cursor: str | None = None) -> TicketPage:
        """Tickets of the team by their last change; see the port."""
        wanted: dict[str, Any] = {"team": {"key": {"eqIgnoreCase": self._connection.project}}}
        if since is not None:
            wanted["updatedAt"] = {"gte": since.astimezone(UTC).isoformat()}
        told = (await self._ask(ask.CHANGED, "tickets", filter=wanted, after=cursor))["issues"]
        page = told["pageInfo"]
        tickets = tuple(self._ticket(one, ()) for one in told["nodes"])
        return TicketPage(tickets, page["endCursor"] if page["hasNextPage"] else None)

    async def reserve(self, marker: str) -> str:
        """The id of what will be made."""
        return id_of(marker)

    async def create(self, text: TicketText, marker: str, reserved: str) -> Ticket:
        """Make an issue with the reserved id, or return the one that has it; see the port."""
        wanted: dict[str, Any] = {
            "id": reserved or id_of(marker),
            "teamId": (await self._team())["id"],
            "title": text.title,
            "description": text.body,
        }
        if text.labels:
            wanted["labelIds"] = await self._labels(text.labels)
        if text.parent:
            wanted["parentId"] = text.parent
        try:
            made = await self._ask(ask.CREATE, "a new ticket", input=wanted)
        except TrackerRefused:
            if (there := await self.find(marker)) is None:
                raise
            return there
        return await self.get(made["issueCreate"]["issue"]["identifier"])

    async def update(self, key: str, change: TicketChange) -> Ticket:
        """Change what is named. Linear has no conditional write: between looking and writing, somebody may slip in. See the port."""
        held = await self.get(key)
        if change.version and not holds_the_same(change.version, held.version):
            raise Conflict(f"Somebody changed ticket {key} meanwhile.", hint="Read it again.")
        wanted: dict[str, Any] = {}
        if change.title is not None:
            wanted["title"] = change.title
        if change.body is not None:
            wanted["description"] = change.body
        if change.labels is not None:
            wanted["labelIds"] = await self._labels(change.labels)
        if change.state is not None and change.state is not held.state:
            wanted["stateId"] = await self._state(change.state)
        if wanted:
            await self._ask(ask.UPDATE, f"ticket {key}", id=key, input=wanted)
        return await self.get(key)

    async def comment(
        self, key: str, text: str, marker: str, comment_id: str, reserved: str
    ) -> TicketComment:
        """Add a comment with the marker's id, or write it anew; see the port."""
        if comment_id:
            what = f"comment {comment_id} of ticket {key}"
            told = await self._ask(ask.REWORD, what, id=comment_id, input={"body": text})
            return _comment(told["commentUpdate"]["comment"])
        refused: TrackerRefused | None = None
        for attempt in range(ATTEMPTS):
            wanted = {"id": id_of(marker, attempt), "issueId": key, "body": text}
            try:
                told = await self._ask(ask.SAY, f"ticket {key}", input=wanted)
            except TrackerRefused as problem:
                there = next((one for one in await self._comments(key) if one.marker == marker), None)
                if there is not None:
                    return there
                # Somebody deleted the one with this id, or it is refused for another reason; then so is the next.
                refused = refused or problem
            else:
                return _comment(told["commentCreate"]["comment"])
        assert refused is not None
        raise refused

    def _ticket(self, told: Mapping[str, Any], comments: Sequence[TicketComment]) -> Ticket:
        state, labels = told["state"], tuple(one["name"] for one in told["labels"]["nodes"])
        body = told.get("description") or ""
        updated = datetime.fromisoformat(told["updatedAt"]).astimezone(UTC)
        held = digest(told["title"], body, state["name"], labels, size=6)
        return Ticket(
            connection=self._connection.name,
            key=told["identifier"],
            title=told["title"],
            body=body,
            state=TicketState.closed if state["type"] in _CLOSED else TicketState.open,
            status=state["name"],
            labels=labels,
            priority=told["priorityLabel"],
            component=(told.get("project") or {}).get("name", ""),
            parent=(told.get("parent") or {}).get("identifier", ""),
            author=_author(told.get("creator")),
            url=told["url"],
            version=f"{updated.isoformat(timespec='milliseconds')}/{held}",
            created_at=datetime.fromisoformat(told["createdAt"]),
            updated_at=updated,
            comments=tuple(comments),
            marker=marker_of(told["id"]),
        )

    async def _comments(self, key: str) -> list[TicketComment]:
        found: list[TicketComment] = []
        after: str | None = None
        while True:
            told = (await self._ask(ask.COMMENTS, f"ticket {key[:40]}", id=key, after=after))["issue"][
                "comments"
            ]
            found += [_comment(one) for one in told["nodes"]]
            if not told["pageInfo"]["hasNextPage"]:
                break
            after = told["pageInfo"]["endCursor"]
        # Linear lists the newest first.
        return sorted(found, key=lambda one: (one.at or datetime.min.replace(tzinfo=UTC), one.id))

    async def _team(self) -> dict[str, Any]:
        key = self._connection.project
        told: list[dict[str, Any]] = (await self._ask(ask.TEAM, f"team {key}", key=key))["teams"]["nodes"]
        if not told:
            raise NotFound(f"Linear has no team {key}.", hint="Give the team's key: ENG of ENG-12.")
        return told[0]

    async def _labels(self, names: Sequence[str]) -> list[str]:
        team = (await self._team())["id"]
        told = (await self._ask(ask.LABELS, "labels", names=list(names)))["issueLabels"]["nodes"]
        return [one["id"] for one in told if (one.get("team") or {"id": team})["id"] == team]

    async def _state(self, state: TicketState) -> str:
        held = (await self._team())["states"]["nodes"]
        for kind in _CLOSED if state is TicketState.closed else _OPENED:
            if fitting := [one for one in held if one["type"] == kind]:
                return str(min(fitting, key=lambda one: one["position"])["id"])
        raise TrackerRefused(
            f"The team has no state that means {state.value}.",
            hint=f"It has: {', '.join(one['name'] for one in held)}.",
        )

    async def _ask(self, query: str, what: str, **variables: Any) -> dict[str, Any]:
        wanted = {"query": query, "variables": variables}
        answer = await send(
            self._http, "POST", self._endpoint, what=what, json=wanted, also=(HTTPStatus.BAD_REQUEST,)
        )
        told = read_json(answer)
        if isinstance(told, dict) and told.get("errors"):
            raise _problem(told["errors"][0], answer, what)
        if not isinstance(told, dict) or not isinstance(told.get("data"), dict):
            raise TrackerError(
                f"Linear answered something else than {what}.", hint="Check the connection's address."
            )
        held: dict[str, Any] = told["data"]
        return held


class LinearKind:
    """Linear among the systems that can be connected."""

    name = "linear"
    webhook: Webhook | None = LinearWebhook()

    @asynccontextmanager
    async def open(self, connection: Connection, token: str) -> AsyncIterator[Tracker]:
        """Talk to a workspace; see the port."""
        if not connection.project or not token:
            raise UsageError(
                f"The connection '{connection.name}' lacks its team or API key.",
                hint="voxspec tracker add NAME --to linear --project TEAM --token env:LINEAR_API_KEY",
            )
        endpoint = connection.url or _ENDPOINT
        async with client(endpoint, {"authorization": token}) as http:
            yield Linear(connection, http, endpoint)


KIND = LinearKind()


def _comment(told: Mapping[str, Any]) -> TicketComment:
    return TicketComment(
        id=told["id"],
        text=told["body"],
        author=_author(told.get("user")),
        at=datetime.fromisoformat(told["createdAt"]),
        marker=marker_of(told["id"]),
    )


def _author(told: Any) -> str:
    return str(told.get("displayName", "")) if isinstance(told, dict) else ""


def _problem(error: Mapping[str, Any], answer: httpx.Response, what: str) -> Exception:
    """The error of our tree for one of GraphQL."""
    about = error.get("extensions") or {}
    code, kind = str(about.get("code", "")), str(about.get("type", "")).lower()
    said = " ".join(
        str(about.get("userPresentableMessage") or error.get("message") or "without a word").split()
    )
    if code == "RATELIMITED" or kind == "ratelimited":
        return TrackerRateLimited(
            "Linear asks to slow down.",
            hint="It is tried again when it says so.",
            retry_after_s=_wait_s(answer.headers),
        )
    if code == "AUTHENTICATION_ERROR" or kind == "authentication error":
        return TrackerRefused(
            "Linear doesn't accept the API key.", hint="Check the variable or file that the connection names."
        )
    if "not found" in str(error.get("message", "")).lower():
        return NotFound(
            f"Linear has no {what}.", hint="Check the team, the key, and what the API key may see."
        )
    if kind in _PASSING or code == "INTERNAL_SERVER_ERROR":
        return TrackerUnavailable(f"Linear couldn't do it: {said[:200]}", hint="It is tried again.")
    return TrackerRefused(
        f"Linear refused {what}: {said[:200]}", hint="Check the team and the API key's rights."
    )


def _wait_s(headers: Mapping[str, str]) -> float | None:
    if (wait := retry_after_s(headers)) is not None:
        return wait
    resets = [int(headers[name]) / 1000 for name in _RESETS if headers.get(name, "").isdigit()]
    return max(0.0, max(resets) - datetime.now(UTC).timestamp()) if resets else None
