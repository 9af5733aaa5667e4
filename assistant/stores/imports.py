"""How far imports have come: the `ImportStore`, and saving a checkpoint inside another transaction."""

import json

from sqlalchemy import Connection, insert, select, update

from assistant.domain.base import canonical_json
from assistant.stores.database import Database
from assistant.stores.port import Checkpoint
from assistant.stores.rows import workspace_key
from assistant.stores.tables import imports


class SqlImports:
    """The `ImportStore` over table `imports`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def get(self, workspace: str, import_key: str) -> Checkpoint | None:
        """The last saved checkpoint of that file."""
        with self._database.read() as connection:
            key = workspace_key(connection, workspace)
            query = select(imports).where(imports.c.workspace == key, imports.c.import_key == import_key)
            row = connection.execute(query).first()
        if row is None:
            return None
        return Checkpoint(import_key, row.rows_done, json.loads(row.tally), row.finished)


def save_checkpoint(connection: Connection, workspace: int, checkpoint: Checkpoint) -> None:
    """Insert or replace the checkpoint of a file."""
    this = (imports.c.workspace == workspace, imports.c.import_key == checkpoint.import_key)
    values = {
        "rows_done": checkpoint.rows_done,
        "tally": canonical_json(dict(checkpoint.tally)),
        "finished": checkpoint.finished,
    }
    if connection.execute(update(imports).where(*this).values(values)).rowcount == 0:
        row = {"workspace": workspace, "import_key": checkpoint.import_key, **values}
        connection.execute(insert(imports), row)
