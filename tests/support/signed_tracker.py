"""An issue system in memory whose webhooks are signed as GitHub signs its own: HMAC-SHA256 over the raw body."""

import hmac
import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

import httpx
from starlette.testclient import TestClient

from api.trackers.port import Forged, Happened, Incoming
from assistant.domain.ticket import Connection, Ticket, TicketComment, without_marker
from assistant.errors import InputRejected
from tests.support.memory_tracker import MemoryTracker

SECRET_VARIABLE = "SIGNED_TRACKER_SECRET"
SECRET = "a secret that nobody guesses"


class SignedWebhook:
    """Reads `{"event", "ticket", "comment"}`; the id comes as a header."""

    def read(
        self,
        connection: Connection,
        headers: Mapping[str, str],
        body: bytes,
        secrets: Sequence[str],
        now: datetime,
    ) -> Incoming:
        given = headers.get("x-signature-256", "")
        made = [hmac.new(one.encode(), body, sha256).hexdigest() for one in secrets]
        if not any(hmac.compare_digest(f"sha256={one}", given) for one in made):
            raise Forged("No secret fits.")
        try:
            told: dict[str, Any] = json.loads(body)
            held = told["ticket"]
            text, marker = without_marker(held.get("body", ""))
            ticket = Ticket(connection=connection.name, **held | {"body": text, "marker": marker})
        except (ValueError, KeyError) as problem:
            raise InputRejected("The message can't be read.", hint="Is it a ticket?") from problem
        comment = None
        if "comment" in told:
            said, marked = without_marker(told["comment"]["text"])
            comment = TicketComment(**told["comment"] | {"text": said, "marker": marked})
        return Incoming(
            delivery_id=headers["x-delivery"],
            happened=Happened(told["event"]),
            key=ticket.key,
            ticket=None if told["event"] == "removed" else ticket,
            comment=comment,
        )


class SignedTracker(MemoryTracker):
    """The system, with webhooks."""

    name = "signed"
    webhook = SignedWebhook()  # type: ignore[assignment]


KIND = SignedTracker()


def install(folder: Path) -> str:
    """Make it a package that is installed for whoever has the folder in its path. Returns: the folder."""
    held = folder / "signed_tracker-1.dist-info"
    held.mkdir(parents=True)
    (held / "METADATA").write_text("Metadata-Version: 2.1\nName: signed-tracker\nVersion: 1\n")
    point = "[voxspec.trackers]\nsigned = tests.support.signed_tracker:KIND\n"
    (held / "entry_points.txt").write_text(point)
    return str(folder)


def connection(name: str = "desk", **told: Any) -> Connection:
    """A connection to it."""
    secrets = (f"env:{SECRET_VARIABLE}",)
    return Connection(
        **{"name": name, "tracker": "signed", "webhook_secrets": secrets, "comment_at": 1} | told
    )


def message(key: str, version: str, event: str = "ticket", **told: Any) -> bytes:
    """What the system sends of a ticket. Args: told: of the ticket, or `comment`."""
    ticket = {"key": key, "version": version, "title": f"Ticket {key}", "body": "", "author": f"author {key}"}
    comment = told.pop("comment", None)
    held = {"event": event, "ticket": ticket | told}
    return json.dumps(held | ({"comment": comment} if comment else {})).encode()


def send(
    client: TestClient | httpx.Client,
    body: bytes,
    delivery: str,
    *,
    secret: str = SECRET,
    to: str = "signed/desk",
    **headers: str | bytes,
) -> Any:
    """Send a message as the system does."""
    signature = hmac.new(secret.encode(), body, sha256).hexdigest()
    told: dict[str, str | bytes] = {
        "x-signature-256": f"sha256={signature}",
        "x-delivery": delivery,
    } | headers
    return client.post(f"/v1/webhooks/{to}", content=body, headers=told)
