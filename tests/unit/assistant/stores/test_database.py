"""Opening the catalog: its schema, and what is refused."""

import sqlite3
from pathlib import Path

import pytest

from assistant.errors import StoreCorrupt, StoreError, UsageError
from assistant.stores.catalog import open_catalog
from assistant.stores.tables import REVISIONS
from tests.support.store_samples import WORKSPACE, batch, numbered


def _sql(path: Path, *statements: str) -> None:
    connection = sqlite3.connect(path)
    with connection:
        for statement in statements:
            connection.execute(statement)
    connection.close()


def test_a_catalog_of_a_newer_version_is_refused_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "c.sqlite3"
    open_catalog(path).close()
    _sql(path, "UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(UsageError, match="newer version") as caught:
        open_catalog(path)
    assert "9999" in caught.value.message
    _sql(path, f"UPDATE alembic_version SET version_num = '{REVISIONS[-1]}'")
    open_catalog(path).close()


def test_another_programs_database_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "c.sqlite3"
    _sql(path, "CREATE TABLE songs (title TEXT)")
    with pytest.raises(StoreCorrupt, match="not a Voxspec catalog"):
        open_catalog(path)


def test_a_file_that_is_no_database_is_refused_with_a_hint(tmp_path: Path) -> None:
    path = tmp_path / "c.sqlite3"
    path.write_bytes(b"text,rating\n" * 1000)
    with pytest.raises(StoreCorrupt) as caught:
        open_catalog(path)
    assert caught.value.hint
    assert path.read_bytes().startswith(b"text,rating")


def test_a_folder_in_place_of_the_catalog_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError):
        open_catalog(tmp_path)


def test_closing_twice_leaves_a_catalog_that_opens_again(tmp_path: Path) -> None:
    opened = open_catalog(tmp_path / "c.sqlite3")
    opened.records.add(WORKSPACE, batch(numbered(2)))
    opened.close()
    opened.close()
    assert not (tmp_path / "c.sqlite3-wal").exists()
    again = open_catalog(tmp_path / "c.sqlite3")
    assert len(again.records.corpus(WORKSPACE).record_ids) == 2
    again.close()


def test_two_catalogs_of_one_file_see_each_others_writes(tmp_path: Path) -> None:
    first, second = open_catalog(tmp_path / "c.sqlite3"), open_catalog(tmp_path / "c.sqlite3")
    first.records.add(WORKSPACE, batch(numbered(2)))
    second.records.add(WORKSPACE, batch(numbered(2, start=2)))
    assert first.records.snapshot(WORKSPACE) == second.records.snapshot(WORKSPACE)
    assert first.outbox.head(WORKSPACE) == 4
    first.close()
    second.close()


def test_a_writer_that_holds_on_too_long_ends_in_a_store_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("assistant.stores.sqlite_file._PRAGMAS", ("PRAGMA busy_timeout = 1",))
    path = tmp_path / "c.sqlite3"
    opened = open_catalog(path)
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(StoreError, match="Another process") as caught:
        opened.records.add(WORKSPACE, batch(numbered(1)))
    assert caught.value.retryable
    other.execute("ROLLBACK")
    other.close()
    assert opened.records.add(WORKSPACE, batch(numbered(1))) == 1
    opened.close()


def test_acknowledged_means_synced(tmp_path: Path) -> None:
    from assistant.stores.database import open_database

    database = open_database(tmp_path / "c.sqlite3")
    with database.read() as connection:
        found = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys", "secure_delete")
        }
    database.close()
    assert found == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "secure_delete": 1}


def test_what_waits_for_no_sync_leaves_the_next_write_synced(tmp_path: Path) -> None:
    from assistant.stores.database import open_database

    database = open_database(tmp_path / "c.sqlite3")
    found = []
    with database.write(WORKSPACE, synced=False) as connection:
        found.append(connection.exec_driver_sql("PRAGMA synchronous").scalar())
    with database.write(WORKSPACE) as connection:
        found.append(connection.exec_driver_sql("PRAGMA synchronous").scalar())
    database.close()
    assert found == [1, 2]
