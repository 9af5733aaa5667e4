"""`voxspec themes run` as a person uses it: planned, rehearsed, named by a model, interrupted."""

import csv
import json
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.batch_server import BatchServer
from tests.support.command_line import CommandLine
from tests.support.model_server import ModelRequest, ModelServer, answers, hangs, says
from tests.support.waiting import until

SUBJECTS = ("export of large boards", "dark mode")


@pytest.fixture
def shell(tmp_path: Path) -> CommandLine:
    with (tmp_path / "said.csv").open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["author", "text"])
        rows.writerows([f"p{n}", f"We miss the {SUBJECTS[n % 2]} on floor {n}."] for n in range(14))
    shell = CommandLine(tmp_path, tmp_path / "home")
    shell.run("ingest", "said.csv", expect=0)
    return shell


def with_server(shell: CommandLine, server: ModelServer) -> None:
    (shell.folder / "voxspec.toml").write_text(
        f'model = "openai:test"\nopenai_base_url = "{server.base_url}"\nprice_in = 0.15\nprice_out = 0.6\n',
        encoding="utf-8",
    )


def named(request: ModelRequest) -> str:
    shown = json.loads(request.user.split("\n")[1])
    name = next(one for one in SUBJECTS if one in shown[0]["text"])
    return json.dumps({"name": f"the {name}", "summary": "", "cites": [one["id"] for one in shown]})


def test_a_plan_is_printed_and_nothing_is_done(shell: CommandLine) -> None:
    told = shell.run("themes", "run", "--plan", expect=0).stdout.decode()
    assert "14 records, 14 of them new" in told
    assert "No model" in told
    assert json.loads(shell.run("themes", "run", "--plan", "--json", expect=0).stdout)["calls"] == 0
    assert b"no themes yet" in shell.run("themes", "list", expect=2).stderr


def test_a_rehearsal_prints_themes_with_quotes_and_stores_nothing(shell: CommandLine) -> None:
    told = shell.run("themes", "run", "--rehearse", expect=0)
    assert "“We miss the " in told.stdout.decode()
    assert b"Nothing was stored" in told.stderr
    assert b"no themes yet" in shell.run("themes", "list", expect=2).stderr
    assert json.loads(shell.run("themes", "run", "--rehearse", "--json", expect=0).stdout)["themes"]


@pytest.mark.parametrize("option", ["--plan", "--rehearse", "--afresh", "--batch"])
def test_options_of_a_run_belong_to_a_run(tmp_path: Path, option: str) -> None:
    shell = CommandLine(tmp_path, tmp_path / "home")
    assert b"options of 'run'" in shell.run("themes", "list", option, expect=2).stderr


def test_batches_need_a_model_that_takes_them(tmp_path: Path) -> None:
    shell = CommandLine(tmp_path, tmp_path / "home")
    ended = shell.run("themes", "run", "--batch", expect=2)
    assert b"takes no batches" in ended.stderr
    assert b"hint: " in ended.stderr


@pytest.mark.allow_hosts(["127.0.0.1"])
def test_what_a_model_costs_is_said_before_and_after(shell: CommandLine) -> None:
    with ModelServer(answers(named)) as server:
        with_server(shell, server)
        told = shell.run("themes", "run", expect=0)
        before, after = told.stderr.decode().split("The model was asked about")
        assert "at most" in before
        assert "$0." in before
        assert f"{len(server.requests)} calls" in after
        assert "the export of large boards" in told.stdout.decode()
        again = shell.run("themes", "run", expect=0)
        assert "at most 0 calls" in again.stderr.decode()
        assert "was asked" not in again.stderr.decode()


@pytest.mark.allow_hosts(["127.0.0.1"])
def test_a_batch_names_themes_from_the_command_line(shell: CommandLine) -> None:
    with BatchServer(says("never"), words=named) as server:
        with_server(shell, server)
        told = shell.run("themes", "run", "--batch", expect=0)
        assert f"{len(server.lines())} lines of a batch" in told.stderr.decode()
        assert not server.requests


@pytest.fixture
def hanging(shell: CommandLine) -> Iterator[ModelServer]:
    with ModelServer(hangs()) as server:
        with_server(shell, server)
        yield server


@pytest.mark.allow_hosts(["127.0.0.1"])
def test_an_interrupt_ends_a_run_at_once_though_the_model_hangs(
    shell: CommandLine, hanging: ModelServer
) -> None:
    process = shell.start("themes", "run")
    until(lambda: bool(hanging.requests))
    process.send_signal(signal.SIGINT)
    try:
        _, stderr = process.communicate(timeout=10)
    except subprocess.TimeoutExpired:
        process.kill()
        raise
    assert process.returncode == 130
    assert b"run the same command to go on" in stderr
    assert json.loads(shell.run("themes", "list", "--json", expect=0).stdout)["themes"]
