"""`POST /v1/tickets:match`: duplicates before a ticket exists, over HTTP."""

import json
from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient

from tests.support.service import done_job, running

MATCH = "/v1/tickets:match"
TICKETS = (
    (
        "1",
        "Export of a board hangs",
        "The spinner runs forever and no file is saved. Ask ann.miller@example.com.",
    ),
    ("2", "Dark mode for the map", "Driving at night the map is too bright."),
)


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    with running(tmp_path_factory.mktemp("home")) as started:
        yield started


def test_a_workspace_without_tickets_has_nothing_alike(client: TestClient) -> None:
    answer = client.post(MATCH, json={"title": "Export hangs"}, headers={"X-Voxspec-Workspace": "empty"})
    assert (answer.status_code, answer.json()) == (200, {"alike": []})


def test_tickets_that_say_the_same_come_with_scores_and_once_per_key(client: TestClient) -> None:
    rows = "\n".join(
        json.dumps({"id": key, "title": title, "text": f"{title}\n\n{body}", "date": "2026-01-02"})
        for key, title, body in TICKETS
    )
    brought = client.post(
        "/v1/ingest", files={"files": ("tickets.jsonl", rows.encode())}, data={"source": "tracker:acme"}
    )
    assert brought.status_code == 202, brought.text
    done_job(client, brought.json()["id"])
    asked = {"title": "Board export hangs", "body": "The spinner never ends, no file is saved."}
    first = client.post(MATCH, json=asked, headers={"Idempotency-Key": "m-1"})
    assert first.status_code == 200
    found = first.json()["alike"]
    assert [one["ticket"] for one in found] == ["1", "2"]
    assert (found[0]["connection"], found[0]["title"]) == ("acme", "Export of a board hangs")
    assert found[0]["is_duplicate"]
    assert 1 >= found[0]["score"] > found[1]["score"] >= 0
    again = client.post(MATCH, json=asked, headers={"Idempotency-Key": "m-1"})
    assert again.content == first.content
    changed = client.post(MATCH, json=asked | {"limit": 1}, headers={"Idempotency-Key": "m-1"})
    assert changed.status_code == 422


@pytest.mark.parametrize(
    "asked",
    [
        {},
        {"title": " "},
        {"title": "x", "limit": 0},
        {"title": "x", "created_at": "2026-01-01T00:00:00"},
        {"title": "x", "else": 1},
    ],
)
def test_what_is_no_ticket_is_refused(client: TestClient, asked: dict[str, object]) -> None:
    answer = client.post(MATCH, json=asked)
    assert (answer.status_code, answer.headers["content-type"]) == (422, "application/problem+json")
