"""`voxspec embedder`, and what an import says and asks where more than a tenth of the records isn't English."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from assistant.errors import Cancelled
from assistant.settings import Settings
from assistant.wiring import open_embedder, open_workbench
from evals.planted.corpus import corpus, write_corpus
from ingest.embedders import switch_embedder
from tests.support.command_line import CommandLine

MINILM, USE = "minilm-int8:8199be6f:384", "use-multilingual-3:0db566fd:512"
ENGLISH = [f"The export of board number {n} to a file fails with an error." for n in range(60)]


@pytest.fixture
def shell(tmp_path: Path) -> CommandLine:
    folder = tmp_path / "work"
    folder.mkdir()
    write_corpus(folder / "de.csv", "de")
    lines = ["text", *ENGLISH]
    (folder / "en.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    few = [one.text for one in corpus("de").records[:5]]
    (folder / "few.csv").write_text(
        "\n".join([*lines, *(f'"{text}"' for text in few)]) + "\n", encoding="utf-8"
    )
    return CommandLine(folder, tmp_path / "home")


def embedder(shell: CommandLine, *arguments: str) -> dict[str, object]:
    told: dict[str, object] = json.loads(shell.run("embedder", *arguments, "--json", expect=0).stdout)
    return told


def held(shell: CommandLine) -> set[tuple[str, int]]:
    assert shell.home is not None
    with closing(sqlite3.connect(shell.home / "catalog.sqlite3")) as connection:
        return set(connection.execute("SELECT embedder, length(vector) FROM vectors").fetchall())


def test_a_dry_run_and_an_import_tell_of_the_languages_and_offer_the_other_embedder(
    shell: CommandLine,
) -> None:
    for arguments in (["--dry-run"], []):
        ended = shell.run("ingest", "de.csv", *arguments, "--json", expect=0)
        result = json.loads(ended.stdout)
        assert result["files"][0]["languages"] == {"de": 69}
        assert "'voxspec embedder use-multilingual -w default'" in result["offer"]
    assert held(shell) == {(MINILM, 768)}
    said = shell.run("ingest", "de.csv", "-w", "other", expect=0).stderr.decode()
    assert "100% of the records aren't in English (de 69)" in said


@pytest.mark.parametrize("name", ["en.csv", "few.csv"])
def test_nothing_is_offered_where_english_is_the_rule(shell: CommandLine, name: str) -> None:
    assert json.loads(shell.run("ingest", name, "--json", expect=0).stdout)["offer"] == ""


def test_yes_takes_the_offer_for_a_new_workspace_and_every_later_command_uses_it(shell: CommandLine) -> None:
    said = shell.run("ingest", "de.csv", "--yes", expect=0).stderr.decode()
    assert "uses the multilingual embedder" in said
    assert held(shell) == {(USE, 1024)}
    assert embedder(shell)["embedder"] == USE
    hits = json.loads(shell.run("search", "signing in and passwords", "--json", expect=0).stdout)["hits"]
    assert any(word in hits[0]["quote"]["text"] for word in ("Passwort", "anmelden", "Anmeldung"))
    shell.run("ingest", "en.csv", expect=0)
    assert held(shell) == {(USE, 1024)}


def test_an_embedder_can_be_named_for_a_new_workspace(shell: CommandLine) -> None:
    shell.run("ingest", "en.csv", "--embedder", "use-multilingual", expect=0)
    assert held(shell) == {(USE, 1024)}
    refused = shell.run("ingest", "de.csv", "--embedder", "minilm", expect=2).stderr.decode()
    assert f"holds vectors of {USE}" in refused
    assert "voxspec embedder NAME" in refused


def test_a_workspace_is_changed_and_changed_back(shell: CommandLine) -> None:
    shell.run("ingest", "de.csv", expect=0)
    assert embedder(shell, "use-multilingual") == {"embedder": USE, "passages": 69, "changed": True}
    assert held(shell) == {(USE, 1024)}
    assert embedder(shell, "use-multilingual")["changed"] is False
    assert "nothing pending" in shell.run("doctor", expect=0).stdout.decode()
    assert embedder(shell, "minilm") == {"embedder": MINILM, "passages": 69, "changed": True}
    assert held(shell) == {(MINILM, 768)}
    shell.run("search", "Export", expect=0)


def test_a_setting_that_contradicts_the_workspace_is_refused_and_nothing_is_mixed(shell: CommandLine) -> None:
    shell.run("ingest", "de.csv", "--yes", expect=0)
    (shell.folder / "voxspec.toml").write_text('embedder = "minilm"\n', encoding="utf-8")
    for arguments in (["search", "Export"], ["ingest", "en.csv"]):
        refused = shell.run(*arguments, expect=2).stderr.decode()
        assert "use-multilingual-3" in refused
        assert "Leave VOXSPEC_EMBEDDER out" in refused
    refused = shell.run("embedder", "use-multilingual", expect=2).stderr.decode()
    assert "says 'minilm'" in refused
    assert held(shell) == {(USE, 1024)}


def test_an_embedder_that_does_not_exist_is_refused_with_those_that_do(shell: CommandLine) -> None:
    for arguments in (["embedder", "bert"], ["ingest", "de.csv", "--embedder", "bert"]):
        assert "use-multilingual" in shell.run(*arguments, expect=2).stderr.decode()


def test_no_change_is_made_while_another_process_owns_the_index(shell: CommandLine) -> None:
    from filelock import FileLock

    shell.run("ingest", "de.csv", expect=0)
    assert shell.home is not None
    with FileLock(shell.home / "index" / "default" / "lock"):
        refused = shell.run("embedder", "use-multilingual", expect=3).stderr.decode()
    assert "in use by process" in refused
    assert held(shell) == {(MINILM, 768)}


def test_naming_the_embedder_in_use_ends_a_change_that_was_broken_off(shell: CommandLine) -> None:
    shell.run("ingest", "de.csv", expect=0)
    assert shell.home is not None
    settings = Settings(home=shell.home)

    def break_off(done: int, total: int | None, message: str) -> None:
        raise Cancelled("Stopped.")

    wanted = open_embedder(settings.model_copy(update={"embedder": "use-multilingual"}))
    with open_workbench(settings) as bench, pytest.raises(Cancelled):
        switch_embedder(bench, wanted, break_off)
    assert held(shell) == {(MINILM, 768), (USE, 1024)}
    assert embedder(shell, "minilm") == {"embedder": MINILM, "passages": 69, "changed": False}
    assert held(shell) == {(MINILM, 768)}
