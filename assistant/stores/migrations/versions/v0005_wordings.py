"""Records carry what their words tell: type and tone (`assistant.search.facets`)."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Make the table; records of before have no row, and are looked at when their workspace is opened."""
    op.add_column("workspaces", sa.Column("worded_by", sa.Text(), nullable=False, server_default=""))
    op.create_table(
        "wordings",
        sa.Column("record", sa.Integer(), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("tone", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["record"], ["records.key"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("record"),
    )
    rated = sa.text("current AND rating IS NOT NULL")
    op.create_index(
        "rated_record",
        "records",
        ["workspace", "source", "rating"],
        sqlite_where=rated,
        postgresql_where=rated,
    )
