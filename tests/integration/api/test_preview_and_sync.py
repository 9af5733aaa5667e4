"""Over HTTP: a dry run shows what would be stored and stores nothing, mappings are saved by name, a sync takes out what is gone."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from tests.support.service import running, wait_for_job

PLAIN = b"id,comment\n" + b"".join(
    b"T%d,The %s fails since the last update of the app\n" % (number, what)
    for number, what in enumerate((b"export", b"invoice", b"calendar", b"search box"))
)
MAIL = b"id,comment\nT1,Write to ana@example.org about the slow export please\n"
ODD = b"a,b\n" + b"".join(
    b"%d,The %s fails since the last update of the app\n" % (number, what)
    for number, what in enumerate((b"export", b"invoice", b"calendar"))
)
COUNTS = ("rows", "kept", "near_duplicate", "duplicate", "empty", "rejected", "vanished")


@pytest.fixture
def client(tmp_path: Path) -> Iterator[TestClient]:
    with running(tmp_path) as opened:
        yield opened


def post(client: TestClient, content: bytes, query: str = "", **data: Any) -> Any:
    return client.post(f"/v1/ingest{query}", files={"files": ("tool.csv", content)}, data=data)


def imported(client: TestClient, content: bytes, query: str = "", **data: Any) -> dict[str, Any]:
    answer = post(client, content, query, **data)
    assert answer.status_code == 202, answer.text
    job = wait_for_job(client, answer.json()["id"])
    assert job["state"] == "done", job
    result: dict[str, Any] = job["result"]
    return result


def held(client: TestClient) -> set[str]:
    return {record["external_id"] for record in client.get("/v1/records").json()["items"]}


def test_a_dry_run_shows_what_would_be_stored_with_masks_and_stores_nothing(client: TestClient) -> None:
    looked = post(client, MAIL, "?dry_run=true").json()
    [report] = looked["files"]
    assert (report["layout"], report["confidence"] > 0.8, report["languages"]) == ("csv", True, {"en": 1})
    assert report["mapping"]["text"] == "comment"
    assert report["personal"] == {"e-mail": 1}
    [sample] = report["samples"]
    assert sample["text"] == "Write to [e-mail] about the slow export please"
    assert (sample["external_id"], sample["language"]) == ("T1", "en")
    assert looked["records"] == 1
    assert held(client) == set()
    result = imported(client, MAIL)
    assert result == looked | {"files": [report | {"samples": []}]}
    raw = client.get(f"/v1/records/{sample['id']}").json()
    assert raw["raw"] == "Write to ana@example.org about the slow export please"


def test_a_mapping_is_saved_and_used_for_the_next_file(client: TestClient) -> None:
    assert post(client, ODD).json()["code"] == "not-confirmed"
    first = imported(client, ODD, "?confirm=true", save_mapping="letters")
    assert first["files"][0]["saved_mapping"] == ""
    again = imported(client, ODD.replace(b"a,b", b"A,B"))
    assert (again["files"][0]["saved_mapping"], again["files"][0]["confidence"]) == ("letters", 1.0)
    unknown = post(client, ODD, mapping="nobody")
    assert (unknown.status_code, unknown.json()["code"]) == (404, "not-found")
    assert "letters" in unknown.json()["hint"]
    unfit = post(client, PLAIN, "?dry_run=true", mapping="letters")
    assert (unfit.status_code, unfit.json()["code"]) == (422, "input-rejected")
    assert "doesn't fit the saved mapping 'letters'" in unfit.json()["detail"]


def test_a_sync_takes_out_what_is_gone_and_a_gone_record_says_so(client: TestClient) -> None:
    imported(client, PLAIN)
    [gone] = [one for one in client.get("/v1/records").json()["items"] if one["external_id"] == "T3"]
    less = PLAIN[: PLAIN.index(b"T3")]
    looked = post(client, less, "?dry_run=true&sync=true").json()
    assert (looked["vanished"], looked["files"][0]["vanished"], len(held(client))) == (1, 1, 4)
    result = imported(client, less, "?sync=true")
    assert [result["files"][0][name] for name in COUNTS] == [3, 0, 0, 3, 0, 0, 1]
    assert held(client) == {"T0", "T1", "T2"}
    read = client.get(f"/v1/records/{gone['id']}").json()
    assert (read["raw"], "gone_since" in read) == (gone["raw"], True)
    most = PLAIN[: PLAIN.index(b"T1")]
    refused = imported(client, most, "?sync=true")
    assert "more than half" in refused["files"][0]["sync_refused"]
    assert (refused["vanished"], held(client)) == (0, {"T0", "T1", "T2"})
    assert imported(client, most, "?confirm=true&sync=true")["vanished"] == 2
    back = imported(client, PLAIN, "?sync=true")
    assert (back["files"][0]["kept"], back["vanished"], len(held(client))) == (3, 0, 4)
    assert "gone_since" not in client.get(f"/v1/records/{gone['id']}").json()


def test_saved_mappings_are_listed_and_forgotten(client: TestClient) -> None:
    imported(client, ODD, "?confirm=true", save_mapping="letters")
    listed = {"name": "letters", "layout": "csv", "columns": ["a", "b"], "fields": {"text": "b"}}
    assert client.get("/v1/mappings").json() == {"items": [listed]}
    assert client.delete("/v1/mappings/letters").status_code == 204
    assert client.get("/v1/mappings").json() == {"items": []}
    gone = client.delete("/v1/mappings/letters")
    assert (gone.status_code, gone.json()["code"]) == (404, "not-found")
    assert post(client, ODD).json()["code"] == "not-confirmed"
