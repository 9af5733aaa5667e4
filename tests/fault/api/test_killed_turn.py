"""kill -9 of the server while a turn is answered with a model: the same turn goes on, no event is lost, no finished call is asked again."""

import signal
from collections import Counter
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.support.model_server import ModelServer
from tests.support.patient_model import Replies
from tests.support.server_process import server
from tests.support.service import events_of, feedback_csv
from tests.support.waiting import until

pytestmark = [
    pytest.mark.slow(reason="starts a server, kills it and starts it again"),
    pytest.mark.allow_hosts(["127.0.0.1"]),
]


def ingest(client: httpx.Client) -> None:
    job = client.post("/v1/ingest", files={"files": ("feedback.csv", feedback_csv())}).json()["id"]
    until(lambda: bool(client.get(f"/v1/jobs/{job}").json()["state"] == "done"))


def test_a_turn_goes_on_after_every_kill(tmp_path: Path) -> None:
    replies = Replies()
    read: list[list[dict[str, Any]]] = []
    with ModelServer(replies) as model:
        told = {"VOXSPEC_MODEL": "openai:test", "VOXSPEC_OPENAI_BASE_URL": model.base_url}
        turn: dict[str, Any] = {}
        for calls in (3,):
            with (
                server(tmp_path, **told) as process,
                httpx.Client(base_url=process.url, timeout=60) as client,
            ):
                turn = turn or begun(client)
                until(lambda least=calls: replies.asked.total() >= least)
                read.append(_stored(client, turn))
                process.stop(signal.SIGKILL)
        with server(tmp_path, **told) as process, httpx.Client(base_url=process.url, timeout=60) as client:
            known = {"Last-Event-ID": str(read[-1][-1]["seq"])}
            rest = events_of(client.get(turn["events"], headers=known).text)
            whole = events_of(client.get(turn["events"]).text)
            held = client.get(f"/v1/threads/{turn['thread']}").json()
            draft = client.get(f"/v1/drafts/{whole[-1]['draft_id']}").json()
    assert len(read[0]) < len(whole)
    assert [*read[0], *rest] == whole, "what was read before a kill is what is stored after it"
    assert [one["seq"] for one in whole] == list(range(1, len(whole) + 1))
    kinds = Counter(one["type"] for one in whole)
    for once in (
        "turn.started",
        "draft.created",
        "draft.check.completed",
        "draft.completed",
        "turn.completed",
    ):
        assert kinds[once] == 1, once
    steps = Counter(one["step"] for one in whole if one["type"] == "step.completed")
    assert set(steps.values()) == {1}
    assert (draft["version"], draft["provenance"]["writer"]) == (1, "openai:test")
    assert [one["state"] for one in held["turns"]] == ["done", "done"]
    again = [times for times in replies.asked.values() if times > 1]
    assert len(again) <= 1, "only the call that a kill cut off is asked once more"
    assert max(replies.asked.values()) <= 2


def begun(client: httpx.Client) -> dict[str, Any]:
    ingest(client)
    thread = client.post("/v1/threads", json={}).json()["id"]
    said = {"text": "Write a PRD about slow exports"}
    accepted: dict[str, Any] = client.post(f"/v1/threads/{thread}/turns", json=said).json()
    return accepted


def _stored(client: httpx.Client, turn: dict[str, Any]) -> list[dict[str, Any]]:
    """What a stream tells at once."""
    body = ""
    last = client.get(f"/v1/threads/{turn['thread']}").json()["last_event"]
    with client.stream("GET", f"/v1/threads/{turn['thread']}/events") as stream:
        for chunk in stream.iter_text():
            body += chunk
            held = events_of(body.rpartition("\n\n")[0])
            if len(held) >= last:
                return held
    raise AssertionError("the stream ended")
