"""`voxspec commit-status`: the check strip of a draft at a commit of a stand-in for GitHub and GitLab, over HTTP."""

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path
from unittest.mock import patch

import pytest

from api.tickets.commit_status import kept, strip_of
from assistant.domain.draft import Draft
from assistant.domain.ticket import CommitState
from assistant.workbench import Workbench
from evals.gate import produce
from tests.support.command_line import CommandLine, Ended
from tests.support.flawed_draft import REQUEST, laneway
from tests.support.github_server import COMMIT, PROJECT, GitHubServer
from tests.support.gitlab_server import GitLabServer
from tests.support.hosted_tracker import TOKEN, Accident, Answer
from tests.support.mirrored import DESK, a_mirror

Server = GitHubServer | GitLabServer


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Draft]:
    folder = tmp_path_factory.mktemp("status")
    with laneway(folder / "home", folder, served=True) as bench:
        return folder, produce(bench, REQUEST)


@pytest.fixture(params=["github", "gitlab"])
def server(request: pytest.FixtureRequest) -> Iterator[Server]:
    with GitHubServer() if request.param == "github" else GitLabServer() as running:
        yield running


class Terminal:
    """A person's, with the token of the connection."""

    def __init__(self, home: tuple[Path, Draft], server: Server) -> None:
        self._line = CommandLine(home[0], home[0] / "home")
        self.draft = home[1]
        kind = "github" if isinstance(server, GitHubServer) else "gitlab"
        self.to = f"code-{kind}"
        self.run("tracker", "add", self.to, "--to", kind, "--url", server.url, "--project", PROJECT, "--token", "env:CODE_TOKEN", expect=0)  # fmt: skip

    def run(self, *arguments: str, expect: int) -> Ended:
        told = self._line.environment | {"CODE_TOKEN": TOKEN, "VOXSPEC_PUBLIC_URL": "https://vox.example/"}
        with patch.object(CommandLine, "environment", told):
            return self._line.run(*arguments, expect=expect)

    def status(self, *more: str, expect: int = 0) -> Ended:
        return self.run(
            "commit-status", self.draft.id, "--to", self.to, "--sha", COMMIT, *more, expect=expect
        )


def test_the_strip_is_shown_once_however_often_it_is_sent(home: tuple[Path, Draft], server: Server) -> None:
    here = Terminal(home, server)
    assert b"success: Ready" in here.status("--dry-run").stdout
    assert server.statuses == []
    here.status()
    here.status()
    (shown,) = server.statuses
    report = here.draft.report
    assert report is not None
    claims = report.counts["claims_supported"]
    assert shown["description"].startswith(f"Ready · claims {claims.ok}/{claims.total} · quotes ")
    assert shown["target_url"] == f"https://vox.example/drafts/{here.draft.id}?version=1"
    assert shown.get("state", shown.get("status")) == "success"
    assert shown.get("context", shown.get("name")) == "voxspec/check"
    told = json.loads(here.status("--json", "--name", "voxspec/prd").stdout)
    assert (told["name"], told["sent"]) == ("voxspec/prd", "done")
    assert len(server.statuses) == 2


def test_what_is_refused_or_waits_is_told_with_exit_code_3(home: tuple[Path, Draft], server: Server) -> None:
    here = Terminal(home, server)
    server.accidents.append(Accident(Answer(403, {"message": "Resource not accessible"})))
    assert b"dead: " in here.status("--name", f"refused/{server.url}", expect=3).stderr
    server.accidents.append(Accident(Answer(503, b"")))
    assert b"waiting: " in here.status("--name", f"later/{server.url}", expect=3).stderr


def test_what_can_not_be_understood_is_said_before_anything_is_sent(home: tuple[Path, Draft], server: Server, tmp_path: Path) -> None:  # fmt: skip
    here = Terminal(home, server)
    here.run("commit-status", here.draft.id, "--to", "nowhere", "--sha", COMMIT, expect=2)
    here.run("commit-status", "dra_0", "--to", here.to, "--sha", COMMIT, expect=2)
    here.run("commit-status", here.draft.id, "--to", here.to, "--repository", str(tmp_path), expect=2)
    here.run("tracker", "add", "desk", "--to", "roundup", "--url", "http://127.0.0.1:9/", "--user", "me", "--token", "env:CODE_TOKEN", expect=0)  # fmt: skip
    refused = here.run("commit-status", here.draft.id, "--to", "desk", "--sha", COMMIT, expect=2)
    assert b"shows no statuses of commits" in refused.stderr
    assert server.statuses == []


def test_the_commit_is_the_one_that_is_checked_out(home: tuple[Path, Draft], server: Server, tmp_path: Path) -> None:  # fmt: skip
    for command in ("init -q", "-c user.name=A -c user.email=a@b.example commit -q --allow-empty -m x"):
        subprocess.run(["git", *command.split()], cwd=tmp_path, check=True)
    head = subprocess.run(
        ["git", "rev-parse", "HEAD"], cwd=tmp_path, check=True, capture_output=True, text=True
    )
    here = Terminal(home, server)
    told = here.run("commit-status", here.draft.id, "--to", here.to, "--repository", str(tmp_path), "--dry-run", "--json", expect=0)  # fmt: skip
    assert json.loads(told.stdout)["sha"] == head.stdout.strip()


@pytest.fixture
def mirror(tmp_path: Path) -> Iterator[tuple[Workbench, Draft]]:
    bench, draft = a_mirror(tmp_path)
    with bench:
        yield bench, draft


def test_a_draft_that_needs_fixes_says_how_many(mirror: tuple[Workbench, Draft]) -> None:
    bench, draft = mirror
    broken = draft.model_copy(update={"claims": draft.claims | {"C1": draft.claims["C1"].model_copy(update={"quote_ids": (), "fact_ids": ()})}})  # fmt: skip
    status = strip_of(bench, broken, COMMIT)
    assert status.state is CommitState.failure
    assert status.description.startswith("Needs ")
    assert "claims 2/3" in status.description


def test_ready_not_ready_and_ready_again_are_three_statuses(mirror: tuple[Workbench, Draft]) -> None:
    bench, draft = mirror
    ready = strip_of(bench, draft, COMMIT).model_copy(update={"state": CommitState.success})
    worse = ready.model_copy(update={"state": CommitState.failure})
    keys = [kept(bench, draft, DESK.name, one).key for one in (ready, ready, worse, worse, ready)]
    assert [len(set(keys[:at])) for at in range(1, 6)] == [1, 1, 2, 2, 3]
