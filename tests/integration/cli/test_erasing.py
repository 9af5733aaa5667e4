"""`voxspec erase` as a person uses it."""

import io
import json
import os
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from api.uploads import keep
from assistant.jobs.dbos_jobs import DbosJobs
from assistant.stores.ownership import give_back, take_index
from tests.support.command_line import CommandLine
from tests.support.erased_person import (
    ACCOUNT,
    AUTHOR,
    CONTROL,
    PLANTED,
    TEXTS,
    places_of,
    planted_csv,
    planted_rows,
)


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The planted rows, brought in, and their file. Copy it; it isn't changed."""
    folder = tmp_path_factory.mktemp("erasing")
    (folder / "notes.csv").write_bytes(planted_csv(planted_rows()))
    CommandLine(folder, folder / "home").run("ingest", "notes.csv", expect=0)
    return folder


@pytest.fixture
def shell(filled: Path, tmp_path: Path) -> CommandLine:
    shutil.copytree(filled, tmp_path, dirs_exist_ok=True)
    return CommandLine(tmp_path, tmp_path / "home")


def home_of(shell: CommandLine) -> Path:
    assert shell.home is not None
    return shell.home


def test_a_person_is_gone_from_every_file_and_a_receipt_says_so(shell: CommandLine) -> None:
    shell.run(
        "draft",
        "user_stories",
        "export broken, lost the whole afternoon (zorblatt)",
        "--out",
        "us.md",
        expect=0,
    )
    counted = json.loads(shell.run("erase", "--author", AUTHOR, "--dry-run", "--json", expect=0).stdout)
    assert counted["counts"]["records"] == len(TEXTS)
    assert places_of(home_of(shell), PLANTED)
    told = shell.run("erase", "--author", AUTHOR, "--yes", expect=0)
    said = told.stdout.decode()
    assert f"records: {len(TEXTS)}" in said
    assert "nothing is left" in said
    assert AUTHOR not in said + told.stderr.decode()
    assert places_of(home_of(shell), PLANTED) == set()
    assert places_of(home_of(shell), [CONTROL])
    assert "done" in shell.run("erase", "--receipts", expect=0).stdout.decode()
    checked = shell.run("check", "us.md", expect=1).stdout.decode()
    assert "Remove this file" in " ".join(checked.split())


def test_themes_forget_a_person_and_go_on_without(shell: CommandLine) -> None:
    before = json.loads(shell.run("themes", "run", "--json", expect=0).stdout)
    assert places_of(home_of(shell), ["zorblatt"])
    shell.run("erase", "--author", AUTHOR, "--yes", expect=0)
    assert places_of(home_of(shell), PLANTED) == set()
    after = json.loads(shell.run("themes", "list", "--json", expect=0).stdout)
    assert after["statements"] < before["statements"]
    assert not [word for word in PLANTED if word in json.dumps(after, ensure_ascii=False)]
    assert {one["id"] for one in after["themes"]} < {one["id"] for one in before["themes"]}


def test_corrections_of_themes_hold_nothing_of_a_person_either(shell: CommandLine) -> None:
    shell.run("themes", "run", expect=0)
    hits = json.loads(shell.run("search", "vexillum timetable", "--json", expect=0).stdout)["hits"]
    hers = next(one["record_id"] for one in hits if "vexillum" in one["quote"]["text"])
    themes = json.loads(shell.run("themes", "list", "--json", expect=0).stdout)["themes"]
    theme = next(one for one in themes if one["level"] == 2)["id"]
    for words in (
        ("rename", theme, f"What {AUTHOR} wants"),
        ("move", hers, theme),
        ("exclude", AUTHOR),
        ("track", "keep the vexillum timetable on my phone while I ride", "--near", "0.3"),
        ("track", hers, "--name", "Timetables"),
    ):
        shell.run("themes", "edit", *words, "--yes", expect=0)
    shell.run("themes", "run", expect=0)
    assert places_of(home_of(shell), [AUTHOR, hers])
    shell.run("erase", "--author", AUTHOR, "--yes", expect=0)
    assert places_of(home_of(shell), [*PLANTED, hers]) == set()
    log = json.loads(shell.run("themes", "edit", "list", "--json", expect=0).stdout)["edits"]
    assert [one["erased"] for one in log] == [True] * 5
    shell.run("themes", "run", "--afresh", expect=0)
    assert places_of(home_of(shell), [*PLANTED, hers]) == set()
    assert "was erased" in shell.run("themes", "edit", "redo", "1", "--yes", expect=2).stderr.decode()


