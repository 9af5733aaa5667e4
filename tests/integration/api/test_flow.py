"""The main job over HTTP: files in, records and quotes, a draft, its events, its formats, its check."""

import zipfile
from io import BytesIO
from typing import Any

from starlette.testclient import TestClient

from api.formats import TYPES
from tests.support.service import (
    events_of,
    feedback_csv,
    feedback_rows,
    ingest_feedback,
    wait_for_job,
    write_draft,
)


def test_an_import_accounts_for_every_row_and_a_second_one_adds_none(client: TestClient) -> None:
    again = ingest_feedback(client)
    report = again["result"]["files"][0]
    assert report["path"] == "feedback.csv"
    assert report["rows"] == len(feedback_rows()) == report["duplicate"] + report["kept"]
    assert report["kept"] == 0


def test_a_dry_run_looks_and_keeps_nothing(client: TestClient) -> None:
    before = client.get("/v1/jobs").json()["items"]
    answer = client.post("/v1/ingest?dry_run=true", files={"files": ("other.csv", feedback_csv())})
    assert answer.status_code == 200
    assert answer.json()["files"][0]["rows"] == len(feedback_rows())
    assert client.get("/v1/jobs").json()["items"] == before


def test_every_record_is_reached_page_by_page_with_its_raw_text(client: TestClient) -> None:
    raws, cursor = [], None
    while True:
        page = client.get("/v1/records", params={"limit": 7} | ({"cursor": cursor} if cursor else {})).json()
        raws += [item["raw"] for item in page["items"]]
        cursor = page["next"]
        if cursor is None:
            break
    assert sorted(raws) == sorted(row["text"] for row in feedback_rows())


def test_records_are_filtered(client: TestClient) -> None:
    page = client.get("/v1/records", params={"filter": "rating>=5", "limit": 5}).json()
    assert {item["rating"] for item in page["items"]} == {5.0}
    rest = client.get(
        "/v1/records", params={"filter": "rating>=5", "cursor": page["next"], "limit": 200}
    ).json()
    assert len(page["items"]) + len(rest["items"]) == sum(row["rating"] == "5" for row in feedback_rows())
    assert client.get("/v1/records", params={"filter": "nonsense"}).status_code == 422


def test_a_record_is_given_byte_for_byte_with_what_is_known(client: TestClient) -> None:
    item = client.get("/v1/records", params={"limit": 1}).json()["items"][0]
    record = client.get(f"/v1/records/{item['id']}").json()
    assert record == item
    assert record["revision"]
    assert client.get(f"/v1/records/{item['id']}", params={"revision": record["revision"]}).json() == record
    assert client.get(f"/v1/records/{item['id']}", params={"revision": "0" * 16}).status_code == 404


def test_search_gives_quotes_that_are_cut_from_the_record(client: TestClient) -> None:
    by_get = client.get("/v1/search", params={"q": "slow export", "limit": 5}).json()["hits"]
    by_post = client.post("/v1/search", json={"question": "slow export", "limit": 5}).json()["hits"]
    assert by_get == by_post
    assert by_get
    for hit in by_get:
        raw = client.get(f"/v1/records/{hit['record_id']}").json()["raw"]
        assert raw[hit["quote"]["start"] : hit["quote"]["end"]] == hit["quote"]["text"]


def test_a_run_leads_to_its_draft_and_the_same_request_is_the_same_run(
    client: TestClient, run: dict[str, Any]
) -> None:
    draft = client.get(f"/v1/drafts/{run['draft_id']}").json()
    assert draft["id"] == run["draft_id"]
    assert client.get(f"/v1/drafts/{run['id']}").json() == draft
    again = client.post("/v1/drafts", json={"kind": "prd", "brief": "slow export"})
    assert again.headers["location"] == f"/v1/drafts/{run['id']}"
    assert again.json()["draft_id"] == draft["id"]
    assert draft["id"] in [item["id"] for item in client.get("/v1/drafts").json()["items"]]


