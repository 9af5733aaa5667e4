"""What a webhook brings is taken in only from who knows the secret, as it was sent, and now; whatever else comes is refused or told apart."""

import json
from collections.abc import Iterator
from datetime import timedelta

import pytest

from api.trackers.port import Forged, Happened
from assistant.errors import InputRejected
from tests.support.webhook_schemes import NOW, SCHEMES, Scheme

schemes = pytest.mark.parametrize("scheme", SCHEMES, ids=lambda scheme: scheme.name)
REFUSED = (Forged, InputRejected)


@schemes
def test_a_genuine_message_tells_its_ticket_its_author_and_its_id(scheme: Scheme) -> None:
    told = scheme.read(*scheme.genuine())
    assert (told.happened, told.key, told.actor) == (Happened.ticket, "7", "ada")
    assert told.delivery_id == "delivery-1"
    if told.ticket is not None:
        assert (told.ticket.title, told.ticket.connection) == ("Exports", "desk")


@schemes
def test_without_its_signature_it_is_forged(scheme: Scheme) -> None:
    headers, body = scheme.genuine()
    del headers[scheme.signature]
    with pytest.raises(Forged):
        scheme.read(headers, body)
    with pytest.raises(Forged):
        scheme.read({**headers, scheme.signature: ""}, body)


@schemes
@pytest.mark.parametrize("bad", ["0", "sha256=", "v1,", "ÿ\x80\udcff", "\x00", "a" * 100_000])
def test_with_a_bad_signature_it_is_forged(scheme: Scheme, bad: str) -> None:
    headers, body = scheme.genuine()
    with pytest.raises(Forged):
        scheme.read({**headers, scheme.signature: bad}, body)
    right = headers[scheme.signature]
    for close in (right[:-2], right + "0", right[:-2] + ("00" if right[-2:] != "00" else "11")):
        with pytest.raises(Forged):
            scheme.read({**headers, scheme.signature: close}, body)


@schemes
def test_the_same_json_in_other_bytes_is_forged(scheme: Scheme) -> None:
    headers, body = scheme.genuine()
    spaced = json.dumps(json.loads(body), indent=1).encode()
    if not scheme.covers_body:
        assert scheme.read(headers, spaced).key == "7", "a token proves who sends, not what"
        return
    for other in (spaced, body + b"\n", json.dumps(json.loads(body), sort_keys=True).encode()):
        with pytest.raises(Forged):
            scheme.read(headers, other)


@schemes
def test_a_body_that_was_cut_or_filled_is_refused(scheme: Scheme) -> None:
    headers, body = scheme.genuine()
    for other in (body[:-1], body[: len(body) // 2], b"", body + b"}"):
        with pytest.raises(REFUSED):
            scheme.read(headers, other)


@schemes
def test_another_secret_is_refused(scheme: Scheme) -> None:
    current, _, somebody_elses = scheme.secrets
    with pytest.raises(Forged):
        scheme.read(*scheme.genuine(secret=somebody_elses), current)


@schemes
def test_without_any_secret_nothing_is_believed(scheme: Scheme) -> None:
    headers, body = scheme.genuine()
    assert scheme.kind.webhook is not None
    for secrets in ((), ("",), ("whsec_",), ("whsec_no base64!",)):
        with pytest.raises(Forged):
            scheme.kind.webhook.read(scheme.connection, headers, body, secrets, NOW)
    for empty in scheme.empty:
        with pytest.raises(Forged):
            scheme.kind.webhook.read(
                scheme.connection, scheme.signed(body, empty, NOW, "delivery-1"), body, (empty,), NOW
            )


@schemes
def test_while_a_secret_is_replaced_both_are_good_and_after_that_one(scheme: Scheme) -> None:
    new, old, _ = scheme.secrets
    for secret in (new, old):
        assert scheme.read(*scheme.genuine(secret=secret), new, old).key == "7"
    assert scheme.read(*scheme.genuine(secret=new), new).key == "7"
    with pytest.raises(Forged):
        scheme.read(*scheme.genuine(secret=old), new)


@schemes
def test_a_signature_of_another_kind_is_forged(scheme: Scheme) -> None:
    headers, body = scheme.genuine()
    right = headers[scheme.signature].rpartition("=" if scheme.kind.name == "github" else ",")[2]
    for wrong in scheme.wrong_algorithms:
        with pytest.raises(Forged):
            scheme.read({**headers, scheme.signature: wrong.format(right)}, body)


@schemes
def test_what_was_signed_too_long_ago_or_in_the_future_is_forged(scheme: Scheme) -> None:
    if not scheme.covers_time:
        return
    second = timedelta(seconds=1)
    for at in (NOW - scheme.within, NOW + scheme.within):
        assert scheme.read(*scheme.genuine(at=at)).key == "7"
    for at in (NOW - scheme.within - second, NOW + scheme.within + second, NOW.replace(year=1970)):
        with pytest.raises(Forged):
            scheme.read(*scheme.genuine(at=at))


@schemes
def test_what_is_genuine_and_no_message_is_rejected_with_a_hint(scheme: Scheme) -> None:
    for body in unreadable():
        headers = scheme.signed(body, scheme.secrets[0], NOW, "delivery-1")
        with pytest.raises(InputRejected) as problem:
            scheme.read(headers, body)
        assert problem.value.hint


@schemes
def test_what_happens_elsewhere_is_none_of_ours(scheme: Scheme) -> None:
    text = json.dumps(scheme.message)
    elsewhere = json.loads(
        text.replace("Kanbo/app", "evil/app").replace("kanbo/app", "evil/app").replace('"id": 15', '"id": 16')
    )
    told = scheme.read(*scheme.genuine(elsewhere))
    assert (told.happened, told.key, told.ticket) == (Happened.other, "", None)


@schemes
def test_an_id_that_nobody_would_send_is_replaced(scheme: Scheme) -> None:
    headers, body = scheme.genuine(made="x" * 5000)
    assert len(scheme.read(headers, body).delivery_id) < 100


def unreadable() -> Iterator[bytes]:
    """Bodies that are no message."""
    yield b"\xff\xfe{}"
    yield b'{"action": "\xe9"}'
    yield b"[" * 1_000_000
    yield b'{"a":' * 200_000 + b"1" + b"}" * 200_000
    yield b"null"
    yield b"payload=%7B%7D"
    yield b"{}"
