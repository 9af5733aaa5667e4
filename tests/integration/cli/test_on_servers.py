"""The same product on servers: Postgres for catalog and queue, Chroma for the index. The same files give the same bytes."""

import csv
import json
import random
from pathlib import Path

import pytest

from assistant.settings import Settings
from assistant.stores.catalog import open_catalog
from assistant.wiring import open_workbench
from tests.support.chroma_server import chroma_server
from tests.support.command_line import CommandLine
from tests.support.on_servers import OnServers, shown
from tests.support.postgres import PASSWORD, oid_of, postgres_server

PARTS = ["The CSV export", "Offline sync", "The login", "Search", "The billing page"]
FAILS = ["fails", "is slow", "loses my work", "hangs", "shows an error"]
PLACES = ["on the train", "after the update", "with large boards", "since Monday", "on my phone"]


def _notes(folder: Path) -> None:
    chance = random.Random(3)
    with (folder / "notes.csv").open("w", encoding="utf-8", newline="") as stream:
        rows = csv.writer(stream)
        rows.writerow(["id", "author", "account", "rating", "date", "comment"])
        for row in range(60):
            text = f"{chance.choice(PARTS)} {chance.choice(FAILS)} {chance.choice(PLACES)}."
            author = f"Person {chance.randrange(20)}"
            rows.writerow([row, author, f"Firm {row % 7}", row % 5 + 1, f"2026-0{row % 9 + 1}-11", text])


def _everything(shell: CommandLine) -> dict[str, bytes]:
    ingested = json.loads(shell.run("ingest", "notes.csv", "--json", expect=0).stdout)
    assert ingested["records"] == 60
    made = {
        "export": shell.run("export", expect=0).stdout,
        "search": shell.run("search", "the export fails", "--json", expect=0).stdout,
        "filter": shell.run("search", "sync", "--filter", "rating=2", "--json", expect=0).stdout,
        "themes": shell.run("themes", "run", "--json", expect=0).stdout,
        "people": shell.run("people", "list", "--json").stdout,
    }
    for kind in ("user_stories", "insight_summary"):
        shell.run("draft", kind, "exports that fail", "--out", f"{kind}.json")
        made[kind] = (shell.folder / f"{kind}.json").read_bytes()
    return made


def test_the_same_files_give_the_same_bytes_on_servers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # A corpus of this size would be compared one by one; here the index has to find it.
    monkeypatch.setattr("assistant.search.plan.EXACT_PASSAGES", 0)
    monkeypatch.setattr("assistant.search.plan.EXACT_CANDIDATES", 0)
    _notes(tmp_path)
    on_files = _everything(CommandLine(tmp_path, tmp_path / "on-files"))
    on_servers = _everything(OnServers(tmp_path, tmp_path / "on-servers"))
    assert {name for name in on_files if on_files[name] != on_servers[name]} == set()
    assert len(on_files["export"].splitlines()) == 60
    assert b"quotes" in on_files["user_stories"]
    assert not list((tmp_path / "on-servers").glob("*.sqlite3"))
    assert not (tmp_path / "on-servers" / "index").exists()


