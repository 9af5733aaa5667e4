"""What Prometheus is told is what happened, in a fixed number of series, without a word, id or name of anything."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from starlette.testclient import TestClient

from assistant.domain.hook import HookEvent, HookMessage
from assistant.domain.ticket import EffectState
from assistant.stores.port import Catalog
from tests.support.scraping import scrape, total, value
from tests.support.service import done_job, ingest_feedback, running, write_draft
from tests.support.signed_tracker import KIND, SECRET, SECRET_VARIABLE, connection, install, message, send
from tests.support.waiting import until


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    with pytest.MonkeyPatch.context() as patched:
        patched.syspath_prepend(install(tmp_path_factory.mktemp("installed")))
        patched.setenv(SECRET_VARIABLE, SECRET)
        with running(tmp_path_factory.mktemp("home")) as client:
            ingest_feedback(client)
            yield client


def catalog_of(client: TestClient) -> Catalog:
    with client.app.state.service.benches.use("default") as bench:  # type: ignore[attr-defined]
        catalog: Catalog = bench.catalog
        return catalog


def test_drafts_jobs_and_requests_are_counted_as_they_happened(client: TestClient) -> None:
    before = scrape(client)
    assert value(before, "drafts_total", kind="prd", outcome="ready") == 0
    run = write_draft(client)
    thin = write_draft(client, "user_stories", "zeppelins over Mars")
    for _ in range(3):
        client.get(f"/v1/drafts/{run['draft_id']}")
    client.get(f"/v1/drafts/{thin['draft_id']}")
    client.get("/v1/drafts/dra_nobody")
    after = scrape(client)
    kept = client.get("/v1/drafts").json()["items"]
    outcomes = [(one["kind"], one["verdict"]) for one in kept]
    assert len(outcomes) == total(after, "drafts_total") == 2
    for kind, outcome in outcomes:
        assert value(after, "drafts_total", kind=kind, outcome=outcome) == outcomes.count((kind, outcome))
    assert value(after, "jobs", kind="draft", state="done") == 2
    assert value(after, "jobs", kind="ingest", state="done") == 1
    assert value(after, "job_queue_depth") == value(after, "job_queue_oldest_seconds") == 0
    assert value(after, "records") == 60
    route = {"method": "GET", "route": "/v1/drafts/{draft_id}"}
    assert value(after, "requests_total", **route, status="200") == 4
    assert value(after, "requests_total", **route, status="404") == 1
    assert value(after, "request_duration_seconds_count", **route) == 5
    assert value(after, "request_duration_seconds_bucket", **route, le="+Inf") == 5
    assert value(after, "index_lag") == 0
    assert {value(after, "part_up", part=one) for one in ("catalog", "index", "jobs")} == {1}


def test_labels_hold_templates_kinds_and_states_alone(client: TestClient) -> None:
    client.get("/v1/drafts/zanzibarian")
    client.get("/zanzibarian")
    client.request("ZANZIBARIAN", "/v1/drafts")
    client.get("/v1/search", params={"q": "zanzibarian"})
    text = client.get("/metrics").text
    assert "zanzibarian" not in text.lower()
    assert "_created" not in text
    found = scrape(client)
    known = {path for route in client.app.routes for path in [getattr(route, "path", "")]}  # type: ignore[attr-defined]
    assert known
    series = len(found)
    for number in range(50):
        client.get(f"/v1/drafts/d{number}")
        client.get(f"/v1/records/r{number}")
        client.get(f"/nowhere/{number}")
    assert len(scrape(client)) - series <= 2 * 16 * 3
    routes = {dict(labels)["route"] for name, labels in found if name == "voxspec_requests_total"}
    assert all("{" in one or one.count("/") <= 3 for one in routes), routes


def test_messages_in_and_out_are_counted_by_where_they_stand(client: TestClient) -> None:
    catalog = catalog_of(client)
    catalog.connections.put("default", connection(webhook_secrets=(f"env:{SECRET_VARIABLE}",)))
    KIND.tickets.clear()
    before = scrape(client)
    answer = send(client, message("7", "2026-01-01", title="CSV export hangs"), "d-7")
    done_job(client, answer.json()["job"])
    for number, state in enumerate((EffectState.waiting, EffectState.dead, EffectState.dead)):
        one = HookMessage(id=f"msg_{number}", hook="nobody", event=HookEvent.draft_completed, data={}, made_at=datetime.now(UTC), state=state, not_before=datetime(2099, 1, 1, tzinfo=UTC))  # fmt: skip
        catalog.hook_outbox.add("default", [one])
    # What is on its way would be counted in one state and looked up in another.
    on_its_way = [EffectState.waiting, EffectState.sending]
    until(lambda: not catalog.effects.page("default", states=on_its_way, limit=1))
    after = scrape(client)
    assert value(after, "deliveries") - value(before, "deliveries") == 1
    assert value(after, "deliveries_waiting") == 0
    for state in EffectState:
        kept = catalog.effects.page("default", states=[state], limit=1000)
        assert value(after, "effects", state=state) == len(kept)
    assert value(after, "hook_messages", state="dead") == 2
    assert value(after, "hook_messages", state="waiting") == 1
