"""GitHub's webhooks: signed over the body alone (`X-Hub-Signature-256`), so neither their id, their event nor a time is.

A message that is sent again under another id is genuine as far as can be seen; what it tells is as old as its ticket's version.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime

from pydantic import ValidationError

from api.trackers.github_shapes import Message
from api.trackers.port import Forged, Happened, Incoming
from api.trackers.signed import delivery_id, hmac_sha256, is_one_of
from assistant.domain.ticket import Connection
from assistant.errors import InputRejected

_COMMENT = "issue_comment"
_GONE = frozenset({"deleted", "transferred"})
_SAID = frozenset({"created", "edited"})


class GitHubWebhook:
    """Messages of a repository's or an organisation's webhook."""

    def read(
        self,
        connection: Connection,
        headers: Mapping[str, str],
        body: bytes,
        secrets: Sequence[str],
        now: datetime,
    ) -> Incoming:
        """Verify the bytes, then read them; see the port."""
        given = headers.get("x-hub-signature-256", "")
        wanted = [f"sha256={hmac_sha256(one.encode(), body).hex()}" for one in secrets if one]
        if not is_one_of(given, wanted):
            raise Forged("No secret of the connection signed it." if given else "It isn't signed.")
        made = delivery_id(headers, "x-github-delivery", body)
        event = headers.get("x-github-event", "")
        if event not in ("issues", _COMMENT):
            return Incoming(made, Happened.other)
        try:
            message = Message.model_validate_json(body)
        except ValidationError as problem:
            raise InputRejected(
                "A message from GitHub can't be read.",
                hint="Set the webhook's content type to application/json.",
            ) from problem
        if (message.comment is not None) != (event == _COMMENT):
            raise Forged("Its event, which isn't signed, is another one than its body tells.")
        return _incoming(connection, message, made)


def _incoming(connection: Connection, message: Message, made: str) -> Incoming:
    elsewhere = message.repository.full_name.lower() != connection.project.lower()
    if elsewhere or not message.issue.is_ticket:
        return Incoming(made, Happened.other)
    happened, comment = Happened.ticket, None
    if message.comment is None and message.action in _GONE:
        happened = Happened.removed
    elif message.comment is not None and message.action in _SAID:
        happened, comment = Happened.comment, message.comment.comment()
    ticket = message.issue.ticket(connection.name)
    return Incoming(
        delivery_id=made,
        happened=happened,
        key=ticket.key,
        actor=message.sender.login if message.sender else "",
        ticket=None if happened is Happened.removed else ticket,
        comment=comment,
    )
