"""The table of what was counted last."""

from sqlalchemy import Column, ForeignKey, LargeBinary, Table

from assistant.stores.columns import Integer, Text
from assistant.stores.tables import metadata

counted = Table(
    "counted",
    metadata,
    Column("workspace", Integer, ForeignKey("workspaces.key"), primary_key=True),
    Column("name", Text, primary_key=True),
    Column("stamp", Text, nullable=False),
    Column("content", LargeBinary, nullable=False),
)
"""What is counted over a whole workspace: a copy that is thrown away when a record is erased. `stamp` says of what it was counted."""
