"""Roundup (2.x, REST): it sends no webhooks, posts once exactly, and keeps a message's own id, in which the marker lies.

The body of a ticket is its first message; the others are its comments.
"""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any

import httpx

from api.trackers.port import ReservationSpent, TicketPage, Tracker
from api.trackers.web import client, read_json, send
from assistant.domain.base import digest
from assistant.domain.ticket import Connection, Ticket, TicketChange, TicketComment, TicketState, TicketText
from assistant.errors import Conflict, NotFound, TrackerRefused, TrackerUnavailable, UsageError

_CLOSED = ("resolved", "closed", "done", "rejected")
"""What trackers call it when nothing is left to do; the first one that there is closes a ticket."""
_OPENED = ("in-progress", "open", "unread", "new")
_DATE = "%Y-%m-%d.%H:%M:%S"
_PAGE = 50
_AT = "@voxspec"
_FIELDS = "title,status,priority,activity,creation,creator,messages,keyword"
_OF_MESSAGE = "content,messageid,creation,creator,activity"
_SPENT = "POE token"
_BROKE = "Please check the server log"
"""It answers 400 where it broke, as when its database is locked: no word about what was asked."""
_LIFETIME_S = 3600
"""Of a one-time address: the longest that it grants."""
_AGAIN = 3
"""How often something of ours is written over a change that came between reading and writing."""


