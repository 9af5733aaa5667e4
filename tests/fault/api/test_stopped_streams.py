"""A server that is told to stop while streams of every surface are open, and a reader whose line breaks."""

import signal
import time
from pathlib import Path
from threading import Thread
from typing import Any

import httpx
import pytest

from tests.support.model_server import Exchange, ModelServer
from tests.support.server_process import server
from tests.support.service import events_of, feedback_csv
from tests.support.waiting import until

pytestmark = [
    pytest.mark.slow(reason="starts a server, stops it and starts it again"),
    pytest.mark.allow_hosts(["127.0.0.1"]),
]


def never(exchange: Exchange) -> None:
    """A model that doesn't answer while the test runs."""
    exchange.hang(120)


class Reader(Thread):
    """Reads a stream to its end, whatever it is."""

    def __init__(self, url: str, method: str, path: str, **sent: Any) -> None:
        super().__init__(daemon=True)
        self._request = (method, url + path)
        self._sent = sent
        self.body = ""
        self.start()

    def run(self) -> None:
        with httpx.Client(timeout=60) as client, client.stream(*self._request, **self._sent) as stream:
            for piece in stream.iter_text():
                self.body += piece


def test_every_open_stream_is_told_to_come_back_and_does(tmp_path: Path) -> None:
    with ModelServer(never) as model:
        told = {"VOXSPEC_MODEL": "openai:test", "VOXSPEC_OPENAI_BASE_URL": model.base_url}
        with server(tmp_path, **told) as process, httpx.Client(base_url=process.url, timeout=60) as client:
            job = client.post("/v1/ingest", files={"files": ("feedback.csv", feedback_csv())}).json()["id"]
            until(lambda: bool(client.get(f"/v1/jobs/{job}").json()["state"] == "done"))
            run = client.post("/v1/drafts", json={"kind": "prd", "brief": "slow export"}).json()
            thread = client.post("/v1/threads", json={}).json()["id"]
            client.post(f"/v1/threads/{thread}/turns", json={"text": "Write a PRD about slow exports"})
            asked = {
                "model": "voxspec-prd",
                "stream": True,
                "messages": [{"role": "user", "content": "lost edits while offline"}],
            }
            draft = Reader(process.url, "GET", run["events"])
            turn = Reader(process.url, "GET", f"/v1/threads/{thread}/events")
            answer = Reader(process.url, "POST", "/v1/chat/completions", json=asked)
            until(lambda: bool(draft.body and turn.body and answer.body))
            begun = time.monotonic()
            assert process.stop(signal.SIGTERM) == 0
            assert time.monotonic() - begun <= 10
            for reader in (draft, turn, answer):
                reader.join(10)
        goodbyes = [events_of(reader.body)[-1] for reader in (draft, turn)]
        assert [one["type"] for one in goodbyes] == ["server.stopping"] * 2
        assert all(one["retry_ms"] > 0 for one in goodbyes)
        last = answer.body.strip().split("\n\n")[-1]
        assert "stopping" in last
        assert "Traceback" not in "".join(process.said)
        read = events_of(draft.body)[:-1]
        with server(tmp_path) as process, httpx.Client(base_url=process.url, timeout=60) as client:
            known = {"Last-Event-ID": str(read[-1]["seq"])}
            rest = events_of(client.get(run["events"], headers=known).text)
            whole = events_of(client.get(run["events"]).text)
            assert [*read, *rest] == whole
            assert [one["seq"] for one in whole] == list(range(1, len(whole) + 1))
            assert [one["type"] for one in whole].count("draft.completed") == 1


def test_a_reader_whose_line_breaks_again_and_again_misses_and_doubles_nothing(tmp_path: Path) -> None:
    with server(tmp_path) as process, httpx.Client(base_url=process.url, timeout=60) as client:
        job = client.post("/v1/ingest", files={"files": ("feedback.csv", feedback_csv())}).json()["id"]
        until(lambda: bool(client.get(f"/v1/jobs/{job}").json()["state"] == "done"))
        run = client.post("/v1/drafts", json={"kind": "prd", "brief": "slow export"}).json()
        read: list[dict[str, Any]] = []
        breaks = 0
        while not read or read[-1]["type"] != "draft.completed":
            known = {"Last-Event-ID": str(read[-1]["seq"])} if read else {}
            body = ""
            with client.stream("GET", run["events"], headers=known) as stream:
                for piece in stream.iter_text(16):
                    body += piece
                    # Broken off in the middle of what comes next: an event counts once it is whole.
                    if body.count("\n\n") >= 3:
                        break
            breaks += 1
            read += events_of(body.rpartition("\n\n")[0])
        assert breaks > 3
        assert read == events_of(client.get(run["events"]).text)
