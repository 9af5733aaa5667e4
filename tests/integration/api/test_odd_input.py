"""No input gives a 5xx: every refusal is a problem with a sentence, a hint and a code, and tells nothing of the inside."""

import json
from typing import Any

import pytest
from starlette.testclient import TestClient

from api.middleware import MAX_JSON_BYTES

HUGE = "9" * 5000
DEEP = "[" * 100_000 + "]" * 100_000


def _is_problem(answer: Any) -> bool:
    if not 400 <= answer.status_code < 500:
        return False
    body = answer.json()
    assert answer.headers["content-type"] == "application/problem+json"
    assert {"type", "title", "status", "detail", "hint", "code", "instance"} <= set(body)
    assert body["status"] == answer.status_code
    assert "Traceback" not in answer.text
    return bool(body["detail"] and body["hint"])


@pytest.mark.parametrize(
    "address",
    [
        "/v1/nothing",
        "/v1/records/%00",
        "/v1/records/%ff%fe",
        "/v1/records/rec_" + "0" * 20,
        "/v1/records/" + "a" * 4000,
        "/v1/records?cursor=%00",
        "/v1/records?cursor=rec_zz",
        "/v1/records?cursor=';DROP TABLE records;--",
        f"/v1/records?limit={HUGE}",
        "/v1/records?limit=-1",
        "/v1/records?limit=1e3",
        "/v1/records?limit=NaN",
        "/v1/records?filter=",
        "/v1/records?filter=rating>=NaN",
        "/v1/records?filter=since=notadate",
        "/v1/records?filter=kind=alien",
        "/v1/search",
        "/v1/search?q=",
        "/v1/search?q=" + "a" * 3000,
        "/v1/search?q=a&limit=101",
        "/v1/drafts/dra_0",
        "/v1/drafts/dra_0.md",
        "/v1/drafts/.md",
        "/v1/drafts/%00.json",
        f"/v1/drafts/dra_0?version={HUGE}",
        "/v1/drafts/dra_0?version=0",
        "/v1/drafts/dra_0/events",
        "/v1/drafts?cursor=dra_0",
        "/v1/drafts?cursor=%00",
        "/v1/jobs/%00",
        "/v1/jobs/job_0",
        f"/v1/jobs?limit={HUGE}",
        "/v1/jobs?cursor=job_0",
        "/v1/jobs?cursor=%00",
        "/v1/jobs?unknown=1",
        "/v1/records?source=reviews",
        "/v1/records?%00=1",
        "/static/../app.py",
        "/static/%2e%2e%2fapp.py",
        "/static/%00",
        "/records/%00",
        "/drafts/%00",
        "/v1/records?workspace=%00",
        "/v1/records?workspace=Ä",
    ],
)
def test_an_odd_address_is_refused_with_a_problem(client: TestClient, address: str) -> None:
    assert _is_problem(client.get(address)), address


@pytest.mark.parametrize(
    "address",
    ["/v1/search?q=%00", "/v1/search?q=%ff", "/v1/search?q=%22%20OR%20*", "/v1/search?q=%F0%9F%98%80"],
)
def test_an_odd_question_is_a_question(client: TestClient, address: str) -> None:
    assert client.get(address).status_code in {200, 422}


def test_an_address_that_is_too_long_is_refused(client: TestClient) -> None:
    answer = client.get("/v1/records", params={"filter": "a" * 20_000})
    assert answer.status_code == 414
    assert _is_problem(answer)


@pytest.mark.parametrize("address", ["/v1/search", "/v1/drafts", "/v1/checks", "/v1/drafts/dra_0/revisions"])
@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"null",
        b"[]",
        b'"text"',
        b"{",
        b"\xff\xfe\x00",
        b'{"question": "\xff"}',
        b'{"question": NaN, "kind": NaN, "draft_id": NaN, "brief": NaN}',
        b'{"question": "\\ud800", "kind": "\\ud800", "draft_id": "\\ud800", "brief": "\\ud800"}',
        b'{"question": 1e999, "kind": 1e999, "draft_id": 1e999, "brief": -1e999}',
        f'{{"question": {HUGE}, "kind": {HUGE}, "draft_id": {HUGE}, "brief": {HUGE}}}'.encode(),
        f'{{"question": {DEEP}, "draft": {DEEP}}}'.encode(),
        b'{"unknown": 1}',
        b'{"kind": "prd", "brief": "x", "question": "a", "draft_id": "dra_0", "scope": {"min_rating": NaN}}',
        b'{"kind": "prd", "brief": "x", "scope": {"max_rating": 1e999}}',
        b'{"question": "a", "limit": 0, "kind": "novel", "draft_id": ""}',
        b'{"question": "a", "scope": {"since": "never"}, "kind": "prd", "draft": {}}',
        b'{"question": "a", "filters": ["x"], "kind": "prd", "brief": 3, "draft": {"sections": []}}',
    ],
)
def test_an_odd_body_is_refused_with_a_problem(client: TestClient, address: str, body: bytes) -> None:
    answer = client.post(address, content=body, headers={"content-type": "application/json"})
    assert _is_problem(answer), (answer.status_code, answer.text[:300])


