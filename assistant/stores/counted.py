"""What was counted last, in the catalog: the `CountedStore`."""

from collections.abc import Mapping

from sqlalchemy import Connection, delete, insert, select

from assistant.stores.counted_tables import counted
from assistant.stores.database import Database
from assistant.stores.rows import make_workspace, workspace_key


class SqlCounted:
    """The `CountedStore`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def stamp(self, workspace: str) -> str | None:
        """Of what the kept counts are."""
        with self._database.read() as connection:
            here = counted.c.workspace == workspace_key(connection, workspace)
            found: str | None = connection.execute(select(counted.c.stamp).where(here).limit(1)).scalar()
        return found

    def read(self, workspace: str, name: str) -> bytes | None:
        """What was kept under a name."""
        with self._database.read() as connection:
            here = counted.c.workspace == workspace_key(connection, workspace), counted.c.name == name
            found = connection.execute(select(counted.c.content).where(*here)).scalar()
        return None if found is None else bytes(found)

    def keep(self, workspace: str, stamp: str, contents: Mapping[str, bytes]) -> None:
        """Replace everything that was kept."""
        with self._database.write(workspace) as connection:
            key = make_workspace(connection, workspace)
            forget_counted(connection, key)
            rows = [
                {"workspace": key, "name": name, "stamp": stamp, "content": content}
                for name, content in sorted(contents.items())
            ]
            if rows:
                connection.execute(insert(counted), rows)


def forget_counted(connection: Connection, workspace: int) -> None:
    """Remove what was counted: it holds names of themes and of sources."""
    connection.execute(delete(counted).where(counted.c.workspace == workspace))
