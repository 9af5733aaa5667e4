"""The issue systems that the suite of the seam runs on."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import AbstractAsyncContextManager
from typing import TypeVar

import pytest

from api.trackers.github import KIND as GITHUB
from api.trackers.gitlab import KIND as GITLAB
from api.trackers.jira import KIND as JIRA
from api.trackers.linear import KIND as LINEAR
from api.trackers.port import Tracker
from api.trackers.redmine import KIND as REDMINE
from api.trackers.roundup import KIND as ROUNDUP
from assistant.domain.ticket import Connection
from tests.support.fake_redmine import KEY, PROJECT, FakeRedmine, fake_redmine
from tests.support.github_server import GitHubServer
from tests.support.gitlab_server import GitLabServer
from tests.support.hosted_tracker import TOKEN
from tests.support.jira_server import USER as JIRA_USER
from tests.support.jira_server import JiraServer
from tests.support.linear_server import LinearServer
from tests.support.memory_tracker import MemoryTracker
from tests.support.redmine_tracker import Redmine as RedmineThere
from tests.support.redmine_tracker import lacking, redmine
from tests.support.roundup_tracker import PASSWORD, USER, Roundup, roundup

_Answer = TypeVar("_Answer")
Opened = Callable[[], AbstractAsyncContextManager[Tracker]]


class Desk:
    """A tracker that is opened for each question, as the service does it."""

    def __init__(self, name: str, opened: Opened) -> None:
        self.name = name
        self._opened = opened

    def ask(self, question: Callable[[Tracker], Awaitable[_Answer]]) -> _Answer:
        async def asked() -> _Answer:
            async with self._opened() as tracker:
                return await question(tracker)

        return asyncio.run(asked())


@pytest.fixture(scope="session")
def roundup_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Roundup]:
    with roundup(tmp_path_factory.mktemp("roundup")) as running:
        yield running


@pytest.fixture(scope="session")
def redmine_there(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RedmineThere]:
    if (lack := lacking()) is not None:
        pytest.skip(lack)
    with redmine(tmp_path_factory.mktemp("redmine")) as running:
        yield running


@pytest.fixture(scope="session")
def github_server() -> Iterator[GitHubServer]:
    with GitHubServer() as running:
        yield running


@pytest.fixture(scope="session")
def gitlab_server() -> Iterator[GitLabServer]:
    with GitLabServer() as running:
        yield running


@pytest.fixture(scope="session")
def jira_server() -> Iterator[JiraServer]:
    with JiraServer() as running:
        yield running


@pytest.fixture
def fake_address() -> Iterator[str]:
    with fake_redmine(FakeRedmine()) as url:
        yield url


@pytest.fixture
def jira(jira_server: JiraServer) -> Desk:
    there = Connection(name="desk", tracker="jira", url=jira_server.url, project="KAN", user=JIRA_USER)
    return Desk("jira", lambda: JIRA.open(there, TOKEN))


@pytest.fixture(scope="session")
def linear_server() -> Iterator[LinearServer]:
    with LinearServer() as running:
        yield running


@pytest.fixture
def linear(linear_server: LinearServer) -> Desk:
    there = Connection(name="desk", tracker="linear", url=f"{linear_server.url}/graphql", project="KAN")
    return Desk("linear", lambda: LINEAR.open(there, TOKEN))


@pytest.fixture
def github(github_server: GitHubServer) -> Desk:
    there = Connection(name="desk", tracker="github", url=github_server.url, project="kanbo/app")
    return Desk("github", lambda: GITHUB.open(there, TOKEN))


@pytest.fixture
def gitlab(gitlab_server: GitLabServer) -> Desk:
    there = Connection(name="desk", tracker="gitlab", url=gitlab_server.url, project="kanbo/app")
    return Desk("gitlab", lambda: GITLAB.open(there, TOKEN))


@pytest.fixture(
    params=[
        "memory",
        "roundup",
        "github",
        "gitlab",
        "jira",
        "linear",
        "redmine",
        pytest.param("redmine-there", marks=pytest.mark.nightly),
    ]
)
def desk(request: pytest.FixtureRequest) -> Desk:
    if request.param == "redmine":
        return _redmine(request.getfixturevalue("fake_address"), KEY)
    if request.param == "redmine-there":
        running: RedmineThere = request.getfixturevalue("redmine_there")
        return _redmine(running.url, running.key)
    return _desk(request)


def _redmine(url: str, key: str) -> Desk:
    there = Connection(name="desk", tracker="redmine", url=url, project=PROJECT)
    return Desk("redmine", lambda: REDMINE.open(there, key))


def _desk(request: pytest.FixtureRequest) -> Desk:
    if request.param == "memory":
        memory = MemoryTracker()
        here = Connection(name="memory", tracker="memory")
        return Desk("memory", lambda: memory.open(here, ""))
    if request.param in ("github", "gitlab", "jira", "linear"):
        hosted: Desk = request.getfixturevalue(request.param)
        return hosted
    server: Roundup = request.getfixturevalue("roundup_server")
    there = Connection(name="desk", tracker="roundup", url=server.url, user=USER)
    return Desk("roundup", lambda: ROUNDUP.open(there, PASSWORD))
