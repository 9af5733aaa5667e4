"""GitLab's webhooks, which prove themselves in one of two ways, by what kind of secret they were given.

A signing token (`whsec_…`, GitLab 19) signs id, time and body after Standard Webhooks. A secret token is sent along as it is: it proves
who sends, and neither what nor when, so whoever reads one message can write another. Where a connection has a signing token, a message
that carries a signature stands or falls with it.
"""

import base64
import binascii
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from pydantic import ValidationError

from api.trackers.gitlab_shapes import Message, note_comment
from api.trackers.port import Forged, Happened, Incoming
from api.trackers.signed import delivery_id, hmac_sha256, is_one_of, refuse_out_of_time
from assistant.domain.base import digest
from assistant.domain.ticket import Connection
from assistant.errors import InputRejected

WITHIN = timedelta(minutes=5)
"""How far the time of signing may be from now; what Standard Webhooks advises."""
_SIGNING = "whsec_"
_WORK = frozenset({"issue", "incident", "task"})


class GitLabWebhook:
    """Messages of a project's or a group's webhook."""

    def read(
        self,
        connection: Connection,
        headers: Mapping[str, str],
        body: bytes,
        secrets: Sequence[str],
        now: datetime,
    ) -> Incoming:
        """Verify the bytes, then read them; see the port."""
        made = _verified(headers, body, secrets, now)
        try:
            message = Message.model_validate_json(body)
        except ValidationError as problem:
            raise InputRejected(
                "A message from GitLab can't be read.", hint="Use no custom template for the webhook."
            ) from problem
        return _incoming(connection, message, made)


def _verified(headers: Mapping[str, str], body: bytes, secrets: Sequence[str], now: datetime) -> str:
    """Id of the message. Raises: Forged."""
    keys = [key for one in secrets if one.startswith(_SIGNING) and (key := _key(one))]
    if keys and "webhook-signature" in headers:
        made, at = headers.get("webhook-id", ""), headers.get("webhook-timestamp", "")
        refuse_out_of_time(at, now, WITHIN)
        message = f"{made}.{at}.".encode("utf-8", "surrogatepass") + body
        wanted = [f"v1,{base64.b64encode(hmac_sha256(key, message)).decode()}" for key in keys]
        if not any(is_one_of(given, wanted) for given in headers["webhook-signature"].split(" ")):
            raise Forged("No signing token of the connection signed it.")
        return delivery_id(headers, "webhook-id", body)
    tokens = [one for one in secrets if one and not one.startswith(_SIGNING)]
    if not is_one_of(headers.get("x-gitlab-token", ""), tokens):
        raise Forged("It carries no secret token of the connection.")
    if "idempotency-key" in headers:
        return delivery_id(headers, "idempotency-key", body)
    # Before GitLab 17.4 there is only this one, which everything that one event caused has in common.
    return digest(delivery_id(headers, "x-gitlab-event-uuid", body), body.decode("utf-8", "surrogateescape"))


def _key(signing_token: str) -> bytes:
    try:
        return base64.b64decode(signing_token.removeprefix(_SIGNING), validate=True)
    except binascii.Error:
        return b""


def _incoming(connection: Connection, message: Message, made: str) -> Incoming:
    here = (message.project.path_with_namespace.lower(), str(message.project.id))
    about = message.object_attributes
    if connection.project.lower() not in here or about is None:
        return Incoming(made, Happened.other)
    actor = message.user.username if message.user else ""
    if message.object_kind == "note" and message.issue is not None and not about.system:
        comment = note_comment(about.id, about.note, actor, about.created_at)
        return Incoming(made, Happened.comment, str(message.issue.iid), actor, comment=comment)
    is_ticket = message.object_kind == "issue" or (
        message.object_kind == "work_item" and (about.type or "").lower() in _WORK
    )
    if is_ticket and about.iid is not None:
        return Incoming(made, Happened.ticket, str(about.iid), actor)
    return Incoming(made, Happened.other)
