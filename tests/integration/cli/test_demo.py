"""The demo works on a fresh machine, works again, and what it says to do next works too."""

import json
import re
import shlex
import socket
import subprocess
import urllib.request
from pathlib import Path

import pytest

from tests.support.command_line import CommandLine

pytestmark = pytest.mark.slow  # Embeds two thousand records and drafts three documents, twice.


@pytest.fixture(scope="module")
def shell(tmp_path_factory: pytest.TempPathFactory) -> CommandLine:
    folder = tmp_path_factory.mktemp("demo")
    return CommandLine(folder)


@pytest.fixture(scope="module")
def first(shell: CommandLine) -> str:
    return shell.spawn("demo", "--out", "out", expect=0).stdout.decode()


def test_three_drafts_are_there_in_three_formats(shell: CommandLine, first: str) -> None:
    names = {path.name for path in (shell.folder / "out").iterdir() if path.is_file()}
    assert names == {
        f"{kind}.{form}"
        for kind in ("insight_summary", "prd", "user_stories")
        for form in ("md", "json", "html")
    } | {"themes.html"}
    assert "records" in first
    assert first.count("  found: ") == 5
    assert "missed: " not in first


def test_everything_stays_inside_the_folder(shell: CommandLine, first: str) -> None:
    assert {path.name for path in shell.folder.iterdir()} == {"out"}
    assert (shell.folder / "out" / ".voxspec" / "catalog.sqlite3").is_file()


def test_every_quote_and_every_number_is_proven(shell: CommandLine, first: str) -> None:
    for kind in ("insight_summary", "prd", "user_stories"):
        report = json.loads((shell.folder / "out" / f"{kind}.json").read_text(encoding="utf-8"))["report"]
        assert report["verdict"] == "ready"
        for name in ("quotes_verified", "numbers_recomputed"):
            assert 0 < report["counts"][name]["ok"] == report["counts"][name]["total"]


def test_the_next_commands_work_when_pasted(shell: CommandLine, first: str) -> None:
    commands = re.findall(r"^  (\S*voxspec .+)$", first, re.M)
    assert len(commands) == 5
    for command in commands[:4]:
        shell.shell(shlex.split(command), expect=0)


def test_the_drafts_are_on_the_pages_of_the_service_that_is_offered(shell: CommandLine, first: str) -> None:
    command = re.findall(r"^  (\S*voxspec serve .+)$", first, re.M)[0]
    assert re.search(r"shows these drafts at http://127\.0\.0\.1:8756/,", first)
    with subprocess.Popen(
        [*shlex.split(command), "--port", "0"],
        cwd=shell.folder,
        env=shell.environment,
        stderr=subprocess.PIPE,
        text=True,
    ) as service:
        try:
            assert service.stderr is not None
            address = re.search(r"http://\S+", service.stderr.readline())
            assert address is not None
            with urllib.request.urlopen(address[0], timeout=30) as answer:
                page = answer.read().decode()
        finally:
            service.terminate()
    assert page.count('<a href="/drafts/') >= 3
    assert "PRD: exports of large boards fail" in page


def test_a_second_run_gives_the_same_bytes(shell: CommandLine, first: str) -> None:
    before = {path.name: path.read_bytes() for path in (shell.folder / "out").iterdir() if path.is_file()}
    # Another seed of the hashes: sets then have another order.
    answer = json.loads(shell.spawn("demo", "--out", "out", "--json", expect=0, PYTHONHASHSEED="7").stdout)
    assert answer["kept"] == 0
    assert [one["found"] for one in answer["themes"]["truths"]] == [True] * 5
    after = {name: (shell.folder / "out" / name).read_bytes() for name in before}
    assert after == before


def test_a_file_in_the_way_is_a_usage_error(shell: CommandLine) -> None:
    Path(shell.folder / "in-the-way").write_text("x")
    assert b"hint: " in shell.run("demo", "--out", "in-the-way", expect=2).stderr


def test_a_taken_port_is_told_before_the_work_begins(shell: CommandLine) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        told = shell.run("demo", "--out", "late", "--serve", "--port", port, expect=2).stderr
    assert f"port {port}".encode() in told
    assert b"another with --port" in told
    assert not (shell.folder / "late" / "sample").exists()


def test_a_port_without_pages_is_a_usage_error(shell: CommandLine) -> None:
    assert b"--serve" in shell.run("demo", "--out", "late", "--port", "8000", expect=2).stderr
