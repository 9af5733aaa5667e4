"""Signatures after Standard Webhooks 1.0: HMAC-SHA256 over id, time and body.

By hand: the reference package signs and verifies the same, asks for a naive clock, and is used by our tests as the other side.
"""

import base64
import binascii
import hashlib
import hmac
from collections.abc import Sequence
from datetime import datetime

from assistant.errors import UsageError

_PREFIX = "whsec_"
_SHORTEST, _LONGEST = 24, 64
"""Bytes of a key, as the specification has it."""


def key_of(secret: str) -> bytes:
    """The key in a secret `whsec_…`. Raises: UsageError."""
    try:
        key = base64.b64decode(secret.removeprefix(_PREFIX), validate=True)
    except (binascii.Error, ValueError):
        key = b""
    if not secret.startswith(_PREFIX) or not _SHORTEST <= len(key) <= _LONGEST:
        raise UsageError(
            "The secret of a hook isn't one of Standard Webhooks.",
            hint='It is whsec_ and 24 to 64 random bytes as base64: echo "whsec_$(openssl rand -base64 32)"',
        )
    return key


def headers(message_id: str, at: datetime, body: bytes, secrets: Sequence[str]) -> dict[str, str]:
    """The three headers of a message; one signature for each secret, so that a receiver can change its own. Raises: UsageError."""
    seconds = int(at.timestamp())
    told = f"{message_id}.{seconds}.".encode() + body
    signed = (hmac.new(key_of(secret), told, hashlib.sha256).digest() for secret in secrets)
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(seconds),
        "webhook-signature": " ".join(f"v1,{base64.b64encode(one).decode()}" for one in signed),
    }
