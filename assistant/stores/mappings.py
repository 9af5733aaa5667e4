"""Saved mappings of columns: the `MappingStore`."""

import json

from sqlalchemy import Row, delete, insert, select

from assistant.domain.base import digest
from assistant.errors import UsageError
from assistant.stores.database import Database
from assistant.stores.decisions import SavedMapping
from assistant.stores.rows import make_workspace, workspace_key
from assistant.stores.tables import mappings


class SqlMappings:
    """The `MappingStore` over table `mappings`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def save(self, workspace: str, mapping: SavedMapping) -> None:
        """Keep a mapping under its name, in place of one of that name; see the port."""
        signature = digest(*mapping.columns)
        with self._database.write(workspace) as connection:
            key = make_workspace(connection, workspace)
            here = mappings.c.workspace == key
            connection.execute(delete(mappings).where(here, mappings.c.name == mapping.name))
            query = select(mappings.c.name).where(here, mappings.c.signature == signature)
            if other := connection.execute(query).scalar():
                raise UsageError(
                    f"A file with these columns has a saved mapping already: '{other}'.",
                    hint=f"Save it as '{other}' to replace that one, or first: voxspec mappings forget {other}.",
                )
            row = {
                "workspace": key,
                "name": mapping.name,
                "signature": signature,
                "layout": mapping.layout,
                "columns": json.dumps(mapping.columns, ensure_ascii=False),
                "fields": json.dumps(dict(mapping.fields), ensure_ascii=False),
            }
            connection.execute(insert(mappings), row)

    def get(self, workspace: str, name: str) -> SavedMapping | None:
        """The mapping of that name."""
        with self._database.read() as connection:
            here = mappings.c.workspace == workspace_key(connection, workspace)
            row = connection.execute(select(mappings).where(here, mappings.c.name == name)).first()
        return _mapping(row) if row is not None else None

    def saved(self, workspace: str) -> list[SavedMapping]:
        """All mappings, by name."""
        with self._database.read() as connection:
            here = mappings.c.workspace == workspace_key(connection, workspace)
            rows = connection.execute(select(mappings).where(here).order_by(mappings.c.name)).all()
        return [_mapping(row) for row in rows]

    def forget(self, workspace: str, name: str) -> bool:
        """Remove a mapping. Returns whether there was one."""
        with self._database.write(workspace) as connection:
            here = mappings.c.workspace == workspace_key(connection, workspace)
            gone = connection.execute(delete(mappings).where(here, mappings.c.name == name))
        return gone.rowcount > 0


def _mapping(row: Row[tuple[int, str, str, str, str, str]]) -> SavedMapping:
    return SavedMapping(row.name, row.layout, tuple(json.loads(row.columns)), json.loads(row.fields))
