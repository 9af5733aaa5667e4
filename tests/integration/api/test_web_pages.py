"""Web pages over HTTP: only where it is switched on, never from inside the network, with their age beside them."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from api.app import create_app
from api.metrics import Metrics
from api.opening import open_service
from assistant.settings import Settings
from ingest.web.freshness import STALE_DAYS, age
from ingest.web.guard import Guard
from tests.support.page_server import PageServer, Reply
from tests.support.service import BASE_URL, wait_for_job

PAGE = b"<title>Boardly pricing</title><h1>Pricing</h1><p>The team plan costs 9 euros.</p>"
TODAY = datetime.now(UTC).date().isoformat()


@pytest.fixture
def server() -> Iterator[PageServer]:
    inside = Reply(status=302, headers={"Location": "http://169.254.169.254/latest/"})
    with PageServer({"/": Reply(PAGE), "/inside": inside}) as opened:
        yield opened


@contextmanager
def serving(home: Path, guard: Guard | None, **flags: Any) -> Iterator[TestClient]:
    settings = Settings.load(home=home, **flags)
    app = create_app(settings, open_service(settings, Metrics(), guard))
    with TestClient(app, base_url=BASE_URL) as client:
        yield client


LOOPBACK = Guard(allow=lambda address: address == "127.0.0.1", seconds=10)


def test_a_page_is_fetched_by_a_job_and_shows_its_age(tmp_path: Path, server: PageServer) -> None:
    with serving(tmp_path, LOOPBACK, fetch_urls=True) as client:
        sent = {"url": server.url(), "kind": "competitor"}
        looked = client.post("/v1/ingest?dry_run=true", data=sent)
        assert looked.status_code == 200, looked.text
        [report] = looked.json()["files"]
        assert (report["path"], report["kept"], report["reasons"]) == (server.url(), 1, [f"read on {TODAY}"])
        assert client.get("/v1/records").json()["items"] == []
        answer = client.post("/v1/ingest", data=sent)
        assert answer.status_code == 202, answer.text
        assert wait_for_job(client, answer.json()["id"])["state"] == "done"
        [record] = client.get("/v1/records").json()["items"]
        assert (record["url"], record["segments"]) == (server.url(), {"fetched": TODAY})
        shown = client.get(f"/records/{record['id']}", headers={"Accept": "text/html"}).text
        assert f"page read on {TODAY}, today" in shown
        again = client.post("/v1/ingest?dry_run=true", data=sent).json()["files"][0]
        assert f"read on {TODAY}; before that on {TODAY}" in again["reasons"]


def test_a_page_and_files_come_in_together_and_one_bad_address_stops_neither(
    tmp_path: Path, server: PageServer
) -> None:
    with serving(tmp_path, LOOPBACK, fetch_urls=True) as client:
        answer = client.post(
            "/v1/ingest?dry_run=true",
            data={"url": [server.url("/gone"), server.url()]},
            files={"files": ("a.md", b"# Limits\n\nExports are slow.")},
        )
    assert answer.status_code == 200, answer.text
    told = {report["path"]: report["error"] for report in answer.json()["files"]}
    assert told.keys() == {"a.md", server.url(), server.url("/gone")}
    assert [path for path, error in told.items() if error] == [server.url("/gone")]


def test_switched_off_nothing_is_fetched_and_the_answer_says_how_to_switch_it_on(
    tmp_path: Path, server: PageServer
) -> None:
    with serving(tmp_path, LOOPBACK) as client:
        answer = client.post("/v1/ingest", data={"url": server.url()})
        assert client.get("/v1/jobs").json()["items"] == []
    assert answer.status_code == 403
    assert answer.headers["content-type"].startswith("application/problem+json")
    assert answer.json()["code"] == "fetching-off"
    assert "VOXSPEC_FETCH_URLS" in answer.json()["hint"]
    assert server.requests == []


@pytest.mark.parametrize(
    ("sent", "message"),
    [
        ({"url": "file:///etc/passwd"}, "not a web address"),
        ({"url": "https://ana:secret@example.com/"}, "user name or password"),
        ({"url": [f"https://example.com/{n}" for n in range(21)]}, "20 are allowed"),
        ({"kind": "customer"}, "no file to import"),
    ],
)
def test_what_cant_be_fetched_is_said_at_once(tmp_path: Path, sent: dict[str, Any], message: str) -> None:
    with serving(tmp_path, LOOPBACK, fetch_urls=True) as client:
        answer = client.post("/v1/ingest", data=sent)
    assert answer.status_code == 422
    assert message in answer.json()["detail"]
    assert answer.json()["hint"]
    assert "secret" not in answer.text


def test_addresses_inside_the_network_are_refused_also_behind_a_redirect(
    tmp_path: Path, server: PageServer
) -> None:
    with serving(tmp_path / "guarded", None, fetch_urls=True) as client:
        direct = client.post("/v1/ingest?dry_run=true", data={"url": server.url()})
    with serving(tmp_path / "loopback", LOOPBACK, fetch_urls=True) as client:
        behind = client.post("/v1/ingest?dry_run=true", data={"url": server.url("/inside")})
        job = client.post("/v1/ingest", data={"url": server.url("/inside")}).json()
        failed = wait_for_job(client, job["id"])
    for answer in (direct, behind):
        assert answer.status_code == 422
        assert "isn't a public address" in answer.json()["detail"]
    assert failed["state"] == "failed"
    assert "169.254.169.254" in failed["error"]["message"]
    assert [request[":path"] for request in server.requests] == ["/inside", "/inside"]


def test_an_old_page_is_said_to_be_old() -> None:
    day = date(2026, 3, 1)
    assert age(day, day) == "read on 2026-03-01, today"
    assert age(day, day + timedelta(days=1)) == "read on 2026-03-01, 1 day ago"
    assert "may have changed" not in age(day, day + timedelta(days=STALE_DAYS))
    assert "91 days ago: it may have changed since" in age(day, day + timedelta(days=STALE_DAYS + 1))