class Roundup:
    """One tracker."""

    def __init__(self, connection: Connection, http: httpx.AsyncClient) -> None:
        self._connection = connection
        self._http = http
        self._statuses: dict[str, str] = {}
        """Name → id."""

    async def get(self, key: str) -> Ticket:
        """The ticket with its comments; see the port."""
        told = (await self._issue(key))["attributes"]
        return self._ticket(key, told, await self._messages(_message_ids(told)))

    async def find(self, marker: str) -> Ticket | None:
        """The ticket whose first message carries the marker; see the port."""
        for message in await self._marked(marker):
            for issue in await self._collection("issue", {"messages": message}):
                ticket = await self.get(issue["id"])
                if ticket.marker == marker:
                    return ticket
        return None

    async def list_since(self, since: datetime | None, cursor: str | None = None) -> TicketPage:
        """Tickets by their last activity; see the port."""
        page = int(cursor or 1)
        asked = {"@sort": "activity,id", "@page_size": str(_PAGE), "@page_index": str(page)}
        if since is not None:
            asked["activity"] = f"from {since.astimezone(UTC).strftime(_DATE)}"
        found = await self._collection("issue", asked | {"@fields": _FIELDS, "@verbose": "2"})
        first = await self._messages([_message_ids(one)[0] for one in found if _message_ids(one)])
        tickets = [self._ticket(one["id"], one, first) for one in found]
        return TicketPage(tuple(tickets), str(page + 1) if len(found) == _PAGE else None)

    async def reserve(self, marker: str) -> str:
        """Two addresses that work once: of a message, and of a ticket."""
        made = [
            await self._ask("POST", f"{kind}/@poe", "a one-time address", {"lifetime": _LIFETIME_S})
            for kind in ("msg", "issue")
        ]
        return " ".join(str(one["link"]).rsplit("/", 1)[-1] for one in made)

    async def create(self, text: TicketText, marker: str, reserved: str) -> Ticket:
        """Make a message, then the ticket that begins with it; see the port."""
        to_message, _, to_issue = reserved.partition(" ")
        message = await self._message(text.body, marker, to_message)
        wanted: dict[str, Any] = {"title": text.title, "messages": [message]}
        if text.labels:
            wanted["keyword"] = await self._keywords(text.labels)
        made = await self._once("issue", wanted, to_issue)
        if made is None:
            there = await self.find(marker)
            if there is None:
                raise ReservationSpent("The ticket may still be on its way.", hint="It is tried again.")
            return there
        return await self.get(made)

    async def update(self, key: str, change: TicketChange) -> Ticket:
        """Change what is named; see the port."""
        # Also for a version: what came between may be an earlier request of ours that is late.
        await _insist(lambda: self._change(key, change))
        return await self.get(key)

    async def _change(self, key: str, change: TicketChange) -> None:
        """Write ticket and first message, which are two things here: what of it is there already is not in the way."""
        issue = await self._issue(key)
        told = issue["attributes"]
        ids = _message_ids(told)
        first = await self._element("msg", ids[0], "comment") if ids else None
        body = first["attributes"]["content"] if first else ""
        wanted: dict[str, Any] = {}
        if change.title not in (None, told["title"]):
            wanted["title"] = change.title
        if change.state not in (None, _state(told)):
            wanted["status"] = await self._status(TicketState(change.state))
        if change.labels is not None and set(change.labels) != set(_labels(told)):
            wanted["keyword"] = await self._keywords(change.labels)
        rewritten = change.body is not None and first is not None and body != change.body
        if change.version:
            seen, _, seen_body = change.version.rpartition("/")[2].partition(".")
            named = (change.title, change.state, change.labels) != (None, None, None)
            ours = named and not wanted
            if (seen != _hash_of(told) and not ours) or (
                seen_body != _hash(body) and (rewritten or change.body is None)
            ):
                raise Conflict(f"Somebody changed ticket {key} meanwhile.", hint="Read it again.")
        if wanted:
            await self._put(f"issue/{key}", wanted, issue["@etag"])
        if rewritten and first is not None:
            await self._put(f"msg/{ids[0]}", {"content": change.body or " "}, first["@etag"])

    async def comment(
        self, key: str, text: str, marker: str, comment_id: str, reserved: str
    ) -> TicketComment:
        """Add a message, or write it anew; see the port."""
        if comment_id:
            await _insist(lambda: self._rewrite(comment_id, text))
        else:
            await self._issue(key)
            comment_id = await self._message(text, marker, reserved.partition(" ")[0])
            await _insist(lambda: self._attach(key, comment_id))
        return _comment(
            (await self._element("msg", comment_id, "comment"))["attributes"] | {"id": comment_id}
        )

    async def _attach(self, key: str, message: str) -> None:
        issue = await self._issue(key)
        if message not in _message_ids(issue["attributes"]):
            added = {"@op": "add", "messages": [message]}
            await self._ask("PATCH", f"issue/{key}", f"ticket {key}", added, issue["@etag"])

    async def _message(self, text: str, marker: str, reserved: str) -> str:
        """Id of the message with the marker, which is made where there is none."""
        if marked := await self._marked(marker):
            return marked[0]
        made = await self._once("msg", {"content": text or " ", "messageid": f"<{marker}{_AT}>"}, reserved)
        if made is None and not (marked := await self._marked(marker)):
            raise ReservationSpent("The message may still be on its way.", hint="It is tried again.")
        return made or marked[0]

    async def _once(self, kind: str, wanted: Mapping[str, Any], reserved: str) -> str | None:
        """Id of what was made at a one-time address; None where the address was used already."""
        try:
            path = f"{kind}/@poe/{reserved}" if reserved else kind
            made = await self._ask("POST", path, f"a new {kind}", wanted)
        except TrackerRefused as problem:
            if _SPENT in problem.message:
                return None
            raise
        return str(made["id"])

    async def _rewrite(self, message: str, text: str) -> None:
        held = await self._element("msg", message, "comment")
        if held["attributes"]["content"] != text:
            await self._put(f"msg/{message}", {"content": text or " "}, held["@etag"])

    async def _marked(self, marker: str) -> list[str]:
        found = await self._collection("msg", {"messageid:": f"<{marker}{_AT}>"})
        return [str(one["id"]) for one in found]

    async def _messages(self, ids: Sequence[str]) -> dict[str, Mapping[str, Any]]:
        """Messages by their ids: one request, however many there are."""
        if not ids:
            return {}
        asked: dict[str, str | list[str]] = {"id": list(ids), "@fields": _OF_MESSAGE, "@verbose": "3"}
        return {str(one["id"]): one for one in await self._collection("msg", asked)}

    def _ticket(self, key: str, told: Mapping[str, Any], held: Mapping[str, Mapping[str, Any]]) -> Ticket:
        """Args: held: the messages that are known, its first among them."""
        ids = _message_ids(told)
        first = _comment(held[ids[0]]) if ids and ids[0] in held else None
        return Ticket(
            connection=self._connection.name,
            key=str(key),
            title=told["title"] or "",
            body=first.text if first else "",
            state=_state(told),
            status=_name(told.get("status")),
            labels=_labels(told),
            priority=_name(told.get("priority")),
            author=_name(told.get("creator")),
            url=f"{self._connection.url.rstrip('/')}/issue{key}",
            version=_version(told, held[ids[0]] if first else {}),
            created_at=_at(told.get("creation")),
            updated_at=_at(told.get("activity")),
            comments=tuple(_comment(held[one]) for one in ids[1:] if one in held),
            marker=first.marker if first else "",
        )

    async def _keywords(self, labels: Sequence[str]) -> list[str]:
        """Ids of those that the tracker has."""
        found = await self._collection("keyword", {"@fields": "name"})
        return [str(one["id"]) for one in found if one["name"] in labels]

    async def _status(self, state: TicketState) -> str:
        if not self._statuses:
            found = await self._collection("status", {"@fields": "name"})
            self._statuses = {str(one["name"]).lower(): str(one["id"]) for one in found}
        names = _CLOSED if state is TicketState.closed else _OPENED
        name = next((one for one in names if one in self._statuses), None)
        if name is None:
            raise TrackerRefused(
                f"The tracker has no status that means {state.value}.",
                hint=f"It has: {', '.join(self._statuses)}.",
            )
        return self._statuses[name]

    async def _issue(self, key: str) -> dict[str, Any]:
        if not key.isdigit():
            raise NotFound(f"There is no ticket {key[:40]}.", hint="Its keys are numbers.")
        return await self._element("issue", key, "ticket")

    async def _element(self, kind: str, number: str, what: str) -> dict[str, Any]:
        # 3 also gives the content of messages; protected: who made it, and when.
        asked = {"@verbose": "3", "@protected": "true"}
        answer = await send(self._http, "GET", f"{kind}/{number}", what=f"{what} {number}", params=asked)
        held: dict[str, Any] = read_json(answer)["data"]
        return held

    async def _collection(self, kind: str, asked: Mapping[str, str | list[str]]) -> Sequence[dict[str, Any]]:
        answer = await send(self._http, "GET", kind, what=f"list of {kind}", params=dict(asked))
        found: list[dict[str, Any]] = read_json(answer)["data"]["collection"]
        return found

    async def _put(self, path: str, wanted: Mapping[str, Any], etag: str) -> None:
        await self._ask("PUT", path, path.replace("/", " "), wanted, etag)

    async def _ask(
        self, method: str, path: str, what: str, wanted: Mapping[str, Any], etag: str = ""
    ) -> dict[str, Any]:
        headers = {"if-match": etag} if etag else {}
        try:
            answer = await send(self._http, method, path, what=what, json=dict(wanted), headers=headers)
        except TrackerRefused as problem:
            if _BROKE in problem.message:
                raise TrackerUnavailable(problem.message, hint="It is tried again.") from problem
            raise
        if answer.status_code == HTTPStatus.NO_CONTENT:
            return {}
        told: dict[str, Any] = read_json(answer).get("data", {})
        return told


