"""Tables of keys, sessions and the audit log; part of the catalog's `metadata`."""

from sqlalchemy import Column, Connection, ForeignKey, Table, event, text

from assistant.stores.columns import Integer, Text
from assistant.stores.tables import metadata

access_keys = Table(
    "access_keys",
    metadata,
    Column("workspace", Integer, ForeignKey("workspaces.key"), nullable=False),
    Column("id", Text, primary_key=True),
    Column("secret_sha256", Text, nullable=False, unique=True),
    Column("made_at", Integer, nullable=False),
    Column("key", Text, nullable=False),
)
"""`domain.access.AccessKey` as JSON. `made_at` is in Unix seconds."""

sessions = Table(
    "sessions",
    metadata,
    Column("workspace", Integer, ForeignKey("workspaces.key"), nullable=False),
    Column("token_sha256", Text, primary_key=True),
    Column("key_id", Text, nullable=False, index=True),
    Column("expires_at", Integer, nullable=False),
    Column("session", Text, nullable=False),
)
"""`domain.access.Session` as JSON. `expires_at` is in Unix seconds."""

audit_log = Table(
    "audit_log",
    metadata,
    Column("workspace", Integer, ForeignKey("workspaces.key"), primary_key=True),
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("entry", Text, nullable=False),
)
"""`domain.access.AuditEntry` as JSON. Triggers refuse any change, so that a slip of ours can't rewrite it; who owns the file still can,
and `verify` then shows it."""

_SQLITE = tuple(
    f"CREATE TRIGGER audit_log_no_{what.lower()} BEFORE {what} ON audit_log "
    "BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END"
    for what in ("UPDATE", "DELETE")
)
_POSTGRES = (
    "CREATE OR REPLACE FUNCTION refuse_audit_change() RETURNS trigger LANGUAGE plpgsql AS "
    "$$ BEGIN RAISE EXCEPTION 'the audit log is append-only'; END $$",
    "CREATE TRIGGER audit_log_append_only BEFORE UPDATE OR DELETE ON audit_log "
    "FOR EACH ROW EXECUTE FUNCTION refuse_audit_change()",
)


@event.listens_for(audit_log, "after_create")
def _guard(_table: Table, connection: Connection, **_given: object) -> None:
    for statement in guards(connection):
        connection.execute(text(statement))


def guards(connection: Connection) -> tuple[str, ...]:
    """The statements that make the log append-only in this database."""
    return _SQLITE if connection.dialect.name == "sqlite" else _POSTGRES
