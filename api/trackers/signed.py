"""Whether a webhook's message was signed by somebody who knows a secret: over its bytes as they came, in constant time."""

import hashlib
import hmac
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta

from api.trackers.port import Forged
from assistant.domain.base import digest

_MOST_OF_AN_ID = 100


def hmac_sha256(secret: bytes, message: bytes) -> bytes:
    """What a message is signed with (RFC 2104)."""
    return hmac.new(secret, message, hashlib.sha256).digest()


def is_one_of(given: str, wanted: Iterable[str]) -> bool:
    """Whether what a message carries is what it may carry. Compares with all, so that time tells neither which nor how much."""
    held = given.encode("utf-8", "surrogatepass")
    return sum(hmac.compare_digest(held, one.encode("utf-8", "surrogatepass")) for one in wanted) > 0


def refuse_out_of_time(at_s: str, now: datetime, within: timedelta) -> None:
    """Refuse a message that was signed too long ago, or not yet. Args: at_s: seconds since 1970. Raises: Forged."""
    if not (at_s.isascii() and at_s.isdigit() and len(at_s) < 12):
        raise Forged("The time of signing is no number of seconds.")
    if abs(now - datetime.fromtimestamp(int(at_s), UTC)) > within:
        raise Forged("It was signed at another time.")


def delivery_id(headers: Mapping[str, str], name: str, body: bytes) -> str:
    """The id of a message from a header; from the message itself where there is none, or one that nobody would send."""
    given = headers.get(name, "")
    if given and len(given) <= _MOST_OF_AN_ID and given.isascii() and given.isprintable():
        return given
    return digest(body.decode("utf-8", "surrogateescape"))