@pytest.mark.parametrize("kind", ["text/plain", "application/xml", "multipart/form-data", "", "a;b;;c"])
def test_another_content_type_is_refused(client: TestClient, kind: str) -> None:
    for address in ("/v1/search", "/v1/drafts", "/v1/checks", "/v1/ingest"):
        assert _is_problem(client.post(address, content=b"hello", headers={"content-type": kind})), address


@pytest.mark.parametrize(
    "change",
    [
        {"kind": "novel"},
        {"language": "../../etc"},
        {"language": "xx"},
        {"max_items": 10**30},
        {"brief": "a" * 20_001},
        {"scope": {"min_rating": "NaN", "kinds": ["alien"]}},
        {"scope": {"sources": ["a"]}, "filters": ["source=b"]},
        {"filters": ["since=2026-01-01"] * 51},
    ],
)
def test_a_draft_that_cannot_be_written_is_refused_or_fails_with_a_reason(
    client: TestClient, change: dict[str, Any]
) -> None:
    answer = client.post("/v1/drafts", json={"kind": "prd", "brief": "export"} | change)
    if answer.status_code == 202:
        stream = client.get(answer.json()["events"]).text
        assert "event: draft.failed" in stream
        assert '"hint": "' in stream
        failed = client.get(answer.headers["location"])
        assert _is_problem(failed)
    else:
        assert _is_problem(answer)


@pytest.mark.parametrize("number", ["Infinity", "NaN", "1e999", "9" * 30])
def test_a_draft_with_a_number_that_no_store_holds_is_refused(
    client: TestClient, run: dict[str, Any], number: str
) -> None:
    good = client.get(f"/v1/drafts/{run['draft_id']}.json").text
    assert '"max_items": 10' in good
    forged = good.replace('"max_items": 10', f'"max_items": {number}', 1)
    body = f'{{"draft": {forged}}}'
    answer = client.post("/v1/checks", content=body, headers={"content-type": "application/json"})
    assert 400 <= answer.status_code < 500
    assert _is_problem(answer)


def test_a_draft_with_mangled_parts_is_checked_or_refused(client: TestClient, run: dict[str, Any]) -> None:
    good = client.get(f"/v1/drafts/{run['draft_id']}.json").json()
    mangled: list[dict[str, Any]] = [
        good | {"kind": "novel"},
        good | {"workspace": "other"},
        good | {"quotes": {}},
        good | {"facts": {}},
        good | {"claims": {}},
        good | {"sections": []},
        good | {"title": "{F999} {Q999} {"},
        good | {"scope": {"since": "0001-01-01T00:00:00Z"}},
        good | {"version": 10**25},
        good | {"selections": {"S1": {"id": "S1", "rule": "", "record_ids": ["rec_x"]}}},
    ]
    for draft in mangled:
        answer = client.post("/v1/checks", json={"draft": draft})
        assert answer.status_code == 200 or _is_problem(answer), (draft["kind"], answer.text[:300])


@pytest.mark.parametrize(
    "markdown",
    [
        "",
        "\0",
        "# x\n" * 1000,
        "<script>",
        "[](((" * 500,
        "{F1}{Q1}",
        "\ufeff\r\n",
        "[" * 200_000,
        "<!-- voxspec draft=x version=99999999999999999999 workspace=default -->",
        f"<!-- voxspec draft=x version={'9' * 5000} workspace=default -->",
    ],
    ids=lambda text: repr(text[:20]),
)
def test_odd_markdown_is_checked_or_refused(client: TestClient, markdown: str) -> None:
    answer = client.post("/v1/checks", json={"markdown": markdown})
    assert answer.status_code == 200 or _is_problem(answer), answer.text[:300]


