"""Who may do what: roles, keys, sessions, and the log of what was done. No rule about addresses: those are the service's."""

import hmac
import secrets
from datetime import datetime, timedelta
from enum import StrEnum
from hashlib import sha256

from pydantic import AwareDatetime, Field

from assistant.domain.base import Frozen, canonical_json

_KEY_BYTES = 32
SECRET_PREFIX = "vxs_"  # noqa: S105 - how secrets begin, none itself
GENESIS = "0" * 64
"""What the first entry of a log follows."""


class Role(StrEnum):
    """What a key is for. Each may do what is said of it, and nothing of what only the ones above may."""

    owner = "owner"
    """Everything, with keys, erasures and the log."""
    editor = "editor"
    """Imports, drafts, decides."""
    viewer = "viewer"
    """Reads."""
    machine = "machine"
    """Sends records and asks for drafts, as a tracker does. Decides nothing: no approval, no overruling, no label."""


class Principal(Frozen):
    """Who sends a request."""

    name: str = Field(min_length=1, max_length=200)
    role: Role
    workspace: str | None = None
    """The only workspace that they may see; None: all of them."""
    key_id: str = ""
    """Key or session that they came with; empty for who sits at the machine itself."""


class AccessKey(Frozen):
    """A key of a workspace. The secret itself is shown once and kept by nobody."""

    id: str = Field(pattern=r"^key_[0-9a-f]{16}$")
    workspace: str
    name: str = Field(min_length=1, max_length=200)
    role: Role
    secret_sha256: str
    made_at: AwareDatetime
    expires_at: AwareDatetime | None = None
    revoked_at: AwareDatetime | None = None

    def is_valid(self, now: AwareDatetime) -> bool:
        """Whether it opens anything at that time."""
        return self.revoked_at is None and (self.expires_at is None or now < self.expires_at)


class Session(Frozen):
    """A browser that signed in. Its token is in a cookie, here is the token's hash."""

    token_sha256: str
    principal: Principal
    expires_at: AwareDatetime


class AuditEntry(Frozen):
    """One thing that somebody did, chained to the one before by its hash. Holds ids, never a record's words."""

    seq: int = Field(default=1, ge=1)
    at: AwareDatetime
    by: str
    role: Role
    key_id: str = ""
    action: str = Field(max_length=200)
    """`POST /v1/drafts`, `keys create`."""
    target: str = Field(default="", max_length=500)
    """What it was done to: the address as it was sent, without its query."""
    status: int = 0
    """HTTP status of the answer; 0 for what the command line did."""
    previous: str = GENESIS
    hash: str = ""

    def sealed(self) -> "AuditEntry":
        """The entry with its hash: SHA-256 over everything else, the hash of the entry before among it."""
        return self.model_copy(update={"hash": _hash(self)})


def broken_at(entries: list[AuditEntry]) -> AuditEntry | None:
    """The first entry that doesn't follow from the one before, in a log from its start; None where all do."""
    previous = GENESIS
    for seq, entry in enumerate(entries, start=1):
        if (
            entry.seq != seq
            or entry.previous != previous
            or not hmac.compare_digest(entry.hash, _hash(entry))
        ):
            return entry
        previous = entry.hash
    return None


def make_key(
    workspace: str, name: str, role: Role, now: datetime, days: int | None = None
) -> tuple[AccessKey, str]:
    """A key of 256 random bits, with a prefix by which scanners for leaked keys know it.

    Args:
        days: how long it is valid; None: until it is revoked.

    Returns: the key as it is kept, and its secret for its holder alone.
    """
    secret = SECRET_PREFIX + secrets.token_urlsafe(_KEY_BYTES)
    key = AccessKey(
        id=f"key_{secrets.token_hex(8)}",
        workspace=workspace,
        name=name,
        role=role,
        secret_sha256=secret_hash(secret),
        made_at=now,
        expires_at=now + timedelta(days=days) if days else None,
    )
    return key, secret


def secret_hash(secret: str) -> str:
    """How a secret is kept. One round is enough for 256 random bits; there is nothing to guess."""
    return sha256(secret.encode()).hexdigest()


def _hash(entry: AuditEntry) -> str:
    return sha256(canonical_json(entry.model_copy(update={"hash": ""})).encode()).hexdigest()
