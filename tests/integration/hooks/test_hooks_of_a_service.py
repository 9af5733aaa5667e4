"""A running service tells a real receiver what happens in it, signed after Standard Webhooks, until it arrives and again when asked."""

import json
import stat
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from standardwebhooks.webhooks import Webhook, WebhookVerificationError
from starlette.testclient import TestClient

from tests.support.hook_receiver import HookReceiver
from tests.support.service import done_job, feedback_csv, ingest_feedback, running, write_draft
from tests.support.waiting import until

ROOT = "a-key-of-some-length-0123456789"
FALSE_QUOTE = '# Export\n\n> "The export has never once failed in my whole life as a customer."\n'
ALL = ["draft.completed", "check.failed", "theme.spiked", "claim.stale"]


class Told:
    """A service with a hook to a receiver: what arrives there, by its event."""

    def __init__(self, client: TestClient, receiver: HookReceiver, home: Path, secret: str) -> None:
        self.client, self.receiver, self.home, self.secret = client, receiver, home, secret

    def heard(self, event: str) -> list[dict[str, Any]]:
        """Verified messages of an event, oldest first."""
        return [one for one in (Webhook(self.secret).verify(body, headers) for headers, body in list(self.receiver.heard)) if one["type"] == event]  # fmt: skip

    def wait_for(self, event: str, count: int = 1) -> list[dict[str, Any]]:
        until(lambda: len(self.heard(event)) >= count)
        return self.heard(event)

    def message(self, message_id: str) -> dict[str, Any]:
        found: dict[str, Any] = self.client.get(f"/v1/hook-messages/{message_id}").json()
        return found


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Told]:
    home = tmp_path_factory.mktemp("home")
    flags: dict[str, Any] = {"api_key": ROOT, "private_hooks": True}
    with HookReceiver() as receiver, running(home, **flags) as client:
        client.headers["Authorization"] = f"Bearer {ROOT}"
        ingest_feedback(client)
        made = client.post("/v1/hooks", json={"name": "chat", "url": receiver.url, "events": ALL})
        assert made.status_code == 201, made.text
        yield Told(client, receiver, home, made.json()["secret"])


def test_a_draft_that_is_completed_is_told_and_verified(told: Told) -> None:
    run = write_draft(told.client)
    (message,) = (one for one in told.wait_for("draft.completed") if one["data"]["draft_id"] == run["draft_id"])  # fmt: skip
    draft = told.client.get(f"/v1/drafts/{run['draft_id']}").json()
    assert message["data"]["verdict"] == draft["report"]["verdict"]
    assert message["data"]["claims"] == len(draft["claims"])
    headers, body = told.receiver.heard[0]
    with pytest.raises(WebhookVerificationError):
        Webhook("whsec_" + "A" * 44).verify(body, headers)


def test_a_check_over_http_that_fails_is_told_once_without_a_word_of_it(told: Told) -> None:
    before = len(told.heard("check.failed"))
    for _ in range(2):
        report = told.client.post("/v1/checks", json={"markdown": FALSE_QUOTE}).json()
        assert report["verdict"] != "ready"
    told.client.post("/v1/checks", json={"markdown": FALSE_QUOTE + "\n> \"Nor did the import, that I can say.\"\n"})  # fmt: skip
    found = told.wait_for("check.failed", before + 2)
    assert len(found) == before + 2
    data = found[before]["data"]
    assert set(data) == {"workspace", "verdict", "blocking", "graders", "document"}
    assert data["verdict"] == report["verdict"]
    assert data["blocking"] == sum(one["severity"] == "block" for one in report["findings"])
    assert "whole life" not in json.dumps(found)


