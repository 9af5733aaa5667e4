"""What somebody types who has never seen Voxspec, and what they are told."""

import json
import os
import shutil
from pathlib import Path
from typing import Any

import pytest

from assistant.stores.chroma import open_chroma_index
from tests.support.command_line import CommandLine

ROWS = """id,date,author,plan,stars,comment
1,2026-03-02,Ada,pro,2,"I can't work offline in the basement, please add an offline mode."
2,2026-03-05,Ben,pro,1,"Every time the network drops the app loses my offline notes."
3,2026-03-09,Chloe,team,2,"I need to read my tasks offline on the train."
4,2026-03-11,Dev,team,3,"Please let our technicians work offline on the road."
5,2026-03-15,Elif,team,2,"Losing offline changes costs my crew an hour every evening."
6,2026-03-20,Finn,pro,2,"I wish I could tick off tasks offline in plant rooms."
"""


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace with six pieces of feedback, and the file they came from. Copy it; it isn't changed."""
    folder = tmp_path_factory.mktemp("newcomer")
    (folder / "notes.csv").write_text(ROWS, encoding="utf-8")
    CommandLine(folder, folder / "home").run("ingest", "notes.csv", expect=0)
    return folder


@pytest.fixture
def shell(filled: Path, tmp_path: Path) -> CommandLine:
    """The workspace for one test."""
    shutil.copytree(filled, tmp_path, dirs_exist_ok=True)
    return CommandLine(tmp_path, tmp_path / "home")


def said(shell: CommandLine, *arguments: str, expect: int) -> str:
    return shell.run(*arguments, expect=expect).stderr.decode()


def exported(shell: CommandLine) -> list[dict[str, Any]]:
    lines = shell.run("export", expect=0).stdout.decode().splitlines()
    return [json.loads(line) for line in lines]


def test_erasing_while_another_process_owns_the_index_is_refused_before_anything_is_gone(
    shell: CommandLine,
) -> None:
    assert shell.home is not None
    owner = open_chroma_index(shell.home / "index" / "default")
    try:
        told = said(shell, "erase", "--author", "Ada", "--yes", expect=3)
        assert f"process {os.getpid()}" in told
        assert "Nothing was erased." in told
        assert "hint: Stop that process" in told
        assert len(exported(shell)) == 6
    finally:
        owner.close()
    shell.run("erase", "--author", "Ada", "--yes", expect=0)
    assert len(exported(shell)) == 5


@pytest.mark.parametrize("command", [("search", "offline"), ("draft", "prd", "offline")])
def test_an_unknown_workspace_is_refused_with_those_that_there_are(
    shell: CommandLine, command: tuple[str, ...]
) -> None:
    told = said(shell, *command, "-w", "nosuch", expect=2)
    assert "There is no workspace 'nosuch'" in told
    assert "Workspaces with records: default." in told


def test_a_workspace_whose_records_were_all_erased_still_answers(shell: CommandLine) -> None:
    shell.run("ingest", "notes.csv", "-w", "team", expect=0)
    ids = [json.loads(line)["id"] for line in shell.run("export", "-w", "team").stdout.splitlines()]
    shell.run("erase", *(part for one in ids for part in ("--record", one)), "--yes", "-w", "team", expect=0)
    assert "holds no records" in said(shell, "search", "offline", "-w", "team", expect=0)


def test_the_default_workspace_answers_before_anything_is_in_it(tmp_path: Path) -> None:
    shell = CommandLine(tmp_path, tmp_path / "home")
    assert json.loads(shell.run("search", "offline", "--json", expect=0).stdout) == {"hits": []}
    assert "voxspec ingest" in said(shell, "search", "offline", expect=0)


@pytest.mark.parametrize("command", [("search", "offline"), ("draft", "prd", "offline")])
@pytest.mark.parametrize("name", ["foo", "segment.foo"])
def test_a_filter_that_names_nothing_is_refused_with_what_there_is(
    shell: CommandLine, command: tuple[str, ...], name: str
) -> None:
    told = said(shell, *command, "--filter", f"{name}=bar", expect=2)
    assert "there is no segment 'foo'; segments here: plan" in told
    assert "source=NAME" in told
    assert shell.run("search", "offline", "--filter", "plan=pro", expect=0).stdout


