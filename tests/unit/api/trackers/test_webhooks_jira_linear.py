"""Of Jira and Linear too, a message is taken in only from who knows the secret, as it was sent, and now."""

import hashlib
import hmac
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from api.trackers.jira import KIND as JIRA
from api.trackers.linear import KIND as LINEAR
from api.trackers.linear_ids import id_of
from api.trackers.port import Forged, Happened, Incoming, TrackerKind
from assistant.domain.ticket import Connection, marker
from assistant.errors import InputRejected

NOW = datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)
NEW, OLD, OTHER = "the current secret", "the secret before", "somebody else's"
MARKED = marker("evidence")


@dataclass(frozen=True)
class Scheme:
    """How one system signs."""

    kind: TrackerKind
    signature: str
    """Name of the header."""
    said: str
    """How a digest stands in it."""
    id_header: str
    time: str
    """Name of the field in the body, in milliseconds."""
    past: timedelta
    ahead: timedelta
    comment: Mapping[str, Any]
    others: Mapping[str, tuple[Mapping[str, Any], Happened]] = field(default_factory=dict)

    @property
    def connection(self) -> Connection:
        return Connection(name="desk", tracker=self.kind.name, url="https://desk.example", project="KAN")

    def message(self, told: Mapping[str, Any] | None = None, at: datetime = NOW) -> bytes:
        return json.dumps({**(told or self.comment), self.time: int(at.timestamp() * 1000)}).encode()

    def headers(
        self, body: bytes, secret: str = NEW, algorithm: Callable[..., Any] = hashlib.sha256
    ) -> dict[str, str]:
        made = hmac.new(secret.encode(), body, algorithm).hexdigest()
        return {self.signature: self.said.format(made), self.id_header: "delivery-1"}

    def read(self, headers: Mapping[str, str], body: bytes, *secrets: str) -> Incoming:
        assert self.kind.webhook is not None
        return self.kind.webhook.read(self.connection, headers, body, secrets or (NEW, OLD), NOW)


_ISSUE = {"id": "10001", "key": "KAN-7", "fields": {"summary": "Exports"}}
_ANN = {"accountId": "557058:ann", "displayName": "Ann"}
_LINEAR_ISSUE = {"id": "c1f3", "identifier": "KAN-7", "title": "Exports"}
SCHEMES = [
    Scheme(
        kind=JIRA,
        signature="x-hub-signature",
        said="sha256={}",
        id_header="x-atlassian-webhook-identifier",
        time="timestamp",
        past=timedelta(hours=24),
        ahead=timedelta(minutes=5),
        comment={
            "webhookEvent": "comment_created",
            "issue": _ISSUE,
            "comment": {"id": "9", "body": "/evidence *now*", "author": _ANN, "created": "2026-03-04T06:06:07.000+0100"},
        },
        others={
            "created": ({"webhookEvent": "jira:issue_created", "user": _ANN, "issue": _ISSUE}, Happened.ticket),
            "updated": ({"webhookEvent": "jira:issue_updated", "user": _ANN, "issue": _ISSUE}, Happened.ticket),
            "deleted": ({"webhookEvent": "jira:issue_deleted", "user": _ANN, "issue": _ISSUE}, Happened.removed),
            "sprint": ({"webhookEvent": "sprint_started", "sprint": {}}, Happened.other),
            "elsewhere": ({"webhookEvent": "jira:issue_updated", "issue": {"key": "OPS-7"}}, Happened.other),
        },
    ),
    Scheme(
        kind=LINEAR,
        signature="linear-signature",
        said="{}",
        id_header="linear-delivery",
        time="webhookTimestamp",
        past=timedelta(seconds=60),
        ahead=timedelta(seconds=60),
        comment={
            "type": "Comment",
            "action": "create",
            "actor": {"name": "Ann"},
            "data": {
                "id": "9",
                "body": "/evidence *now*",
                "createdAt": "2026-03-04T05:06:07.000Z",
                "user": {"name": "Ann"},
                "issue": _LINEAR_ISSUE,
            },
        },
        others={
            "created": ({"type": "Issue", "action": "create", "data": _LINEAR_ISSUE}, Happened.ticket),
            "updated": ({"type": "Issue", "action": "update", "data": _LINEAR_ISSUE}, Happened.ticket),
            "deleted": ({"type": "Issue", "action": "remove", "data": _LINEAR_ISSUE}, Happened.removed),
            "cycle": ({"type": "Cycle", "action": "update", "data": {"id": "1"}}, Happened.other),
            "document": ({"type": "Comment", "action": "create", "data": {"id": "1", "body": "x"}}, Happened.other),
            "elsewhere": ({"type": "Issue", "action": "update", "data": {"identifier": "OPS-7"}}, Happened.other),
        },
    ),
]  # fmt: skip
schemes = pytest.mark.parametrize("scheme", SCHEMES, ids=lambda scheme: scheme.kind.name)


@schemes
def test_a_genuine_message_tells_who_said_what_where(scheme: Scheme) -> None:
    body = scheme.message()
    told = scheme.read(scheme.headers(body), body)
    assert (told.delivery_id, told.happened, told.key, told.actor) == (
        "delivery-1",
        Happened.comment,
        "KAN-7",
        "Ann",
    )
    assert told.comment is not None
    assert (told.comment.id, told.comment.text, told.comment.author) == ("9", "/evidence *now*", "Ann")
    assert told.comment.at == NOW


