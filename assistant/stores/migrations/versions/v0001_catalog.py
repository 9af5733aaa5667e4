"""The first catalog."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Create every table."""
    _records()
    _what_is_found()
    _drafts()


def _records() -> None:
    op.create_table(
        "workspaces",
        sa.Column("key", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("embedder", sa.Text(), nullable=True),
        sa.Column("snapshot", sa.Text(), nullable=False),
        sa.Column("head", sa.Integer(), nullable=False),
        sa.Column("passages", sa.Integer(), nullable=False),
        sa.Column("words", sa.Integer(), nullable=False),
        sa.CheckConstraint("passages >= 0 AND words >= 0", name="counts_not_negative"),
        sa.PrimaryKeyConstraint("key"),
        sa.UniqueConstraint("name"),
    )
    op.create_table(
        "records",
        sa.Column("key", sa.Integer(), nullable=False),
        sa.Column("workspace", sa.Integer(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("revision", sa.Text(), nullable=False),
        sa.Column("current", sa.Boolean(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("external_id", sa.Text(), nullable=True),
        sa.Column("person", sa.Text(), nullable=True),
        sa.Column("account", sa.Text(), nullable=True),
        sa.Column("segments", sa.Text(), nullable=False),
        sa.Column("rating", sa.Float(), nullable=True),
        sa.Column("said_at", sa.Integer(), nullable=True),
        sa.Column("said_at_offset", sa.Integer(), nullable=True),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=True),
        sa.Column("title", sa.Text(), nullable=True),
        sa.Column("voice", sa.Text(), nullable=False),
        sa.Column("anchors", sa.Text(), nullable=False),
        sa.Column("raw", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["workspace"], ["workspaces.key"]),
        sa.PrimaryKeyConstraint("key"),
        sa.UniqueConstraint("workspace", "id", "revision"),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "current_record",
        "records",
        ["workspace", "id"],
        unique=True,
        sqlite_where=sa.text("current"),
        postgresql_where=sa.text("current"),
    )
    op.create_table(
        "imports",
        sa.Column("workspace", sa.Integer(), nullable=False),
        sa.Column("import_key", sa.Text(), nullable=False),
        sa.Column("rows_done", sa.Integer(), nullable=False),
        sa.Column("tally", sa.Text(), nullable=False),
        sa.Column("finished", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["workspace"], ["workspaces.key"]),
        sa.PrimaryKeyConstraint("workspace", "import_key"),
    )


def _what_is_found() -> None:
    op.create_table(
        "vectors",
        sa.Column("key", sa.Integer(), nullable=False),
        sa.Column("workspace", sa.Integer(), nullable=False),
        sa.Column("embedder", sa.Text(), nullable=False),
        sa.Column("text_hash", sa.Text(), nullable=False),
        sa.Column("vector", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["workspace"], ["workspaces.key"]),
        sa.PrimaryKeyConstraint("key"),
        sa.UniqueConstraint("workspace", "text_hash", "embedder"),
    )
    op.create_table(
        "passages",
        sa.Column("key", sa.Integer(), nullable=False),
        sa.Column("workspace", sa.Integer(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("record", sa.Integer(), nullable=False),
        sa.Column("start", sa.Integer(), nullable=False),
        sa.Column("end", sa.Integer(), nullable=False),
        sa.Column("vector", sa.Integer(), nullable=False),
        sa.Column("terms", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["record"], ["records.key"]),
        sa.ForeignKeyConstraint(["vector"], ["vectors.key"]),
        sa.ForeignKeyConstraint(["workspace"], ["workspaces.key"]),
        sa.PrimaryKeyConstraint("key"),
        sa.UniqueConstraint("workspace", "id"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_passages_record", "passages", ["record"], unique=False)
    op.create_index("ix_passages_vector", "passages", ["vector"], unique=False)
    op.create_table(
        "postings",
        sa.Column("workspace", sa.Integer(), nullable=False),
        sa.Column("term", sa.Text(), nullable=False),
        sa.Column("block", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("entries", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["workspace"], ["workspaces.key"]),
        sa.PrimaryKeyConstraint("workspace", "term", "block"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "outbox",
        sa.Column("workspace", sa.Integer(), nullable=False),
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("passage_id", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["workspace"], ["workspaces.key"]),
        sa.PrimaryKeyConstraint("workspace", "seq"),
        sqlite_with_rowid=False,
    )


def _drafts() -> None:
    op.create_table(
        "drafts",
        sa.Column("key", sa.Integer(), nullable=False),
        sa.Column("workspace", sa.Integer(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["workspace"], ["workspaces.key"]),
        sa.PrimaryKeyConstraint("key"),
        sa.UniqueConstraint("workspace", "id", "version"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "draft_events",
        sa.Column("workspace", sa.Integer(), nullable=False),
        sa.Column("draft_id", sa.Text(), nullable=False),
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("data", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["workspace"], ["workspaces.key"]),
        sa.PrimaryKeyConstraint("workspace", "draft_id", "seq"),
    )
    op.create_table(
        "calls",
        sa.Column("workspace", sa.Integer(), nullable=False),
        sa.Column("call_key", sa.Text(), nullable=False),
        sa.Column("reply", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["workspace"], ["workspaces.key"]),
        sa.PrimaryKeyConstraint("workspace", "call_key"),
    )
