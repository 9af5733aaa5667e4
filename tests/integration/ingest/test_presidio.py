"""Presidio beside the built-in finders: more kinds are masked, none is lost, and without it the command that installs it is named."""

import json
import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from tests.support.command_line import CommandLine

TEXT = (
    "My NIF 54362315K and my NINO AB123456C are on the bill for order 5369. Please write to ana@example.com."
)
without_it = pytest.mark.skipif(
    find_spec("presidio_analyzer") is None, reason="the extra voxspec[presidio] isn't installed"
)


def found(folder: Path, finder: str) -> dict[str, object]:
    folder.mkdir()
    (folder / "a.csv").write_text(f'id,comment\n1,"{TEXT}"\n')
    shell = CommandLine(folder, folder / "home")
    answer = shell.spawn("--json", "ingest", "--dry-run", "a.csv", expect=0, VOXSPEC_PERSONAL_FINDER=finder)
    report: dict[str, object] = json.loads(answer.stdout)["files"][0]["personal"]
    return report


@without_it
def test_presidio_adds_its_kinds_to_the_built_in_ones(tmp_path: Path) -> None:
    assert found(tmp_path / "plain", "builtin") == {"e-mail": 1}
    assert found(tmp_path / "more", "presidio") == {"e-mail": 1, "ID number": 2}


@without_it
def test_what_it_finds_is_masked_where_texts_are_shown(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(f'id,comment\n1,"{TEXT}"\n')
    shell = CommandLine(tmp_path, tmp_path / "home")
    shell.spawn("ingest", "a.csv", expect=0, VOXSPEC_PERSONAL_FINDER="presidio")
    shown = shell.spawn(
        "search", "NIF on the bill", expect=0, VOXSPEC_PERSONAL_FINDER="presidio"
    ).stdout.decode()
    assert "54362315K" not in shown
    assert "[ID number]" in shown


@without_it
def test_a_model_that_isnt_there_is_not_fetched(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("id,comment\n1,Exports are slow\n")
    shell = CommandLine(tmp_path, tmp_path / "home")
    told = shell.spawn(
        "ingest", "a.csv", expect=2, VOXSPEC_PERSONAL_FINDER="presidio:en_core_web_nowhere"
    ).stderr.decode()
    assert "the spaCy model 'en_core_web_nowhere', which isn't installed" in " ".join(told.split())


def test_without_the_package_its_installation_is_named(tmp_path: Path) -> None:
    blocked = (
        "import sys; sys.modules['presidio_analyzer'] = None; from api.cli.main import run; sys.exit(run())"
    )
    (tmp_path / "a.csv").write_text("id,comment\n1,Exports are slow\n")
    done = subprocess.run(
        [sys.executable, "-c", blocked, "ingest", "a.csv"],
        cwd=tmp_path,
        env=os.environ | {"VOXSPEC_HOME": str(tmp_path / "home"), "VOXSPEC_PERSONAL_FINDER": "presidio"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert "pip install 'voxspec[presidio]'" in " ".join(done.stderr.split())
