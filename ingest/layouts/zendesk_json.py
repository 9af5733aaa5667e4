"""Zendesk: tickets as JSON Lines (its full export) or pages of its API. What agents wrote and private notes are dropped."""

import re
from collections.abc import Iterator, Mapping

from ingest.connectors.json_source import Json
from ingest.layouts.elements import Dropped, ElementLayout, Found
from ingest.layouts.keys import Obj, child, get, has, items, moment, names, objects, person_name, text
from ingest.layouts.markup import plain_text

_API_URL = re.compile(r"(https?://[^/\s]+)/api/v2/tickets/(\w+)(?:\.json)?\Z")
_MARKS = (
    "submitter_id", "assignee_id", "assignee", "ticket_form_id", "brand_id", "satisfaction_rating", "via", "group_id",
    "organization_id", "raw_subject", "followup_ids", "problem_id", "has_incidents", "recipient", "custom_fields",
)  # fmt: skip
_AGENTS = frozenset({"agent", "admin", "owner", "light agent", "team member", "staff", "bot", "system"})
_CUSTOMERS = frozenset({"end user", "enduser", "customer", "user", "requester"})
_NO_SCORE = frozenset({"", "offered", "unoffered"})
_AGENT = Dropped("written by an agent")
_MAPPING = {
    "text": "comments.body",
    "title": "subject",
    "external_id": "id",
    "said_at": "comments.created_at",
    "author": "comments.author",
    "account": "organization",
    "url": "url",
    "segment.status": "status",
    "segment.priority": "priority",
    "segment.type": "type",
    "segment.channel": "via.channel",
    "segment.tags": "tags",
    "segment.satisfaction": "satisfaction_rating.score",
}


def _elements(page: Obj) -> list[Json]:
    if isinstance(tickets := get(page, "tickets", "results"), list) and not has(page, "subject"):
        return tickets
    if ticket := child(page, "ticket"):
        return [{"comments": items(page, "comments"), **ticket}]
    return [dict(page)]


def _users(page: Obj) -> Mapping[str, Obj]:
    return {text(user, "id"): user for user in objects(page, "users") if text(user, "id")}


def _score(ticket: Obj) -> float:
    asks = any(text(ticket, name) or child(ticket, name) for name in ("requester_id", "requester"))
    comments = list(objects(ticket, "comments"))
    told = [c for c in comments if has(c, "author_id") or has(c, "author") or has(c, "author_role")]
    if not (has(ticket, "subject") or has(ticket, "description")) or (comments and not told):
        return 0.0
    if _API_URL.match(text(ticket, "url")):
        return 1.0
    marks = sum(has(ticket, mark) for mark in _MARKS)
    if asks:
        return min(0.99, (0.9 if has(ticket, "comments") else 0.6) + 0.1 * marks)
    return 0.9 if any(_role(comment, {}) for comment in told) else 0.0


def _rows(ticket: Obj, users: Mapping[str, Obj]) -> Iterator[Found]:
    requester = _person(ticket, "requester", users)
    number = text(ticket, "id")
    description = text(ticket, "description")
    comments = list(objects(ticket, "comments"))
    shared = _shared(ticket)
    opening = next((c for c in comments if _same(_body(c), description)), None)
    if opening is None and (description.strip() or not comments):
        author = requester
        if text(ticket, "submitter_id") or child(ticket, "submitter"):
            author = _person(ticket, "submitter", users)
        cells = shared | {"comments.body": description, "id": number, "subject": text(ticket, "subject")}
        cells |= {"comments.created_at": moment(get(ticket, "created_at"))}
        yield _judged(author, "", requester) or cells | {"comments.author": person_name(requester)}
    for place, comment in enumerate(comments, start=1):
        author = _person(comment, "author", users)
        if private := _is_private(comment):
            yield private
        elif dropped := _judged(author, _role(comment, author), requester):
            yield dropped
        else:
            mine = _is_same_person(author, requester)
            yield shared | {
                "comments.body": _body(comment),
                "id": number if comment is opening else f"{number}#{text(comment, 'id') or place}",
                "subject": text(ticket, "subject") if comment is opening else "",
                "comments.created_at": moment(
                    get(comment, "created_at") or (get(ticket, "created_at") if comment is opening else None)
                ),
                "comments.author": person_name({**author, **requester} if mine else author),
            }
    yield from _satisfaction(ticket, shared, number, requester)