def test_a_check_of_a_stored_draft_names_it_and_one_of_a_viewer_is_told_nobody(told: Told) -> None:
    thin = write_draft(told.client, "user_stories", "zeppelins over Mars")
    draft = told.client.get(f"/v1/drafts/{thin['draft_id']}").json()
    assert draft["report"]["verdict"] == "not enough evidence"
    until(lambda: _of(told, thin["draft_id"]) != [])
    told.client.post("/v1/checks", json={"draft_id": thin["draft_id"]})
    draft["title"] = "Zeppelins over Venus"
    told.client.post("/v1/checks", json={"draft": draft})
    until(lambda: len(_of(told, thin["draft_id"])) >= 2)
    outcomes = _of(told, thin["draft_id"])
    assert all(one["version"] == 1 for one in outcomes)
    assert "document" in outcomes[-1]
    key = told.client.post("/v1/keys", json={"name": "eye", "role": "viewer"}).json()["secret"]
    seen = told.client.get("/v1/hook-messages").json()["items"][0]["id"]
    document = {"markdown": FALSE_QUOTE.replace("never once", "not once")}
    as_viewer = {"Authorization": f"Bearer {key}"}
    assert told.client.post("/v1/checks", json=document, headers=as_viewer).json()["verdict"] != "ready"
    assert told.client.get("/v1/hook-messages").json()["items"][0]["id"] == seen
    assert told.client.get("/v1/hooks", headers=as_viewer).status_code == 403


def _of(told: Told, draft_id: str) -> list[dict[str, Any]]:
    return [one["data"] for one in told.heard("check.failed") if one["data"].get("draft_id") == draft_id]


def test_claims_whose_evidence_changed_are_told(told: Told) -> None:
    run = write_draft(told.client, "insight_summary", "slow export of boards")
    changed = feedback_csv().replace(b"Export", b"Import").replace(b"export", b"import")
    sent = told.client.post("/v1/ingest", files={"files": ("feedback.csv", changed)}, data={"source": "support"})  # fmt: skip
    done_job(told.client, sent.json()["id"])
    until(lambda: any(one["data"]["draft_id"] == run["draft_id"] for one in told.heard("claim.stale")))  # fmt: skip
    data = next(one["data"] for one in told.heard("claim.stale") if one["data"]["draft_id"] == run["draft_id"])  # fmt: skip
    assert data["claims"] == len(data["claim_ids"]) > 0


def test_what_did_not_arrive_is_sent_again_under_the_same_id(told: Told) -> None:
    with HookReceiver((503, {})) as receiver:
        order = {"name": "again", "url": receiver.url, "events": ["theme.spiked"]}
        told.client.post("/v1/hooks", json=order)
        message = told.client.post("/v1/hooks/again/test").json()
        until(lambda: told.message(message["id"])["state"] == "done")
        ((first, body), (second, again)) = receiver.heard
    assert told.message(message["id"])["tries"] == 2
    assert (first["webhook-id"], body) == (second["webhook-id"], again)
    assert json.loads(body)["data"] == {"workspace": "default"}
    told.client.delete("/v1/hooks/again")


def test_a_message_that_was_given_up_is_replayed_and_arrives(told: Told) -> None:
    with HookReceiver((410, {})) as receiver:
        order = {"name": "gone", "url": receiver.url, "events": ["theme.spiked"]}
        secret = told.client.post("/v1/hooks", json=order).json()["secret"]
        message = told.client.post("/v1/hooks/gone/test").json()
        until(lambda: told.message(message["id"])["state"] == "dead")
        assert "410" in told.message(message["id"])["error"]
        replayed = told.client.post(f"/v1/hook-messages/{message['id']}/replay")
        assert (replayed.status_code, replayed.json()["state"]) == (202, "waiting")
        until(lambda: told.message(message["id"])["state"] == "done")
        _, (headers, body) = receiver.heard
    assert headers["webhook-id"] == message["id"]
    Webhook(secret).verify(body, headers)
    assert told.client.post("/v1/hook-messages/msg_none/replay").status_code == 404
    told.client.delete("/v1/hooks/gone")


