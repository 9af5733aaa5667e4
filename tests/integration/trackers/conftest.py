"""A real Roundup, and a service with feedback and a PRD that talks to it."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from starlette.testclient import TestClient

from tests.support.command_line import CommandLine
from tests.support.roundup_tracker import PASSWORD, USER, Roundup, roundup
from tests.support.service import feedback_csv, running, wait_for_job


@dataclass(frozen=True)
class Office:
    """A service and the tracker that it is connected to as `desk`."""

    commands: CommandLine
    service: TestClient
    tracker: Roundup

    def draft(self, kind: str, brief: str) -> str:
        """Id of a draft that is written now."""
        asked = self.service.post("/v1/drafts", json={"kind": kind, "brief": brief})
        return str(wait_for_job(self.service, asked.json()["id"])["result"]["draft_id"])


@pytest.fixture(scope="session")
def roundup_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Roundup]:
    with roundup(tmp_path_factory.mktemp("roundup")) as started:
        yield started


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory, roundup_server: Roundup) -> Iterator[Office]:
    home = tmp_path_factory.mktemp("office")
    secret = home / "password"
    secret.write_text(PASSWORD, encoding="utf-8")
    commands = CommandLine(home, home / "data")
    to = ("--to", "roundup", "--url", roundup_server.url, "--user", USER, "--token", f"file:{secret}")
    commands.run("tracker", "add", "desk", *to, expect=0)
    with running(home / "data", tracker_poll_s=1) as service:
        sent = service.post("/v1/ingest", files={"files": ("feedback.csv", feedback_csv())})
        wait_for_job(service, sent.headers["location"].rsplit("/", 1)[-1])
        yield Office(commands, service, roundup_server)
