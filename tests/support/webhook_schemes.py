"""How each issue system signs what it sends. One row each; the suite in tests/unit/api/trackers/test_webhooks.py runs on all of them.

The messages are our own; their shape is that of the vendors' published examples.
"""

import base64
import hashlib
import hmac
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from api.trackers.github import KIND as GITHUB
from api.trackers.gitlab import KIND as GITLAB
from api.trackers.port import Incoming, TrackerKind
from assistant.domain.ticket import Connection
from tests.support import github_server, gitlab_server

NOW = datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)
Headers = dict[str, str]


@dataclass(frozen=True)
class Scheme:
    """A way of signing."""

    name: str
    kind: TrackerKind
    project: str
    secrets: tuple[str, str, str]
    """The current one, the one before, somebody else's."""
    signed: Callable[[bytes, str, datetime, str], Headers]
    """What is sent along with a body: body, secret, time of signing, id of the message."""
    signature: str
    """The header that proves it."""
    message: Mapping[str, Any]
    """A ticket was made: number 7, by `ada`, with the title `Exports`."""
    covers_body: bool = True
    covers_time: bool = False
    within: timedelta = timedelta(minutes=5)
    """How old it may be, where the time is signed."""
    empty: tuple[str, ...] = ("",)
    """Secrets with nothing in them."""
    wrong_algorithms: tuple[str, ...] = ()
    """Values of the signature's header that claim another way of signing, with what would be right in it as `{}`."""

    @property
    def connection(self) -> Connection:
        return Connection(name="desk", tracker=self.kind.name, project=self.project)

    def read(self, headers: Headers, body: bytes, *secrets: str, now: datetime = NOW) -> Incoming:
        """Read a message. Args: secrets: none given: the current one."""
        assert self.kind.webhook is not None
        return self.kind.webhook.read(self.connection, headers, body, secrets or self.secrets[:1], now)

    def genuine(
        self, message: object = None, secret: str = "", at: datetime = NOW, made: str = "delivery-1"
    ) -> tuple[Headers, bytes]:
        """Headers and body as the system sends them."""
        body = json.dumps(self.message if message is None else message).encode()
        return self.signed(body, secret or self.secrets[0], at, made), body


def _github(body: bytes, secret: str, _at: datetime, made: str) -> Headers:
    return {
        "x-github-event": "issue_comment" if b'"comment":' in body else "issues",
        "x-github-delivery": made,
        "x-hub-signature-256": "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest(),
    }


def _gitlab_signed(body: bytes, secret: str, at: datetime, made: str) -> Headers:
    key, stamp = base64.b64decode(secret.removeprefix("whsec_")), str(int(at.timestamp()))
    mac = hmac.new(key, f"{made}.{stamp}.".encode() + body, hashlib.sha256).digest()
    return {
        "x-gitlab-event": "Issue Hook",
        "idempotency-key": made,
        "webhook-id": made,
        "webhook-timestamp": stamp,
        "webhook-signature": f"v1,{base64.b64encode(mac).decode()}",
    }


def _gitlab_token(_body: bytes, secret: str, _at: datetime, made: str) -> Headers:
    return {"x-gitlab-event": "Issue Hook", "idempotency-key": made, "x-gitlab-token": secret}


def _signing_tokens(*seeds: bytes) -> tuple[str, ...]:
    return tuple(f"whsec_{base64.b64encode(hashlib.sha256(seed).digest()).decode()}" for seed in seeds)


GITHUB_MESSAGE: Mapping[str, Any] = {
    "action": "opened",
    "issue": github_server.issue(7, "ada", "2026-03-04T05:06:00Z"),
    "repository": {"id": 15, "name": "app", "full_name": "Kanbo/app"},
    "sender": github_server.user("ada"),
}
GITLAB_MESSAGE: Mapping[str, Any] = {
    "object_kind": "issue",
    "event_type": "issue",
    "user": {**gitlab_server.user("ada"), "email": "[REDACTED]"},
    "project": {"id": 15, "name": "app", "path_with_namespace": "kanbo/app"},
    "object_attributes": {
        "id": 9007, "iid": 7, "project_id": 15, "title": "Exports", "description": "", "state": "opened",
        "author_id": 7, "created_at": "2026-03-04 05:06:00 UTC", "updated_at": "2026-03-04 05:06:00 UTC",
        "url": "https://gitlab.example/kanbo/app/-/issues/7", "action": "open",
    },
    "labels": [],
    "changes": {},
}  # fmt: skip
_PLAIN = ("current secret", "secret before", "secret of another workspace")
_WHSEC = _signing_tokens(b"current", b"before", b"other")
SCHEMES = (
    Scheme(
        "github", GITHUB, "kanbo/app", _PLAIN, _github, "x-hub-signature-256", GITHUB_MESSAGE,
        wrong_algorithms=("sha1={}", "sha512={}", "{}", "SHA256={}"),
    ),
    Scheme(
        "gitlab, signing token", GITLAB, "kanbo/app", (_WHSEC[0], _WHSEC[1], _WHSEC[2]), _gitlab_signed,
        "webhook-signature", GITLAB_MESSAGE, covers_time=True, empty=("", "whsec_"),
        wrong_algorithms=("v1a,{}", "v2,{}", "{}", "v1={}"),
    ),
    Scheme(
        "gitlab, secret token", GITLAB, "kanbo/app", _PLAIN, _gitlab_token, "x-gitlab-token", GITLAB_MESSAGE,
        covers_body=False, empty=("", "whsec_"),
    ),
)  # fmt: skip
