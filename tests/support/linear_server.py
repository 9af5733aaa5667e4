"""A stand-in for Linear's API: it reads and validates what it is asked with an excerpt of its schema, and keeps issues and comments."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from graphql import GraphQLError, build_schema, graphql_sync

from tests.support.hosted_tracker import TOKEN, Accident, Answer, Asked, HostedTracker

TEAM = "KAN"
_SCHEMA = Path(__file__).with_name("linear_schema.graphql")
_STATES = (
    ("Triage", "triage"),
    ("Canceled", "canceled"),
    ("Backlog", "backlog"),
    ("Todo", "unstarted"),
    ("Done", "completed"),
    ("Released", "completed"),
)
_LABELS = (("ux", None), ("mobile", "team-1"), ("mobile", "team-2"))
_BOT = {"id": "user-1", "name": "Voxspec", "displayName": "voxspec"}


class LinearServer(HostedTracker):
    """One workspace with one team."""

    def __init__(self) -> None:
        super().__init__(self._answered, TOKEN)
        self.issues: dict[str, dict[str, Any]] = {}
        """By identifier."""
        self.comments: dict[str, dict[str, Any]] = {}
        """By id; deleted ones have no `issueId`, and their ids stay spent."""
        self.accident_of: dict[str, Accident] = {}
        """By the mutation whose next request has it."""
        self._schema = build_schema(_SCHEMA.read_text(encoding="utf-8"))
        self._states = [
            {"id": f"state-{place}", "name": name, "type": kind, "position": float(place)}
            for place, (name, kind) in enumerate(_STATES)
        ]
        self._labels = [
            {"id": f"label-{place}", "name": name, "team": {"id": team, "key": "-"} if team else None}
            for place, (name, team) in enumerate(_LABELS)
        ]
        self._last = datetime.now(UTC)

    def handle(self, asked: Asked, authorization: str) -> Answer | None:
        """The answer, None for none."""
        for name in [one for one in self.accident_of if one in str(asked.body)]:
            self.accidents.append(self.accident_of.pop(name))
        return super().handle(asked, authorization)

    def _answered(self, asked: Asked) -> Answer:
        if asked.path != "/graphql":
            return Answer(404, {"message": "Not found"})
        told = graphql_sync(
            self._schema, asked.body["query"], self._roots(), variable_values=asked.body.get("variables")
        )
        errors = [
            {"message": one.message, "extensions": one.extensions or {"code": "GRAPHQL_VALIDATION_FAILED"}}
            for one in told.errors or ()
        ]
        # What can't be asked is a 400; what can't be done comes in a 200.
        status = 400 if errors and told.data is None and not told.errors[0].path else 200  # type: ignore[index]
        return Answer(status, {"data": told.data, **({"errors": errors} if errors else {})})

    def _roots(self) -> dict[str, Callable[..., Any]]:
        return {
            "issue": lambda _info, id: self._shown(self._issue(id)),
            "issues": self._list,
            "teams": lambda _info, filter, first: page(
                [self._team()] if filter["key"]["eqIgnoreCase"].upper() == TEAM else [], first
            ),
            "issueLabels": lambda _info, filter, first: page(
                [one for one in self._labels if one["name"] in filter["name"]["in"]], first
            ),
            "issueCreate": self._create,
            "issueUpdate": self._update,
            "commentCreate": self._say,
            "commentUpdate": self._reword,
        }

    def _team(self) -> dict[str, Any]:
        return {"id": "team-1", "key": TEAM, "states": lambda _info, first: page(self._states, first)}

    def _issue(self, number: str) -> dict[str, Any]:
        found = next((one for one in self.issues.values() if number in (one["id"], one["identifier"])), None)
        if found is None:
            raise refused("Entity not found: Issue - Could not find referenced Issue.")
        return found

    def _shown(self, held: dict[str, Any]) -> dict[str, Any]:
        said = [one for one in self.comments.values() if one["issueId"] == held["id"]][::-1]
        labels = [one for one in self._labels if one["id"] in held["labelIds"]]
        return {
            **held,
            "state": next(one for one in self._states if one["id"] == held["stateId"]),
            "parent": self._issue(held["parentId"]) if held.get("parentId") else None,
            "labels": lambda _info, first: page(labels, first),
            "comments": lambda _info, first, after=None: page(said, first, after),
        }

    def _list(
        self, _info: Any, filter: dict[str, Any], first: int, after: str | None = None, **_: Any
    ) -> dict[str, Any]:
        wanted, team = (
            filter.get("id", {}).get("eq"),
            filter.get("team", {}).get("key", {}).get("eqIgnoreCase", TEAM),
        )
        since = filter.get("updatedAt", {}).get("gte")
        found = [
            self._shown(one)
            for one in sorted(self.issues.values(), key=lambda one: one["updatedAt"])
            if wanted in (None, one["id"])
            and team.upper() == TEAM
            and (since is None or datetime.fromisoformat(one["updatedAt"]) >= datetime.fromisoformat(since))
        ]
        return page(found, first, after)

    def _create(self, _info: Any, input: dict[str, Any]) -> dict[str, Any]:
        number = self._fresh(input.get("id"), [one["id"] for one in self.issues.values()])
        if input["teamId"] != "team-1" or not input.get("title"):
            raise refused("Argument Validation Error")
        key = f"{TEAM}-{len(self.issues) + 1}"
        now = self.now()
        self.issues[key] = {
            "labelIds": [],
            "stateId": "state-2",
            **input,
            "id": number,
            "identifier": key,
            "url": f"https://linear.example/issue/{key}",
            "priorityLabel": "No priority",
            "trashed": None,
            "creator": _BOT,
            "createdAt": now,
            "updatedAt": now,
        }
        return {"success": True, "issue": self._shown(self.issues[key])}

    def _update(self, _info: Any, id: str, input: dict[str, Any]) -> dict[str, Any]:
        held = self._issue(id)
        held |= {**input, "updatedAt": self.now()}
        return {"success": True, "issue": self._shown(held)}

    def _say(self, _info: Any, input: dict[str, Any]) -> dict[str, Any]:
        number = self._fresh(input.get("id"), list(self.comments))
        about = self._issue(input["issueId"])
        about["updatedAt"] = now = self.now()
        made = {**input, "id": number, "issueId": about["id"], "createdAt": now, "user": _BOT}
        self.comments[number] = made
        return {"success": True, "comment": made}

    def _reword(self, _info: Any, id: str, input: dict[str, Any]) -> dict[str, Any]:
        if not self.comments.get(id, {}).get("issueId"):
            raise refused("Entity not found: Comment - Could not find referenced Comment.")
        self.comments[id] |= input
        return {"success": True, "comment": self.comments[id]}

    def _fresh(self, wanted: str | None, spent: list[str]) -> str:
        number = wanted or str(uuid4())
        if UUID(number).version != 4 or str(UUID(number)) != number:
            raise refused("id must be a UUID")
        if number in spent:
            raise refused("Conflict on insert: an entity with this id exists already.")
        return number

    def now(self) -> str:
        """A time that is later than every other that was told."""
        self._last = max(datetime.now(UTC), self._last + timedelta(milliseconds=1))
        return self._last.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def page(found: list[Any], first: int, after: str | None = None) -> dict[str, Any]:
    """A connection."""
    start = int(after or 0)
    end = start + first
    return {
        "nodes": found[start:end],
        "pageInfo": {"hasNextPage": len(found) > end, "endCursor": str(end) if found else None},
    }


def refused(message: str) -> GraphQLError:
    """What is answered to what can't be done."""
    told = {
        "type": "invalid input",
        "code": "INPUT_ERROR",
        "userError": True,
        "userPresentableMessage": message,
    }
    return GraphQLError(message, extensions=told)
