"""A stand-in for GitLab's REST API of issues and notes, in the shape that its API pages and the types of npm's `@gitbeaker/core` (MIT) give.

It runs lines that begin with a slash as commands, as GitLab does, and takes them out of the text.
"""

import re
from datetime import datetime
from typing import Any
from urllib.parse import unquote

from tests.support.hosted_tracker import Answer, Asked, Clock, HostedTracker, of_page

PROJECT = "kanbo/app"
LOGIN = "voxspec-bot"
COMMIT = "7" * 40
_NOT_FOUND = Answer(404, {"message": "404 Not found"})
_COMMAND = re.compile(r"^/(close|assign|label)\b.*\n?", re.MULTILINE)


class GitLabServer(HostedTracker):
    """One project."""

    def __init__(self) -> None:
        super().__init__(self._answered)
        self.issues: dict[int, dict[str, Any]] = {}
        self.notes: dict[int, dict[str, Any]] = {}
        self.statuses: list[dict[str, Any]] = []
        """Of the one commit, the oldest first."""
        self.clock = Clock()
        self.commanded: list[str] = []
        issues = r"/api/v4/projects/kanbo%2Fapp/issues"
        self._routes = (
            ("GET", r"/api/v4/user", self._user),
            ("GET", issues, self._list),
            ("POST", issues, self._open),
            ("GET", rf"{issues}/(\d+)", self._show),
            ("PUT", rf"{issues}/(\d+)", self._change),
            ("GET", rf"{issues}/(\d+)/notes", self._discussion),
            ("POST", rf"{issues}/(\d+)/notes", self._say),
            ("POST", rf"/api/v4/projects/kanbo%2Fapp/statuses/{COMMIT}", self._mark),
            ("GET", rf"/api/v4/projects/kanbo%2Fapp/repository/commits/{COMMIT}/statuses", self._marks),
            ("PUT", rf"{issues}/(\d+)/notes/(\d+)", self._reword),
        )

    def add_issue(self, author: str, **told: Any) -> dict[str, Any]:
        """As somebody does it on the page."""
        number = len(self.issues) + 1
        self.issues[number] = issue(number, author, moment(self.clock.look())) | told
        return self.issues[number]

    def touch(self, number: int, **told: Any) -> dict[str, Any]:
        """As somebody does it on the page."""
        self.issues[number] |= {**told, "updated_at": moment(self.clock.look())}
        return self.issues[number]

    def add_note(self, number: int, author: str, body: str, *, system: bool = False) -> dict[str, Any]:
        """As somebody does it on the page."""
        made = note(len(self.notes) + 301, number, author, body, moment(self.clock.look()), system=system)
        self.notes[made["id"]] = made
        self.touch(number, user_notes_count=self.issues[number]["user_notes_count"] + (not system))
        return made

    def _answered(self, asked: Asked) -> Answer:
        for method, pattern, route in self._routes:
            if method == asked.method and (found := re.fullmatch(pattern, asked.path)):
                return route(asked, *map(int, found.groups()))
        return _NOT_FOUND if unquote(asked.path) != asked.path else Answer(404, {"error": "404 Not Found"})

    def _user(self, _asked: Asked) -> Answer:
        return Answer(200, user(LOGIN))

    def _list(self, asked: Asked) -> Answer:
        query = asked.query
        order = query.get("order_by", "created_at")
        since, author = query.get("updated_after"), query.get("author_username")
        found = [
            one
            for one in self.issues.values()
            if (since is None or datetime.fromisoformat(one["updated_at"]) > datetime.fromisoformat(since))
            and author in (None, one["author"]["username"])
        ]
        found.sort(key=lambda one: (one[order], one["iid"]), reverse=query.get("sort") != "asc")
        return self._paged(asked, found)

    def _paged(self, asked: Asked, found: list[Any]) -> Answer:
        page, following = of_page(found, asked.query)
        return Answer(
            200, page, {"x-next-page": str(following or ""), "x-page": asked.query.get("page", "1")}
        )

    def _obeyed(self, text: str) -> str:
        self.commanded += [found[0].strip() for found in _COMMAND.finditer(text)]
        return _COMMAND.sub("", text)

    def _open(self, asked: Asked) -> Answer:
        told = asked.body
        if not told.get("title"):
            return Answer(400, {"message": {"title": ["can't be blank"]}})
        labels = [name for name in told.get("labels", "").split(",") if name]
        text = self._obeyed(told.get("description", ""))
        return Answer(201, self.add_issue(LOGIN, title=told["title"], description=text, labels=labels))

    def _show(self, _asked: Asked, number: int) -> Answer:
        return Answer(200, self.issues[number]) if number in self.issues else _NOT_FOUND

    def _change(self, asked: Asked, number: int) -> Answer:
        if number not in self.issues:
            return _NOT_FOUND
        told = dict(asked.body)
        if "description" in told:
            told["description"] = self._obeyed(told["description"])
        if "labels" in told:
            told["labels"] = [name for name in told["labels"].split(",") if name]
        if turned := told.pop("state_event", None):
            told["state"] = {"close": "closed", "reopen": "opened"}[turned]
            self.add_note(number, LOGIN, told["state"], system=True)
        return Answer(200, self.touch(number, **told))

    def _discussion(self, asked: Asked, number: int) -> Answer:
        if number not in self.issues:
            return _NOT_FOUND
        said = [one for one in self.notes.values() if one["noteable_iid"] == number]
        return self._paged(asked, said if asked.query.get("sort") == "asc" else said[::-1])

    def _say(self, asked: Asked, number: int) -> Answer:
        if number not in self.issues:
            return _NOT_FOUND
        return Answer(201, self.add_note(number, LOGIN, self._obeyed(asked.body["body"])))

    def _reword(self, asked: Asked, number: int, note_id: int) -> Answer:
        if note_id not in self.notes or self.notes[note_id]["noteable_iid"] != number:
            return _NOT_FOUND
        now = moment(self.clock.look())
        self.notes[note_id] |= {"body": self._obeyed(asked.body["body"]), "updated_at": now}
        return Answer(200, self.notes[note_id])

    def _mark(self, asked: Asked) -> Answer:
        told = dict(asked.body)
        status = told.pop("state", "")
        if status not in ("pending", "running", "success", "failed", "canceled"):
            return Answer(400, {"error": "state does not have a valid value"})
        now = moment(self.clock.look())
        made = {
            "id": 700 + len(self.statuses), "sha": COMMIT, "ref": "main", "status": status, "name": "default",
            "target_url": None, "description": None, "created_at": now, "started_at": None, "finished_at": now,
            "allow_failure": False, "coverage": None, "author": user(LOGIN), **told,
        }  # fmt: skip
        self.statuses.append(made)
        return Answer(201, made)

    def _marks(self, asked: Asked) -> Answer:
        named = asked.query.get("name")
        return self._paged(asked, [one for one in self.statuses if named in (None, one["name"])])


