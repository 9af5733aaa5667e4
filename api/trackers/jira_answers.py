"""What Jira says of issues and comments, in requests and in webhooks, as tickets. No I/O."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, cast

from api.trackers.adf.reading import to_markdown
from assistant.domain.base import digest
from assistant.domain.ticket import Connection, Ticket, TicketComment, TicketState
from assistant.drafting.formats.to_adf import AdfNode

PROPERTY = "voxspec"
"""Key of the property that holds the marker."""
FIELDS = (
    "summary", "description", "status", "issuetype", "labels", "priority", "components", "parent", "creator",
    "created", "updated",
)  # fmt: skip


def ticket_of(
    connection: Connection, issue: Mapping[str, Any], comments: Sequence[TicketComment] = ()
) -> Ticket:
    """An issue with these fields."""
    told = issue["fields"]
    status = told.get("status") or {}
    done = (status.get("statusCategory") or {}).get("key") == "done"
    return Ticket(
        connection=connection.name,
        key=issue["key"],
        title=told.get("summary") or "",
        body=text_of(told.get("description")),
        state=TicketState.closed if done else TicketState.open,
        status=status.get("name") or "",
        kind=_name(told.get("issuetype")),
        labels=tuple(told.get("labels") or ()),
        priority=_name(told.get("priority")),
        component=", ".join(_name(one) for one in told.get("components") or ()),
        parent=(told.get("parent") or {}).get("key") or "",
        author=person(told.get("creator")),
        url=f"{connection.url.rstrip('/')}/browse/{issue['key']}",
        version=version_of(issue),
        created_at=time_of(told.get("created")),
        updated_at=time_of(told.get("updated")),
        comments=tuple(comments),
        marker=marker_of(issue),
    )


def comment_of(told: Mapping[str, Any]) -> TicketComment:
    """A comment."""
    marked = [one.get("value") for one in told.get("properties") or () if one.get("key") == PROPERTY]
    return TicketComment(
        id=str(told["id"]),
        text=text_of(told.get("body")),
        author=person(told.get("author")),
        at=time_of(told.get("created")),
        marker=_marker(marked[0]) if marked else "",
    )


def text_of(told: Any) -> str:
    """A text: a document; in webhooks, a string of the older notation, which is left as it is."""
    if isinstance(told, dict):
        return to_markdown(cast(AdfNode, told))
    return told if isinstance(told, str) else ""


def marker_of(issue: Mapping[str, Any]) -> str:
    """The marker among an issue's properties; empty where there is none."""
    return _marker((issue.get("properties") or {}).get(PROPERTY))


def version_of(issue: Mapping[str, Any]) -> str:
    """The time of the last change in UTC, whatever zone the user's profile has, and what a change could overwrite."""
    told = issue["fields"]
    at = time_of(told.get("updated"))
    status = (told.get("status") or {}).get("name")
    held = digest(told.get("summary"), text_of(told.get("description")), status, told.get("labels"), size=6)
    return f"{at.isoformat(timespec='milliseconds') if at else ''}/{held}"


def time_of(told: Any) -> datetime | None:
    """A time as Jira tells it: `2026-11-23T02:09:53.123+0000`; in webhooks also milliseconds."""
    if isinstance(told, int):
        return datetime.fromtimestamp(told / 1000, UTC)
    return datetime.fromisoformat(told).astimezone(UTC) if isinstance(told, str) else None


def person(told: Any) -> str:
    """Whom Jira names."""
    if not isinstance(told, dict):
        return ""
    return str(told.get("displayName") or told.get("accountId") or "")


def _name(told: Any) -> str:
    return str(told.get("name") or "") if isinstance(told, dict) else ""


def _marker(value: Any) -> str:
    return value if isinstance(value, str) else ""
