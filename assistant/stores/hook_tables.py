"""The tables of webhooks that go out; part of the catalog's `metadata`."""

from sqlalchemy import Column, ForeignKey, Index, Table, UniqueConstraint

from assistant.stores.columns import Integer, Text
from assistant.stores.tables import metadata

hooks = Table(
    "hooks",
    metadata,
    Column("workspace", Integer, ForeignKey("workspaces.key"), primary_key=True),
    Column("name", Text, primary_key=True),
    Column("hook", Text, nullable=False),
)
"""`domain.hook.Hook` as JSON: names of secrets, no secret."""

hook_messages = Table(
    "hook_messages",
    metadata,
    Column("seq", Integer, primary_key=True),
    Column("workspace", Integer, ForeignKey("workspaces.key"), nullable=False),
    Column("id", Text, nullable=False),
    Column("hook", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("due_at", Integer, nullable=False),
    Column("message", Text, nullable=False),
    UniqueConstraint("workspace", "id"),
    Index("ix_hook_messages_due", "state", "due_at"),
    sqlite_autoincrement=True,
)
"""`domain.hook.HookMessage` as JSON. `due_at`, in Unix milliseconds: when it can be sent, or taken from who has it in hands."""
