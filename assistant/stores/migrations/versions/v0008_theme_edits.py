"""What people decided about themes, and where clustering had put the statements that they moved."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Create the table, and the column."""
    op.create_table(
        "theme_edits",
        sa.Column("workspace", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("edit", sa.Text(), nullable=False),
        sa.Column("made_by", sa.Text(), nullable=False),
        sa.Column("made_at", sa.Integer(), nullable=False),
        sa.Column("undone", sa.Boolean(create_constraint=False), nullable=False),
        sa.Column("erased", sa.Boolean(create_constraint=False), nullable=False),
        sa.ForeignKeyConstraint(["workspace"], ["workspaces.key"]),
        sa.PrimaryKeyConstraint("workspace", "number"),
    )
    op.add_column("statements", sa.Column("found_theme", sa.Text(), nullable=True))