@pytest.mark.parametrize("header", ["x", "-1", "1.5", "9" * 30, "١", "1 2"])
def test_a_bad_last_event_id_is_refused(client: TestClient, run: dict[str, Any], header: str) -> None:
    answer = client.get(f"/v1/drafts/{run['id']}/events", headers={"Last-Event-ID": header.encode()})
    assert _is_problem(answer)


def test_an_unknown_method_is_refused(client: TestClient) -> None:
    for method in ("PUT", "PATCH", "DELETE", "PROPFIND"):
        answer = client.request(method, "/v1/search")
        assert answer.status_code == 405
        assert _is_problem(answer)


def test_a_foreign_host_and_a_foreign_origin_are_refused(client: TestClient) -> None:
    assert client.get("/v1/jobs", headers={"Host": "evil.example"}).status_code == 421
    foreign = client.post("/v1/search", json={"question": "a"}, headers={"Origin": "https://evil.example"})
    assert foreign.status_code == 403
    assert _is_problem(foreign)
    assert "access-control-allow-origin" not in foreign.headers


def test_a_body_that_is_too_large_is_refused_however_it_is_declared(client: TestClient) -> None:
    filler = b'{"question": "' + b"a" * MAX_JSON_BYTES + b'"}'
    declared = client.post("/v1/search", content=filler, headers={"content-type": "application/json"})
    assert declared.status_code == 413
    assert _is_problem(declared)

    def chunks() -> Any:
        yield filler[: MAX_JSON_BYTES // 2]
        yield filler[MAX_JSON_BYTES // 2 :]

    streamed = client.post("/v1/search", content=chunks(), headers={"content-type": "application/json"})
    assert streamed.status_code == 413
    assert _is_problem(streamed)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("empty.csv", b""),
        ("header.csv", b"id,text\n"),
        ("nul.csv", b"id,text\n1,a\0b\n"),
        ("latin.csv", "id,text\n1,Größe gefällt mir nicht\n".encode("latin-1")),
        ("broken.pdf", b"%PDF-1.7 nothing"),
        ("broken.xlsx", b"PK\x03\x04nothing"),
        ("program.exe", b"MZ\x90\x00" * 50),
        ("../../../etc/passwd.csv", b"id,text\n1,hello there\n"),
        ("a\0b\r\n.csv", b"id,text\n1,hello there\n"),
        ("ü" * 300 + ".csv", b"id,text\n1,hello there\n"),
        ("....", b"hello there"),
        ("", b"hello there"),
    ],
)
def test_an_odd_upload_is_refused_or_accounted_for(client: TestClient, name: str, content: bytes) -> None:
    answer = client.post("/v1/ingest?dry_run=true", files={"files": (name, content)})
    if answer.status_code == 200:
        report = answer.json()["files"][0]
        assert report["rows"] == sum(report[part] for part in ("kept", "duplicate", "empty", "rejected"))
        assert "/" not in report["path"]
    else:
        assert _is_problem(answer), (answer.status_code, answer.text[:300])


@pytest.mark.parametrize(
    "data",
    [
        {"kind": "alien"},
        {"map": "text"},
        {"map": "=a"},
        {"source": "a\0b"},
        {"source": "a" * 201},
        {"map": "nothing=id"},
    ],
)
def test_odd_options_of_an_import_are_refused(client: TestClient, data: dict[str, str]) -> None:
    answer = client.post(
        "/v1/ingest?dry_run=true", files={"files": ("a.csv", b"id,text\n1,hello there\n")}, data=data
    )
    assert _is_problem(answer), answer.text[:300]


def test_an_upload_without_files_and_with_too_many_fields_is_refused(client: TestClient) -> None:
    assert _is_problem(client.post("/v1/ingest", data={"kind": "customer"}))
    many = [("files", (f"{n}.csv", b"text\na\n")) for n in range(201)]
    assert _is_problem(client.post("/v1/ingest", files=many))


def test_the_openapi_document_can_be_read(client: TestClient) -> None:
    document = client.get("/openapi.json").json()
    assert {"/v1/ingest", "/v1/drafts", "/v1/drafts/{draft_id}/events", "/readyz"} <= set(document["paths"])
    json.dumps(document)
