"""What drafts rest on, and which of their claims no longer hold."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    """Create the tables. Drafts that are there are looked at once, at the next import."""
    op.create_table(
        "draft_proofs",
        sa.Column("workspace", sa.Integer(), nullable=False),
        sa.Column("draft_id", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("foundation", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("looked", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["workspace"], ["workspaces.key"]),
        sa.PrimaryKeyConstraint("workspace", "draft_id"),
    )
    op.create_table(
        "stale_claims",
        sa.Column("workspace", sa.Integer(), nullable=False),
        sa.Column("draft_id", sa.Text(), nullable=False),
        sa.Column("claim_id", sa.Text(), nullable=False),
        sa.Column("claim", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["workspace"], ["workspaces.key"]),
        sa.PrimaryKeyConstraint("workspace", "draft_id", "claim_id"),
    )
    op.execute(
        "INSERT INTO draft_proofs (workspace, draft_id, version, foundation, state, looked) "
        "SELECT workspace, id, MAX(version), '', '', '' FROM drafts GROUP BY workspace, id"
    )
