"""Messages of Linear: signed over the raw bytes, with the time of sending inside."""

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from api.trackers.linear_ids import marker_of
from api.trackers.port import Forged, Happened, Incoming
from api.trackers.signed import delivery_id, hmac_sha256, is_one_of
from assistant.domain.ticket import Connection, TicketComment
from assistant.errors import InputRejected

_WITHIN = timedelta(seconds=60)
_HINT = "Is it one of Linear's webhooks?"


class LinearWebhook:
    """What Linear sends."""

    def read(
        self,
        connection: Connection,
        headers: Mapping[str, str],
        body: bytes,
        secrets: Sequence[str],
        now: datetime,
    ) -> Incoming:
        """Verify and read a message; see the port."""
        given = headers.get("linear-signature", "")
        if not is_one_of(given, [hmac_sha256(one.encode(), body).hex() for one in secrets if one]):
            raise Forged("No secret of the connection signed it." if given else "It isn't signed.")
        try:
            told = json.loads(body)
            at = datetime.fromtimestamp(int(told["webhookTimestamp"]) / 1000, UTC)
        except (KeyError, TypeError, ValueError, OverflowError, OSError, RecursionError) as problem:
            raise InputRejected("The message says no time.", hint=_HINT) from problem
        if abs(now - at) > _WITHIN:
            raise Forged("It was sent at another time.")
        try:
            return _incoming(connection, told, delivery_id(headers, "linear-delivery", body))
        except (KeyError, TypeError, ValueError, AttributeError, RecursionError) as problem:
            raise InputRejected("The message tells no ticket.", hint=_HINT) from problem


def _incoming(connection: Connection, told: Mapping[str, Any], made: str) -> Incoming:
    kind, action = told.get("type"), told.get("action")
    data = told.get("data") or {}
    issue = data if kind == "Issue" else data.get("issue")
    # Comments also stand under documents and updates of projects.
    if kind not in ("Issue", "Comment") or not issue:
        return Incoming(made, Happened.other)
    key = str(issue["identifier"])
    if key.rpartition("-")[0].casefold() != connection.project.casefold():
        return Incoming(made, Happened.other)
    happened, comment = Happened.ticket, None
    if kind == "Issue" and action == "remove":
        happened = Happened.removed
    elif kind == "Comment" and action != "remove":
        happened, comment = Happened.comment, _comment(data)
    actor = str((told.get("actor") or {}).get("name", ""))
    return Incoming(delivery_id=made, happened=happened, key=key, actor=actor, comment=comment)


def _comment(data: Mapping[str, Any]) -> TicketComment:
    return TicketComment(
        id=str(data["id"]),
        text=str(data["body"]),
        author=str((data.get("user") or {}).get("name", "")),
        at=datetime.fromisoformat(data["createdAt"]),
        marker=marker_of(str(data["id"])),
    )
