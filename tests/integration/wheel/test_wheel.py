"""The wheel works elsewhere: built, installed into a bare environment, used with an empty home."""

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.support.house import ROOT

pytestmark = pytest.mark.slow  # Installs every dependency into a new environment: about a minute.
UV = Path(sys.executable).with_name("uv")
ROWS = [
    "I can't work offline in the basement, please add an offline mode",
    "Every time the network drops the app loses my offline notes",
    "I need to read my tasks offline on the train",
    "Please let our technicians work offline on the road",
    "Losing offline changes costs my crew an hour every evening",
    "I wish I could tick off tasks offline in plant rooms",
]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from this tree."""
    out = tmp_path_factory.mktemp("dist")
    _run([sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(out), "."], ROOT)
    return next(out.glob("voxspec-*.whl"))


@pytest.fixture(scope="module")
def elsewhere(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a bare environment that holds the wheel and its pinned dependencies."""
    folder = tmp_path_factory.mktemp("elsewhere")
    _run([str(UV), "venv", "--quiet", "--python", sys.executable, "venv"], folder)
    install = ["pip", "install", "--quiet", "--link-mode", "hardlink", "--python", "venv/bin/python"]
    _run([str(UV), *install, "-c", str(ROOT / "constraints.txt"), str(wheel)], folder)
    return folder


def test_what_the_product_needs_is_inside_and_tests_are_not(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    inside = [
        ("prompts/", ".md"),
        ("evals/kanbo/", ".yaml"),
        ("api/web/templates/", ".html"),
        ("api/web/static/", ".css"),
        ("assistant/synthesis/outputs/templates/", ".js"),
        ("evals/templates/", ".html"),
        ("evals/templates/", ".css"),
        ("assistant/stores/migrations/versions/", ".py"),
        ("assistant/models/", ".tokenizer.json"),
        ("assistant/models/", "NOTICE"),
    ]
    missing = [(a, b) for a, b in inside if not any(n.startswith(a) and n.endswith(b) for n in names)]
    assert missing == []
    tops = {name.split("/")[0] for name in names}
    assert tops - {"assistant", "ingest", "prompts", "api", "evals"} == {
        n for n in tops if n.endswith(".dist-info")
    }


def test_every_file_of_the_packages_that_git_knows_is_inside(wheel: Path) -> None:
    if not (ROOT / ".git").exists():
        pytest.skip("no git history here to compare with")
    packages = ["assistant", "ingest", "prompts", "api", "evals"]
    known = subprocess.run(
        ["git", "ls-files", *packages], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    present = {name for name in known.split() if (ROOT / name).is_file()}
    assert present - set(zipfile.ZipFile(wheel).namelist()) == set()


def test_the_doctor_is_content_in_a_bare_environment(elsewhere: Path) -> None:
    answer = json.loads(_voxspec(elsewhere, "doctor", "--json"))
    assert answer["healthy"], answer


def test_files_come_in_and_a_draft_comes_out(elsewhere: Path) -> None:
    lines = [f'{n},{author},"{text}"' for n, (author, text) in enumerate(zip("abcdef", ROWS, strict=True), 1)]
    (elsewhere / "notes.csv").write_text("\n".join(["id,author,comment", *lines]), encoding="utf-8")
    imported = json.loads(_voxspec(elsewhere, "ingest", "notes.csv", "--json"))
    assert imported["records"] == len(ROWS)
    draft = json.loads(_voxspec(elsewhere, "draft", "user_stories", "work offline", "--json"))
    assert draft["report"]["verdict"] == "ready"
    assert {quote["text"] for quote in draft["quotes"].values()} <= set(ROWS)


def _voxspec(folder: Path, *arguments: str) -> str:
    (folder / "home").mkdir(exist_ok=True)
    environment = {"HOME": str(folder / "home"), "PATH": os.environ["PATH"], "LANG": "C.UTF-8"}
    return _run([str(folder / "venv/bin/voxspec"), *arguments], folder, environment)


def _run(command: list[str], folder: Path, environment: dict[str, str] | None = None) -> str:
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, timeout=280)
    assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
    return done.stdout
