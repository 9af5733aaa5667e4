"""The contract of `AccessStore` and `AuditLog`."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import delete, text, update
from sqlalchemy.engine import URL

from assistant.domain.access import (
    GENESIS,
    AccessKey,
    AuditEntry,
    Principal,
    Role,
    Session,
    broken_at,
    secret_hash,
)
from assistant.errors import UsageError, VoxspecError
from assistant.stores.access_tables import audit_log
from assistant.stores.catalog import open_catalog
from assistant.stores.database import open_database
from assistant.stores.port import Catalog
from tests.support.store_samples import WORKSPACE

NOW = datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)
HOUR = timedelta(hours=1)


def a_key(name: str = "tracker", secret: str = "s", **values: object) -> AccessKey:
    given = {"id": f"key_{secret_hash(secret + name)[:16]}", "workspace": WORKSPACE, "name": name, "role": "machine",
             "secret_sha256": secret_hash(secret), "made_at": NOW}  # fmt: skip
    return AccessKey.model_validate(given | values)


def an_entry(action: str = "POST /v1/drafts", **values: object) -> AuditEntry:
    given = {
        "seq": 1,
        "at": NOW,
        "by": "ann",
        "role": "editor",
        "action": action,
        "status": 202,
        "previous": GENESIS,
    }
    return AuditEntry.model_validate(given | values)


def test_a_key_stands_for_its_holder_in_its_workspace(catalog: Catalog) -> None:
    catalog.access.add_key(a_key())
    catalog.access.add_key(a_key("other", "t", workspace="another", role="viewer"))
    held = catalog.access.find(secret_hash("s"), NOW)
    assert held is not None
    assert (held.name, held.role, held.workspace) == ("tracker", Role.machine, WORKSPACE)
    assert catalog.access.find(secret_hash("no such"), NOW) is None
    assert [key.name for key in catalog.access.keys(WORKSPACE)] == ["tracker"]


def test_an_expired_or_revoked_key_opens_nothing(catalog: Catalog) -> None:
    brief = a_key("brief", "a", expires_at=NOW + HOUR)
    lasting = a_key("lasting", "b")
    for key in (brief, lasting):
        catalog.access.add_key(key)
    assert catalog.access.find(secret_hash("a"), NOW) is not None
    assert catalog.access.find(secret_hash("a"), NOW + HOUR) is None
    assert not catalog.access.revoke("another", lasting.id, NOW)
    assert catalog.access.revoke(WORKSPACE, lasting.id, NOW)
    assert not catalog.access.revoke(WORKSPACE, lasting.id, NOW)
    assert catalog.access.find(secret_hash("b"), NOW) is None
    assert [key.revoked_at for key in catalog.access.keys(WORKSPACE) if key.name == "lasting"] == [NOW]


def test_two_valid_keys_of_a_workspace_have_different_names(catalog: Catalog) -> None:
    first = a_key("bot", "a")
    catalog.access.add_key(first)
    with pytest.raises(UsageError, match="already"):
        catalog.access.add_key(a_key("bot", "b"))
    catalog.access.revoke(WORKSPACE, first.id, NOW)
    catalog.access.add_key(a_key("bot", "b"))


def test_a_session_ends_with_its_time_its_key_or_its_browser(catalog: Catalog) -> None:
    key = a_key("ann", role="editor")
    catalog.access.add_key(key)
    who = Principal(name="ann", role=Role.editor, workspace=WORKSPACE, key_id=key.id)
    for token in ("one", "two", "three"):
        session = Session(token_sha256=secret_hash(token), principal=who, expires_at=NOW + HOUR)
        catalog.access.open_session(WORKSPACE, session, NOW)
    assert catalog.access.find(secret_hash("one"), NOW) == who
    assert catalog.access.find(secret_hash("one"), NOW + HOUR) is None
    catalog.access.end_session(secret_hash("two"))
    assert catalog.access.find(secret_hash("two"), NOW) is None
    catalog.access.revoke(WORKSPACE, key.id, NOW)
    assert catalog.access.find(secret_hash("three"), NOW) is None


def test_the_log_is_one_chain_per_workspace_also_under_writers_at_once(catalog: Catalog) -> None:
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda n: catalog.audit.append(WORKSPACE, an_entry(f"a{n}")), range(12)))
    catalog.audit.append("another", an_entry("elsewhere"))
    entries = catalog.audit.entries(WORKSPACE)
    assert [entry.seq for entry in entries] == list(range(1, 13))
    assert broken_at(entries) is None
    assert catalog.audit.entries(WORKSPACE, after=10, limit=1) == [entries[10]]
    assert [entry.action for entry in catalog.audit.entries("another")] == ["elsewhere"]


@pytest.mark.parametrize("change", [delete(audit_log), update(audit_log).values(entry="{}")])
def test_the_database_refuses_to_change_the_log(place: Path | URL, catalog: Catalog, change: object) -> None:
    catalog.audit.append(WORKSPACE, an_entry())
    database = open_database(place)
    with pytest.raises(VoxspecError), database.write(WORKSPACE) as connection:
        connection.execute(change)  # type: ignore[call-overload] # either statement
    database.close()
    assert broken_at(catalog.audit.entries(WORKSPACE)) is None


def _one_rewritten(place: Path) -> None:
    database = open_database(place)
    with database.write(WORKSPACE) as connection:
        for what in ("update", "delete"):
            connection.execute(text(f"DROP TRIGGER audit_log_no_{what}"))
        connection.execute(text("UPDATE audit_log SET entry = replace(entry, 'a1', 'b1') WHERE seq = 2"))
    database.close()


def _first_gone(place: Path) -> None:
    database = open_database(place)
    with database.write(WORKSPACE) as connection:
        connection.execute(text("DROP TRIGGER audit_log_no_delete"))
        connection.execute(text("DELETE FROM audit_log WHERE seq = 1"))
    database.close()


@pytest.mark.parametrize(("tamper", "found_at"), [(_one_rewritten, 2), (_first_gone, 2)])
def test_who_changes_the_file_is_found_out(
    tmp_path: Path, tamper: Callable[[Path], None], found_at: int
) -> None:
    place = tmp_path / "catalog.sqlite3"
    catalog = open_catalog(place)
    for n in range(3):
        catalog.audit.append(WORKSPACE, an_entry(f"a{n}"))
    tamper(place)
    broken = broken_at(catalog.audit.entries(WORKSPACE))
    catalog.close()
    assert broken is not None
    assert broken.seq == found_at
