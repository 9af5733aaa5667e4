"""What a scrape says by whose key it comes with, where a part is broken, and of what a worker did."""

import sqlite3
from pathlib import Path

import httpx

from tests.support.scraping import scrape, total, value
from tests.support.server_process import server
from tests.support.service import done_job, feedback_csv, ingest_feedback, running
from tests.support.waiting import until

ROOT = "a-key-of-some-length-0123456789"


def test_a_part_that_cannot_be_counted_is_told_and_the_rest_stays(tmp_path: Path) -> None:
    with running(tmp_path) as client:
        assert value(scrape(client), "part_up", part="catalog") == 1
        with sqlite3.connect(tmp_path / "catalog.sqlite3") as held:
            held.execute("DROP TABLE hook_messages")
        held.close()
        found = scrape(client)
        assert value(found, "part_up", part="catalog") == 0
        assert value(found, "part_up", part="jobs") == 1
        assert total(found, "requests_total") > 0
        assert ("voxspec_records", frozenset()) not in found


def test_a_key_counts_its_own_workspace_and_only_the_servers_key_counts_all(tmp_path: Path) -> None:
    def as_(secret: str) -> dict[str, str]:
        return {"Authorization": f"Bearer {secret}"}

    with running(tmp_path, api_key=ROOT) as client:
        for name in ("one", "two"):
            ingest_feedback(client, **as_(ROOT), **{"X-Voxspec-Workspace": name})
        assert client.get("/metrics").status_code == 401
        for role in ("machine", "owner"):
            order = {"name": role, "role": role}
            made = client.post("/v1/keys?workspace=one", json=order, headers=as_(ROOT)).json()
            mine = scrape(client, **as_(made["secret"]))
            assert (value(mine, "records"), value(mine, "jobs", kind="ingest", state="done")) == (60, 1)
            assert client.get("/metrics?workspace=two", headers=as_(made["secret"])).status_code == 403
        everything = scrape(client, **as_(ROOT))
        assert (value(everything, "records"), value(everything, "jobs", kind="ingest", state="done")) == (120, 2)  # fmt: skip
        assert value(scrape(client, "?workspace=two", **as_(ROOT)), "records") == 60


def test_what_a_worker_beside_the_server_did_is_counted_too(tmp_path: Path) -> None:
    with server(tmp_path) as process, httpx.Client(base_url=process.url, timeout=60) as client:
        sent = client.post("/v1/ingest", files={"files": ("feedback.csv", feedback_csv())})
        done_job(client, sent.json()["id"])
        asked = client.post("/v1/drafts", json={"kind": "prd", "brief": "slow export"})
        done_job(client, asked.json()["id"])
        until(lambda: value(scrape(client), "part_up", part="worker") == 1)
        found = scrape(client)
        assert total(found, "drafts_total") == value(found, "jobs", kind="draft", state="done") == 1
        assert value(found, "records") == 60
