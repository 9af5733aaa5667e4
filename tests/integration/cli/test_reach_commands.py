"""`voxspec duplicates` and `voxspec people`: shown, undone, made again."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.support.command_line import CommandLine

ROWS = """id,text,author,company,date
1,The export of large boards fails since the last update.,Ana Diaz,Acme,2026-03-01
2,The export of large boards fails since the last update!!,ana.diaz@acme.example,Acme,2026-03-02
3,Again: the export of large boards fails since the last update.,Bob Lee,Bolt,2026-03-02
4,I love the new search.,Bob Lee,Bolt,2026-03-05
5,I love the NEW  search.,Bob Lee,Bolt,2026-03-06
"""


@pytest.fixture
def shell(tmp_path: Path) -> CommandLine:
    (tmp_path / "a.csv").write_text(ROWS, encoding="utf-8")
    opened = CommandLine(tmp_path, tmp_path / "home")
    shown = opened.run("ingest", "a.csv", expect=0).stdout
    assert b"near" in shown
    return opened


def _answer(shell: CommandLine, *arguments: str) -> Any:
    return json.loads(shell.run(*arguments, "--json", expect=0).stdout)


def _counted(shell: CommandLine) -> dict[str, dict[str, str]]:
    return {one["external_id"]: one["counted"] for one in _answer(shell, "export")["records"]}


def test_duplicates_are_listed_undone_and_linked_again(shell: CommandLine) -> None:
    before = _counted(shell)
    assert before["1"]["voice"] == before["2"]["voice"] != before["3"]["voice"]
    assert before["4"]["voice"] == before["5"]["voice"]
    groups = _answer(shell, "duplicates")["groups"]
    assert sorted(len(group["records"]) for group in groups) == [2, 3]
    assert sorted(group["voices"] for group in groups) == [1, 2]
    [large] = [group for group in groups if len(group["records"]) == 3]
    undone = _answer(shell, "duplicates", "undo", large["id"])
    assert undone["changed"] == 2
    after = _counted(shell)
    assert len({one["voice"] for one in after.values()}) == 4
    assert b"undone" in shell.run("duplicates", expect=0).stdout
    assert _answer(shell, "duplicates", "redo", *undone["record_ids"])["changed"] == 2
    assert _counted(shell) == before
    assert _answer(shell, "duplicates", "find")["changed"] == 0


def test_people_are_listed_split_and_merged(shell: CommandLine) -> None:
    before = _counted(shell)
    [ana] = _answer(shell, "people")["people"]
    assert (ana["records"], [one["rule"] for one in ana["names"]]) == (2, ["account_name"])
    _answer(shell, "people", "split", "ana diaz")
    after = _counted(shell)
    assert after["1"]["person"] != after["2"]["person"]
    assert after["1"]["voice"] != after["2"]["voice"]
    shell.run("people", "merge", "Ana Diaz", "ana.diaz@acme.example", expect=0)
    assert _counted(shell) == before


NONSENSE = [
    (("duplicates", "undo"), "needs the id"),
    (("duplicates", "list", "rec_1"), "takes no"),
    (("duplicates", "undo", "rec_nobody"), "None of these"),
    (("people", "merge", "Ana Diaz"), "doesn't take 1"),
    (("people", "split", "Bob Lee"), "isn't merged"),
    (("people", "merge", "Ana Diaz", "Nobody At All"), "Nobody named"),
]


def test_what_makes_no_sense_is_said_and_changes_nothing(shell: CommandLine) -> None:
    before = _counted(shell)
    for arguments, said in NONSENSE:
        assert said in shell.run(*arguments, expect=2).stderr.decode(), arguments
    assert _counted(shell) == before


def test_rules_are_settings(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(ROWS, encoding="utf-8")
    (tmp_path / "voxspec.toml").write_text('identity_rules = ["email"]\n', encoding="utf-8")
    shell = CommandLine(tmp_path, tmp_path / "home")
    shell.run("ingest", "a.csv", expect=0)
    assert _answer(shell, "people")["people"] == []


def test_names_are_known_where_pseudonyms_have_a_key(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(ROWS, encoding="utf-8")
    (tmp_path / "voxspec.toml").write_text('person_key = "a secret of this house"\n', encoding="utf-8")
    shell = CommandLine(tmp_path, tmp_path / "home")
    shell.run("ingest", "a.csv", expect=0)
    merged = _counted(shell)
    shell.run("people", "split", "Ana Diaz", expect=0)
    assert _counted(shell) != merged
    shell.run("people", "merge", "Ana Diaz", "ana.diaz@acme.example", expect=0)
    assert _counted(shell) == merged