def test_the_events_are_numbered_and_end_with_the_draft(client: TestClient, run: dict[str, Any]) -> None:
    answer = client.get(f"/v1/drafts/{run['id']}/events")
    assert answer.headers["content-type"].startswith("text/event-stream")
    assert answer.headers["cache-control"] == "no-cache"
    events = events_of(answer.text)
    assert [event["seq"] for event in events] == list(range(1, len(events) + 1))
    assert [event["id"] for event in events] == [str(event["seq"]) for event in events]
    assert events[0]["type"] == "draft.created"
    assert events[-1]["type"] == "draft.completed"
    assert events[-1]["draft_id"] == run["draft_id"]
    assert events[-1]["usage"] == {"calls": 0, "tokens_in": 0, "tokens_out": 0, "cost": 0.0}
    assert client.get(f"/v1/drafts/{run['draft_id']}/events").text == answer.text


def test_a_reader_resumes_after_the_last_event_it_has(client: TestClient, run: dict[str, Any]) -> None:
    whole = events_of(client.get(f"/v1/drafts/{run['id']}/events").text)
    for have in (1, len(whole) - 1):
        rest = client.get(f"/v1/drafts/{run['id']}/events", headers={"Last-Event-ID": str(have)})
        assert events_of(rest.text) == whole[have:]
    by_query = client.get(f"/v1/drafts/{run['id']}/events", params={"last_event_id": "1"})
    assert events_of(by_query.text) == whole[1:]
    for beyond in (0, 1, 5, 10**11):
        have_all = {"Last-Event-ID": str(len(whole) + beyond)}
        done = client.get(f"/v1/drafts/{run['id']}/events", headers=have_all)
        assert (done.status_code, done.text) == (204, "")


def test_a_draft_is_exported_in_each_format(client: TestClient, run: dict[str, Any]) -> None:
    address = f"/v1/drafts/{run['draft_id']}"
    assert client.get(f"{address}.json").json()["id"] == run["draft_id"]
    assert client.get(f"{address}.md").text.startswith("# ")
    page = client.get(f"{address}.html")
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert "sandbox" in page.headers["content-security-policy"]
    with zipfile.ZipFile(BytesIO(client.get(f"{address}.docx").content)) as archive:
        assert "word/document.xml" in archive.namelist()
    assert client.get(f"{address}.exe").status_code == 404


def test_a_draft_is_checked_by_id_by_json_and_by_markdown(client: TestClient, run: dict[str, Any]) -> None:
    by_id = client.post("/v1/checks", json={"draft_id": run["draft_id"]}).json()
    assert by_id["counts"]["quotes_verified"]["total"] > 0
    draft = client.get(f"/v1/drafts/{run['draft_id']}.json").json()
    assert client.post("/v1/checks", json={"draft": draft}).json() == by_id
    name, quote = next(iter(draft["quotes"].items()))
    other = quote["text"][:-1] + "#"
    draft["quotes"][name] = quote | {"text": other}
    lied = client.post("/v1/checks", json={"draft": draft}).json()
    assert lied["verdict"] == "needs fixes"
    markdown = client.get(f"/v1/drafts/{run['draft_id']}.md").text
    assert client.post("/v1/checks", json={"markdown": markdown}).status_code == 200


def test_a_changed_brief_is_a_new_version_of_the_draft(client: TestClient) -> None:
    first = write_draft(client, "user_stories", "export")
    answer = client.post(
        f"/v1/drafts/{first['draft_id']}/revisions", json={"brief": "export of large boards"}
    )
    assert answer.status_code == 202
    job = wait_for_job(client, answer.json()["id"])
    assert job["result"]["draft_id"] == first["draft_id"]
    second = client.get(f"/v1/drafts/{first['draft_id']}").json()
    assert (second["version"], second["parent_version"], second["brief"]) == (2, 1, "export of large boards")
    assert client.get(f"/v1/drafts/{first['draft_id']}", params={"version": 1}).json()["brief"] == "export"
    newest = events_of(client.get(f"/v1/drafts/{first['draft_id']}/events").text)
    assert newest[-1]["version"] == 2