def _satisfaction(
    ticket: Obj, shared: dict[str, str], number: str, requester: Obj
) -> Iterator[dict[str, str]]:
    rating = child(ticket, "satisfaction_rating")
    if comment := text(rating, "comment"):
        yield shared | {
            "comments.body": comment,
            "id": f"{number}#satisfaction",
            "comments.created_at": moment(get(rating, "created_at", "updated_at")),
            "comments.author": person_name(requester),
        }


def _shared(ticket: Obj) -> dict[str, str]:
    url = text(ticket, "url")
    if match := _API_URL.match(url):
        url = f"{match[1]}/agent/tickets/{match[2]}"
    score = text(child(ticket, "satisfaction_rating"), "score") or text(ticket, "satisfaction_rating")
    return {
        "organization": text(child(ticket, "organization"), "name")
        or text(ticket, "organization", "organization_id"),
        "url": url,
        "status": text(ticket, "status"),
        "priority": text(ticket, "priority"),
        "type": text(ticket, "type"),
        "via.channel": text(child(ticket, "via"), "channel") or text(ticket, "via", "channel"),
        "tags": names(ticket, "tags"),
        "satisfaction_rating.score": "" if score in _NO_SCORE else score,
    }


def _body(comment: Obj) -> str:
    return text(comment, "body", "plain_body", "text") or plain_text(text(comment, "html_body"))


def _same(body: str, description: str) -> bool:
    return bool(body.strip()) and body.split() == description.split()


def _is_private(comment: Obj) -> Dropped | None:
    private = text(comment, "public").casefold() == "false" or text(comment, "private").casefold() == "true"
    return Dropped("a private note") if private else None


def _person(owner: Obj, key: str, users: Mapping[str, Obj]) -> dict[str, Json]:
    """Who stands under `author` or `author_id`, with what the page says of them."""
    told = child(owner, key) or ({"name": name} if (name := text(owner, key)) else {})
    number = text(owner, f"{key}_id") or text(told, "id")
    known = {name: value for name, value in told.items() if value is not None}
    return {**users.get(number, {}), **known, **({"id": number} if number else {})}


def _role(comment: Obj, author: Obj) -> str:
    role = (
        text(comment, "author_role", "role") or text(child(comment, "author"), "role") or text(author, "role")
    )
    return " ".join(role.casefold().replace("-", " ").replace("_", " ").split())


def _judged(author: Obj, role: str, requester: Obj) -> Dropped | None:
    """Why what an author wrote isn't a customer's; None where it is. A role says more than being the requester."""
    role = role or _role({}, author)
    if not role and _is_same_person(author, requester):
        role = _role({}, requester)
        return _AGENT if role in _AGENTS else None
    if role in _AGENTS:
        return _AGENT
    if role in _CUSTOMERS:
        return None
    if not author:
        return Dropped("its author isn't named, who may be an agent")
    return Dropped("not written by the requester")


def _is_same_person(one: Obj, other: Obj) -> bool:
    for key in ("id", "email", "name"):
        mine, theirs = text(one, key).casefold(), text(other, key).casefold()
        if mine and theirs:
            return mine == theirs
    return False


ZENDESK = ElementLayout(
    name="zendesk-json",
    source="zendesk",
    mapping=_MAPPING,
    elements=_elements,
    score=_score,
    rows=_rows,
    alien="not a Zendesk ticket",
    beside=_users,
)
