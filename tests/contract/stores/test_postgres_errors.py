"""What a person is told when the catalog's Postgres can't serve."""

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy.engine import URL

from assistant.errors import StoreCorrupt, StoreError, UsageError
from assistant.postgres import checked_url, open_engine
from assistant.stores.catalog import open_catalog
from assistant.stores.database import open_database
from assistant.stores.rows import make_workspace, workspace_key
from assistant.stores.tables import REVISIONS, metadata
from tests.support.postgres import PASSWORD, USER, PostgresServer, postgres_server
from tests.support.store_samples import WORKSPACE, batch, numbered


@pytest.fixture
def server() -> PostgresServer:
    return postgres_server()


def _name(url: URL) -> str:
    assert url.database is not None
    return url.database


def test_migrations_lead_to_the_tables_of_the_code(server: PostgresServer) -> None:
    engine = open_engine(server.new_catalog())
    with engine.connect() as connection:
        # Types are looked at in test_places.py: alembic takes a collation for another type.
        context = MigrationContext.configure(connection, opts={"compare_type": False})
        assert compare_metadata(context, metadata) == []
    engine.dispose()


def test_a_wrong_password_is_told_without_telling_it(server: PostgresServer) -> None:
    with pytest.raises(UsageError, match="refuses the user or the password") as caught:
        open_catalog(server.tcp_url(_name(server.new_database()), "open sesame"))
    assert "open sesame" not in f"{caught.value.message}{caught.value.hint}"


def test_the_right_password_opens_the_catalog(server: PostgresServer) -> None:
    catalog = open_catalog(server.tcp_url(_name(server.new_database())))
    assert catalog.records.add(WORKSPACE, batch(numbered(1))) == 1
    catalog.close()


def test_a_missing_database_is_told_with_the_command_that_makes_it(server: PostgresServer) -> None:
    with pytest.raises(UsageError, match="There is no Postgres database 'nowhere'") as caught:
        open_catalog(server.url("nowhere"))
    assert caught.value.hint == "Make it: createdb nowhere"


def test_a_server_that_is_not_there_is_worth_another_try() -> None:
    with pytest.raises(StoreError, match="can't serve: Connection refused") as caught:
        open_catalog(URL.create("postgresql+psycopg", USER, PASSWORD, "127.0.0.1", 1, "voxspec"))
    assert caught.value.retryable
    assert PASSWORD not in f"{caught.value.message}{caught.value.hint}"


def test_a_server_that_restarts_loses_nothing_and_is_found_again(server: PostgresServer) -> None:
    catalog = open_catalog(server.new_catalog())
    catalog.records.add(WORKSPACE, batch(numbered(2)))
    server.stop()
    with pytest.raises(StoreError) as caught:
        catalog.records.add(WORKSPACE, batch(numbered(1, start=9)))
    assert caught.value.retryable
    with pytest.raises(StoreError):
        catalog.records.snapshot(WORKSPACE)
    server.start()
    assert len(catalog.records.corpus(WORKSPACE).record_ids) == 2
    assert catalog.records.add(WORKSPACE, batch(numbered(1, start=9))) == 1
    catalog.close()


def test_a_session_that_was_ended_in_the_middle_keeps_nothing_of_its_transaction(
    server: PostgresServer,
) -> None:
    url = server.new_catalog()
    database, catalog = open_database(url), open_catalog(url)

    def write_and_be_cut_off() -> None:
        with database.write(WORKSPACE) as connection:
            make_workspace(connection, WORKSPACE)
            server.run(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                f" WHERE datname = '{url.database}' AND state = 'idle in transaction'"
            )
            make_workspace(connection, "another")

    with pytest.raises(StoreError, match="can't serve"):
        write_and_be_cut_off()
    with database.read() as connection:
        assert workspace_key(connection, WORKSPACE) is None
    assert catalog.records.add(WORKSPACE, batch(numbered(1))) == 1
    database.close()
    catalog.close()


def test_another_programs_database_is_refused_and_left_alone(server: PostgresServer) -> None:
    url = server.new_database()
    server.run("CREATE TABLE songs (title TEXT)", database=_name(url))
    server.run(f"GRANT ALL ON songs TO {USER}", database=_name(url))
    with pytest.raises(StoreCorrupt, match="not a Voxspec catalog"):
        open_catalog(url)


def test_a_catalog_of_a_newer_version_is_refused(server: PostgresServer) -> None:
    url = server.new_catalog()
    server.run("UPDATE alembic_version SET version_num = '9999'", database=_name(url))
    with pytest.raises(UsageError, match="newer version"):
        open_catalog(url)
    server.run(f"UPDATE alembic_version SET version_num = '{REVISIONS[-1]}'", database=_name(url))
    open_catalog(url).close()


def test_a_database_that_cannot_hold_every_character_is_refused(server: PostgresServer) -> None:
    server.run(
        f"CREATE DATABASE latin OWNER {USER} ENCODING LATIN1 LC_COLLATE 'C' LC_CTYPE 'C' TEMPLATE template0"
    )
    with pytest.raises(UsageError, match="holds LATIN1, not UTF8"):
        open_catalog(server.url("latin"))


def test_a_user_that_may_not_make_tables_is_told_so(server: PostgresServer) -> None:
    server.run("CREATE DATABASE strangers")
    with pytest.raises(UsageError, match="may not do that"):
        open_catalog(server.url("strangers"))


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("no url at all", "is no URL"),
        ("mysql://me:hidden@host/db", "'mysql'"),
        ("postgresql+pg8000://me:hidden@host/db", "'postgresql\\+pg8000'"),
        ("postgresql://me:hidden@host", "names no database"),
    ],
)
def test_a_url_that_cannot_be_used_is_told_with_its_setting(url: str, said: str) -> None:
    with pytest.raises(UsageError, match=said) as caught:
        checked_url(url, "VOXSPEC_CATALOG_URL")
    assert "VOXSPEC_CATALOG_URL" in caught.value.message
    assert "hidden" not in f"{caught.value.message}{caught.value.hint}"
