"""Looking up a few rows asks an index, however large a workspace is."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Connection, Select, bindparam, create_engine, select, text

from assistant.stores.columns import listed, one_of, unindexed
from assistant.stores.tables import metadata, records


@pytest.fixture
def connection(tmp_path: Path) -> Iterator[Connection]:
    engine = create_engine(f"sqlite:///{tmp_path / 'catalog.sqlite3'}")
    metadata.create_all(engine)
    with engine.connect() as connection:
        yield connection
    engine.dispose()


def _plan(connection: Connection, query: Select[tuple[str]]) -> str:
    written = query.compile(connection, compile_kwargs={"literal_binds": True})
    return " ".join(str(row[3]) for row in connection.execute(text(f"EXPLAIN QUERY PLAN {written}")))


def test_a_list_of_names_is_looked_up_name_by_name(connection: Connection) -> None:
    names = bindparam("ids", listed(["rec_a", "rec_b"]))
    query = select(records.c.id).where(
        records.c.workspace == 1, records.c.current, one_of(records.c.id, names)
    )
    assert "(workspace=? AND id=?)" in _plan(connection, query)


def test_records_behind_a_key_are_looked_up_by_the_key(connection: Connection) -> None:
    query = select(records.c.id).where(unindexed(records.c.workspace) == 1, records.c.key > 100_000)
    assert "(rowid>?)" in _plan(connection, query.order_by(records.c.key))
