"""Erasing over HTTP: a person out of every file of the home folder, while the service goes on."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from assistant.domain.ids import person_id
from tests.support.command_line import CommandLine
from tests.support.erased_person import (
    AUTHOR,
    CONTROL,
    OTHER,
    PLANTED,
    TEXTS,
    places_of,
    planted_csv,
    planted_rows,
)
from tests.support.model_server import ModelRequest, ModelServer, answers
from tests.support.service import running, wait_for_job, write_draft

pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])
KINDS = ("prd", "user_stories", "insight_summary")


def _worded(request: ModelRequest) -> str:
    """What the model was shown, said again in other words around it."""
    lines = request.user.split("\n")
    try:
        material = json.loads(lines[1])
    except (IndexError, ValueError):
        return "{}"
    if "sentence" in material:
        return json.dumps({"text": "Here, " + material["sentence"]}, ensure_ascii=True)
    return json.dumps({"want": "to export the board", "benefit": "I have my report", "sentences": [1]})


def _bring_in(client: TestClient, content: bytes, name: str = "second.csv", **query: str) -> dict[str, Any]:
    sent = client.post(
        "/v1/ingest", files={"files": (name, content)}, data={"source": "support"}, params=query
    )
    assert sent.status_code == 202, sent.text
    job = wait_for_job(client, sent.json()["id"])
    assert job["state"] == "done", job
    return dict(job["result"]["files"][0])


def _search(client: TestClient, key: str) -> list[dict[str, Any]]:
    answer = client.post(
        "/v1/search", json={"question": "zorblatt export", "limit": 20}, headers={"Idempotency-Key": key}
    )
    assert answer.status_code == 200, answer.text
    return list(answer.json()["hits"])


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("erasing")


@pytest.fixture(scope="module")
def client(folder: Path) -> Iterator[TestClient]:
    home = folder / "home"
    (folder / "first.csv").write_bytes(planted_csv(planted_rows(TEXTS[:4])))
    CommandLine(folder, home).run("ingest", "first.csv", expect=0)
    with (
        ModelServer(answers(_worded)) as server,
        running(home, model="openai:test", openai_base_url=server.base_url) as client,
    ):
        yield client


@pytest.fixture(scope="module")
def used(client: TestClient, folder: Path) -> dict[str, Any]:
    """A workspace that everything was done in; what was seen then."""
    second = planted_csv(planted_rows(TEXTS[4:], first=100))
    _bring_in(client, second, f"from {AUTHOR}.csv")
    drafts = {
        kind: write_draft(client, kind, "export broken, lost the whole afternoon (zorblatt)")
        for kind in KINDS
    }
    untouched = write_draft(client, "insight_summary", "dark mode", filters=["account=Firm 0"])
    hits = _search(client, "before")
    kept = client.get(f"/v1/drafts/{untouched['draft_id']}").content
    before = places_of(folder / "home", PLANTED)
    return {
        "second": second,
        "drafts": drafts,
        "hits": hits,
        "untouched": untouched,
        "kept": kept,
        "before": before,
    }


@pytest.fixture(scope="module")
def receipt(client: TestClient, used: dict[str, Any]) -> dict[str, Any]:
    answer = client.post("/v1/erasures", json={"author": " anna  QUERZOLA"})
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def test_before_she_is_in_every_kind_of_file(used: dict[str, Any]) -> None:
    words = {word for _, word in used["before"]}
    assert words == set(PLANTED)
    names = {name.partition("/")[0] for name, _ in used["before"]}
    assert {"catalog.sqlite3", "jobs.sqlite3", "answers.sqlite3"} <= {
        name.removesuffix("-wal") for name in names
    }
    assert any(hit["quote"]["text"].startswith("The zorblatt") for hit in used["hits"])


def test_afterwards_no_file_holds_any_of_her_words(receipt: dict[str, Any], folder: Path) -> None:
    assert receipt["state"] == "done"
    assert receipt["left"] == []
    assert places_of(folder / "home", PLANTED) == set()
    assert {word for _, word in places_of(folder / "home", [CONTROL])} == {CONTROL}


def test_the_receipt_counts_every_place_and_names_nobody(receipt: dict[str, Any], client: TestClient) -> None:
    counts = receipt["counts"]
    assert counts["records"] == counts["revisions"] == len(TEXTS)
    assert counts["passages"] == counts["vectors"] >= len(TEXTS)
    assert counts["drafts"] == len(KINDS)
    assert counts["answers"] == 1
    assert min(counts[place] for place in ("quotes", "events", "calls", "jobs", "outbox")) > 0
    assert receipt["subject"] == person_id("default", AUTHOR)
    assert receipt["index_rebuilt"]
    assert receipt["pieces"] > 20
    assert client.get("/v1/erasures").json()["items"] == [receipt]
    assert client.get(f"/v1/erasures/{receipt['id']}").json() == receipt


@pytest.mark.parametrize("kind", KINDS)
def test_a_draft_that_quoted_her_is_stale_and_still_opens(
    kind: str, receipt: dict[str, Any], used: dict[str, Any], client: TestClient
) -> None:
    name = used["drafts"][kind]["draft_id"]
    draft = client.get(f"/v1/drafts/{name}").json()
    assert draft["status"] == "stale"
    assert receipt["id"] in draft["stale_reason"]
    for form in ("md", "html", "docx"):
        assert client.get(f"/v1/drafts/{name}.{form}").status_code == 200
    assert client.get(f"/drafts/{name}").status_code == 200
    report = client.post("/v1/checks", json={"draft_id": name}).json()
    assert report["verdict"] == "needs fixes"
    assert report["findings"][0]["grader"] == "erased"
    assert "erased on request" in report["findings"][0]["message"]
    assert client.get(f"/v1/drafts/{name}/events").status_code == 200


def test_a_draft_that_did_not_use_her_words_keeps_its_bytes(
    receipt: dict[str, Any], used: dict[str, Any], client: TestClient
) -> None:
    assert client.get(f"/v1/drafts/{used['untouched']['draft_id']}").content == used["kept"]


def test_search_goes_on_without_her(receipt: dict[str, Any], client: TestClient) -> None:
    hits = _search(client, "before")
    assert hits
    assert not any("zorblatt" in hit["quote"]["text"] for hit in hits)


def test_the_same_request_again_gives_the_same_receipt(receipt: dict[str, Any], client: TestClient) -> None:
    assert client.post("/v1/erasures", json={"author": AUTHOR}).json() == receipt


def test_an_import_does_not_bring_her_back_unless_asked(
    receipt: dict[str, Any], used: dict[str, Any], client: TestClient, folder: Path
) -> None:
    report = _bring_in(client, used["second"], "third.csv")
    assert report["rejected"] == len(TEXTS[4:])
    assert any("erased on request" in reason for reason in report["reasons"])
    assert report["rows"] == report["kept"] + report["duplicate"] + report["empty"] + report["rejected"]
    assert places_of(folder / "home", PLANTED) == set()
    assert _bring_in(client, used["second"], "third.csv", restore_erased="true")["kept"] == len(TEXTS[4:])
    again = _bring_in(client, used["second"], "third.csv")
    assert (again["rejected"], again["kept"]) == (0, 0)
    answer = client.post("/v1/erasures", json={"author": AUTHOR})
    assert answer.json()["counts"]["records"] == len(TEXTS[4:])
    assert answer.json()["id"] != receipt["id"]
    assert places_of(folder / "home", PLANTED) == set()


@pytest.mark.parametrize(
    ("body", "status", "told"),
    [
        ({"author": "Nobody Atall"}, 404, "Nobody named 'Nobody Atall' wrote"),
        ({"account": "No Such Firm"}, 404, "No Such Firm"),
        ({"record_ids": ["rec_0"]}, 404, "nothing was erased"),
        ({}, 422, "one of them"),
        ({"author": OTHER, "account": "Firm 1"}, 422, "one of them"),
        ({"author": "  "}, 422, "Say what to erase"),
    ],
)
def test_who_is_not_there_is_told_of_in_a_sentence(
    body: dict[str, Any], status: int, told: str, client: TestClient, receipt: dict[str, Any]
) -> None:
    answer = client.post("/v1/erasures", json=body)
    assert answer.status_code == status
    assert told in answer.json()["detail"]
    assert answer.json()["hint"]


def test_a_dry_run_counts_and_changes_nothing(client: TestClient, receipt: dict[str, Any]) -> None:
    counted = client.post("/v1/erasures", json={"account": "firm 1", "dry_run": True}).json()["counts"]
    assert counted["records"] >= 3
    assert (
        client.post("/v1/erasures", json={"account": "firm 1", "dry_run": True}).json()["counts"] == counted
    )
