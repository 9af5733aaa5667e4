"""Themes in the catalog: the `ThemeStore`."""

import json
from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt
from sqlalchemy import Connection, insert, select, update

from assistant.domain.base import canonical_json
from assistant.domain.theme import NamedBy, ThemeNode, ThemeRun, ThemeSet
from assistant.stores.database import Database
from assistant.stores.rows import chunks, make_workspace, workspace_key
from assistant.stores.tables import statements, themes
from assistant.stores.theme_port import ThemeState


class SqlThemes:
    """The `ThemeStore`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def state(self, workspace: str) -> ThemeState | None:
        """What the last run left."""
        with self._database.read() as connection:
            return _state(connection, workspace_key(connection, workspace))

    def save(self, workspace: str, state: ThemeState, moved: Mapping[str, npt.NDArray[np.int64]]) -> None:
        """Keep the state, and put statements into themes; see the port."""
        with self._database.write(workspace) as connection:
            key = make_workspace(connection, workspace)
            _put(connection, key, state, exists=_state(connection, key) is not None)
            _leave(connection, key, {node.id for node in state.nodes})
            for theme, keys in moved.items():
                for some in chunks(keys.tolist()):
                    these = statements.c.workspace == key, statements.c.key.in_(some)
                    connection.execute(update(statements).where(*these).values(theme=theme))

    def shown(self, workspace: str) -> ThemeSet | None:
        """What `show` was given last; None once something of it was erased."""
        with self._database.read() as connection:
            here = themes.c.workspace == workspace_key(connection, workspace)
            document = connection.execute(select(themes.c.shown).where(here)).scalar()
        return None if document is None else ThemeSet.model_validate_json(document)

    def show(self, workspace: str, themes_shown: ThemeSet) -> None:
        """Keep the themes as people read them."""
        with self._database.write(workspace) as connection:
            here = themes.c.workspace == workspace_key(connection, workspace)
            connection.execute(update(themes).where(here).values(shown=themes_shown.model_dump_json()))


def forget_cited(connection: Connection, workspace: int, record_ids: Sequence[str]) -> None:
    """Take back names and summaries that a model wrote from these records."""
    state = _state(connection, workspace)
    if state is None:
        return
    gone = set(record_ids)
    left = tuple(
        node.model_copy(update={"name": "", "named_by": NamedBy.keywords, "cites": (), "summary": ""})
        if gone.intersection(node.cites)
        else node
        for node in state.nodes
    )
    if left != state.nodes:
        _put(connection, workspace, ThemeState(state.run, left), exists=True)


def _state(connection: Connection, workspace: int | None) -> ThemeState | None:
    document = connection.execute(select(themes.c.state).where(themes.c.workspace == workspace)).scalar()
    if document is None:
        return None
    held = json.loads(document)
    nodes = tuple(ThemeNode.model_validate(node) for node in held["nodes"])
    return ThemeState(ThemeRun.model_validate(held["run"]), nodes)


def _put(connection: Connection, workspace: int, state: ThemeState, *, exists: bool) -> None:
    nodes = sorted(state.nodes, key=lambda node: (node.level, node.id))
    document = canonical_json(
        {"run": state.run.model_dump(mode="json"), "nodes": [node.model_dump(mode="json") for node in nodes]}
    )
    values = {"state": document, "shown": None}
    if exists:
        connection.execute(update(themes).where(themes.c.workspace == workspace).values(values))
    else:
        connection.execute(insert(themes), {"workspace": workspace, **values})


def _leave(connection: Connection, workspace: int, themes_left: set[str]) -> None:
    query = select(statements.c.theme).where(statements.c.workspace == workspace).distinct()
    gone = [theme for theme in connection.execute(query).scalars() if theme and theme not in themes_left]
    for some in chunks(sorted(gone)):
        these = statements.c.workspace == workspace, statements.c.theme.in_(some)
        connection.execute(update(statements).where(*these).values(theme=None))
