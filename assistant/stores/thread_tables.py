"""The tables of chats, and of what models cost."""

from sqlalchemy import Column, Float, ForeignKey, Table, UniqueConstraint

from assistant.stores.columns import Integer, Text
from assistant.stores.tables import metadata

threads = Table(
    "threads",
    metadata,
    Column("key", Integer, primary_key=True),
    Column("workspace", Integer, ForeignKey("workspaces.key"), nullable=False),
    Column("id", Text, nullable=False),
    Column("thread", Text, nullable=False),
    UniqueConstraint("workspace", "id"),
    sqlite_autoincrement=True,
)
"""Chats (`domain.thread.Thread`), each as JSON."""

turns = Table(
    "turns",
    metadata,
    Column("workspace", Integer, ForeignKey("workspaces.key"), primary_key=True),
    Column("thread_id", Text, primary_key=True),
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("id", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("turn", Text, nullable=False),
    UniqueConstraint("workspace", "id"),
)
"""What was said (`domain.thread.Turn`), each as JSON."""

thread_events = Table(
    "thread_events",
    metadata,
    Column("workspace", Integer, ForeignKey("workspaces.key"), primary_key=True),
    Column("thread_id", Text, primary_key=True),
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("turn_id", Text, nullable=False),
    Column("type", Text, nullable=False),
    Column("data", Text, nullable=False),
)

spending = Table(
    "spending",
    metadata,
    Column("workspace", Integer, ForeignKey("workspaces.key"), primary_key=True),
    Column("day", Text, primary_key=True),
    Column("tokens", Integer, nullable=False),
    Column("usd", Float, nullable=False),
)
"""What models took, by UTC day."""