def test_a_secret_is_shown_once_kept_for_its_owner_alone_and_renewed_without_a_gap(told: Told) -> None:
    files = [one for one in (told.home / "hooks").rglob("*") if one.is_file()]
    assert [one.read_text(encoding="ascii") for one in files] == [told.secret]
    assert stat.S_IMODE(files[0].stat().st_mode) == 0o600
    listed = told.client.get("/v1/hooks").text
    assert told.secret not in listed
    assert str(told.home) not in listed
    renewed = told.client.post("/v1/hooks/chat/secrets").json()
    assert (renewed["secrets"], renewed["secret"] != told.secret) == (2, True)
    message = told.client.post("/v1/hooks/chat/test").json()
    until(lambda: told.message(message["id"])["state"] == "done")
    headers, body = next(one for one in told.receiver.heard if one[0]["webhook-id"] == message["id"])
    for secret in (told.secret, renewed["secret"]):
        Webhook(secret).verify(body, headers)
    assert renewed["secret"] not in told.client.get("/v1/audit?limit=1000").text


def test_hooks_are_added_once_listed_by_pages_and_removed_with_their_secrets(told: Told) -> None:
    order = {"name": "second", "url": told.receiver.url, "events": ["claim.stale"]}
    assert told.client.post("/v1/hooks", json=order).status_code == 201
    assert told.client.post("/v1/hooks", json=order).status_code == 409
    for wrong in ({"events": ["hook.test"]}, {"url": "ftp://example.com/"}, {"url": "https://me:pw@example.com/"}):  # fmt: skip
        refused = told.client.post("/v1/hooks", json={**order, "name": "third", **wrong})
        assert refused.status_code in (400, 422), refused.text
        assert refused.headers["content-type"] == "application/problem+json"
    kept = len([one for one in (told.home / "hooks").rglob("*") if one.is_file()])
    assert told.client.delete("/v1/hooks/second").status_code == 204
    assert told.client.delete("/v1/hooks/second").status_code == 404
    assert len([one for one in (told.home / "hooks").rglob("*") if one.is_file()]) == kept - 1
    ids: list[str] = []
    after: str | None = None
    while True:
        page = told.client.get("/v1/hook-messages", params={"limit": 2} | ({"after": after} if after else {})).json()  # fmt: skip
        ids += [one["id"] for one in page["items"]]
        if (after := page["next"]) is None:
            break
    everything = told.client.get("/v1/hook-messages?limit=200").json()
    assert ids == [one["id"] for one in everything["items"]]


def test_a_theme_that_spikes_is_told_by_its_id_and_numbers(told: Told) -> None:
    workspace = {"X-Voxspec-Workspace": "weeks"}
    with HookReceiver() as receiver:
        hook = {"name": "chat", "url": receiver.url, "events": ["theme.spiked"]}
        secret = told.client.post("/v1/hooks", json=hook, headers=workspace).json()["secret"]
        sent = told.client.post("/v1/ingest", files={"files": ("weeks.csv", _weeks())}, headers=workspace)
        done_job(told.client, sent.json()["id"], **workspace)
        run = told.client.post("/v1/themes", json={}, headers=workspace)
        done_job(told.client, run.json()["id"], **workspace)
        until(lambda: receiver.heard != [])
        heard = list(receiver.heard)
    for headers, body in heard:
        data = Webhook(secret).verify(body, headers)["data"]
        assert data["people_after"] >= 5
        assert data["people_after"] > data["people_before"] / 8
        assert b"spreadsheet" not in body


def _weeks() -> bytes:
    """Twenty weeks in which four things are said steadily, and a fifth all at once in the last one."""
    steady = (
        "I can't log in with my password since the update number {n}.",
        "The invoice for order {n} shows the wrong amount again.",
        "The mobile app drains the battery of my phone {n}.",
        "Search finds nothing when I look for card {n}.",
    )
    loud = "Exporting spreadsheet {n} to CSV fails with an empty file."
    first = datetime(2026, 3, 2, 9, tzinfo=UTC)
    rows, number = ["id,text,author,date"], 0
    for week in range(20):
        said = [one for one in steady for _ in range(4)] + [loud] * (16 if week == 19 else 1)
        for place, text in enumerate(said):
            number += 1
            day = first + timedelta(weeks=week, days=7 * place / len(said))
            rows.append(f"{number},{text.format(n=number)},person {number},{day.date().isoformat()}")
    return "\n".join(rows).encode()