def test_asked_again_the_receipt_is_shown_again(shell: CommandLine) -> None:
    first = json.loads(shell.run("erase", "--author", AUTHOR, "--yes", "--json", expect=0).stdout)
    assert json.loads(shell.run("erase", "--author", AUTHOR, "--yes", "--json", expect=0).stdout) == first
    assert "erased before" in shell.run("erase", "--author", AUTHOR, expect=0).stderr.decode()


def test_an_account_goes_with_all_who_wrote_for_it(shell: CommandLine) -> None:
    told = json.loads(shell.run("erase", "--account", ACCOUNT.upper(), "--yes", "--json", expect=0).stdout)
    assert told["counts"]["records"] == len(TEXTS)
    assert told["subject"].startswith("acc_")
    assert places_of(home_of(shell), (*PLANTED, ACCOUNT)) == set()
    report = json.loads(shell.run("ingest", "notes.csv", "--json", expect=0).stdout)["files"][0]
    assert report["rejected"] == len(TEXTS)


def test_a_single_record_goes_and_the_others_of_its_author_stay(shell: CommandLine) -> None:
    exported = [json.loads(line) for line in shell.run("export", expect=0).stdout.splitlines()]
    record = next(one for one in exported if one["raw"] == TEXTS[1])
    shell.run("erase", "--record", record["id"], "--yes", expect=0)
    assert places_of(home_of(shell), ["vexillum", record["id"]]) == set()
    assert places_of(home_of(shell), ["zorblatt"])
    report = json.loads(shell.run("ingest", "notes.csv", "--json", expect=0).stdout)["files"][0]
    assert report["rejected"] == 1


def test_every_revision_of_a_record_goes(shell: CommandLine) -> None:
    rows = planted_rows()
    rows[1]["text"] = "Now it is the gonfalon timetable that I miss on my phone."
    (shell.folder / "notes.csv").write_bytes(planted_csv(rows))
    shell.run("ingest", "notes.csv", expect=0)
    told = json.loads(shell.run("erase", "--author", AUTHOR, "--yes", "--json", expect=0).stdout)
    assert (told["counts"]["records"], told["counts"]["revisions"]) == (len(TEXTS), len(TEXTS) + 1)
    assert places_of(home_of(shell), (*PLANTED, "gonfalon")) == set()


def test_runs_of_evaluation_sets_go_where_they_hold_a_person_and_only_there(shell: CommandLine) -> None:
    """A set of the workspace is made of its records, so a run of it quotes them."""
    kept = home_of(shell) / "evals" / "runs" / "default" / "run_0.json"
    kept.parent.mkdir(parents=True)
    kept.write_text(json.dumps({"quotes": [CONTROL]}), encoding="utf-8")
    shell.run("erase", "--record", _record_of(shell, "vexillum"), "--yes", expect=0)
    assert kept.exists()
    kept.write_text(json.dumps({"quotes": [TEXTS[0]]}), encoding="utf-8")
    shell.run("erase", "--author", AUTHOR, "--yes", expect=0)
    assert not kept.exists()


def _record_of(shell: CommandLine, word: str) -> str:
    found = json.loads(shell.run("search", word, "--limit", "1", "--json", expect=0).stdout)
    return str(found["hits"][0]["record_id"])


