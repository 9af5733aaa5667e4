"""`POST /v1/records`: lines of JSON in, every line accounted for."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from tests.support.service import running, wait_for_job

LINES = {"Content-Type": "application/x-ndjson"}
RECORD = {
    "text": "The export hangs at 90 %.",
    "external_id": "T-1",
    "said_at": "2026-03-04T10:00:00+01:00",
    "author": "ana@example.org",
    "account": "Acme",
    "rating": 2,
    "language": "en",
    "url": "https://example.org/t/1",
    "title": "Export",
    "segments": {"plan": "pro"},
    "segment.team": "north",
}


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    with running(tmp_path_factory.mktemp("home"), max_field_chars=200) as client:
        yield client


def lines(*records: object) -> bytes:
    return b"".join(json.dumps(record).encode() + b"\n" for record in records)


def report_of(
    client: TestClient, body: bytes, address: str = "/v1/records", **headers: str
) -> dict[str, Any]:
    answer = client.post(address, content=body, headers=LINES | headers)
    assert answer.status_code == 202, answer.text
    assert answer.headers["location"] == f"/v1/jobs/{answer.json()['id']}"
    job = wait_for_job(client, answer.json()["id"], **headers)
    assert job["state"] == "done", job
    [report] = job["result"]["files"]
    assert report["rows"] == sum(report[name] for name in ("kept", "duplicate", "empty", "rejected"))
    return dict(report)


def uploads_of(client: TestClient) -> list[Path]:
    home: Path = client.app.state.service.settings.home  # type: ignore[attr-defined]
    return [path for path in home.glob("uploads/**/*") if path.is_file()]


def test_every_field_arrives_and_nothing_has_to_be_guessed(empty: TestClient) -> None:
    here = {"X-Voxspec-Workspace": "fields"}
    report = report_of(empty, lines(RECORD), "/v1/records?source=crm", **here)
    assert (report["layout"], report["confidence"], report["kept"]) == ("records", 1.0, 1)
    [stored] = empty.get("/v1/records", headers=here).json()["items"]
    assert stored["raw"] == RECORD["text"]
    assert (stored["source"], stored["external_id"]) == ("crm", "T-1")
    assert stored["said_at"] == "2026-03-04T09:00:00Z"
    assert stored["person"].startswith("per_")
    assert (stored["account"], stored["rating"], stored["language"]) == ("Acme", 2.0, "en")
    assert (stored["url"], stored["title"]) == (RECORD["url"], "Export")
    assert stored["segments"] == {"plan": "pro", "team": "north"}
    assert uploads_of(empty) == []


def test_every_line_is_kept_or_has_a_reason_with_its_number(empty: TestClient) -> None:
    body = (
        lines({"text": "The export hangs."}, {"text": "The export hangs."}, {"text": "  "})
        + b"\n"
        + b'{"text": "broken\n'
        + b'{"text": "bad \xff byte"}\n'
        + lines({"text": "a\x00b"}, {"text": "x" * 201}, [1, 2])
        + b"[" * 2000
        + b"\n"
        + b'{"text": ' + b'{"a": ' * 40 + b"1" + b"}" * 40 + b"}\n"
        + b'\xef\xbb\xbf{"text": "no line end"}'
    )  # fmt: skip
    report = report_of(empty, body, **{"X-Voxspec-Workspace": "reasons"})
    assert (report["rows"], report["kept"], report["duplicate"], report["empty"]) == (11, 1, 1, 1)
    assert report["reasons"] == [
        "3 rows: not valid JSON (first: row 4)",
        "1 row: holds NUL characters, which no text has (first: row 6)",
        "1 row: holds bytes that are not text in the file's encoding (first: row 5)",
        "1 row: longer than 200 characters (first: row 7)",
        "1 row: nested deeper than 32 levels (first: row 10)",
        "1 row: no text (first: row 3)",
        "1 row: not an object (first: row 8)",
        "1 row: repeats an earlier row (first: row 2)",
    ]


def test_posting_again_adds_nothing(empty: TestClient) -> None:
    here = {"X-Voxspec-Workspace": "again"}
    body = lines(*({"text": f"The export hangs on board {i}."} for i in range(30)))
    assert report_of(empty, body, **here)["kept"] == 30
    report = report_of(empty, body, **here)
    assert (report["kept"], report["duplicate"]) == (0, 30)
    longer = report_of(empty, body + lines({"text": "One more."}), **here)
    assert (longer["kept"], longer["duplicate"]) == (1, 30)


def test_fields_of_another_name_are_read_as_in_a_file(empty: TestClient) -> None:
    here = {"X-Voxspec-Workspace": "other-names"}
    records = [
        {"body": f"The export hangs on board {i}.", "created_at": f"2026-03-{i + 1:02}", "plan": "pro"}
        for i in range(9)
    ]
    report = report_of(empty, lines(*records), "/v1/records?map=text=body", **here)
    assert report["mapping"] == {"text": "body", "said_at": "created_at", "segment.plan": "plan"}


def test_records_without_a_text_field_are_not_guessed_at(empty: TestClient) -> None:
    answer = empty.post("/v1/records", content=lines({"body": "The export hangs."}), headers=LINES)
    job = wait_for_job(empty, answer.json()["id"])
    assert job["state"] == "failed"
    assert "no record has a field 'text'" in json.dumps(job).lower()
    assert uploads_of(empty) == []


def test_the_same_key_and_lines_give_the_same_job(empty: TestClient) -> None:
    key = {"Idempotency-Key": "stream-1"}
    body = lines({"text": "Import me once."})
    first = empty.post("/v1/records", content=body, headers=LINES | key)
    again = empty.post("/v1/records", content=body, headers=LINES | key)
    assert first.json() == again.json()
    assert again.headers["idempotency-replayed"] == "true"
    other = empty.post("/v1/records", content=body + body, headers=LINES | key)
    assert (other.status_code, other.json()["code"]) == (422, "idempotency-key-reused")
    wait_for_job(empty, first.json()["id"])
    assert uploads_of(empty) == []


@pytest.mark.parametrize(
    ("headers", "body", "status", "code"),
    [
        ({"Content-Type": "application/json"}, b'{"text": "a"}', 415, "not-ndjson"),
        ({"Content-Type": ""}, b'{"text": "a"}', 415, "not-ndjson"),
        ({"Content-Type": "application/x-ndjson; charset=utf-16"}, b"{}", 415, "not-ndjson"),
        (LINES | {"Content-Encoding": "gzip"}, b"\x1f\x8b", 415, "compressed"),
        (LINES, b"", 422, "input-rejected"),
        (LINES, b" \n\r\n\t\n", 422, "input-rejected"),
        (LINES, b"id,text\n1,a CSV file\n", 422, "input-rejected"),
        (LINES, b'{"text": "' + b"x" * 100_000 + b'"}\n', 413, "line-too-long"),
        (LINES | {"Idempotency-Key": "a b"}, b'{"text": "a"}\n', 400, "bad-idempotency-key"),
    ],
)
def test_what_can_not_be_read_is_refused_with_a_hint_and_leaves_nothing(
    empty: TestClient, headers: dict[str, str], body: bytes, status: int, code: str
) -> None:
    answer = empty.post("/v1/records", content=body, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["hint"]
    assert uploads_of(empty) == []


@pytest.mark.parametrize(
    "query",
    [
        "kind=nobody",
        "map=text",
        "source=a%00b",
        "language=" + "x" * 17,
        "language=4711",
        "sorce=a",
        "map=tone=body",
    ],
)
def test_options_that_can_not_be_used_are_refused(empty: TestClient, query: str) -> None:
    answer = empty.post(f"/v1/records?{query}", content=lines({"text": "a"}), headers=LINES)
    if query == "map=tone=body":
        job = wait_for_job(empty, answer.json()["id"])
        assert job["state"] == "failed"
    else:
        assert answer.status_code == 422
    assert uploads_of(empty) == []
