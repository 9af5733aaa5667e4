"""The seams of access: keys and sessions, and the log of what was done."""

from datetime import datetime
from typing import Protocol

from assistant.domain.access import AccessKey, AuditEntry, Principal, Session


class AccessStore(Protocol):
    """Keys and sessions. Looking one up is the only question that no workspace is known for yet: the answer tells it."""

    def add_key(self, key: AccessKey) -> None:
        """Keep a key. Raises: UsageError where a valid one of that name is in the workspace."""
        ...

    def keys(self, workspace: str) -> list[AccessKey]:
        """All keys of a workspace, the revoked ones too, oldest first."""
        ...

    def revoke(self, workspace: str, key_id: str, at: datetime) -> bool:
        """Make a key worthless, and end the sessions that it opened. Returns whether there was a valid one."""
        ...

    def find(self, secret_sha256: str, now: datetime) -> Principal | None:
        """Whom a key or a session's token stands for; None where it is unknown, expired or revoked."""
        ...

    def open_session(self, workspace: str, session: Session, now: datetime) -> None:
        """Keep a session, and let go of those that have expired."""
        ...

    def end_session(self, token_sha256: str) -> None:
        """Forget a session."""
        ...


class AuditLog(Protocol):
    """What was done in a workspace: entries are added and read, never changed."""

    def append(self, workspace: str, entry: AuditEntry) -> AuditEntry:
        """Add an entry after the last one. Its number, what it follows, and its hash are given here."""
        ...

    def entries(self, workspace: str, after: int = 0, limit: int | None = None) -> list[AuditEntry]:
        """Entries with a greater number, in order."""
        ...
