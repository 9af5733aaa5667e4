"""kill -9 of the whole service while signed messages come in over HTTP: each that was answered with 202 is one ticket and one record."""

import signal
from collections import Counter
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest

from assistant.domain.ticket import Connection
from assistant.settings import Settings
from assistant.wiring import open_workbench
from tests.support import github_server
from tests.support.server_process import server
from tests.support.waiting import until
from tests.support.webhook_schemes import GITHUB_MESSAGE, SCHEMES

pytestmark = [pytest.mark.slow(reason="starts a service and kills it")]
_GITHUB = SCHEMES[0]
_SECRET = {"HOOK_SECRET": _GITHUB.secrets[0]}
_FIRST, _MORE = 8, 16


def _connected(home: Path) -> None:
    # Nothing is written under its tickets: no issue system is there to be written to.
    told = {"webhook_secrets": ("env:HOOK_SECRET",), "comment_at": 1000}
    with open_workbench(Settings.load(home=home)) as bench:
        bench.catalog.connections.put(
            "default", Connection(name="code", tracker="github", project="kanbo/app", **told)
        )


def _send(client: httpx.Client, number: int) -> int:
    issue = github_server.issue(number, f"author-{number}", "2026-03-04T05:06:00Z")
    issue |= {"title": f"The export of board {number} fails", "body": f"It stops at card {number * 17}."}
    headers, body = _GITHUB.genuine(
        {**GITHUB_MESSAGE, "issue": issue}, at=datetime.now(UTC), made=f"d-{number}"
    )
    return client.post("/v1/webhooks/github/code", content=body, headers=headers).status_code


def _judged(client: httpx.Client, numbers: Iterable[int]) -> bool:
    answers = (client.get(f"/v1/tickets/code/{number}") for number in numbers)
    return all(one.status_code == 200 and one.json()["triage"] for one in answers)


def test_each_message_that_was_accepted_is_there_once_after_a_kill(tmp_path: Path) -> None:
    _connected(tmp_path)
    sent = range(1, _FIRST + _MORE + 1)
    with server(tmp_path, **_SECRET) as process, httpx.Client(base_url=process.url, timeout=60) as client:
        assert {_send(client, number) for number in sent[:_FIRST]} == {202}
        # It is at work, so that the kill comes into the middle of it.
        until(lambda: _judged(client, sent[:1]))
        assert {_send(client, number) for number in sent[_FIRST:]} == {202}
        process.stop(signal.SIGKILL)
    with server(tmp_path, **_SECRET) as process, httpx.Client(base_url=process.url, timeout=60) as client:
        # A tracker that isn't sure sends again; what was kept stays the only one.
        assert [_send(client, number) for number in sent[-3:]] == [200, 200, 200]
        until(lambda: _judged(client, sent))
        tickets = client.get("/v1/tickets", params={"limit": 200}).json()["items"]
        assert Counter(one["key"] for one in tickets) == Counter(map(str, sent))
        records = client.get("/v1/records", params={"limit": 200}).json()["items"]
        assert Counter(one["external_id"] for one in records) == Counter(map(str, sent))
        failed = [one for one in client.get("/v1/jobs").json()["items"] if one["state"] == "failed"]
        assert failed == []
        process.stop()
    with open_workbench(Settings.load(home=tmp_path)) as bench:
        assert bench.catalog.deliveries.unfinished() == []
