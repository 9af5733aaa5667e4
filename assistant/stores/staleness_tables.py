"""The tables of what drafts rest on, and which of their claims no longer hold. Part of the catalog's metadata."""

from sqlalchemy import Column, ForeignKey, Table

from assistant.stores.columns import Integer, Text
from assistant.stores.tables import metadata

draft_proofs = Table(
    "draft_proofs",
    metadata,
    Column("workspace", Integer, ForeignKey("workspaces.key"), primary_key=True),
    Column("draft_id", Text, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("foundation", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("looked", Text, nullable=False),
)
"""One row per draft, about its newest version: what it rests on (`domain.staleness.Foundation`), a hash of what that was like when its
claims were evaluated, and the corpus as of which that still holds. Empty texts: not worked out, never looked at."""

stale_claims = Table(
    "stale_claims",
    metadata,
    Column("workspace", Integer, ForeignKey("workspaces.key"), primary_key=True),
    Column("draft_id", Text, primary_key=True),
    Column("claim_id", Text, primary_key=True),
    Column("claim", Text, nullable=False),
)
"""Claims of newest versions that no longer hold (`domain.staleness.StaleClaim`), each as JSON."""