@schemes
def test_what_happened_is_told_apart_and_what_is_elsewhere_is_none_of_ours(scheme: Scheme) -> None:
    for message, happened in scheme.others.values():
        body = scheme.message(message)
        told = scheme.read(scheme.headers(body), body)
        assert told.happened is happened
        assert told.key == ("" if happened is Happened.other else "KAN-7")


@schemes
@pytest.mark.parametrize("bad", ["", "0", "sha256=", "ÿ\x80\udcff", "\x00", "a" * 100_000])
def test_a_missing_or_bad_signature_is_forged(scheme: Scheme, bad: str) -> None:
    body = scheme.message()
    headers = scheme.headers(body)
    right = headers.pop(scheme.signature)
    with pytest.raises(Forged):
        scheme.read(headers, body)
    for wrong in (bad, right[:-2], right + "0", right.swapcase(), right.removeprefix("sha256=") + " "):
        with pytest.raises(Forged):
            scheme.read({**headers, scheme.signature: wrong}, body)


@schemes
def test_another_algorithm_is_forged(scheme: Scheme) -> None:
    body = scheme.message()
    for name, algorithm in (("sha1", hashlib.sha1), ("sha512", hashlib.sha512), ("md5", hashlib.md5)):
        made = scheme.headers(body, algorithm=algorithm)
        for given in (made[scheme.signature], made[scheme.signature].replace("sha256", name)):
            with pytest.raises(Forged):
                scheme.read({**made, scheme.signature: given}, body)


@schemes
def test_the_same_json_in_other_bytes_is_forged(scheme: Scheme) -> None:
    body = scheme.message()
    headers = scheme.headers(body)
    told = json.loads(body)
    for other in (
        json.dumps(told, indent=1).encode(),
        json.dumps(told, sort_keys=True).encode() + b" ",
        body[:-1],
        b"",
    ):
        with pytest.raises(Forged):
            scheme.read(headers, other)


@schemes
def test_while_a_secret_is_replaced_both_are_good_and_after_that_one(scheme: Scheme) -> None:
    body = scheme.message()
    for secret in (NEW, OLD):
        assert scheme.read(scheme.headers(body, secret), body, NEW, OLD).key == "KAN-7"
    for secret in (OLD, OTHER):
        with pytest.raises(Forged):
            scheme.read(scheme.headers(body, secret), body, NEW, "")


@schemes
def test_without_any_secret_nothing_is_believed(scheme: Scheme) -> None:
    body = scheme.message()
    assert scheme.kind.webhook is not None
    for secrets in ((), ("",)):
        for signed in ("", NEW):
            with pytest.raises(Forged):
                scheme.kind.webhook.read(scheme.connection, scheme.headers(body, signed), body, secrets, NOW)


@schemes
def test_what_is_too_old_or_from_the_future_is_forged(scheme: Scheme) -> None:
    second = timedelta(seconds=1)
    for at in (NOW - scheme.past, NOW + scheme.ahead):
        body = scheme.message(at=at)
        assert scheme.read(scheme.headers(body), body).key == "KAN-7"
    for at in (NOW - scheme.past - second, NOW + scheme.ahead + second, NOW.replace(year=1971)):
        body = scheme.message(at=at)
        with pytest.raises(Forged):
            scheme.read(scheme.headers(body), body)


@schemes
def test_what_is_genuine_and_no_message_is_rejected_with_a_hint(scheme: Scheme) -> None:
    now = int(NOW.timestamp() * 1000)
    no_times: list[Any] = [None, "soon", 10**30, [], -(10**20)]
    times = [{**scheme.comment, scheme.time: at} for at in no_times]
    # Its issue is none; its comment isn't there.
    nothing = {**scheme.comment, "issue": 1, "data": 1}
    silent = {**scheme.comment, "comment": None, "data": {"issue": _LINEAR_ISSUE}}
    broken = [{**told, scheme.time: now} for told in (nothing, silent)]
    bodies = [json.dumps(one).encode() for one in (*times, *broken)]
    bodies += [
        b"\xff\xfe{}",
        b'{"a": "\xe9"}',
        b"[" * 500_000,
        b"null",
        b"payload=%7B%7D",
        b"{}",
        b'"timestamp"',
    ]
    for body in bodies:
        with pytest.raises(InputRejected) as problem:
            scheme.read(scheme.headers(body), body)
        assert problem.value.hint


@schemes
def test_without_an_id_or_with_one_that_nobody_would_send_the_message_gives_its_own(scheme: Scheme) -> None:
    body, other = scheme.message(), scheme.message(at=NOW - timedelta(seconds=1))
    made = {
        scheme.read({**scheme.headers(one), scheme.id_header: "x" * 5000}, one).delivery_id
        for one in (body, other)
    }
    assert len(made) == 2
    assert all(0 < len(one) < 100 for one in made)


def test_a_comment_of_ours_is_told_from_linear_by_its_id() -> None:
    scheme = SCHEMES[1]
    body = scheme.message({**scheme.comment, "data": {**scheme.comment["data"], "id": id_of(MARKED)}})
    told = scheme.read(scheme.headers(body), body)
    assert told.comment is not None
    assert told.comment.marker == MARKED
