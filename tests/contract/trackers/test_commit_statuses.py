"""Statuses of commits at GitHub and GitLab: shown once whatever gets lost, and in the shape that they publish."""

import asyncio
import json
from collections.abc import Awaitable, Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TypeVar, cast

import httpx
import jsonschema
import pytest

from api.trackers.courier import Pace, deliver_all
from api.trackers.github import KIND as GITHUB
from api.trackers.gitlab import KIND as GITLAB
from api.trackers.port import CommitBoard, Tracker
from assistant.domain.ticket import Action, CommitState, CommitStatus, Connection, Effect, EffectState
from assistant.errors import NotFound, TrackerRefused
from assistant.stores.catalog import open_catalog
from assistant.stores.port import Catalog
from tests.support.github_server import COMMIT, PROJECT, GitHubServer
from tests.support.gitlab_server import GitLabServer
from tests.support.hosted_tracker import TOKEN, Accident, Answer
from tests.support.memory_tracker import MemoryTracker

_Answer = TypeVar("_Answer")
Server = GitHubServer | GitLabServer
SCHEMAS = json.loads((Path(__file__).parents[2] / "fixtures/github/schemas.json").read_text())
STATUS = CommitStatus(
    sha=COMMIT, name="voxspec/check", state=CommitState.success, description="Ready · claims 4/4", url="https://vox.example/drafts/d"
)  # fmt: skip
AT_ONCE = Pace(pauses=(timedelta(0),) * 3)


@pytest.fixture(params=["github", "gitlab"])
def server(request: pytest.FixtureRequest) -> Iterator[Server]:
    with GitHubServer() if request.param == "github" else GitLabServer() as running:
        yield running


@pytest.fixture
def catalog(tmp_path: Path) -> Iterator[Catalog]:
    opened = open_catalog(tmp_path / "catalog.sqlite3")
    yield opened
    opened.close()


def ask(server: Server, question: Callable[[Tracker], Awaitable[_Answer]]) -> _Answer:
    name, kind = ("github", GITHUB) if isinstance(server, GitHubServer) else ("gitlab", GITLAB)
    there = Connection(name="code", tracker=name, url=server.url, project=PROJECT)

    async def asked() -> _Answer:
        async with kind.open(there, TOKEN) as tracker:
            return await question(tracker)

    return asyncio.run(asked())


def show(server: Server, status: CommitStatus) -> CommitStatus:
    return ask(server, lambda tracker: cast(CommitBoard, tracker).show_status(status))


def standing(server: Server, name: str = STATUS.name, sha: str = COMMIT) -> CommitStatus | None:
    return ask(server, lambda tracker: cast(CommitBoard, tracker).status_of(sha, name))


def effect(key: str, status: CommitStatus = STATUS) -> Effect:
    return Effect(
        key=key, connection="code", action=Action.status, subject=f"code/{status.sha}", status=status, made_at=datetime.now(UTC)
    )  # fmt: skip


@pytest.mark.parametrize("state", list(CommitState))
def test_what_is_shown_is_read_again_the_same(server: Server, state: CommitState) -> None:
    status = STATUS.model_copy(update={"state": state})
    assert show(server, status) == status
    assert standing(server) == status


def test_the_newest_of_a_name_stands_and_other_names_stay(server: Server) -> None:
    other = STATUS.model_copy(update={"name": "ci/build"})
    show(server, STATUS)
    for number in range(120):
        show(server, other.model_copy(update={"description": f"{number}"}))
    assert standing(server) == STATUS
    worse = STATUS.model_copy(update={"state": CommitState.failure, "description": "Needs 2 fixes"})
    show(server, worse)
    assert standing(server) == worse
    assert standing(server, "nobody's") is None


def test_a_commit_that_is_not_there_is_not_found(server: Server) -> None:
    with pytest.raises(NotFound):
        show(server, STATUS.model_copy(update={"sha": "8" * 40}))
    with pytest.raises(NotFound):
        standing(server, sha="8" * 40)


def test_a_status_whose_answer_gets_lost_is_shown_once(server: Server, catalog: Catalog) -> None:
    catalog.effects.add("default", [effect("status/1")])
    server.accidents.append(Accident(done=True))
    ended = ask(server, lambda tracker: deliver_all(catalog, "default", "code", tracker, AT_ONCE))
    held = catalog.effects.get("default", "status/1")
    assert held is not None
    assert (ended, held.state, len(server.statuses)) == (1, EffectState.done, 1)


def test_a_status_that_was_never_taken_is_sent_again(server: Server, catalog: Catalog) -> None:
    catalog.effects.add("default", [effect("status/1")])
    server.accidents.append(Accident(Answer(503, b"")))
    ask(server, lambda tracker: deliver_all(catalog, "default", "code", tracker, AT_ONCE))
    assert standing(server) == STATUS
    assert len(server.statuses) == 1


def test_statuses_of_one_commit_are_sent_in_their_order(server: Server, catalog: Catalog) -> None:
    worse = STATUS.model_copy(update={"state": CommitState.failure})
    catalog.effects.add("default", [effect("status/1"), effect("status/2", worse), effect("status/3")])
    server.accidents.append(Accident(Answer(502, b"")))
    ask(server, lambda tracker: deliver_all(catalog, "default", "code", tracker, AT_ONCE))
    assert standing(server) == STATUS
    assert len(server.statuses) == 3


def test_a_system_without_commits_is_given_up_with_the_reason(catalog: Catalog) -> None:
    catalog.effects.add("default", [effect("status/1")])
    asyncio.run(deliver_all(catalog, "default", "code", MemoryTracker(), AT_ONCE))
    held = catalog.effects.get("default", "status/1")
    assert held is not None
    assert (held.state, held.error) == (EffectState.dead, "This system shows no statuses of commits.")


def test_rights_that_are_missing_are_told(server: Server) -> None:
    server.accidents.append(Accident(Answer(403, {"message": "Resource not accessible by integration"})))
    with pytest.raises(TrackerRefused, match="not accessible"):
        show(server, STATUS)


def test_what_the_stand_in_answers_has_the_shape_that_github_publishes() -> None:
    with GitHubServer() as server:
        show(server, STATUS)
        with httpx.Client(headers={"authorization": f"Bearer {TOKEN}"}, trust_env=False) as http:
            told = http.get(f"{server.url}/repos/{PROJECT}/commits/{COMMIT}/statuses").json()
    whole = SCHEMAS | {"$ref": "#/components/schemas/status"}
    jsonschema.Draft202012Validator(whole).validate(told[0])
    assert {"state", "context", "description", "target_url"} <= told[0].keys()
