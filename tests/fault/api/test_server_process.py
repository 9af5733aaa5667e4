"""The service as a process: it ends in time with a stream open, and a kill loses nothing."""

import signal
import socket
import time
from pathlib import Path
from typing import Any

import httpx
import pytest

from api.server import serve
from assistant.errors import UsageError
from assistant.jobs.ledger import Ledger
from assistant.jobs.places import JobsFile
from assistant.settings import Settings
from tests.support.server_process import server
from tests.support.service import events_of, feedback_csv
from tests.support.waiting import until


def _job_done(client: httpx.Client, job_id: str) -> bool:
    job = client.get(f"/v1/jobs/{job_id}").json()
    assert job["state"] not in {"failed", "cancelled"}, job
    return bool(job["state"] == "done")


def _ingest(client: httpx.Client) -> None:
    answer = client.post("/v1/ingest", files={"files": ("feedback.csv", feedback_csv())})
    until(lambda: _job_done(client, answer.json()["id"]))


@pytest.mark.parametrize(("ends_with", "code"), [(signal.SIGTERM, 0), (signal.SIGINT, 130)])
def test_it_exits_in_a_few_seconds_with_a_stream_open(
    tmp_path: Path, ends_with: signal.Signals, code: int
) -> None:
    with server(tmp_path) as process, httpx.Client(base_url=process.url, timeout=60) as client:
        # A run that nobody works on: its stream stays open until the server ends it.
        place = JobsFile(tmp_path)
        with place.engine.begin() as connection:
            Ledger(place).add(connection, "job_waits", "default", "draft", {})
        place.engine.dispose()
        with client.stream("GET", "/v1/drafts/job_waits/events") as stream:
            assert stream.status_code == 200
            until(lambda: "voxspec_event_streams 1" in httpx.get(f"{process.url}/metrics").text)
            asked = time.monotonic()
            assert process.stop(ends_with) == code
            assert time.monotonic() - asked < 8
            [goodbye] = events_of(stream.read().decode())
            assert goodbye["type"] == "server.stopping"
            assert goodbye["id"] == ""
            assert goodbye["retry_ms"] > 0
    assert "Traceback" not in "".join(process.said)


def test_a_killed_server_finishes_its_draft_after_the_restart(tmp_path: Path) -> None:
    with server(tmp_path) as process, httpx.Client(base_url=process.url, timeout=60) as client:
        _ingest(client)
        run: dict[str, Any] = client.post("/v1/drafts", json={"kind": "prd", "brief": "slow export"}).json()
        until(lambda: bool(client.get(f"/v1/jobs/{run['id']}").json()["state"] != "queued"))
        process.stop(signal.SIGKILL)
    with server(tmp_path) as process, httpx.Client(base_url=process.url, timeout=60) as client:
        until(lambda: _job_done(client, run["id"]))
        events = events_of(client.get(run["events"]).text)
        assert [event["seq"] for event in events] == list(range(1, len(events) + 1))
        assert [event["type"] for event in events].count("draft.created") == 1
        assert [event["type"] for event in events].count("draft.completed") == 1
        # A live reader sees what a later one reads from the log.
        other = client.post("/v1/drafts", json={"kind": "user_stories", "brief": "slow export"}).json()
        live = client.get(other["events"]).text
        assert events_of(live)[-1]["type"] == "draft.completed"
        assert client.get(other["events"]).text == live
        draft = client.get(f"/v1/drafts/{events[-1]['draft_id']}").json()
        assert draft["version"] == 1
        assert process.stop() == 0


def test_an_accepted_import_survives_a_kill_with_every_row(tmp_path: Path) -> None:
    with server(tmp_path) as process, httpx.Client(base_url=process.url, timeout=60) as client:
        answer = client.post("/v1/ingest", files={"files": ("feedback.csv", feedback_csv())})
        assert answer.status_code == 202
        process.stop(signal.SIGKILL)
    with server(tmp_path) as process, httpx.Client(base_url=process.url, timeout=60) as client:
        until(lambda: _job_done(client, answer.json()["id"]))
        assert len(client.get("/v1/records", params={"limit": 200}).json()["items"]) == 60
        assert not list((tmp_path / "uploads").glob("*/*"))


def test_a_port_in_use_and_an_open_bind_are_told_before_anything_starts(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        with pytest.raises(UsageError) as refused:
            serve(Settings.load(home=tmp_path, port=taken.getsockname()[1]))
        assert "port" in refused.value.hint
    with pytest.raises(UsageError):
        serve(Settings.load(home=tmp_path, host="0.0.0.0"))
    assert not (tmp_path / "catalog.sqlite3").exists()