def test_two_processes_share_the_index_and_each_finds_what_the_other_stored(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("assistant.search.plan.EXACT_PASSAGES", 0)
    monkeypatch.setattr("assistant.search.plan.EXACT_CANDIDATES", 0)
    _notes(tmp_path)
    shell = OnServers(tmp_path, tmp_path / "home")
    shell.run("ingest", "notes.csv", expect=0)
    settings = Settings.load(
        home=tmp_path / "another",
        catalog_url=shown(shell.database),
        chroma_url=chroma_server().url,
    )
    with open_workbench(settings) as bench:
        assert bench.index is not None
        assert bench.index.count() == 60
        (tmp_path / "more.csv").write_text(
            "id,comment\n1,The tram is late at the museum of trams.\n", encoding="utf-8"
        )
        shell.run("ingest", "more.csv", expect=0)
        assert bench.index.count() == 61
        assert bench.index.applied() == bench.catalog.outbox.head("default") == 61
        found = json.loads(shell.run("search", "tram at the museum", "--json", expect=0).stdout)
        assert "museum of trams" in found["hits"][0]["quote"]["text"]


def test_without_the_index_server_search_is_exact_and_nothing_is_lost(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("assistant.search.plan.EXACT_PASSAGES", 0)
    monkeypatch.setattr("assistant.search.plan.EXACT_CANDIDATES", 0)
    _notes(tmp_path)
    shell = OnServers(tmp_path, tmp_path / "home")
    chroma_server().stop()
    try:
        shell.run("ingest", "notes.csv", expect=0)
        without = shell.run("search", "the export fails", "--json", expect=0).stdout
        refused = shell.run("rebuild-index", expect=3)
        assert b"can't serve" in refused.stderr
        assert b"no record was lost" in refused.stderr
        doctor = json.loads(shell.run("doctor", "--json", expect=3).stdout)
        assert {c["name"]: c["status"] for c in doctor["checks"]}["vector index"] == "fail"
    finally:
        chroma_server().start()
    assert shell.run("search", "the export fails", "--json", expect=0).stdout == without
    shell.run("doctor", expect=0)


@pytest.mark.parametrize("with_chroma", [True, False])
def test_an_erasure_leaves_nothing_in_the_tables_files_and_the_index(
    tmp_path: Path, with_chroma: bool
) -> None:
    shell = OnServers(tmp_path, tmp_path / "home", with_chroma=with_chroma)
    (tmp_path / "letters.csv").write_text(
        "id,comment,author\n7,The zanzibar timetable forgets my tram.,Ada Lovelace\n8,All is well here.,Bo\n",
        encoding="utf-8",
    )
    shell.run("ingest", "letters.csv", expect=0)
    server = postgres_server()
    server.run("CHECKPOINT")
    assert _files_with(server.folder, shell.database.database, b"zanzibar")
    shell.run("erase", "--author", "Ada Lovelace", "--yes", expect=0)
    server.run("CHECKPOINT")
    assert _files_with(server.folder, shell.database.database, b"zanzibar") == []
    catalog = open_catalog(shell.database)
    assert len(catalog.records.corpus("default").record_ids) == 1
    assert catalog.erasures.newest("default", 1)[0].state.value == "done"
    catalog.close()
    doctor = json.loads(shell.run("doctor", "--json", expect=0).stdout)
    assert {c["name"]: c["detail"] for c in doctor["checks"]}["vector index"].startswith("1 passages")


def _files_with(folder: Path, database: str | None, word: bytes) -> list[str]:
    tables = folder / "data" / "base" / str(oid_of(str(database)))
    return [path.name for path in tables.iterdir() if path.is_file() and word in path.read_bytes()]


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("VOXSPEC_CATALOG_URL", "mysql://me:hidden@host/db", "VOXSPEC_CATALOG_URL"),
        ("VOXSPEC_CHROMA_URL", "chroma:8000", "VOXSPEC_CHROMA_URL"),
    ],
)
def test_a_setting_that_names_no_server_is_told(tmp_path: Path, name: str, value: str, said: str) -> None:
    ended = CommandLine(tmp_path, tmp_path / "home").spawn("search", "x", expect=2, **{name: value})
    assert said in ended.stderr.decode()
    assert "hidden" not in ended.stderr.decode()


def test_a_wrong_password_ends_a_worker_with_a_hint(tmp_path: Path) -> None:
    url = postgres_server().tcp_url("postgres", "wrong guess")
    shell = CommandLine(tmp_path, tmp_path / "home")
    ended = shell.spawn("worker", expect=2, VOXSPEC_JOBS_URL=shown(url))
    assert "refuses the user or the password" in ended.stderr.decode()
    for secret in ("wrong guess", "wrong%20guess", PASSWORD):
        assert secret not in ended.stderr.decode()
