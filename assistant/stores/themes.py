"""Themes in the catalog: the `ThemeStore`."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from hashlib import blake2b
from typing import Any

import numpy as np
import numpy.typing as npt
from pydantic import TypeAdapter
from sqlalchemy import Column, Connection, bindparam, insert, select, update

from assistant.domain.base import canonical_json
from assistant.domain.erased_words import ErasedWords
from assistant.domain.theme import NamedBy, ThemeNode, ThemeSet
from assistant.domain.theme_edit import LoggedEdit
from assistant.stores.columns import is_filled
from assistant.stores.counted import forget_counted
from assistant.stores.database import Database
from assistant.stores.rows import chunks, make_workspace, workspace_key
from assistant.stores.tables import statements, themes
from assistant.stores.theme_edits import put_edit, read_edits
from assistant.stores.theme_port import ThemeMark, ThemeState

_STATE = TypeAdapter(ThemeState)


class SqlThemes:
    """The `ThemeStore`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def mark(self, workspace: str) -> ThemeMark | None:
        """Hash of the state, and whether something is shown."""
        with self._database.read() as connection:
            here = themes.c.workspace == workspace_key(connection, workspace)
            found = connection.execute(select(themes.c.state, is_filled(themes.c.shown)).where(here)).first()
        return (
            None
            if found is None
            else ThemeMark(
                blake2b(found[0].encode("utf-8", "surrogatepass"), digest_size=16).hexdigest(), bool(found[1])
            )
        )

    def state(self, workspace: str) -> ThemeState | None:
        """What the last run left."""
        with self._database.read() as connection:
            return _state(connection, workspace_key(connection, workspace))

    def save(
        self,
        workspace: str,
        state: ThemeState,
        moved: Mapping[str, npt.NDArray[np.int64]],
        found: Mapping[str, npt.NDArray[np.int64]] | None = None,
        edit: LoggedEdit | None = None,
    ) -> None:
        """Keep the state, put statements into themes, and keep an edit; see the port."""
        with self._database.write(workspace) as connection:
            key = make_workspace(connection, workspace)
            _put(connection, key, state, exists=_state(connection, key) is not None)
            _leave(connection, key, statements.c.theme, state.nodes)
            _leave(connection, key, statements.c.found_theme, state.found)
            _place(connection, key, moved, found or {})
            if edit is not None:
                put_edit(connection, key, edit)

    def edits(self, workspace: str) -> tuple[LoggedEdit, ...]:
        """The log of what people decided."""
        with self._database.read() as connection:
            return read_edits(connection, workspace_key(connection, workspace))

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

    def left(node: ThemeNode) -> ThemeNode:
        # What was removed may repeat any record that the model was shown; it is a report, so it goes without a loss.
        node = node.model_copy(update={"removed": ()})
        return _uncited(node) if gone.intersection(node.cites) else node

    _renew(connection, workspace, state, left)


def redact_names(connection: Connection, workspace: int, words: ErasedWords) -> None:
    """Take back names that a person typed with erased words."""
    if (state := _state(connection, workspace)) is not None:

        def left(node: ThemeNode) -> ThemeNode:
            return _unnamed(node) if words.occur_in(node.name) else node

        _renew(connection, workspace, state, left)


def _uncited(node: ThemeNode) -> ThemeNode:
    if node.named_by is NamedBy.model:
        return _unnamed(node)
    return node.model_copy(update={"cites": (), "summary": ""})


def _unnamed(node: ThemeNode) -> ThemeNode:
    return node.model_copy(update={"name": "", "named_by": NamedBy.keywords, "cites": (), "summary": ""})


def _renew(
    connection: Connection, workspace: int, state: ThemeState, renew: Callable[[ThemeNode], ThemeNode]
) -> None:
    renewed = replace(state, nodes=tuple(map(renew, state.nodes)), found=tuple(map(renew, state.found)))
    if renewed != state:
        _put(connection, workspace, renewed, exists=True)
        forget_counted(connection, workspace)


def _state(connection: Connection, workspace: int | None) -> ThemeState | None:
    document = connection.execute(select(themes.c.state).where(themes.c.workspace == workspace)).scalar()
    if document is None:
        return None
    return _STATE.validate_json(document)


def _put(connection: Connection, workspace: int, state: ThemeState, *, exists: bool) -> None:
    ordered = replace(state, nodes=_ordered(state.nodes), found=_ordered(state.found))
    document = canonical_json(_STATE.dump_python(ordered, mode="json", exclude_defaults=True))
    values = {"state": document, "shown": None}
    if exists:
        connection.execute(update(themes).where(themes.c.workspace == workspace).values(values))
    else:
        connection.execute(insert(themes), {"workspace": workspace, **values})


def _ordered(nodes: Sequence[ThemeNode]) -> tuple[ThemeNode, ...]:
    return tuple(sorted(nodes, key=lambda node: (node.level, node.id)))


def _place(
    connection: Connection,
    workspace: int,
    moved: Mapping[str, npt.NDArray[np.int64]],
    found: Mapping[str, npt.NDArray[np.int64]],
) -> None:
    elsewhere = {key: theme for theme, keys in found.items() for key in keys.tolist()}
    rows = [
        {"statement": key, "now": theme, "was_found": elsewhere.get(key)}
        for theme, keys in moved.items()
        for key in keys.tolist()
    ]
    if rows:
        this = statements.c.workspace == workspace, statements.c.key == bindparam("statement")
        values: dict[str, Any] = {"theme": bindparam("now"), "found_theme": bindparam("was_found")}
        connection.execute(update(statements).where(*this).values(values), rows)


def _leave(
    connection: Connection, workspace: int, column: Column[Any], themes_left: Sequence[ThemeNode]
) -> None:
    query = select(column).where(statements.c.workspace == workspace).distinct()
    left = {node.id for node in themes_left}
    gone = [theme for theme in connection.execute(query).scalars() if theme and theme not in left]
    for some in chunks(sorted(gone)):
        these = statements.c.workspace == workspace, column.in_(some)
        connection.execute(update(statements).where(*these).values({column.name: None}))
