"""Statements with their vectors, and themes."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "statements",
        sa.Column("key", sa.Integer(), nullable=False),
        sa.Column("workspace", sa.Integer(), nullable=False),
        sa.Column("record", sa.Integer(), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("start", sa.Integer(), nullable=False),
        sa.Column("end", sa.Integer(), nullable=False),
        sa.Column("text_hash", sa.Text(), nullable=False),
        sa.Column("theme", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["workspace"], ["workspaces.key"]),
        sa.ForeignKeyConstraint(["record"], ["records.key"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("key"),
        sa.UniqueConstraint("record", "ordinal"),
        sqlite_autoincrement=True,
    )
    op.create_index("statement_text", "statements", ["workspace", "text_hash"], unique=False)
    op.create_table(
        "statement_vectors",
        sa.Column("workspace", sa.Integer(), nullable=False),
        sa.Column("embedder", sa.Text(), nullable=False),
        sa.Column("text_hash", sa.Text(), nullable=False),
        sa.Column("vector", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["workspace"], ["workspaces.key"]),
        sa.PrimaryKeyConstraint("workspace", "embedder", "text_hash"),
    )
    op.create_table(
        "themes",
        sa.Column("workspace", sa.Integer(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("shown", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["workspace"], ["workspaces.key"]),
        sa.PrimaryKeyConstraint("workspace"),
    )
