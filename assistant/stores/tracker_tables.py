"""The tables of issue systems; part of the catalog's `metadata`."""

from sqlalchemy import Column, ForeignKey, Index, Table, UniqueConstraint

from assistant.stores.columns import Integer, Text
from assistant.stores.tables import metadata

connections = Table(
    "connections",
    metadata,
    Column("workspace", Integer, ForeignKey("workspaces.key"), primary_key=True),
    Column("name", Text, primary_key=True),
    Column("connection", Text, nullable=False),
)
"""`domain.ticket.Connection` as JSON: names of secrets, no secret."""

tickets = Table(
    "tickets",
    metadata,
    Column("seq", Integer, primary_key=True),
    Column("workspace", Integer, ForeignKey("workspaces.key"), nullable=False),
    Column("connection", Text, nullable=False),
    Column("key", Text, nullable=False),
    Column("version", Text, nullable=False),
    Column("ticket", Text, nullable=False),
    UniqueConstraint("workspace", "connection", "key"),
    sqlite_autoincrement=True,
)
"""`domain.ticket.Ticket` as JSON."""

links = Table(
    "links",
    metadata,
    Column("workspace", Integer, ForeignKey("workspaces.key"), primary_key=True),
    Column("draft_id", Text, primary_key=True),
    Column("item", Text, primary_key=True),
    Column("connection", Text, primary_key=True),
    Column("ticket", Text, primary_key=True),
    Column("link", Text, nullable=False),
    Index("ix_links_ticket", "workspace", "connection", "ticket"),
)
"""`domain.ticket.Link` as JSON."""

effects = Table(
    "effects",
    metadata,
    Column("seq", Integer, primary_key=True),
    Column("workspace", Integer, ForeignKey("workspaces.key"), nullable=False),
    Column("key", Text, nullable=False),
    Column("connection", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("due_at", Integer, nullable=False),
    Column("effect", Text, nullable=False),
    UniqueConstraint("workspace", "key"),
    Index("ix_effects_subject", "workspace", "connection", "subject", "seq"),
    Index("ix_effects_due", "state", "due_at"),
    sqlite_autoincrement=True,
)
"""`domain.ticket.Effect` as JSON. `due_at`, in Unix milliseconds: when it can be sent, or taken from who has it in hands."""

deliveries = Table(
    "deliveries",
    metadata,
    Column("workspace", Integer, ForeignKey("workspaces.key"), primary_key=True),
    Column("connection", Text, primary_key=True),
    Column("id", Text, primary_key=True),
    Column("taken_at", Integer, nullable=False),
    Column("delivery", Text, nullable=False),
    Index("ix_deliveries_taken_at", "taken_at"),
)
"""`domain.ticket.Delivery` as JSON. `taken_at` is in Unix seconds."""

arrived = Table(
    "arrived",
    metadata,
    Column("seq", Integer, primary_key=True),
    Column("workspace", Integer, ForeignKey("workspaces.key"), nullable=False),
    Column("connection", Text, nullable=False),
    Column("id", Text, nullable=False),
    Column("arrived", Text, nullable=False),
    Index("ix_arrived_connection", "workspace", "connection", "seq"),
    sqlite_autoincrement=True,
)
"""`domain.ticket.Arrived` as JSON: what waits. A row goes when its work is done; `deliveries` remembers the id."""

triages = Table(
    "triages",
    metadata,
    Column("workspace", Integer, ForeignKey("workspaces.key"), primary_key=True),
    Column("connection", Text, primary_key=True),
    Column("ticket", Text, primary_key=True),
    Column("triage", Text, nullable=False),
)
"""`domain.triage.Triage` as JSON, of the newest text of the ticket that was worked on."""

asked = Table(
    "asked",
    metadata,
    Column("workspace", Integer, ForeignKey("workspaces.key"), primary_key=True),
    Column("connection", Text, primary_key=True),
    Column("until", Integer, nullable=False),
)
"""Until when, in Unix seconds, everything that changed in a tracker without webhooks is known."""