def test_workspaces_do_not_see_each_other(client: TestClient, run: dict[str, Any]) -> None:
    other = {"X-Voxspec-Workspace": "other"}
    assert client.get("/v1/records", headers=other).json() == {"items": [], "next": None}
    assert client.get(f"/v1/drafts/{run['draft_id']}", headers=other).status_code == 404
    assert client.get(f"/v1/drafts/{run['id']}/events", headers=other).status_code == 404
    assert client.get(f"/v1/jobs/{run['id']}", headers=other).status_code == 404
    assert client.get("/v1/drafts", params={"workspace": "other"}).json()["items"] == []
    assert client.get(f"/drafts/{run['draft_id']}", params={"workspace": "other"}).status_code == 404
    assert client.get("/v1/records", headers=other, params={"workspace": "third"}).status_code == 422
    for name in ("../etc", "A", "x" * 64, "a\0b", "-a"):
        assert client.get("/v1/records", params={"workspace": name}).status_code == 422


def test_kinds_say_what_can_be_drafted(client: TestClient) -> None:
    assert {item["kind"] for item in client.get("/v1/kinds").json()["items"]} >= {
        "insight_summary",
        "prd",
        "user_stories",
    }


def test_health_readiness_and_counters(client: TestClient) -> None:
    assert client.get("/healthz").json() == {"status": "ok"}
    ready = client.get("/readyz")
    assert ready.status_code == 200, ready.text
    assert set(ready.json()["parts"]) == {"catalog", "index", "embedder", "jobs"}
    counted = client.get("/metrics").text
    assert 'voxspec_requests_total{method="GET",route="/healthz",status="200"}' in counted
    assert "voxspec_event_streams 0" in counted


def test_a_cancelled_draft_ends_its_stream_with_the_reason(client: TestClient) -> None:
    run = client.post("/v1/drafts", json={"kind": "insight_summary", "brief": "cancel me"}).json()
    job = client.delete(f"/v1/jobs/{run['id']}").json()
    assert job["state"] in {"cancelled", "running", "done"}
    last = events_of(client.get(f"/v1/drafts/{run['id']}/events").text)[-1]
    assert last["type"] in {"draft.failed", "draft.completed"}
    if last["type"] == "draft.failed":
        assert last["code"] == "cancelled"
        assert client.get(f"/v1/drafts/{run['id']}").status_code == 409
    have_all = {"Last-Event-ID": str(last["seq"] + 10**6)}
    assert client.get(f"/v1/drafts/{run['id']}/events", headers=have_all).status_code == 204


def test_the_format_is_chosen_by_query_or_header_as_by_suffix(
    client: TestClient, run: dict[str, Any]
) -> None:
    address = f"/v1/drafts/{run['draft_id']}"
    for form, media_type in TYPES.items():
        by_suffix = client.get(f"{address}.{form}")
        by_query = client.get(address, params={"format": form})
        by_header = client.get(address, headers={"Accept": media_type})
        assert by_query.headers["content-type"] == by_header.headers["content-type"] == media_type
        assert by_query.headers["vary"] == "Accept"
        if form == "json":
            assert by_query.json() == by_header.json() == by_suffix.json()
        else:
            assert by_query.content == by_header.content == by_suffix.content
    assert "sandbox" in client.get(address, params={"format": "html"}).headers["content-security-policy"]
    assert client.get(address, headers={"Accept": "application/msword"}).status_code == 406
    assert client.get(address, params={"format": "odt"}).status_code == 422
    kept = {form: client.get(f"{address}.{form}").headers["content-disposition"] for form in ("pdf", "xlsx")}
    assert kept["pdf"].startswith("inline;")
    assert kept["xlsx"].startswith("attachment;")


def test_a_filter_that_names_nothing_is_refused_with_what_there_is(client: TestClient) -> None:
    for answer in (
        client.get("/v1/search", params={"q": "export", "filter": "foo=bar"}),
        client.get("/v1/records", params={"filter": "segment.foo=bar"}),
        client.post("/v1/drafts", json={"kind": "prd", "brief": "export", "filters": ["foo=bar"]}),
    ):
        assert answer.status_code == 422
        assert "there is no segment 'foo'" in answer.json()["detail"]
        assert "source=NAME" in answer.json()["hint"]
