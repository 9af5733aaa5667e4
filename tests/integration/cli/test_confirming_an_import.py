"""Nothing is guessed silently: where columns aren't certain, a person says yes, or nothing is imported."""

import json
import os
import pty
import select
import subprocess
import time
from pathlib import Path

import pytest

from tests.support.command_line import VOXSPEC, CommandLine

TEXTS = [
    "The export to Excel fails since the last update of the app",
    "I can't find the invoice of last month anywhere in the app",
    "Please add a dark mode, my eyes hurt so much at night",
]


@pytest.fixture
def shell(tmp_path: Path) -> CommandLine:
    lines = ["a,b", *(f'{number},"{text}"' for number, text in enumerate(TEXTS))]
    (tmp_path / "odd.csv").write_text("\n".join(lines))
    (tmp_path / "sure.csv").write_text("\n".join(["id,comment", *lines[1:]]))
    return CommandLine(tmp_path, tmp_path / "home")


def records(shell: CommandLine) -> int:
    return len(json.loads(shell.run("export", "--json", expect=0).stdout)["records"])


def test_without_a_terminal_an_uncertain_file_is_refused_with_what_to_do(shell: CommandLine) -> None:
    for paths in (["odd.csv"], ["sure.csv", "odd.csv"], ["."]):
        done = shell.run("ingest", *paths, expect=2)
        said = done.stderr.decode()
        assert "It isn't certain what the columns of odd.csv hold: csv, text=b" in said
        assert "--yes" in said
        assert "--map text=COLUMN" in said
        assert done.stdout == b""
    problem = json.loads(shell.run("ingest", "odd.csv", "--json", expect=2).stdout)["error"]
    assert problem["code"] == "not-confirmed"
    assert records(shell) == 0


@pytest.mark.parametrize("how", [["--yes"], ["-y"], ["--map", "text=b"]])
def test_a_confirmed_or_mapped_file_is_imported(shell: CommandLine, how: list[str]) -> None:
    shell.run("ingest", "odd.csv", *how, expect=0)
    assert records(shell) == len(TEXTS)


def test_a_certain_file_and_a_dry_run_ask_nobody(shell: CommandLine) -> None:
    looked = json.loads(shell.run("ingest", "odd.csv", "--dry-run", "--json", expect=0).stdout)
    assert looked["files"][0]["confidence"] < 0.8
    assert records(shell) == 0
    shell.run("ingest", "sure.csv", expect=0)
    assert records(shell) == len(TEXTS)


@pytest.mark.parametrize(("answer", "code", "kept"), [(b"y\n", 0, len(TEXTS)), (b"n\n", 2, 0), (b"\n", 2, 0)])
def test_on_a_terminal_the_mapping_is_shown_and_the_person_decides(
    shell: CommandLine, answer: bytes, code: int, kept: int
) -> None:
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [VOXSPEC, "ingest", "odd.csv"],
        cwd=shell.folder,
        env=shell.environment | {"TERM": "dumb"},
        stdin=theirs,
        stderr=theirs,
        stdout=subprocess.DEVNULL,
    )
    os.close(theirs)
    shown = _read_until(ours, b"[y/N]")
    assert b"text=b (confidence" in shown
    os.write(ours, answer)
    _read_until(ours, None)
    assert process.wait(timeout=60) == code
    os.close(ours)
    assert records(shell) == kept


def _read_until(terminal: int, mark: bytes | None) -> bytes:
    """What a terminal shows up to a mark, or to its end."""
    shown = b""
    ends = time.monotonic() + 60
    while (mark is None or mark not in shown) and time.monotonic() < ends:
        if not select.select([terminal], [], [], 1)[0]:
            continue
        try:
            piece = os.read(terminal, 4096)
        except OSError:
            break
        if not piece:
            break
        shown += piece
    return shown
