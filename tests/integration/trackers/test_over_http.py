"""Publishing to a real tracker over HTTP, from a page and on the command line: shown first, written once, taken back."""

import json

import pytest

from tests.integration.trackers.conftest import Office
from tests.support.roundup_tracker import Roundup
from tests.support.service import feedback_rows, wait_for_job
from tests.support.waiting import until

HTML = {"Accept": "text/html"}


@pytest.fixture(scope="module")
def draft(office: Office) -> str:
    return office.draft("user_stories", "exporting boards")


def titles(tracker: Roundup) -> list[str]:
    """Of all tickets."""
    with tracker.client() as admin:
        found = admin.get("issue", params={"@fields": "title"}).json()["data"]["collection"]
    return [one["title"] for one in found]


def test_a_connection_is_tried_and_listed_without_its_secret(office: Office) -> None:
    tried = office.commands.run("tracker", "test", "desk", "--json", expect=0)
    assert json.loads(tried.stdout)["connection"] == "desk"
    (shown,) = office.service.get("/v1/connections").json()
    assert shown["name"] == "desk"
    assert "token" not in shown
    wrong = office.commands.run("tracker", "test", "nope", expect=2)
    assert b"There are: desk" in wrong.stderr


def test_what_would_be_written_is_shown_by_all_three_and_nothing_is_written(
    office: Office, draft: str
) -> None:
    before = titles(office.tracker)
    order = {"connection": "desk", "dry_run": True}
    shown = office.service.post(f"/v1/drafts/{draft}/publications", json=order).json()
    assert {step["doing"] for step in shown["steps"]} == {"make"}
    listed = office.commands.run("publish", draft, "--to", "desk", "--dry-run", "--json", expect=0)
    assert [one["item"] for one in json.loads(listed.stdout)["steps"]] == [
        one["item"] for one in shown["steps"]
    ]
    page = office.service.get(f"/drafts/{draft}/tickets?to=desk", headers=HTML)
    assert page.status_code == 200
    assert page.text.count("What it will say") == len(shown["steps"])
    assert titles(office.tracker) == before


def test_it_is_written_once_listed_and_taken_back(office: Office, draft: str) -> None:
    before = len(titles(office.tracker))
    for _ in range(2):
        done = office.service.post(f"/v1/drafts/{draft}/publications", json={"connection": "desk"})
        assert done.status_code == 200
    steps = done.json()["steps"]
    address = f"/v1/drafts/{draft}/links"
    until(lambda: len(office.service.get(address).json()) == len(steps))
    assert len(titles(office.tracker)) == before + len(steps)
    states = {one["state"] for one in office.service.get("/v1/effects").json()["items"]}
    assert states == {"done"}
    page = office.service.get(f"/drafts/{draft}/tickets", headers=HTML).text
    assert all(f"desk {link['ticket']}" in page for link in office.service.get(address).json())
    undone = office.service.post(f"/v1/drafts/{draft}/publications/undo", json={"connection": "desk"}).json()
    assert {step["doing"] for step in undone["steps"]} == {"change"}
    ticket = steps and office.service.get(address).json()[-1]["ticket"]
    with office.tracker.client() as admin:
        asked = {"@verbose": "2"}
        until(
            lambda: (
                admin.get(f"issue/{ticket}", params=asked).json()["data"]["attributes"]["status"]["name"]
                == "resolved"
            )
        )


def test_a_draft_or_connection_that_is_not_there_is_said_so(office: Office, draft: str) -> None:
    path = f"/v1/drafts/{draft}/publications"
    assert office.service.post(path, json={"connection": "nope"}).status_code == 404
    missing = office.service.post("/v1/drafts/dra_0000000000000000/publications", json={"connection": "desk"})
    assert missing.status_code == 404
    refused = office.service.post("/v1/effects/replay", json={"key": "nothing"})
    assert refused.json()["hint"].startswith("GET /v1/effects")


def test_evidence_that_changed_is_told_under_its_ticket_until_a_refresh_takes_it_in(office: Office) -> None:
    draft = office.draft("user_stories", "offline mode")
    service = office.service
    done = service.post(f"/v1/drafts/{draft}/publications", json={"connection": "desk"}).json()
    links = f"/v1/drafts/{draft}/links"
    until(lambda: len(service.get(links).json()) == len(done["steps"]))
    quote = next(iter(service.get(f"/v1/drafts/{draft}").json()["quotes"].values()))
    quoted = service.get(f"/v1/records/{quote['record_id']}").json()["external_id"]
    rows = [row for row in feedback_rows() if row["id"] == quoted]
    edited = f"id,text,author,date\n{quoted},It was our own network after all.,{rows[0]['author']},{rows[0]['date']}\n"
    sent = service.post("/v1/ingest", files={"files": ("feedback.csv", edited.encode())})
    wait_for_job(service, sent.headers["location"].rsplit("/", 1)[-1])
    stale = service.get(f"/v1/drafts/{draft}/staleness").json()
    assert stale["stale"]

    def said() -> list[str]:
        return [one["comment"] for one in service.get(links).json() if one["comment"]]

    until(lambda: any("evidence behind this changed" in one for one in said()))
    refreshed = service.post(f"/v1/drafts/{draft}/refresh", json={"version": 1})
    assert refreshed.status_code == 200
    assert not service.get(f"/v1/drafts/{draft}/staleness").json()["stale"]
    again = service.post(f"/v1/drafts/{draft}/publications", json={"connection": "desk"}).json()
    assert "change" in {step["doing"] for step in again["steps"]}
    until(lambda: all("holds**, as version 2" in one for one in said()))
