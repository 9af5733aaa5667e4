"""A stand-in for GitHub's REST API of issues. The shape of what it answers is checked against tests/fixtures/github/schemas.json."""

import re
from datetime import datetime
from typing import Any

from tests.support.hosted_tracker import Answer, Asked, Clock, HostedTracker, of_page

PROJECT = "kanbo/app"
LOGIN = "voxspec-bot"
COMMIT = "7" * 40
_NOT_FOUND = Answer(404, {"message": "Not Found", "documentation_url": "https://docs.github.com/rest"})
_PER_USER = (
    "events", "followers", "following", "gists", "organizations", "received_events", "repos", "starred", "subscriptions",
)  # fmt: skip


class GitHubServer(HostedTracker):
    """One repository."""

    def __init__(self) -> None:
        super().__init__(self._answered)
        self.issues: dict[int, dict[str, Any]] = {}
        self.comments: dict[int, dict[str, Any]] = {}
        self.sub_issues: list[tuple[int, int]] = []
        """Number of the parent, id of the issue under it."""
        self.statuses: list[dict[str, Any]] = []
        """Of the one commit, the newest first."""
        self.clock = Clock()
        self._routes = (
            ("GET", r"/user", self._user),
            ("GET", r"/repos/kanbo/app/issues", self._list),
            ("POST", r"/repos/kanbo/app/issues", self._open),
            ("GET", r"/repos/kanbo/app/issues/(\d+)", self._show),
            ("PATCH", r"/repos/kanbo/app/issues/(\d+)", self._change),
            ("GET", r"/repos/kanbo/app/issues/(\d+)/comments", self._discussion),
            ("POST", r"/repos/kanbo/app/issues/(\d+)/comments", self._say),
            ("PATCH", r"/repos/kanbo/app/issues/comments/(\d+)", self._reword),
            ("POST", r"/repos/kanbo/app/issues/(\d+)/sub_issues", self._nest),
            ("POST", rf"/repos/kanbo/app/statuses/{COMMIT}", self._mark),
            ("GET", rf"/repos/kanbo/app/commits/{COMMIT}/statuses", self._marks),
        )

    def add_issue(self, author: str, **told: Any) -> dict[str, Any]:
        """As somebody does it on the page."""
        number = len(self.issues) + 1
        now = moment(self.clock.look())
        made = issue(number, author, now) | told
        self.issues[number] = made
        return made

    def touch(self, number: int, **told: Any) -> dict[str, Any]:
        """As somebody does it on the page."""
        self.issues[number] |= {**told, "updated_at": moment(self.clock.look())}
        return self.issues[number]

    def add_comment(self, number: int, author: str, body: str) -> dict[str, Any]:
        """As somebody does it on the page."""
        made = comment(len(self.comments) + 501, number, author, body, moment(self.clock.look()))
        self.comments[made["id"]] = made
        self.touch(number, comments=self.issues[number]["comments"] + 1)
        return made

    def _answered(self, asked: Asked) -> Answer:
        for method, pattern, route in self._routes:
            if method == asked.method and (found := re.fullmatch(pattern, asked.path)):
                return route(asked, *map(int, found.groups()))
        return _NOT_FOUND

    def _user(self, _asked: Asked) -> Answer:
        return Answer(200, user(LOGIN))

    def _list(self, asked: Asked) -> Answer:
        query = asked.query
        order = "updated_at" if query.get("sort") == "updated" else "created_at"
        state, since, creator = query.get("state", "open"), query.get("since", ""), query.get("creator")
        found = [
            one
            for one in self.issues.values()
            if state in ("all", one["state"])
            and one["updated_at"] > since
            and creator in (None, one["user"]["login"])
        ]
        found.sort(key=lambda one: (one[order], one["number"]), reverse=query.get("direction") != "asc")
        return self._paged(asked, found)

    def _paged(self, asked: Asked, found: list[Any]) -> Answer:
        page, following = of_page(found, {"per_page": "30", **asked.query})
        link = {"link": f'<{self.url}{asked.path}?page={following}>; rel="next"'} if following else {}
        return Answer(200, page, link)

    def _open(self, asked: Asked) -> Answer:
        if not asked.body.get("title"):
            return Answer(422, {"message": "Validation Failed", "errors": [{"field": "title"}]})
        labels = [label(name) for name in asked.body.get("labels", ())]
        return Answer(
            201, self.add_issue(LOGIN, title=asked.body["title"], body=asked.body["body"], labels=labels)
        )

    def _show(self, _asked: Asked, number: int) -> Answer:
        return Answer(200, self.issues[number]) if number in self.issues else _NOT_FOUND

    def _change(self, asked: Asked, number: int) -> Answer:
        if number not in self.issues:
            return _NOT_FOUND
        told = dict(asked.body)
        if "labels" in told:
            told["labels"] = [label(name) for name in told["labels"]]
        if "state" in told:
            told["state_reason"] = {"closed": "completed", "open": "reopened"}[told["state"]]
        return Answer(200, self.touch(number, **told))

    def _discussion(self, asked: Asked, number: int) -> Answer:
        if number not in self.issues:
            return _NOT_FOUND
        said = [one for one in self.comments.values() if one["issue_url"].endswith(f"/{number}")]
        return self._paged(asked, said)

    def _say(self, asked: Asked, number: int) -> Answer:
        if number not in self.issues:
            return _NOT_FOUND
        return Answer(201, self.add_comment(number, LOGIN, asked.body["body"]))

    def _reword(self, asked: Asked, comment_id: int) -> Answer:
        if comment_id not in self.comments:
            return _NOT_FOUND
        now = moment(self.clock.look())
        self.comments[comment_id] |= {"body": asked.body["body"], "updated_at": now}
        return Answer(200, self.comments[comment_id])

    def _nest(self, asked: Asked, number: int) -> Answer:
        if number not in self.issues:
            return _NOT_FOUND
        self.sub_issues.append((number, asked.body["sub_issue_id"]))
        return Answer(201, self.issues[number])

    def _mark(self, asked: Asked) -> Answer:
        told = asked.body
        if told.get("state") not in ("error", "failure", "pending", "success"):
            return Answer(422, {"message": "Validation Failed"})
        if len(told.get("description") or "") > 140:
            return Answer(422, {"message": "description is too long (maximum is 140 characters)"})
        number, now = len(self.statuses) + 1, moment(self.clock.look())
        made = {
            "url": f"https://api.github.com/repos/{PROJECT}/statuses/{COMMIT}", "avatar_url": None, "id": number,
            "node_id": f"SC_{number}", "description": None, "target_url": None, "context": "default", "created_at": now,
            "updated_at": now, "creator": user(LOGIN), **told,
        }  # fmt: skip
        self.statuses.insert(0, made)
        return Answer(201, made)

    def _marks(self, asked: Asked) -> Answer:
        return self._paged(asked, self.statuses)


