"""The tables of the catalog. What is written into them, and how, lives in the modules next to this one.

Integer keys join rows inside the database; outside, records, passages and drafts are known by their string ids.
Texts that hold JSON are plain text columns, so that the same bytes come back from any database.
"""

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Float,
    ForeignKey,
    Index,
    LargeBinary,
    MetaData,
    Table,
    UniqueConstraint,
    text,
)

from assistant.stores.columns import Integer, Text

REVISIONS = tuple(f"{number:04}" for number in range(1, 18))
"""Alembic revisions that this version knows, oldest first; the last is the one it works with."""

metadata = MetaData()


def _workspace() -> Column[int]:
    return Column("workspace", Integer, ForeignKey("workspaces.key"), nullable=False)


workspaces = Table(
    "workspaces",
    metadata,
    Column("key", Integer, primary_key=True),
    Column("name", Text, nullable=False, unique=True),
    Column("embedder", Text),
    Column("snapshot", Text, nullable=False),
    Column("head", Integer, nullable=False),
    Column("passages", Integer, nullable=False),
    Column("words", Integer, nullable=False),
    Column("worded_by", Text, nullable=False, server_default=""),
    CheckConstraint("passages >= 0 AND words >= 0", name="counts_not_negative"),
)
"""One row per workspace: its embedder, the sum of its record hashes, the last outbox number, counts for BM25, and what all of its
wordings were decided with."""

