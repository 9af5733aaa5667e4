"""Chats with their turns and events, and what models cost a day."""

import sqlalchemy as sa
from alembic import op

from assistant.stores.columns import Integer

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "threads",
        sa.Column("key", Integer, nullable=False),
        sa.Column("workspace", Integer, nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("thread", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["workspace"], ["workspaces.key"]),
        sa.PrimaryKeyConstraint("key"),
        sa.UniqueConstraint("workspace", "id"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "turns",
        sa.Column("workspace", Integer, nullable=False),
        sa.Column("thread_id", sa.Text(), nullable=False),
        sa.Column("seq", Integer, nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("turn", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["workspace"], ["workspaces.key"]),
        sa.PrimaryKeyConstraint("workspace", "thread_id", "seq"),
        sa.UniqueConstraint("workspace", "id"),
    )
    op.create_table(
        "thread_events",
        sa.Column("workspace", Integer, nullable=False),
        sa.Column("thread_id", sa.Text(), nullable=False),
        sa.Column("seq", Integer, nullable=False),
        sa.Column("turn_id", sa.Text(), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("data", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["workspace"], ["workspaces.key"]),
        sa.PrimaryKeyConstraint("workspace", "thread_id", "seq"),
    )
    op.create_table(
        "spending",
        sa.Column("workspace", Integer, nullable=False),
        sa.Column("day", sa.Text(), nullable=False),
        sa.Column("tokens", Integer, nullable=False),
        sa.Column("usd", sa.Float(), nullable=False),
        sa.ForeignKeyConstraint(["workspace"], ["workspaces.key"]),
        sa.PrimaryKeyConstraint("workspace", "day"),
    )
