"""Passages carry their marks: stance, symptoms, wish (`assistant.search.marks`)."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Add the column; passages of before have none, and are read again when they are needed."""
    op.add_column("passages", sa.Column("marks", sa.Text(), nullable=False, server_default=""))