def test_filters_that_leave_no_record_say_so_with_the_sources(shell: CommandLine) -> None:
    told = said(shell, "search", "offline", "--filter", "source=nosuch", expect=0)
    assert "No record passes these filters. Sources here: notes." in told


@pytest.mark.parametrize("command", ["search", "draft"])
def test_the_help_names_the_fields_of_a_filter(shell: CommandLine, command: str) -> None:
    printed = " ".join(shell.run(command, "--help", expect=0).stdout.decode().split())
    assert "source, kind, language, account, since, until, rating, type, sentiment, or a segment" in printed


def test_a_place_that_cannot_be_written_is_refused_before_the_draft_is(shell: CommandLine) -> None:
    told = said(shell, "draft", "prd", "offline", "--out", "nodir/x.md", expect=2)
    assert "a folder that doesn't exist" in told
    assert "write" not in told.partition("hint:")[0]
    assert "… " not in told


def test_a_missing_key_is_refused_before_the_draft_is_written(shell: CommandLine) -> None:
    told = shell.spawn("draft", "prd", "offline", expect=2, VOXSPEC_MODEL="openai:gpt").stderr.decode()
    assert "OPENAI_API_KEY" in told
    assert "… " not in told


def test_the_help_says_what_a_language_needs(shell: CommandLine) -> None:
    printed = " ".join(shell.run("draft", "--help", expect=0).stdout.decode().split())
    assert "other than en needs a language model" in printed


def test_an_unknown_kind_of_voice_is_told_in_plain_words(shell: CommandLine) -> None:
    told = said(shell, "ingest", "notes.csv", "--kind", "rival", expect=2)
    assert "'rival' is not one of 'customer'" in told
    assert "Value error" not in told
    assert "Value error" not in said(shell, "search", "x", "-w", "A B", expect=2)


def test_a_draft_is_replayed_from_its_file(shell: CommandLine) -> None:
    shell.run("draft", "user_stories", "offline", "--out", "us.json", "--out", "us.html", expect=0)
    assert b"us.json: the same bytes." in shell.run("replay", "us.json", expect=0).stdout
    told = said(shell, "replay", "us.html", expect=2)
    assert "'us.html' is a .html file" in told
    assert "ends with .json, or the id" in told


def test_a_format_that_cannot_be_checked_is_refused_with_those_that_can(shell: CommandLine) -> None:
    told = said(shell, "check", "prd.html", expect=2)
    assert "can't be checked from that" in told
    assert "ends with .json or .md" in told


def test_a_replay_over_other_records_is_summed_up_and_listed_on_request(shell: CommandLine) -> None:
    shell.run("draft", "user_stories", "offline", "--out", "us.json", expect=0)
    quotes = json.loads((shell.folder / "us.json").read_text(encoding="utf-8"))["quotes"]
    gone = next(iter(quotes.values()))["record_id"]
    shell.run("erase", "--record", gone, "--yes", expect=0)
    done = shell.run("replay", "us.json", expect=1)
    told = done.stdout.decode()
    assert "corpus changed" in told
    assert "quoted records: 1 erased" in told
    assert "numbers: " in told
    assert len(told.splitlines()) <= 8
    assert "claims." not in told
    assert "--verbose" in done.stderr.decode()
    assert "provenance.corpus" in shell.run("replay", "us.json", "--verbose", expect=1).stdout.decode()
    answer = json.loads(shell.run("replay", "us.json", "--json", expect=1).stdout)
    assert answer["paths"]
    assert any(line.startswith("quoted records") for line in answer["summary"])


def test_counts_of_nothing_are_left_out_of_a_check(shell: CommandLine) -> None:
    shell.run("draft", "insight_summary", "", "--out", "insight.json")
    assert b"0/0" not in shell.run("check", "insight.json").stdout


def test_a_brief_that_is_too_long_is_refused_in_one_sentence(shell: CommandLine) -> None:
    told = said(shell, "draft", "prd", "a" * 30_000, expect=2)
    assert "The brief can't be used" in told
    assert "pydantic" not in told
