"""On the command line: saved mappings, a sync, and what a record says that left its source."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.support.command_line import CommandLine

TEXTS = [
    "The export to Excel fails since the last update of the app",
    "I can't find the invoice of last month anywhere in the app",
    "Please add a dark mode, my eyes hurt so much at night",
    "The calendar shows the wrong day for our office in Lima",
]


@pytest.fixture
def shell(tmp_path: Path) -> CommandLine:
    shell = CommandLine(tmp_path, tmp_path / "home")
    write(shell, "odd.csv", "a,b,c")
    write(shell, "sure.csv", "id,comment,author")
    return shell


def write(shell: CommandLine, name: str, header: str, count: int = len(TEXTS)) -> None:
    rows = [f'{n},"{text}",p{n}@example.org' for n, text in enumerate(TEXTS[:count])]
    (shell.folder / name).write_text("\n".join([header, *rows]) + "\n")


def said(shell: CommandLine, *arguments: str, expect: int = 0) -> str:
    done = shell.run(*arguments, expect=expect)
    return (done.stdout + done.stderr).decode()


def told(shell: CommandLine, *arguments: str, expect: int = 0) -> Any:
    return json.loads(shell.run(*arguments, "--json", expect=expect).stdout)


def test_a_confirmed_mapping_is_saved_listed_used_and_forgotten(shell: CommandLine) -> None:
    assert "it isn't certain what the columns hold" in said(shell, "ingest", "odd.csv", "--dry-run")
    assert told(shell, "mappings") == {"mappings": []}
    assert "would be saved as 'odd'" in said(shell, "ingest", "odd.csv", "--dry-run", "--save-mapping", "odd")
    assert "--save-mapping NAME saves one" in said(shell, "mappings")
    assert "saved as 'odd'" in said(shell, "ingest", "odd.csv", "--yes", "--save-mapping", "odd")
    write(shell, "next.csv", "A,B,C")
    looked = said(shell, "ingest", "next.csv", "--dry-run")
    assert "csv (confidence 100%), source 'next'" in looked
    assert "columns as in the saved mapping 'odd'" in looked
    [report] = told(shell, "ingest", "next.csv")["files"]
    assert (report["saved_mapping"], report["confidence"]) == ("odd", 1.0)
    fields = {"text": "b", "author": "c"}
    assert told(shell, "mappings", "show", "odd") == {"name": "odd", "layout": "csv", "columns": ["a", "b", "c"], "fields": fields}  # fmt: skip
    assert "odd   csv           3  b" in said(shell, "mappings", "list")
    assert told(shell, "mappings", "forget", "odd") == {"forgotten": "odd"}
    write(shell, "third.csv", "A,B,C")
    assert "It isn't certain" in said(shell, "ingest", "third.csv", expect=2)


def test_errors_about_mappings_name_what_there_is(shell: CommandLine) -> None:
    said(shell, "ingest", "odd.csv", "--yes", "--save-mapping", "odd")
    for arguments in (["ingest", "sure.csv", "--mapping", "no"], ["mappings", "show", "no"]):
        problem = told(shell, *arguments, expect=2)["error"]
        assert (problem["code"], problem["hint"]) == ("not-found", "Saved mappings of this workspace: odd.")
    problem = told(shell, "ingest", "sure.csv", "--mapping", "odd", expect=2)["error"]
    assert problem["message"] == "sure.csv doesn't fit the saved mapping 'odd': it has no column 'b'."
    assert "id, comment, author" in problem["hint"]
    assert "takes the name" in said(shell, "mappings", "forget", expect=2)
    assert "takes no name" in said(shell, "mappings", "list", "odd", expect=2)
    assert "'odd'" in said(shell, "ingest", "odd.csv", "--map", "text=c", "--save-mapping", "new", expect=2)
    assert "were named" in said(shell, "ingest", "odd.csv", "sure.csv", "--save-mapping", "x", expect=2)
    assert len(told(shell, "export")["records"]) == len(TEXTS)


def test_a_sync_is_shown_first_then_done_and_undone(shell: CommandLine) -> None:
    said(shell, "ingest", "sure.csv")
    [gone] = [one for one in told(shell, "export")["records"] if one["external_id"] == "3"]
    write(shell, "sure.csv", "id,comment,author", 3)
    assert "1 would leave their source" in said(shell, "ingest", "sure.csv", "--sync", "--dry-run")
    assert "gone_since" not in told(shell, "record", gone["id"])
    text = said(shell, "ingest", "sure.csv", "--sync")
    assert text.split()[:9] == ["file", "layout", "rows", "kept", "near", "dup", "empty", "rejected", "vanished"]  # fmt: skip
    assert text.split()[9:18] == ["sure.csv", "csv", "3", "0", "0", "3", "0", "0", "1"]
    assert "1 left their source; they are kept and come back with their row." in text
    read = told(shell, "record", gone["id"])
    assert (read["raw"], read["revision"]) == (gone["raw"], gone["revision"])
    assert read["gone_since"].endswith("+00:00")
    assert "gone from its source 'sure' since 2" in said(shell, "record", gone["id"])
    assert gone["id"] not in said(shell, "search", "wrong day in the calendar of Lima")
    assert [one["id"] for one in told(shell, "export")["records"]].count(gone["id"]) == 0
    write(shell, "sure.csv", "id,comment,author")
    said(shell, "ingest", "sure.csv", "--sync")
    assert "gone_since" not in told(shell, "record", gone["id"])
    assert gone["id"] in said(shell, "search", "wrong day in the calendar of Lima")


def test_a_refused_sync_imports_and_fails(shell: CommandLine) -> None:
    said(shell, "ingest", "sure.csv")
    write(shell, "sure.csv", "id,comment,author", 1)
    assert "3 of its 4 records would go" in said(shell, "ingest", "sure.csv", "--sync", expect=2)
    assert len(told(shell, "export")["records"]) == 4
    assert told(shell, "ingest", "sure.csv", "--sync", "--yes")["vanished"] == 3
    assert "without an id" in said(shell, "ingest", "odd.csv", "--sync", "--yes", expect=2)
    both = said(shell, "ingest", "sure.csv", "odd.csv", "--yes", "--source", "one", "--sync", expect=2)
    assert "2 files of this import are exports of it" in both


def test_erasing_an_author_reaches_what_left_its_source(shell: CommandLine) -> None:
    said(shell, "ingest", "sure.csv")
    [gone] = [one for one in told(shell, "export")["records"] if one["external_id"] == "3"]
    write(shell, "sure.csv", "id,comment,author", 3)
    said(shell, "ingest", "sure.csv", "--sync")
    assert told(shell, "erase", "--author", "p3@example.org", "--yes")["erased"] == 1
    assert "There is no record" in said(shell, "record", gone["id"], expect=2)
    assert not any(
        b"office in Lima" in path.read_bytes()
        for path in (shell.folder / "home").rglob("*")
        if path.is_file()
    )


def test_a_dry_run_of_nothing_readable_says_why(shell: CommandLine) -> None:
    (shell.folder / "empty").mkdir()
    unknown = shell.folder / "unknown"
    unknown.mkdir()
    (unknown / "a.xyz").write_text("x")
    (unknown / "b.bin").write_bytes(bytes(range(256)))
    assert "There is no file to import." in said(shell, "ingest", "empty", "--dry-run", expect=2)
    text = said(shell, "ingest", "unknown", "--dry-run", expect=2)
    assert "refused    a.xyz is not a kind of file that can be imported." in text
    assert "2 files" in text
    (shell.folder / "bare.csv").write_text("id,text\n")
    assert "no rows below its header" in said(shell, "ingest", "bare.csv", "--dry-run", expect=2)