def test_a_file_of_somebody_else_in_the_home_folder_is_named_until_it_is_gone(shell: CommandLine) -> None:
    copy = home_of(shell) / "exports" / "copy.csv"
    copy.parent.mkdir()
    copy.write_bytes((shell.folder / "notes.csv").read_bytes())
    told = shell.run("erase", "--author", AUTHOR, "--yes", expect=1)
    assert "left: exports/copy.csv" in told.stdout.decode()
    assert "run the same command again" in told.stderr.decode()
    assert b"pending" in shell.run("erase", "--receipts", expect=0).stdout
    copy.unlink()
    assert "nothing is left" in shell.run("erase", "--author", AUTHOR, expect=0).stdout.decode()
    with closing(sqlite3.connect(home_of(shell) / "catalog.sqlite3")) as connection:
        assert connection.execute("SELECT traces FROM erasures").fetchall() == [(None,)]


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--author", "Nobody Atall", "--yes"), "Nobody named 'Nobody Atall'"),
        (("--account", "No Firm", "--yes"), "account named 'No Firm'"),
        (("--record", "rec_0", "--yes"), "nothing was erased"),
        (("--author", "x", "--account", "y"), "one of them"),
        ((), "one of them"),
        (("--author", AUTHOR), "nobody is there to answer"),
    ],
)
def test_what_cannot_be_done_is_said_and_nothing_is_erased(
    arguments: tuple[str, ...], told: str, shell: CommandLine
) -> None:
    said = shell.run("erase", *arguments, expect=2).stderr.decode()
    assert told in said
    assert "hint: " in said
    assert len(shell.run("export", expect=0).stdout.splitlines()) == len(planted_rows())


def test_a_waiting_import_that_holds_the_words_is_cancelled_and_its_upload_removed(
    shell: CommandLine,
) -> None:
    home = home_of(shell)
    jobs = DbosJobs(home)
    try:
        waiting = {}
        for name, rows in (("hers", planted_rows()), ("others", planted_rows(()))):
            with io.BytesIO(planted_csv(rows)) as stream:
                upload = keep(home, "default", [(f"{name}.csv", stream)])
            payload = {"paths": [str(path) for path in upload.paths], "kind": "customer"}
            waiting[name] = (jobs.submit("default", "ingest", payload, key=upload.key), upload.paths[0])
        told = json.loads(shell.run("erase", "--author", AUTHOR, "--yes", "--json", expect=0).stdout)
        assert (told["counts"]["imports_cancelled"], told["counts"]["uploads"]) == (1, 1)
        states = {name: jobs.get("default", job.id) for name, (job, _) in waiting.items()}
        assert {name: job.state.value for name, job in states.items() if job} == {
            "hers": "cancelled",
            "others": "queued",
        }
        assert not waiting["hers"][1].exists()
        assert waiting["others"][1].exists()
        assert places_of(home, PLANTED) == set()
    finally:
        jobs.close()


def test_a_name_that_others_mention_stays_and_the_person_is_told(shell: CommandLine) -> None:
    rows = planted_rows(())
    rows[0]["text"] = f"As {AUTHOR} told us, the export is slow."
    (shell.folder / "more.csv").write_bytes(planted_csv(rows))
    shell.run("ingest", "more.csv", expect=0)
    done = shell.run("erase", "--author", AUTHOR, "--yes", expect=0)
    assert "1 text of others" in done.stderr.decode()
    assert {word for _, word in places_of(home_of(shell), PLANTED)} == {AUTHOR, "Querzola"}


def test_while_another_process_owns_the_workspace_nothing_is_erased(shell: CommandLine) -> None:
    folder = home_of(shell) / "index" / "default"
    lock = take_index(folder)
    try:
        told = shell.run("erase", "--author", AUTHOR, "--yes", expect=3).stderr.decode()
        assert f"process {os.getpid()}" in told
        assert "Nothing was erased." in told
        assert b"records: 8" in shell.run("erase", "--author", AUTHOR, "--dry-run", expect=0).stdout
    finally:
        give_back(folder, lock)
    assert places_of(home_of(shell), ["zorblatt"])
