"""A Redmine of one project, as its REST API is documented: served on this machine, kept in memory, sparing with what it is asked."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

KEY, PROJECT = "key of a test", "desk"
_STATUSES = (("New", False), ("In Progress", False), ("Closed", True), ("Rejected", True))
_TRACKERS = ("Bug", "Feature")
_START = datetime(2026, 1, 1, tzinfo=UTC)
Answer = tuple[int, dict[str, Any] | None]


class FakeRedmine:
    """Issues and journals. Every change is a second after the one before."""

    def __init__(self) -> None:
        self.issues: dict[int, dict[str, Any]] = {}
        self.journals: dict[int, dict[str, Any]] = {}
        self._changes = 0

    def answer(self, method: str, target: str, told: dict[str, Any]) -> Answer:
        parts = urlsplit(target)
        asked = {name: values[-1] for name, values in parse_qs(parts.query).items()}
        kind, _, number = parts.path.strip("/").removesuffix(".json").partition("/")
        match method, kind, number:
            case "GET", "issues", "":
                return self._list(asked)
            case "POST", "issues", "":
                return self._make(told["issue"])
            case "GET", "issues", _ if number.isdigit() and int(number) in self.issues:
                return 200, {"issue": self._shown(int(number), asked.get("include", ""))}
            case "PUT", "issues", _ if number.isdigit() and int(number) in self.issues:
                return self._change(int(number), told["issue"])
            case "PUT", "journals", _ if number.isdigit() and int(number) in self.journals:
                self.journals[int(number)]["notes"] = told["journal"]["notes"]
                return 204, None
            case "GET", "projects", _ if number == PROJECT:
                held = [{"id": at, "name": name} for at, name in enumerate(_TRACKERS, 1)]
                return 200, {"project": {"id": 1, "identifier": PROJECT, "trackers": held}}
        return 404, None

    def _list(self, asked: dict[str, str]) -> Answer:
        if asked["project_id"] != PROJECT:
            return 404, None
        found = [self._shown(number, "") for number in self.issues]
        if since := asked.get("updated_on", "").removeprefix(">="):
            found = [one for one in found if one["updated_on"] >= since]
        if part := asked.get("description", "").removeprefix("~"):
            found = [one for one in found if part in one["description"]]
        if asked.get("status_id") != "*":
            found = [one for one in found if not one["status"]["is_closed"]]
        if asked.get("sort", "").startswith("updated_on"):
            found.sort(key=lambda one: (one["updated_on"], one["id"]))
        offset, limit = int(asked.get("offset", 0)), min(int(asked.get("limit", 25)), 100)
        page = found[offset : offset + limit]
        return 200, {"issues": page, "total_count": len(found), "offset": offset, "limit": limit}

    def _make(self, told: dict[str, Any]) -> Answer:
        if not told.get("subject"):
            return 422, {"errors": ["Subject cannot be blank"]}
        number = len(self.issues) + 1
        now = self._now()
        self.issues[number] = {
            "id": number, "project": {"id": 1, "name": "Desk"}, "priority": {"id": 2, "name": "Normal"},
            "author": {"id": 1, "name": "Vox Spec"}, "subject": told["subject"], "description": told.get("description", ""),
            "tracker_id": told.get("tracker_id", 1), "parent": told.get("parent_issue_id"), "status_id": 1,
            "created_on": now, "updated_on": now,
        }  # fmt: skip
        return 201, {"issue": self._shown(number, "")}

    def _change(self, number: int, told: dict[str, Any]) -> Answer:
        issue = self.issues[number]
        issue.update({name: told[name] for name in ("subject", "description", "status_id") if name in told})
        issue["updated_on"] = self._now()
        if told.get("notes"):
            made = len(self.journals) + 1
            self.journals[made] = {
                "id": made, "issue": number, "user": {"id": 1, "name": "Vox Spec"}, "notes": told["notes"],
                "created_on": issue["updated_on"], "private_notes": False, "details": [],
            }  # fmt: skip
        return 204, None

    def _shown(self, number: int, include: str) -> dict[str, Any]:
        issue = dict(self.issues[number])
        tracker, status, parent = issue.pop("tracker_id"), issue.pop("status_id"), issue.pop("parent")
        issue["tracker"] = {"id": tracker, "name": _TRACKERS[tracker - 1]}
        issue["status"] = self._status(status)
        if parent:
            issue["parent"] = {"id": int(parent)}
        if include == "journals":
            own = [one for one in self.journals.values() if one["issue"] == number]
            issue["journals"] = [
                {name: value for name, value in one.items() if name != "issue"} for one in own
            ]
        if include == "allowed_statuses":
            issue["allowed_statuses"] = [self._status(at) for at in range(1, len(_STATUSES) + 1)]
        return issue

    def _status(self, number: int) -> dict[str, Any]:
        name, closed = _STATUSES[number - 1]
        return {"id": number, "name": name, "is_closed": closed}

    def _now(self) -> str:
        self._changes += 1
        return f"{_START + timedelta(seconds=self._changes):%Y-%m-%dT%H:%M:%SZ}"


@contextmanager
def fake_redmine(held: FakeRedmine) -> Iterator[str]:
    """Serve it until the block ends: its address."""

    class Handler(BaseHTTPRequestHandler):
        def __getattr__(self, name: str) -> Any:
            if name in ("do_GET", "do_POST", "do_PUT"):
                return self._take
            raise AttributeError(name)

        def _take(self) -> None:
            length = int(self.headers.get("content-length") or 0)
            told = json.loads(self.rfile.read(length) or b"{}")
            known = self.headers.get("x-redmine-api-key") == KEY
            status, answer = held.answer(self.command, self.path, told) if known else (401, None)
            body = json.dumps(answer).encode() if answer is not None else b""
            self.send_response(status)
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/"
        finally:
            server.shutdown()
            thread.join()
