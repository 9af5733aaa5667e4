"""Chats at their limits: an empty workspace, too much at once, a budget that is used up, an answer that is stopped."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from api.deps import Service
from assistant.domain.spent import Spent
from assistant.domain.thread import Turn, turn_id
from tests.support.chat import Chat, only, words
from tests.support.model_server import Exchange, ModelServer
from tests.support.service import ingest_feedback, running
from tests.support.waiting import until

pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])


def service_of(client: TestClient) -> Service:
    service = client.app.state.service  # type: ignore[attr-defined]
    assert isinstance(service, Service)
    return service


def test_an_empty_workspace_says_that_it_is_empty(tmp_path: Path) -> None:
    with running(tmp_path) as client:
        chat = Chat(client)
        for text in ("compare pro and free", "only the last month", "split US-1", "undo", "why 12 people?"):
            assert chat.say(text)[-1]["type"] == "turn.completed"
        assert "no records" in words(chat.say("any feedback on exports?"))
        done = only(chat.say("Write a PRD about exports"), "draft.completed")
        assert done[0]["verdict"] == "not enough evidence"


def test_one_too_many_is_told_to_come_back(tmp_path: Path) -> None:
    with running(tmp_path, max_turns=1, max_streams=1) as client:
        busy, other = Chat(client), Chat(client)
        service = service_of(client)
        waits = Turn(
            id=turn_id(busy.id, 1), thread_id=busy.id, seq=1, by="person", at=datetime.now(UTC), text="?"
        )
        with service.benches.use("default") as bench:
            bench.catalog.said.add("default", waits)
        refused = client.post(f"/v1/threads/{other.id}/turns", json={"text": "help"})
        assert (refused.status_code, refused.json()["code"]) == (429, "too-many-turns")
        assert int(refused.headers["Retry-After"]) > 0
        # Nobody submitted its job, as if the process had died in between: whoever looks has it answered.
        until(lambda: len(busy.read()["turns"]) == 2)
        service.metrics.move("event_streams", 1)
        full = client.get(f"/v1/threads/{busy.id}/events")
        assert (full.status_code, full.json()["code"]) == (429, "too-many-streams")
        assert int(full.headers["Retry-After"]) > 0


class Hanging:
    """A model that says half a word and then nothing, until it is let go."""

    def __init__(self) -> None:
        self.asked = 0

    def __call__(self, exchange: Exchange) -> None:
        self.asked += 1
        exchange.hang(3.0)


@pytest.fixture
def modelled(tmp_path: Path) -> Iterator[Callable[..., TestClient]]:
    """A service with a model that hangs."""
    with ModelServer(Hanging()) as server:
        yield lambda **flags: running(
            tmp_path, model="openai:test", openai_base_url=server.base_url, model_retries=0, **flags
        )  # type: ignore[return-value]


def test_a_stopped_answer_ends_at_once_and_says_so(modelled: Callable[..., TestClient]) -> None:
    with modelled() as client:
        ingest_feedback(client)
        chat = Chat(client)
        turn = chat.send("Write a PRD about slow exports")
        until(lambda: chat.read()["last_event"] >= 5)
        began = datetime.now(UTC)
        stopped = client.post(turn["cancel"])
        assert stopped.json()["state"] == "cancelled"
        assert (datetime.now(UTC) - began).total_seconds() < 1
        held = chat.read()
        assert [one["state"] for one in held["turns"]] == ["cancelled"]
        again = client.post(turn["cancel"])
        assert again.json() == stopped.json()
        assert chat.read()["last_event"] == held["last_event"]
        # The thread takes the next turn while the old job is still unwinding.
        assert words(chat.say("help"))


def test_a_day_that_is_used_up_is_refused_before_the_model_is_asked(
    modelled: Callable[..., TestClient],
) -> None:
    with modelled(day_tokens=100) as client:
        with service_of(client).benches.use("default") as bench:
            bench.catalog.spending.add("default", datetime.now(UTC).date().isoformat(), Spent(100))
        chat = Chat(client)
        refused = client.post(f"/v1/threads/{chat.id}/turns", json={"text": "Write a PRD"})
        assert (refused.status_code, refused.json()["code"]) == (429, "budget-exceeded")
        assert "VOXSPEC_DAY_TOKENS" in refused.json()["hint"]
        assert int(refused.headers["Retry-After"]) > 0
        assert chat.read()["turns"] == []
        drafts = client.post("/v1/drafts", json={"kind": "prd", "brief": "slow export"})
        assert (drafts.status_code, drafts.json()["code"]) == (429, "budget-exceeded")


def test_a_request_over_its_own_cap_fails_and_says_why(modelled: Callable[..., TestClient]) -> None:
    with modelled(request_tokens=50) as client:
        ingest_feedback(client)
        events = Chat(client).say("Write a PRD about slow exports")
        assert events[-1]["type"] == "turn.failed"
        assert events[-1]["code"] == "budget-exceeded"
        assert "VOXSPEC_REQUEST_TOKENS" in events[-1]["hint"]
