"""GitHub: issues by its REST API, by search, or by `gh issue list --json`. Pull requests and bots are dropped."""

import re
from collections.abc import Iterator, Mapping

from ingest.connectors.json_source import Json
from ingest.layouts.elements import Dropped, ElementLayout, Found
from ingest.layouts.keys import Obj, child, get, has, items, moment, names, objects, text

_ISSUE_URL = re.compile(r"https?://[^/\s]+/(?:repos/)?(?P<repository>[^/\s]+/[^/\s]+)/(?:issues|pull)/\d+")
_REPOSITORY_URL = re.compile(r"https?://\S+/repos/(?P<repository>[^/\s]+/[^/\s]+)\Z")
_MARKS = ("node_id", "repository_url", "author_association", "reactions", "reactionGroups", "labels", "state")
_MAPPING = {
    "text": "body",
    "title": "title",
    "external_id": "number",
    "said_at": "created_at",
    "author": "user.login",
    "url": "html_url",
    "segment.state": "state",
    "segment.labels": "labels",
    "segment.votes": "reactions.total_count",
    "segment.milestone": "milestone.title",
    "segment.repository": "repository",
    "segment.author_association": "author_association",
}


def _elements(page: Obj) -> list[Json]:
    found = get(page, "items")
    return found if isinstance(found, list) and not has(page, "number") else [dict(page)]


def _score(issue: Obj) -> float:
    if not (text(issue, "number") and has(issue, "title") and (has(issue, "body") or has(issue, "user"))):
        return 0.0
    if _ISSUE_URL.match(text(issue, "html_url", "url")):
        return 1.0
    if not text(child(issue, "user", "author"), "login"):
        return 0.0
    return min(0.95, 0.7 + 0.1 * sum(has(issue, mark) for mark in _MARKS))


def _rows(issue: Obj, _beside: Mapping[str, Obj]) -> Iterator[Found]:
    url = text(issue, "html_url") or text(issue, "url")
    author = child(issue, "user", "author")
    login = text(author, "login")
    if get(issue, "pull_request") is not None or "/pull/" in url:
        yield Dropped("a pull request, not an issue")
        return
    if text(author, "type").casefold() == "bot" or get(author, "is_bot") is True or login.endswith("[bot]"):
        yield Dropped("written by a bot")
        return
    repository = _repository(issue, url)
    number = text(issue, "number")
    yield {
        "body": text(issue, "body"),
        "title": text(issue, "title"),
        "number": f"{repository}#{number}" if repository else number,
        "created_at": moment(get(issue, "created_at")),
        "user.login": login,
        "html_url": url,
        "state": text(issue, "state").casefold(),
        "labels": names(issue, "labels"),
        "reactions.total_count": _votes(issue),
        "milestone.title": text(child(issue, "milestone"), "title"),
        "repository": repository,
        "author_association": text(issue, "author_association").casefold().replace("_", " "),
    }


def _repository(issue: Obj, url: str) -> str:
    """`owner/name`: numbers alone repeat from one repository to the next."""
    match = _ISSUE_URL.match(url) or _REPOSITORY_URL.match(text(issue, "repository_url"))
    return match["repository"] if match else text(child(issue, "repository"), "full_name", "nameWithOwner")


def _votes(issue: Obj) -> str:
    """All reactions, thumbs down included: each is a person who cares."""
    reactions = child(issue, "reactions")
    if total := text(reactions, "total_count"):
        return total
    counts = [value for value in reactions.values() if isinstance(value, int)]
    groups = [get(child(group, "users"), "totalCount") for group in objects(issue, "reactionGroups")]
    counts += [value for value in groups if isinstance(value, int)]
    return str(sum(counts)) if reactions or items(issue, "reactionGroups") else ""


GITHUB = ElementLayout(
    name="github-issues",
    source="github",
    mapping=_MAPPING,
    elements=_elements,
    score=_score,
    rows=_rows,
    alien="not a GitHub issue",
)
