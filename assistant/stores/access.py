"""Keys, sessions and the audit log: the `AccessStore` and the `AuditLog`."""

from datetime import datetime

from sqlalchemy import delete, func, insert, select, update

from assistant.domain.access import GENESIS, AccessKey, AuditEntry, Principal, Session
from assistant.domain.base import canonical_json
from assistant.errors import UsageError
from assistant.stores.access_tables import access_keys, audit_log, sessions
from assistant.stores.database import Database
from assistant.stores.rows import make_workspace, workspace_key


class SqlAccess:
    """The `AccessStore` over tables `access_keys` and `sessions`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add_key(self, key: AccessKey) -> None:
        """Keep a key; see the port."""
        with self._database.write(key.workspace) as connection:
            here = make_workspace(connection, key.workspace)
            rows = connection.execute(select(access_keys.c.key).where(access_keys.c.workspace == here))
            others = [AccessKey.model_validate_json(row) for row in rows.scalars()]
            if any(other.name == key.name and other.is_valid(key.made_at) for other in others):
                raise UsageError(
                    f"There is a key '{key.name}' in this workspace already.",
                    hint="Give it another name, or revoke that one first.",
                )
            told = {"id": key.id, "secret_sha256": key.secret_sha256, "made_at": int(key.made_at.timestamp())}
            connection.execute(insert(access_keys), {"workspace": here, **told, "key": canonical_json(key)})

    def keys(self, workspace: str) -> list[AccessKey]:
        """All keys of a workspace; see the port."""
        with self._database.read() as connection:
            here = access_keys.c.workspace == workspace_key(connection, workspace)
            query = select(access_keys.c.key).where(here).order_by(access_keys.c.made_at, access_keys.c.id)
            return [AccessKey.model_validate_json(row) for row in connection.execute(query).scalars()]

    def revoke(self, workspace: str, key_id: str, at: datetime) -> bool:
        """Make a key worthless; see the port."""
        with self._database.write(workspace) as connection:
            here = access_keys.c.workspace == workspace_key(connection, workspace)
            this = (here, access_keys.c.id == key_id)
            row = connection.execute(select(access_keys.c.key).where(*this)).scalar()
            key = AccessKey.model_validate_json(row) if row is not None else None
            if key is None or not key.is_valid(at):
                return False
            left = key.model_copy(update={"revoked_at": at})
            connection.execute(update(access_keys).where(*this).values(key=canonical_json(left)))
            connection.execute(delete(sessions).where(sessions.c.key_id == key_id))
            return True

    def find(self, secret_sha256: str, now: datetime) -> Principal | None:
        """Whom a secret stands for; see the port."""
        with self._database.read() as connection:
            row = connection.execute(
                select(access_keys.c.key).where(access_keys.c.secret_sha256 == secret_sha256)
            ).scalar()
            if row is not None:
                key = AccessKey.model_validate_json(row)
                return _principal(key) if key.is_valid(now) else None
            held = connection.execute(
                select(sessions.c.session).where(sessions.c.token_sha256 == secret_sha256)
            ).scalar()
        session = Session.model_validate_json(held) if held is not None else None
        return session.principal if session and now < session.expires_at else None

    def open_session(self, workspace: str, session: Session, now: datetime) -> None:
        """Keep a session; see the port."""
        with self._database.write(workspace) as connection:
            key = make_workspace(connection, workspace)
            connection.execute(delete(sessions).where(sessions.c.expires_at <= int(now.timestamp())))
            row = {
                "workspace": key,
                "token_sha256": session.token_sha256,
                "key_id": session.principal.key_id,
                "expires_at": int(session.expires_at.timestamp()),
                "session": canonical_json(session),
            }
            connection.execute(insert(sessions), row)

    def end_session(self, token_sha256: str) -> None:
        """Forget a session."""
        with self._database.write("") as connection:
            connection.execute(delete(sessions).where(sessions.c.token_sha256 == token_sha256))


class SqlAudit:
    """The `AuditLog` over table `audit_log`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def append(self, workspace: str, entry: AuditEntry) -> AuditEntry:
        """Add an entry after the last one; see the port."""
        with self._database.write(workspace) as connection:
            here = make_workspace(connection, workspace)
            last = connection.execute(
                select(audit_log.c.entry).where(
                    audit_log.c.workspace == here,
                    audit_log.c.seq
                    == select(func.max(audit_log.c.seq))
                    .where(audit_log.c.workspace == here)
                    .scalar_subquery(),
                )
            ).scalar()
            before = AuditEntry.model_validate_json(last) if last is not None else None
            follows = (
                {"seq": before.seq + 1, "previous": before.hash}
                if before
                else {"seq": 1, "previous": GENESIS}
            )
            kept = entry.model_copy(update=follows).sealed()
            connection.execute(
                insert(audit_log), {"workspace": here, "seq": kept.seq, "entry": canonical_json(kept)}
            )
            return kept

    def entries(self, workspace: str, after: int = 0, limit: int | None = None) -> list[AuditEntry]:
        """Entries with a greater number; see the port."""
        with self._database.read() as connection:
            here = audit_log.c.workspace == workspace_key(connection, workspace)
            query = select(audit_log.c.entry).where(here, audit_log.c.seq > after).order_by(audit_log.c.seq)
            return [
                AuditEntry.model_validate_json(row)
                for row in connection.execute(query.limit(limit)).scalars()
            ]


def _principal(key: AccessKey) -> Principal:
    return Principal(name=key.name, role=key.role, workspace=key.workspace, key_id=key.id)