records = Table(
    "records",
    metadata,
    Column("key", Integer, primary_key=True),
    _workspace(),
    Column("id", Text, nullable=False),
    Column("revision", Text, nullable=False),
    Column("current", Boolean(create_constraint=False), nullable=False),
    Column("source", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("external_id", Text),
    Column("person", Text),
    Column("account", Text),
    Column("segments", Text, nullable=False),
    Column("rating", Float),
    Column("said_at", Integer),
    Column("said_at_offset", Integer),
    Column("language", Text, nullable=False),
    Column("url", Text),
    Column("title", Text),
    Column("voice", Text, nullable=False),
    Column("anchors", Text, nullable=False),
    # Last, so that reading the columns before it never touches the overflow pages of a long text.
    Column("raw", Text, nullable=False),
    UniqueConstraint("workspace", "id", "revision"),
    sqlite_autoincrement=True,
)
"""Every revision of every record. `said_at` is in Unix seconds, `said_at_offset` in seconds east of UTC."""

current_record = Index(
    "current_record",
    records.c.workspace,
    records.c.id,
    unique=True,
    sqlite_where=text("current"),
    postgresql_where=text("current"),
)

rated_record = Index(
    "rated_record",
    records.c.workspace,
    records.c.source,
    records.c.rating,
    sqlite_where=text("current AND rating IS NOT NULL"),
    postgresql_where=text("current AND rating IS NOT NULL"),
)
"""Covers what the scale of a source's ratings is found from."""

wordings = Table(
    "wordings",
    metadata,
    Column("record", Integer, ForeignKey("records.key", ondelete="CASCADE"), primary_key=True),
    Column("type", Text, nullable=False),
    Column("tone", Text, nullable=False),
)
"""What the words of a record's revision tell. Not columns of `records`: added ones would lie behind long texts."""

vectors = Table(
    "vectors",
    metadata,
    Column("key", Integer, primary_key=True),
    _workspace(),
    Column("embedder", Text, nullable=False),
    Column("text_hash", Text, nullable=False),
    Column("vector", LargeBinary, nullable=False),
    UniqueConstraint("workspace", "text_hash", "embedder"),
)
"""Little-endian float16. Every vector belongs to at least one passage, so that erasing a record leaves none behind."""

passages = Table(
    "passages",
    metadata,
    Column("key", Integer, primary_key=True),
    _workspace(),
    Column("id", Text, nullable=False),
    Column("record", Integer, ForeignKey("records.key"), nullable=False, index=True),
    Column("start", Integer, nullable=False),
    Column("end", Integer, nullable=False),
    Column("vector", Integer, ForeignKey("vectors.key"), nullable=False, index=True),
    Column("terms", Text, nullable=False),
    Column("marks", Text, nullable=False, server_default=""),
    UniqueConstraint("workspace", "id"),
    sqlite_autoincrement=True,
)
"""Passages of current records. `terms` are the words in the lexical index, needed to take them out again; `marks` what the passage says."""

postings = Table(
    "postings",
    metadata,
    Column("workspace", Integer, ForeignKey("workspaces.key"), primary_key=True),
    Column("term", Text, primary_key=True),
    Column("block", Integer, primary_key=True, autoincrement=False),
    Column("entries", LargeBinary, nullable=False),
    sqlite_with_rowid=False,
)
"""The lexical index: per term, blocks of postings (`lexical.POSTING`)."""

outbox = Table(
    "outbox",
    metadata,
    Column("workspace", Integer, ForeignKey("workspaces.key"), primary_key=True),
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("passage_id", Text, nullable=False),
    sqlite_with_rowid=False,
)
"""Passages that changed, in order. What became of one is read from `passages` when the index asks."""

drafts = Table(
    "drafts",
    metadata,
    Column("key", Integer, primary_key=True),
    _workspace(),
    Column("id", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("document", Text, nullable=False),
    UniqueConstraint("workspace", "id", "version"),
    sqlite_autoincrement=True,
)

draft_events = Table(
    "draft_events",
    metadata,
    Column("workspace", Integer, ForeignKey("workspaces.key"), primary_key=True),
    Column("draft_id", Text, primary_key=True),
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("type", Text, nullable=False),
    Column("data", Text, nullable=False),
)

calls = Table(
    "calls",
    metadata,
    Column("workspace", Integer, ForeignKey("workspaces.key"), primary_key=True),
    Column("call_key", Text, primary_key=True),
    Column("reply", Text, nullable=False),
)

imports = Table(
    "imports",
    metadata,
    Column("workspace", Integer, ForeignKey("workspaces.key"), primary_key=True),
    Column("import_key", Text, primary_key=True),
    Column("rows_done", Integer, nullable=False),
    Column("tally", Text, nullable=False),
    Column("finished", Boolean(create_constraint=False), nullable=False),
)

sketches = Table(
    "sketches",
    metadata,
    Column("record", Integer, ForeignKey("records.key", ondelete="CASCADE"), primary_key=True),
    Column("text_key", LargeBinary, nullable=False),
    Column("figures", Text, nullable=False),
    Column("signature", LargeBinary, nullable=False),
)
"""What twins are found by: hash of the normalised text, hash of the figures in it, MinHash signature (`ledger.Sketch`)."""

twins = Table(
    "twins",
    metadata,
    Column("workspace", Integer, ForeignKey("workspaces.key"), primary_key=True),
    Column("record_id", Text, primary_key=True),
    Column("first_id", Text, nullable=False),
    Column("rule", Text, nullable=False),
    Column("score", Float, nullable=False),
    Column("figures", Text, nullable=False),
    Column("undone", Boolean(create_constraint=False), nullable=False),
)
"""The ledger of twins: which group a record belongs to, by which rule; `undone` ones stand apart until they are linked again."""

identities = Table(
    "identities",
    metadata,
    Column("workspace", Integer, ForeignKey("workspaces.key"), primary_key=True),
    Column("person", Text, primary_key=True),
    Column("rule", Text, primary_key=True),
    Column("identity", Text, primary_key=True),
)
"""By what a pseudonym can be known in another channel: hashes of address, name with account, handle, or a person's own word."""

people = Table(
    "people",
    metadata,
    Column("workspace", Integer, ForeignKey("workspaces.key"), primary_key=True),
    Column("person", Text, primary_key=True),
    Column("first_person", Text, nullable=False),
    Column("rule", Text, nullable=False),
    Column("undone", Boolean(create_constraint=False), nullable=False),
)
"""The ledger of people: pseudonyms that are one person."""

tombstones = Table(
    "tombstones",
    metadata,
    Column("workspace", Integer, ForeignKey("workspaces.key"), primary_key=True),
    Column("record_id", Text, primary_key=True),
    Column("record", Integer, ForeignKey("records.key", ondelete="CASCADE"), nullable=False, index=True),
    Column("since", Integer, nullable=False),
)
"""Records that left their source: the revision that was current, and since when (Unix seconds). No revision of theirs is current."""

mappings = Table(
    "mappings",
    metadata,
    Column("workspace", Integer, ForeignKey("workspaces.key"), primary_key=True),
    Column("name", Text, primary_key=True),
    Column("signature", Text, nullable=False),
    Column("layout", Text, nullable=False),
    Column("columns", Text, nullable=False),
    Column("fields", Text, nullable=False),
    UniqueConstraint("workspace", "signature"),
)
"""What people said that columns mean, by name and by the hash of the header."""

erasures = Table(
    "erasures",
    metadata,
    Column("workspace", Integer, ForeignKey("workspaces.key"), primary_key=True),
    Column("id", Text, primary_key=True),
    Column("subject", Text, nullable=False),
    Column("receipt", Text, nullable=False),
    Column("traces", Text),
)
"""One row per erasure, with its receipt. `traces` are hashes of what to search files for, until the erasure is done."""

erasure_keys = Table(
    "erasure_keys",
    metadata,
    Column("workspace", Integer, ForeignKey("workspaces.key"), primary_key=True),
    Column("key", LargeBinary, nullable=False),
)
"""The secret under which a workspace remembers whom it erased."""

erased = Table(
    "erased",
    metadata,
    Column("workspace", Integer, ForeignKey("workspaces.key"), primary_key=True),
    Column("digest", Text, primary_key=True),
)
"""Keyed hashes of persons, accounts and record ids that an import must not bring back unasked."""

statements = Table(
    "statements",
    metadata,
    Column("key", Integer, primary_key=True),
    _workspace(),
    Column("record", Integer, ForeignKey("records.key", ondelete="CASCADE"), nullable=False),
    Column("ordinal", Integer, nullable=False),
    Column("start", Integer, nullable=False),
    Column("end", Integer, nullable=False),
    Column("text_hash", Text, nullable=False),
    Column("theme", Text),
    Column("found_theme", Text),
    UniqueConstraint("record", "ordinal"),
    sqlite_autoincrement=True,
)
"""What each revision of a record says, once somebody looked, and the theme that each statement is in; where an edit put it there,
also the one that clustering had found."""

statement_text = Index("statement_text", statements.c.workspace, statements.c.text_hash)

statement_vectors = Table(
    "statement_vectors",
    metadata,
    Column("workspace", Integer, ForeignKey("workspaces.key"), primary_key=True),
    Column("embedder", Text, primary_key=True),
    Column("text_hash", Text, primary_key=True),
    Column("vector", LargeBinary, nullable=False),
)
"""Vectors of statements that are no whole passage; float16 as in `vectors`. Each belongs to at least one statement."""

themes = Table(
    "themes",
    metadata,
    Column("workspace", Integer, ForeignKey("workspaces.key"), primary_key=True),
    Column("state", Text, nullable=False),
    Column("shown", Text),
)
"""The themes as they are remembered, and as they were shown last: a copy that is thrown away when anything it holds is erased."""

theme_edits = Table(
    "theme_edits",
    metadata,
    Column("workspace", Integer, ForeignKey("workspaces.key"), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("edit", Text, nullable=False),
    Column("made_by", Text, nullable=False),
    Column("made_at", Integer, nullable=False),
    Column("undone", Boolean(create_constraint=False), nullable=False),
    Column("erased", Boolean(create_constraint=False), nullable=False),
)
"""The log of what people decided about themes (`domain.theme_edit`), done again in every run. `made_at` is in Unix seconds."""

labels = Table(
    "labels",
    metadata,
    Column("workspace", Integer, ForeignKey("workspaces.key"), primary_key=True),
    Column("id", Text, primary_key=True),
    Column("question", Text, nullable=False),
    Column("item", Text, nullable=False),
    Column("rater", Text, nullable=False),
    Column("label", Text, nullable=False),
)
"""What people judged (`domain.label.Label`), each as JSON."""

eval_cases = Table(
    "eval_cases",
    metadata,
    Column("workspace", Integer, ForeignKey("workspaces.key"), primary_key=True),
    Column("set_name", Text, primary_key=True),
    Column("id", Text, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("kept", Text, nullable=False),
)
"""Cases of the workspace's own evaluation sets (`domain.label.KeptCase`), each as JSON."""

draft_notes = Table(
    "draft_notes",
    metadata,
    Column("workspace", Integer, ForeignKey("workspaces.key"), primary_key=True),
    Column("draft_id", Text, primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("note", Text, nullable=False),
)
"""How a version came about (`domain.draft_diff.VersionNote`), as JSON; those that the product wrote have none."""

draft_comments = Table(
    "draft_comments",
    metadata,
    Column("workspace", Integer, ForeignKey("workspaces.key"), primary_key=True),
    Column("id", Text, primary_key=True),
    Column("draft_id", Text, nullable=False),
    Column("comment", Text, nullable=False),
    Index("commented_draft", "workspace", "draft_id"),
)
"""Comments (`domain.comment.Comment`), each as JSON."""
