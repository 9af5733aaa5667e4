"""Every command block of the README and of docs is executed, in order, as a newcomer would.

A block that starts with `<!-- not run here: reason -->` is left out; there has to be a reason. A block that is nothing but
`voxspec serve` is started in the background on a free port, and the blocks after it are sent there.
"""

import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.support.command_line import VOXSPEC
from tests.support.forks import commands
from tests.support.house import ROOT

PAPERS = (
    "README.md",
    "CONTRIBUTING.md",
    "docs/operations.md",
    "docs/priorities.md",
    "docs/theme-exports.md",
    "docs/eval-runs.md",
    "docs/openai-clients.md",
    "docs/exports.md",
    "docs/evals-trust.md",
    "docs/hooks.md",
)
DEFAULT_ADDRESS = "127.0.0.1:8756"
READY_WITHIN_S = 240
_BLOCK = re.compile(
    r"(?:<!-- not run here: (?P<reason>[^>]+?) -->\n)?```(?:sh|console|bash)\n(?P<code>.*?)^```", re.S | re.M
)


@dataclass(frozen=True)
class Block:
    """A block of commands of a paper."""

    paper: str
    line: int
    code: str
    reason: str | None


def blocks(paper: str) -> list[Block]:
    """The command blocks of a paper, in order."""
    text = (ROOT / paper).read_text(encoding="utf-8")
    return [
        Block(paper, text.count("\n", 0, m.start()) + 1, m["code"], m["reason"])
        for m in _BLOCK.finditer(text)
    ]


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """An empty home, and the commands of this environment on the path: `voxspec` without the time that its imports take."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("VOXSPEC_", "OPENAI_"))}
    (tmp_path / "home").mkdir()
    path = os.pathsep.join([str(commands()), str(Path(sys.executable).parent), kept["PATH"]])
    return kept | {"HOME": str(tmp_path / "home"), "PATH": path, "VOXSPEC_PORT": str(port)}


@pytest.fixture
def servers() -> Iterator[list[subprocess.Popen[bytes]]]:
    """Servers that the paper starts; they end with the test."""
    started: list[subprocess.Popen[bytes]] = []
    yield started
    for one in started:
        one.terminate()
        one.wait(timeout=30)


@pytest.mark.parametrize("paper", PAPERS)
def test_the_commands_of_the_paper_work_one_after_the_other(
    paper: str, tmp_path: Path, environment: dict[str, str], servers: list[subprocess.Popen[bytes]]
) -> None:
    folder = tmp_path / "work here"
    folder.mkdir()
    port = environment["VOXSPEC_PORT"]
    for block in blocks(paper):
        if block.reason is not None:
            continue
        if block.code.strip() == "voxspec serve":
            servers.append(subprocess.Popen([VOXSPEC, "serve"], cwd=folder, env=environment))
            _wait_until_ready(f"http://127.0.0.1:{port}/healthz", servers[-1])
            continue
        code = block.code.replace(DEFAULT_ADDRESS, f"127.0.0.1:{port}")
        if "curl" in code and shutil.which("curl") is None:
            pytest.skip("the paper's HTTP commands call curl, which isn't installed here")
        done = subprocess.run(
            ["bash", "-euo", "pipefail", "-c", code],
            cwd=folder,
            env=environment,
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, f"{paper}:{block.line}\n{code}\n{done.stdout}\n{done.stderr}"


def _wait_until_ready(address: str, server: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + READY_WITHIN_S
    while time.monotonic() < until:
        assert server.poll() is None, "the server ended"
        try:
            with urllib.request.urlopen(address, timeout=5) as answer:
                assert answer.status == 200
                return
        except OSError:
            # Not listening yet: wait for the server to end, which returns as soon as it does.
            try:
                server.wait(timeout=0.2)
            except subprocess.TimeoutExpired:
                continue
    pytest.fail(f"the server wasn't ready within {READY_WITHIN_S} s")


def test_a_block_that_is_not_run_has_a_reason() -> None:
    left_out = [block for paper in PAPERS for block in blocks(paper) if block.reason is not None]
    assert all(len(block.reason or "") > 15 for block in left_out)


def test_the_readme_has_commands_to_run() -> None:
    code = "\n".join(block.code for block in blocks("README.md") if block.reason is None)
    assert all(
        f"voxspec {command}" in code
        for command in (
            ["ingest", "search", "record", "draft", "check", "replay", "export", "erase", "doctor", "serve"]
        )
    )


def test_the_line_at_the_top_of_the_readme_is_a_line_of_the_demos_draft() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    sample = readme.partition("```text\n")[2].partition("\n")[0]
    draft = (ROOT / "docs/examples/prd.md").read_text(encoding="utf-8")
    assert "people in" in sample
    assert sample in re.sub(r"\[(Q?)([^\]]+)\]\(#[^)]*\)", lambda m: f"[Q{m[2]}]" if m[1] else m[2], draft)


def test_links_between_papers_lead_somewhere() -> None:
    papers = [*ROOT.glob("*.md"), *(ROOT / "docs").glob("**/*.md")]
    for paper in papers:
        for target in re.findall(r"\]\((?!https?:|#|mailto:)([^)#\s]+)", paper.read_text(encoding="utf-8")):
            assert (paper.parent / target).exists(), f"{paper.name} links to {target}"