def moment(at: datetime) -> str:
    """A time as GitHub writes it: in whole seconds."""
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")


def user(login: str) -> dict[str, Any]:
    """Somebody."""
    home = f"https://api.github.com/users/{login}"
    more = {f"{name}_url": f"{home}/{name}" for name in _PER_USER}
    return {
        "login": login, "id": 7, "node_id": "U_7", "avatar_url": "https://avatars.example/7", "gravatar_id": "",
        "url": home, "html_url": f"https://github.com/{login}", **more, "type": "User", "site_admin": False,
    }  # fmt: skip


def label(name: str) -> dict[str, Any]:
    """A label of the repository."""
    url = f"https://api.github.com/repos/{PROJECT}/labels/{name}"
    return {
        "id": 3,
        "node_id": "L_3",
        "url": url,
        "name": name,
        "description": None,
        "color": "ededed",
        "default": False,
    }


def issue(number: int, author: str, at: str) -> dict[str, Any]:
    """An issue without a text."""
    url = f"https://api.github.com/repos/{PROJECT}/issues/{number}"
    home = f"https://github.com/{PROJECT}/issues/{number}"
    return {
        "id": 9000 + number, "node_id": f"I_{number}", "url": url, "repository_url": url.partition("/issues")[0],
        "labels_url": f"{url}/labels{{/name}}", "comments_url": f"{url}/comments", "events_url": f"{url}/events",
        "html_url": home, "number": number, "state": "open", "state_reason": None, "title": "Exports", "body": None,
        "user": user(author), "labels": [], "assignee": None, "assignees": [], "milestone": None, "locked": False,
        "active_lock_reason": None, "comments": 0, "closed_at": None, "created_at": at, "updated_at": at,
        "author_association": "NONE", "reactions": reactions(url), "performed_via_github_app": None,
    }  # fmt: skip


def comment(number: int, on: int, author: str, body: str, at: str) -> dict[str, Any]:
    """A comment on an issue."""
    home = f"https://api.github.com/repos/{PROJECT}/issues"
    return {
        "id": number, "node_id": f"IC_{number}", "url": f"{home}/comments/{number}", "issue_url": f"{home}/{on}",
        "html_url": f"https://github.com/{PROJECT}/issues/{on}#issuecomment-{number}", "body": body,
        "user": user(author), "created_at": at, "updated_at": at, "author_association": "NONE",
        "reactions": reactions(f"{home}/comments/{number}"), "performed_via_github_app": None,
    }  # fmt: skip


def reactions(url: str) -> dict[str, Any]:
    """None of them."""
    counts = dict.fromkeys(("+1", "-1", "laugh", "confused", "heart", "hooray", "eyes", "rocket"), 0)
    return {"url": f"{url}/reactions", "total_count": 0, **counts}
