"""A new catalog in a file is made in one step; an old one goes through every revision. Both end with the same tables."""

import re
import sqlite3
from contextlib import closing
from pathlib import Path

from assistant.stores.catalog import open_catalog
from assistant.stores.sqlite_file import SqliteFile
from assistant.stores.tables import REVISIONS
from assistant.stores.upgrade import upgrade

_SPACE = re.compile(r"\s+")


def migrate(path: Path) -> None:
    """Make a catalog revision by revision."""
    backend = SqliteFile(path)
    with backend.write("", synced=True) as connection:
        upgrade(connection)
    backend.engine.dispose()


def schema(path: Path) -> dict[str, tuple[str, list[str]]]:
    """How everything in a file was declared: by name, what it is, and its lines in no order (a column that came later stands last)."""
    with closing(sqlite3.connect(path)) as connection:
        rows = connection.execute("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL").fetchall()
    return {name: (told[0], sorted(told[1:])) for name, sql in rows for told in [declared(sql)]}


def declared(sql: str) -> list[str]:
    """The statement without its lines, then the lines."""
    head, _, rest = sql.partition("(")
    body, _, end = rest.rpartition(")")
    lines = [_SPACE.sub(" ", line).strip() for line in re.split(r",\s*\n|,(?= \w+ TEXT)", body)]
    return [f"{head.strip()} ({end.strip()}", *lines]


def test_a_new_catalog_has_the_tables_of_one_that_went_through_every_revision(tmp_path: Path) -> None:
    open_catalog(tmp_path / "new.sqlite3").close()
    migrate(tmp_path / "old.sqlite3")
    new, old = schema(tmp_path / "new.sqlite3"), schema(tmp_path / "old.sqlite3")
    assert len(new) > 24
    assert new == old


def test_a_new_catalog_says_which_revision_it_has(tmp_path: Path) -> None:
    open_catalog(tmp_path / "new.sqlite3").close()
    with closing(sqlite3.connect(tmp_path / "new.sqlite3")) as connection:
        assert connection.execute("SELECT version_num FROM alembic_version").fetchall() == [(REVISIONS[-1],)]
