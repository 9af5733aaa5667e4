"""Issue systems: connections, tickets, links, what is to be sent, and what was taken in."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"


def _workspace() -> sa.Column[int]:
    return sa.Column("workspace", sa.Integer(), nullable=False)


def _texts(*names: str) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.Text(), nullable=False) for name in names]


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "connections",
        _workspace(),
        *_texts("name", "connection"),
        sa.ForeignKeyConstraint(["workspace"], ["workspaces.key"]),
        sa.PrimaryKeyConstraint("workspace", "name"),
    )
    op.create_table(
        "tickets",
        sa.Column("seq", sa.Integer(), nullable=False),
        _workspace(),
        *_texts("connection", "key", "version", "ticket"),
        sa.ForeignKeyConstraint(["workspace"], ["workspaces.key"]),
        sa.PrimaryKeyConstraint("seq"),
        sa.UniqueConstraint("workspace", "connection", "key"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "links",
        _workspace(),
        *_texts("draft_id", "item", "connection", "ticket", "link"),
        sa.ForeignKeyConstraint(["workspace"], ["workspaces.key"]),
        sa.PrimaryKeyConstraint("workspace", "draft_id", "item", "connection", "ticket"),
    )
    op.create_index("ix_links_ticket", "links", ["workspace", "connection", "ticket"])
    op.create_table(
        "effects",
        sa.Column("seq", sa.Integer(), nullable=False),
        _workspace(),
        *_texts("key", "connection", "subject", "state"),
        sa.Column("due_at", sa.Integer(), nullable=False),
        *_texts("effect"),
        sa.ForeignKeyConstraint(["workspace"], ["workspaces.key"]),
        sa.PrimaryKeyConstraint("seq"),
        sa.UniqueConstraint("workspace", "key"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_effects_subject", "effects", ["workspace", "connection", "subject", "seq"])
    op.create_index("ix_effects_due", "effects", ["state", "due_at"])
    op.create_table(
        "deliveries",
        _workspace(),
        *_texts("connection", "id"),
        sa.Column("taken_at", sa.Integer(), nullable=False),
        *_texts("delivery"),
        sa.ForeignKeyConstraint(["workspace"], ["workspaces.key"]),
        sa.PrimaryKeyConstraint("workspace", "connection", "id"),
    )
    op.create_index("ix_deliveries_taken_at", "deliveries", ["taken_at"])