class RoundupKind:
    """Roundup among the systems that can be connected."""

    name = "roundup"
    webhook = None

    @asynccontextmanager
    async def open(self, connection: Connection, token: str) -> AsyncIterator[Tracker]:
        """Talk to a tracker; see the port."""
        if not connection.url or not connection.user or not token:
            raise UsageError(
                f"The connection '{connection.name}' lacks its address, user or password.",
                hint="voxspec tracker add NAME --to roundup --url https://host/tracker/ --user NAME --token env:PASSWORD",
            )
        base = connection.url.rstrip("/")
        host = httpx.URL(base)
        origin = f"{host.scheme}://{host.netloc.decode()}"
        headers = {
            "x-requested-with": "rest",
            "origin": origin,
            "referer": f"{base}/",
            "accept": "application/json",
        }
        async with client(f"{base}/rest/data/", headers, (connection.user, token)) as http:
            yield Roundup(connection, http)


KIND = RoundupKind()


async def _insist(attempt: Callable[[], Awaitable[None]]) -> None:
    """Write something of ours also where a change came between reading and writing. Raises: Conflict, the third time."""
    for _ in range(_AGAIN - 1):
        with suppress(Conflict):
            return await attempt()
    return await attempt()


def _version(told: Mapping[str, Any], first: Mapping[str, Any]) -> str:
    # Activity is told in whole seconds, and a message's isn't that of its ticket; behind it, what tells two within a second apart.
    latest = max(told.get("activity") or "", first.get("activity") or "")
    return f"{latest}/{_hash_of(told)}.{_hash(first.get('content') or '')}"


def _hash_of(told: Mapping[str, Any]) -> str:
    names = (told["title"], _name(told.get("status")), _name(told.get("priority")), *_labels(told))
    return _hash(told.get("activity"), *names, *_message_ids(told))


def _hash(*parts: object) -> str:
    return digest("roundup", *map(str, parts), size=8)


def _message_ids(told: Mapping[str, Any]) -> list[str]:
    return sorted((str(one["id"]) for one in told["messages"]), key=int)


def _labels(told: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(_name(one) for one in told.get("keyword") or ())


def _state(told: Mapping[str, Any]) -> TicketState:
    closed = _name(told.get("status")).lower() in _CLOSED
    return TicketState.closed if closed else TicketState.open


def _comment(told: Mapping[str, Any]) -> TicketComment:
    own = (told.get("messageid") or "").strip("<>")
    return TicketComment(
        id=str(told["id"]),
        text=told["content"] or "",
        author=_name(told.get("creator")),
        at=_at(told.get("creation")),
        marker=own.removesuffix(_AT) if own.endswith(_AT) else "",
    )


def _name(told: Any) -> str:
    if not isinstance(told, dict):
        return ""
    return str(next((told[name] for name in ("name", "username") if name in told), ""))


def _at(told: Any) -> datetime | None:
    return datetime.strptime(told, _DATE).replace(tzinfo=UTC) if isinstance(told, str) else None
