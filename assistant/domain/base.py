"""The base of every domain model, and the one canonical JSON form that hashes are taken of."""

import json
from hashlib import blake2b
from json.encoder import encode_basestring
from typing import Any

from pydantic import BaseModel, ConfigDict

# One for all: `json.dumps` makes a new one on each call with such options, which costs more than the encoding.
_JSON = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"))


class Frozen(BaseModel):
    """Immutable, and strict about unknown fields."""

    model_config = ConfigDict(frozen=True, extra="forbid")


def canonical_json(value: Any) -> str:
    """Serialise with sorted keys and no spaces, so that equal values have equal bytes."""
    if type(value) is str:
        return encode_basestring(value)
    if isinstance(value, BaseModel):
        value = value.model_dump(mode="json")
    return _JSON.encode(value)


def digest(*parts: Any, size: int = 16) -> str:
    """Hash values by their canonical JSON (BLAKE2b, RFC 7693).

    Args:
        parts: anything that JSON can hold, or domain models.
        size: bytes of digest; the result has twice as many hex digits.
    """
    joined = "\x1f".join(map(canonical_json, parts))
    return blake2b(joined.encode("utf-8", "surrogatepass"), digest_size=size).hexdigest()
