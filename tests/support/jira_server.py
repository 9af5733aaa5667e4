"""A stand-in for Jira Cloud, REST version 3: paths, parameters and shapes after Atlassian's published description of it.

As the real one, it lags: the search doesn't know what is in `unseen`, while the issue itself is there.
"""

import base64
import re
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

from tests.support.hosted_tracker import TOKEN, Answer, Asked, HostedTracker
from tests.support.jira_documents import is_taken

PROJECT = "KAN"
USER = "bot@kanbo.example"
_ZONE = timezone(timedelta(hours=9, minutes=30))
"""Of the user's profile, in which Jira tells every time."""
_BOT = {"accountId": "557058:bot", "displayName": "Voxspec"}
_ANN = {"accountId": "557058:ann", "displayName": "Ann"}
_STATUSES = {
    "11": ("To Do", "new"),
    "21": ("In Progress", "indeterminate"),
    "31": ("Rejected", "done"),
    "41": ("Done", "done"),
}
_TYPES = (("10001", "Epic", 1), ("10002", "Story", 0), ("10003", "Task", 0), ("10004", "Bug", 0))
_LABEL = re.compile(r"\S{1,255}")


class JiraServer(HostedTracker):
    """One site with one project."""

    def __init__(self) -> None:
        basic = base64.b64encode(f"{USER}:{TOKEN}".encode()).decode()
        super().__init__(self._answered, f"Basic {basic}")
        self.issues: dict[str, dict[str, Any]] = {}
        self.comments: dict[str, list[dict[str, Any]]] = {}
        self.unseen: set[str] = set()
        """Keys that the search doesn't know yet."""
        self.types: tuple[tuple[str, str, int], ...] = _TYPES
        self.numbers = 0
        self._last = datetime.now(UTC)
        self._routes = (
            ("POST", r"/issue", self._create),
            ("POST", r"/issue/bulkfetch", self._bulk),
            ("POST", r"/search/jql", self._search),
            ("GET", r"/issue/createmeta/KAN/issuetypes", self._list_types),
            ("GET", r"/issue/([^/]+)", self._show),
            ("PUT", r"/issue/([^/]+)", self._edit),
            ("GET", r"/issue/([^/]+)/transitions", self._transitions),
            ("POST", r"/issue/([^/]+)/transitions", self._move),
            ("GET", r"/issue/([^/]+)/comment", self._discussion),
            ("POST", r"/issue/([^/]+)/comment", self._say),
            ("PUT", r"/issue/([^/]+)/comment/([^/]+)", self._reword),
            ("POST", r"/comment/list", self._list_comments),
        )

    def add_issue(self, summary: str, description: Any = None, status: str = "11") -> str:
        """As a person does it on the page. Returns: its key."""
        key = self._made(
            {"summary": summary, "description": description, "issuetype": {"id": "10004"}}, {}, _ANN
        )
        self.issues[key]["fields"]["status"] = _status(status)
        return key

    def now(self) -> str:
        """A time that is later than every other that was told."""
        self._last = max(datetime.now(UTC), self._last + timedelta(milliseconds=1))
        return (
            self._last.astimezone(_ZONE).strftime("%Y-%m-%dT%H:%M:%S.")
            + f"{self._last.microsecond // 1000:03}+0930"
        )

    def _answered(self, asked: Asked) -> Answer:
        path = asked.path.removeprefix("/rest/api/3")
        for method, pattern, route in self._routes:
            found = re.fullmatch(pattern, path)
            if method != asked.method or found is None:
                continue
            keys = found.groups()
            if keys and keys[0] not in self.issues:
                return _refused(404, "Issue does not exist or you do not have permission to see it.")
            return route(asked, *keys)
        return _refused(404, "null for uri")

    def _create(self, asked: Asked) -> Answer:
        fields = asked.body["fields"]
        wrong = self._wrong(fields)
        if not fields.get("summary"):
            wrong["summary"] = "You must specify a summary of the issue."
        if fields.get("project") != {"key": PROJECT}:
            wrong["project"] = "valid project is required"
        if fields.get("issuetype", {}).get("id") not in [one[0] for one in self.types]:
            wrong["issuetype"] = "Specify a valid issue type"
        if wrong:
            return Answer(400, {"errorMessages": [], "errors": wrong})
        key = self._made(fields, {one["key"]: one["value"] for one in asked.body.get("properties", ())}, _BOT)
        return Answer(201, {"id": self.issues[key]["id"], "key": key})

    def _wrong(self, fields: dict[str, Any]) -> dict[str, str]:
        found = {}
        if fields.get("description") is not None and not is_taken(fields["description"]):
            found["description"] = "INVALID_INPUT"
        if not all(_LABEL.fullmatch(one) for one in fields.get("labels", ())):
            found["labels"] = "The label can't contain spaces."
        if "parent" in fields and fields["parent"].get("key") not in self.issues:
            found["parent"] = "Could not find issue by id or key."
        return found

    def _made(self, fields: dict[str, Any], properties: dict[str, Any], creator: dict[str, str]) -> str:
        self.numbers += 1
        key, now = f"{PROJECT}-{self.numbers}", self.now()
        kind = next(name for number, name, _ in self.types if number == fields["issuetype"]["id"])
        held = {"labels": [], "components": [], "priority": {"name": "Medium"}, "status": _status("11")}
        told = {"issuetype": {"name": kind}, "creator": creator, "created": now, "updated": now}
        self.issues[key] = {
            "id": str(10_000 + self.numbers),
            "key": key,
            "fields": {**held, **fields, **told},
            "properties": properties,
        }
        self.comments[key] = []
        return key

    def _view(self, key: str, fields: list[str], properties: list[str]) -> dict[str, Any]:
        held = self.issues[key]
        shown = {name: value for name, value in held["fields"].items() if name in fields}
        told = {name: value for name, value in held["properties"].items() if name in properties}
        return {"id": held["id"], "key": key, "fields": shown, **({"properties": told} if properties else {})}

    def _show(self, asked: Asked, key: str) -> Answer:
        named = asked.query.get("properties", "")
        return Answer(
            200, self._view(key, asked.query["fields"].split(","), named.split(",") if named else [])
        )

    def _edit(self, asked: Asked, key: str) -> Answer:
        if wrong := self._wrong(asked.body["fields"]):
            return Answer(400, {"errorMessages": [], "errors": wrong})
        self.issues[key]["fields"] |= {**asked.body["fields"], "updated": self.now()}
        return Answer(204, b"")

    def _bulk(self, asked: Asked) -> Answer:
        keys = asked.body["issueIdsOrKeys"]
        if len(keys) > 100:
            return _refused(400, "Too many issues.")
        there = [key for key in keys if key in self.issues]
        told = [self._view(key, asked.body["fields"], asked.body["properties"]) for key in there]
        missing = [{"id": key, "errorMessage": "Issue does not exist."} for key in keys if key not in there]
        return Answer(200, {"issues": told, "issueErrors": missing})

    def _search(self, asked: Asked) -> Answer:
        jql = asked.body["jql"]
        found = re.fullmatch(
            r'project = "KAN"( AND creator = currentUser\(\))?(?: AND updated >= "-(\d+)m")? ORDER BY (\w+) (ASC|DESC)(?:, key \4)?',
            jql,
        )
        if found is None:
            return _refused(400, f"Error in the JQL Query: {jql}")
        own, ago, order, direction = found.groups()
        start, _, of = (asked.body.get("nextPageToken") or f"0:{jql}").partition(":")
        if of != jql:
            return _refused(400, "The provided next page token is invalid.")
        since = datetime.now(UTC) - timedelta(minutes=int(ago)) if ago else datetime.min.replace(tzinfo=UTC)
        keys = [
            key
            for key, one in self.issues.items()
            if key not in self.unseen
            and (not own or one["fields"]["creator"] == _BOT)
            and datetime.fromisoformat(one["fields"]["updated"]) >= since
        ]
        number = {key: int(key.partition("-")[2]) for key in keys}
        keys.sort(
            key=lambda key: (self.issues[key]["fields"].get(order, ""), number[key]),
            reverse=direction == "DESC",
        )
        first, most = int(start), min(asked.body["maxResults"], 100)
        told = [
            self._view(key, asked.body["fields"], asked.body["properties"])
            for key in keys[first : first + most]
        ]
        following = {"nextPageToken": f"{first + most}:{jql}"} if len(keys) > first + most else {}
        return Answer(200, {"issues": told, "isLast": not following, **following})

    def _list_types(self, _asked: Asked) -> Answer:
        told = [
            {"id": number, "name": name, "subtask": False, "hierarchyLevel": level}
            for number, name, level in self.types
        ]
        return Answer(200, {"issueTypes": told, "total": len(told), "startAt": 0, "maxResults": 200})

    def _transitions(self, _asked: Asked, key: str) -> Answer:
        here = self.issues[key]["fields"]["status"]["name"]
        told = [
            {"id": way, "name": name, "to": _status(way)}
            for way, (name, _) in _STATUSES.items()
            if name != here
        ]
        return Answer(200, {"transitions": told})

    def _move(self, asked: Asked, key: str) -> Answer:
        way = asked.body["transition"]["id"]
        self.issues[key]["fields"] |= {"status": _status(way), "updated": self.now()}
        return Answer(204, b"")

    def _discussion(self, asked: Asked, key: str) -> Answer:
        first, most = int(asked.query["startAt"]), min(int(asked.query["maxResults"]), 100)
        held = self.comments[key]
        told = [_without_properties(one) for one in held[first : first + most]]
        return Answer(200, {"comments": told, "total": len(held), "startAt": first, "maxResults": most})

    def _list_comments(self, asked: Asked) -> Answer:
        wanted = [str(one) for one in asked.body["ids"]]
        held = [one for some in self.comments.values() for one in some if one["id"] in wanted]
        shown = (
            held if asked.query.get("expand") == "properties" else [_without_properties(one) for one in held]
        )
        return Answer(200, {"values": shown, "total": len(held), "isLast": True})

    def _say(self, asked: Asked, key: str) -> Answer:
        if not is_taken(asked.body["body"]):
            return _refused(400, "INVALID_INPUT")
        number = 20_000 + sum(map(len, self.comments.values()))
        now = self.now()
        made = {**asked.body, "id": str(number), "author": _BOT, "created": now, "updated": now}
        self.comments[key].append(made)
        self.issues[key]["fields"]["updated"] = now
        return Answer(201, _without_properties(made))

    def _reword(self, asked: Asked, key: str, number: str) -> Answer:
        held = next((one for one in self.comments[key] if one["id"] == number), None)
        if held is None:
            return _refused(404, "Can not find a comment for the id.")
        if not is_taken(asked.body["body"]):
            return _refused(400, "INVALID_INPUT")
        held |= {**asked.body, "updated": self.now()}
        return Answer(200, _without_properties(held))


def _status(way: str) -> dict[str, Any]:
    name, category = _STATUSES[way]
    return {"name": name, "statusCategory": {"key": category}}


def _without_properties(comment: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in comment.items() if name != "properties"}


def _refused(status: int, message: str) -> Answer:
    return Answer(status, {"errorMessages": [message], "errors": {}})
