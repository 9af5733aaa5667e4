"""Erasing a person takes back what a model said of themes that showed their words, and the calls that showed them."""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.support.command_line import CommandLine
from tests.support.erased_person import AUTHOR, PLANTED, places_of, planted_csv, planted_rows
from tests.support.model_server import ModelRequest, ModelServer, answers

pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])


def retold(request: ModelRequest) -> str:
    """A name and a summary out of the words that were shown; another word for some, as models do."""
    shown = json.loads(request.user.split("\n")[1])
    summary = " ".join(one["text"] for one in shown)[:700]
    return json.dumps({"name": "slow export", "summary": summary, "cites": [one["id"] for one in shown]})


@pytest.fixture
def named(tmp_path: Path) -> Iterator[CommandLine]:
    with ModelServer(answers(retold)) as server:
        (tmp_path / "voxspec.toml").write_text(
            f'model = "openai:test"\nopenai_base_url = "{server.base_url}"\n', encoding="utf-8"
        )
        shell = CommandLine(tmp_path, tmp_path / "home")
        (tmp_path / "notes.csv").write_bytes(planted_csv(planted_rows()))
        shell.run("ingest", "notes.csv", expect=0)
        shell.run("themes", "run", expect=0)
        yield shell


def rows(shell: CommandLine, query: str) -> list[str]:
    assert shell.home is not None
    with closing(sqlite3.connect(shell.home / "catalog.sqlite3")) as connection:
        return [str(one) for (one,) in connection.execute(query)]


def test_nothing_of_an_erased_person_is_left_in_names_summaries_or_calls(named: CommandLine) -> None:
    assert named.home is not None
    hers = set(rows(named, "SELECT id FROM records WHERE raw LIKE '%zorblatt%' OR raw LIKE '%brontodoc%'"))
    shown = [json.loads(one).get("rests_on", []) for one in rows(named, "SELECT reply FROM calls")]
    assert any(hers & set(one) for one in shown), "the model must have been shown her words"
    assert any("zorblatt" in one or "brontodoc" in one for one in rows(named, "SELECT state FROM themes"))
    others = sum(not hers & set(one) for one in shown)
    (named.folder / "notes.csv").unlink()
    named.run("erase", "--author", AUTHOR, "--yes", expect=0)
    assert not places_of(named.home, PLANTED)
    left = [set(json.loads(one).get("rests_on", [])) for one in rows(named, "SELECT reply FROM calls")]
    assert not any(hers & one for one in left)
    assert len(left) <= others
    state = json.loads(rows(named, "SELECT state FROM themes")[0])
    assert not any(hers & set(node.get("cites", [])) for node in state["nodes"])
    again = json.loads(named.run("themes", "run", "--json", expect=0).stdout)
    assert again["themes"]
    assert not places_of(named.home, PLANTED)
