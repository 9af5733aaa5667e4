"""The recipes of docs/ci.md, run as GitHub's runner and pre-commit run them: their steps, in a repository, with a runner's variables."""

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.support.alignments import DRAFTS
from tests.support.house import ROOT

PAPER = (ROOT / "docs/ci.md").read_text(encoding="utf-8")
HOOKS = {one["id"]: one for one in yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text("utf-8"))}
SAID = "Exports of our biggest board end with an empty file."


@dataclass(frozen=True)
class Repository:
    """A clone on a branch, with feedback, a spec that quotes it, and a PRD."""

    folder: Path
    environment: dict[str, str]

    def run(self, script: str, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
        """As a runner does: the script in bash, stopping at the first error."""
        return subprocess.run(
            ["bash", "-e", "-o", "pipefail", "-c", script, "step", *arguments],
            cwd=self.folder, env=self.environment | variables, capture_output=True, text=True,
        )  # fmt: skip

    def commit(self, message: str) -> None:
        done = self.run('git add -A && git commit -q --allow-empty -m "$MESSAGE"', MESSAGE=message)
        assert done.returncode == 0, done.stderr


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    folder = tmp_path / "code"
    (folder / "docs").mkdir(parents=True)
    (folder / "feedback").mkdir()
    (folder / "feedback/tickets.csv").write_text(
        f"text,author\n{SAID},Ada\nPlease add dark mode soon.,Bo\n", "utf-8"
    )
    (folder / "docs/spec.md").write_text(f"# Spec\n\nOne customer says: “{SAID}”\n", "utf-8")
    (folder / "docs/prd.md").write_text(DRAFTS["exports"].read_text("utf-8"), "utf-8")
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("VOXSPEC_", "OPENAI_", "GIT_"))
    }
    who = {
        f"GIT_{role}_{part}": "ada@example.org"
        for role in ("AUTHOR", "COMMITTER")
        for part in ("NAME", "EMAIL")
    }
    path = f"{Path(sys.executable).parent}{os.pathsep}{kept['PATH']}"
    made = Repository(
        folder, kept | who | {"PATH": path, "VOXSPEC_HOME": str(tmp_path / "home"), "HOME": str(tmp_path)}
    )
    assert made.run("git init -q -b main").returncode == 0
    made.commit("Begin")
    assert made.run("git update-ref refs/remotes/origin/main main && git switch -q -c topic").returncode == 0
    return made


def recipe(heading: str) -> Any:
    """The first YAML block under a heading of the paper."""
    section = PAPER.partition(f"## {heading}\n")[2]
    return yaml.safe_load(section.partition("```yaml\n")[2].partition("```")[0])


def steps() -> dict[str, dict[str, Any]]:
    """The workflow's named steps."""
    held = recipe("GitHub Actions")["jobs"]["requirements"]["steps"]
    return {one["name"]: one for one in held if "name" in one}


def test_the_step_that_checks_documents_ends_as_the_paper_says(repository: Repository) -> None:
    script = steps()["The documents hold"]["run"]
    done = repository.run(script)
    assert (done.returncode, "verdict: ready" in done.stderr) == (0, True), done.stderr
    (repository.folder / "docs/spec.md").write_text("# Spec\n\nOne customer says: “It is the finest export in the world today.”\n")  # fmt: skip
    done = repository.run(script)
    assert done.returncode == 1
    assert "::error file=docs/spec.md,line=3," in done.stdout


def test_the_step_that_aligns_ends_as_the_paper_says(repository: Repository) -> None:
    step = steps()["The branch fits"]
    assert set(step["env"]) == {"TITLE", "BODY", "BASE"}
    assert "${{" not in step["run"], "text of a pull request would become a part of the script"

    def run(title: str, body: str) -> subprocess.CompletedProcess[str]:
        return repository.run(step["run"], TITLE=title, BODY=body, BASE="origin/main")

    repository.commit("Progress")
    assert run("Show progress", "Implements FR-3").returncode == 0
    assert run("$(touch pwned); `touch pwned`", "-- %s %n").returncode == 3
    assert not (repository.folder / "pwned").exists()
    refused = run("Drop the bar", "Reverts FR-3")
    assert (refused.returncode, "::error title=align%3A contradicted::" in refused.stdout) == (1, True)
    assert repository.run(step["run"], TITLE="x", BODY="", BASE="origin/nope").returncode == 2


def test_a_draft_written_again_from_the_same_records_is_the_same(repository: Repository) -> None:
    section = PAPER.partition("A draft of Voxspec is checked where it is stored.")[2]
    code = section.partition("```sh\n")[2].partition("```")[0]
    ingest, draft, check = code.strip().splitlines()
    before = repository.run(f"{ingest}\n{draft} || true\nmv again.md docs/prd.md", VOXSPEC_HOME=str(repository.folder.parent / "mine"))  # fmt: skip
    assert before.returncode == 0, before.stderr
    again = repository.run(f"{ingest}\n{draft} || true\ncmp again.md docs/prd.md")
    assert again.returncode == 0, again.stderr
    # Two records are no evidence; what matters is that the file is the draft of this workspace.
    told = repository.run(check)
    assert (told.returncode, told.stdout) == (3, "")


def test_the_hook_that_checks_tells_the_worst_of_its_files(repository: Repository) -> None:
    assert repository.run("voxspec ingest feedback --yes").returncode == 0
    entry = HOOKS["voxspec-check"]["entry"]
    wrong = repository.folder / "docs/wrong.md"
    wrong.write_text("One customer says: “It is the finest export in the world today.”\n")
    assert repository.run(f'{entry} "$@"', "docs/spec.md").returncode == 0
    assert repository.run(f'{entry} "$@"', "docs/wrong.md", "docs/spec.md").returncode == 1


def test_the_hook_that_aligns_takes_its_draft_from_the_configuration(repository: Repository) -> None:
    hooks = {one["id"]: one for one in recipe("pre-commit")["repos"][0]["hooks"]}
    assert hooks.keys() == HOOKS.keys()
    assert HOOKS["voxspec-align"]["stages"] == ["pre-push"]
    command = " ".join([HOOKS["voxspec-align"]["entry"], *hooks["voxspec-align"]["args"]])
    repository.commit("Tidy up")
    assert repository.run(command).returncode == 3
    repository.commit("FR-3: show progress")
    assert repository.run(command).returncode == 0


def test_the_manifest_of_the_hooks_is_one_that_pre_commit_reads(repository: Repository) -> None:
    done = repository.run(f'pre-commit validate-manifest "{ROOT}/.pre-commit-hooks.yaml"')
    assert done.returncode == 0, done.stdout + done.stderr
