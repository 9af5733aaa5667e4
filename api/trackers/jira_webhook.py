"""Messages of Jira: signed over the raw bytes, with the time of what happened inside."""

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from api.trackers.jira_answers import comment_of, person
from api.trackers.port import Forged, Happened, Incoming
from api.trackers.signed import delivery_id, hmac_sha256, is_one_of
from assistant.domain.ticket import Connection
from assistant.errors import InputRejected

_PAST = timedelta(hours=24)
"""Jira tries again for hours where nobody answers; a message is never older than that."""
_AHEAD = timedelta(minutes=5)
_EVENTS = {
    "jira:issue_created": Happened.ticket,
    "jira:issue_updated": Happened.ticket,
    "jira:issue_deleted": Happened.removed,
    "comment_created": Happened.comment,
    "comment_updated": Happened.comment,
}


class JiraWebhook:
    """What Jira sends."""

    def read(
        self,
        connection: Connection,
        headers: Mapping[str, str],
        body: bytes,
        secrets: Sequence[str],
        now: datetime,
    ) -> Incoming:
        """Verify and read a message; see the port.

        The ticket has to be asked for, as its texts are in an older notation here; and a comment tells no property, so no marker.
        """
        given = headers.get("x-hub-signature", "")
        wanted = [f"sha256={hmac_sha256(one.encode(), body).hex()}" for one in secrets if one]
        if not is_one_of(given, wanted):
            raise Forged("No secret of the connection signed it." if given else "It isn't signed.")
        told = _told(body)
        try:
            at = datetime.fromtimestamp(int(told["timestamp"]) / 1000, UTC)
        except (KeyError, TypeError, ValueError, OverflowError, OSError, RecursionError) as problem:
            raise InputRejected(
                "The message says no time.", hint="Is it one of Jira's webhooks?"
            ) from problem
        if not now - _PAST <= at <= now + _AHEAD:
            raise Forged("It was sent at another time.")
        try:
            return _incoming(connection, told, delivery_id(headers, "x-atlassian-webhook-identifier", body))
        except (KeyError, TypeError, ValueError, AttributeError, RecursionError) as problem:
            raise InputRejected(
                "The message tells no issue.", hint="Is it one of Jira's webhooks?"
            ) from problem


def _told(body: bytes) -> dict[str, Any]:
    try:
        told = json.loads(body)
    except (ValueError, RecursionError) as problem:
        raise InputRejected(
            "The message isn't JSON in UTF-8.", hint="Is it one of Jira's webhooks?"
        ) from problem
    if not isinstance(told, dict):
        raise InputRejected("The message isn't an object.", hint="Is it one of Jira's webhooks?")
    return told


def _incoming(connection: Connection, told: Mapping[str, Any], made: str) -> Incoming:
    happened = _EVENTS.get(told.get("webhookEvent", ""), Happened.other)
    key = "" if happened is Happened.other else str(told["issue"]["key"])
    if key.rpartition("-")[0].casefold() != connection.project.casefold():
        return Incoming(made, Happened.other)
    if happened is not Happened.comment:
        return Incoming(made, happened, key, person(told.get("user")))
    said = told["comment"]
    actor = person(said.get("updateAuthor") or said.get("author"))
    return Incoming(made, happened, key, actor, comment=comment_of(said))
