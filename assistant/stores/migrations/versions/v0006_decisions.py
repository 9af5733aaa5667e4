"""Tombstones of records that left their source, and saved mappings of columns."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Create both tables."""
    op.create_table(
        "tombstones",
        sa.Column("workspace", sa.Integer(), nullable=False),
        sa.Column("record_id", sa.Text(), nullable=False),
        sa.Column("record", sa.Integer(), nullable=False),
        sa.Column("since", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["workspace"], ["workspaces.key"]),
        sa.ForeignKeyConstraint(["record"], ["records.key"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("workspace", "record_id"),
    )
    op.create_index("ix_tombstones_record", "tombstones", ["record"], unique=False)
    op.create_table(
        "mappings",
        sa.Column("workspace", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("signature", sa.Text(), nullable=False),
        sa.Column("layout", sa.Text(), nullable=False),
        sa.Column("columns", sa.Text(), nullable=False),
        sa.Column("fields", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["workspace"], ["workspaces.key"]),
        sa.PrimaryKeyConstraint("workspace", "name"),
        sa.UniqueConstraint("workspace", "signature"),
    )