def moment(at: datetime) -> str:
    """A time as GitLab's API writes it."""
    return at.strftime("%Y-%m-%dT%H:%M:%S.") + f"{at.microsecond // 1000:03}Z"


def user(name: str) -> dict[str, Any]:
    """Somebody."""
    home = f"https://gitlab.example/{name}"
    return {"id": 7, "username": name, "name": name, "state": "active", "avatar_url": None, "web_url": home}


def issue(number: int, author: str, at: str) -> dict[str, Any]:
    """An issue without a text."""
    home = f"https://gitlab.example/{PROJECT}/-/issues/{number}"
    url = f"https://gitlab.example/api/v4/projects/15/issues/{number}"
    return {
        "id": 9000 + number, "iid": number, "project_id": 15, "title": "Exports", "description": None,
        "state": "opened", "created_at": at, "updated_at": at, "closed_at": None, "closed_by": None, "labels": [],
        "milestone": None, "assignees": [], "assignee": None, "author": user(author), "type": "ISSUE",
        "issue_type": "issue", "user_notes_count": 0, "merge_requests_count": 0, "upvotes": 0, "downvotes": 0,
        "due_date": None, "confidential": False, "discussion_locked": None, "web_url": home,
        "time_stats": {"time_estimate": 0, "total_time_spent": 0}, "has_tasks": False, "task_status": "",
        "task_completion_status": {"count": 0, "completed_count": 0}, "moved_to_id": None,
        "references": {"short": f"#{number}", "relative": f"#{number}", "full": f"{PROJECT}#{number}"},
        "_links": {"self": url, "notes": f"{url}/notes", "award_emoji": f"{url}/award_emoji", "project": url},
    }  # fmt: skip


def note(number: int, on: int, author: str, body: str, at: str, *, system: bool) -> dict[str, Any]:
    """A note on an issue."""
    return {
        "id": number, "type": None, "body": body, "attachment": None, "author": user(author), "created_at": at,
        "updated_at": at, "system": system, "noteable_id": 9000 + on, "noteable_type": "Issue", "project_id": 15,
        "noteable_iid": on, "resolvable": False, "confidential": False, "internal": False, "imported": False,
        "imported_from": "none",
    }  # fmt: skip
