"""`Idempotency-Key` on each POST that there is: the same bytes again, also after a restart; other content and haste are refused."""

import threading
import time
from collections.abc import Generator, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
from starlette.testclient import TestClient

from api.idempotency import FILE, OnceStore
from api.openapi import KEYLESS
from assistant.domain.draft import Draft
from assistant.domain.ticket import Action, Connection, Effect, EffectState, Link, Ticket
from assistant.stores.decisions import SavedMapping
from evals.cases.case import shipped_sets
from tests.support.flawed_draft import flawed, laneway
from tests.support.service import done_job, running
from tests.support.signed_tracker import KIND, connection, install
from tests.support.waiting import until

DESK = Connection(
    name="desk", tracker="roundup", url="http://127.0.0.1:1/lanes/", user="ida", token="env:LANES_PASSWORD"
)
"""Nobody listens there: what is to be sent waits."""
GIVEN_UP = Effect(
    key="once",
    connection=DESK.name,
    action=Action.comment,
    subject="7",
    ticket="7",
    made_at=datetime.now(UTC),
    state=EffectState.dead,
)


THERE = connection("there")
"""A tracker in memory, with a ticket of the draft."""


@dataclass(frozen=True)
class Step:
    """One POST. `route`: as the document has it."""

    route: str
    body: Any = None
    more: dict[str, Any] = field(default_factory=dict)
    """Of a request that isn't JSON, as httpx takes it."""
    names: dict[str, str] = field(default_factory=dict)

    def send(self, client: TestClient, key: str, *, other: bool = False, **headers: str) -> httpx.Response:
        """Args: other: with another content under the same key."""
        headers["Idempotency-Key"] = key
        path = self.route.format(**self.names)
        if "files" in self.more:
            content = b"id,text\n9,Another file altogether\n" if other else b"id,text\n1,Once only\n"
            return client.post(path, files={"files": ("one.csv", content)}, headers=headers)
        if "content" in self.more:
            content = self.more["content"] + (b'{"text": "more"}\n' if other else b"")
            return client.post(
                path, content=content, headers=headers | {"Content-Type": "application/x-ndjson"}
            )
        return client.post(path, json={"quite": "different"} if other else self.body, headers=headers)


Journey = Generator[Step, dict[str, Any], None]


def _on_drafts(client: TestClient, draft: Draft) -> Journey:
    of = {"draft_id": draft.id}
    base = "/v1/drafts/{draft_id}"

    def seen() -> int:
        return int(client.get(f"/v1/drafts/{draft.id}/versions").json()["newest"])

    hidden = [{"type": "replace", "target": "US-1.want", "text": "to read \u202ethis"}]
    told = yield Step(f"{base}/edits", {"version": seen(), "edits": hidden}, names=of)
    key = next(one["key"] for one in told["check"]["findings"] if one["grader"] == "hidden_characters")
    yield Step(f"{base}/findings/{{key}}/fix", {"version": seen()}, names=of | {"key": key})
    yield Step(f"{base}/undo", {"version": seen()}, names=of)
    yield Step(f"{base}/redo", {"version": seen()}, names=of)
    wish = {"version": seen(), "target": "C1", "style": "shorter"}
    yield Step(f"{base}/proposals", wish, names=of)
    yield Step(f"{base}/refresh", {"version": seen(), "dry_run": True}, names=of)
    yield Step(f"{base}/sections/{{section}}/approval", {"by": "Ida"}, names=of | {"section": "evidence"})
    made = yield Step(f"{base}/comments", {"target": "C1", "text": "Why?"}, names=of)
    yield Step(f"{base}/comments/{{comment_id}}/resolution", {}, names=of | {"comment_id": made["id"]})
    yield Step("/v1/checks", {"draft_id": draft.id})
    standing = client.get(f"/v1/drafts/{draft.id}/approval").json()["findings"]
    for one in standing:
        overrule = f"{base}/findings/{{key}}/overrule"
        yield Step(overrule, {"reason": "Counted by hand."}, names=of | {"key": one["key"]})
    yield Step(f"{base}/approval", {"by": "Ida"}, names=of)
    yield Step(f"{base}/publications", {"connection": DESK.name}, names=of)
    yield Step(f"{base}/publications/undo", {"connection": THERE.name}, names=of)
    yield Step("/v1/effects/replay", {"key": GIVEN_UP.key})
    yield Step("/v1/evals/sets/{name}/cases", {"draft_id": draft.id}, names={"name": "ours"})
    yield Step(f"{base}/approval/withdrawal", {"reason": "Too early."}, names=of)
    again = f"{base}/findings/{{key}}/overrule/withdrawal"
    yield Step(again, {"reason": "Nobody counted."}, names=of | {"key": standing[0]["key"]})
    run = yield Step(f"{base}/revisions", {"brief": "swimming lanes"}, names=of)
    done_job(client, run["id"])


def _on_the_rest(client: TestClient) -> Journey:
    job = yield Step("/v1/ingest", more={"files": True})
    done_job(client, job["id"])
    job = yield Step("/v1/records", more={"content": b'{"text": "The lanes are too narrow."}\n'})
    done_job(client, job["id"])
    yield Step("/v1/search", {"question": "lanes"})
    job = yield Step("/v1/tickets", {"connection": DESK.name, "key": "1", "title": "The lanes are closed"})
    done_job(client, job["id"])
    yield Step("/v1/tickets:match", {"title": "Closed lanes"})
    run = yield Step("/v1/drafts", {"kind": "insight_summary", "brief": "lanes"})
    done_job(client, run["id"])
    yield Step(
        "/v1/priorities", {"method": "ice", "rows": [{"item": "a", "impact": 2, "confidence": 3, "ease": 4}]}
    )
    thread = yield Step("/v1/threads", {"title": "Lanes"})
    turn = yield Step(
        "/v1/threads/{thread_id}/turns", {"text": "what about lanes?"}, names={"thread_id": thread["id"]}
    )
    yield Step(
        "/v1/threads/{thread_id}/turns/{turn}/cancel", names={"thread_id": thread["id"], "turn": turn["id"]}
    )
    job = yield Step("/v1/themes", {})
    done_job(client, job["id"])
    theme = client.get("/v1/themes", params={"level": 1}).json()["items"][0]["id"]
    job = yield Step("/v1/evals", {"sets": [next(iter(shipped_sets()))]})
    client.delete(f"/v1/jobs/{job['id']}")
    rename = {"action": "rename", "theme": theme, "name": "Water", "dry_run": False}
    yield Step("/v1/themes/edits", rename)
    yield Step("/v1/themes/edits/{number}/undo", {"dry_run": False}, names={"number": "1"})
    yield Step("/v1/themes/edits/{number}/redo", {"dry_run": False}, names={"number": "1"})
    # Never called: nobody may reach that address.
    hook = {"name": "chat", "url": "https://127.0.0.1/", "events": ["draft.completed"]}
    assert client.post("/v1/hooks", json=hook).status_code == 201
    message = yield Step("/v1/hooks/{name}/test", names={"name": "chat"})
    path = f"/v1/hook-messages/{message['id']}"
    until(lambda: client.get(path).json()["state"] == "dead")
    yield Step("/v1/hook-messages/{message_id}/replay", names={"message_id": message["id"]})


class _Held(OnceStore):
    """A real store that keeps an answer back until it is let go, so that a second request surely comes in between."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self.entered, self.go_on = threading.Event(), threading.Event()

    def put(self, key: str, fingerprint: str, answer: Any) -> None:
        self.entered.set()
        assert self.go_on.wait(60)
        super().put(key, fingerprint, answer)


@contextmanager
def _holding(client: TestClient, home: Path) -> Iterator[_Held]:
    service = client.app.state.service  # type: ignore[attr-defined]
    before, service.once = service.once, _Held(home / FILE)
    yield service.once
    service.once.close()
    service.once = before


@contextmanager
def _a_day_later(client: TestClient, home: Path) -> Iterator[None]:
    """Less the minutes that the test may take."""
    service = client.app.state.service  # type: ignore[attr-defined]
    before, service.once = service.once, OnceStore(home / FILE, clock=lambda: time.time() + 23.5 * 3600)
    yield
    service.once.close()
    service.once = before


def _published(draft: Draft) -> Link:
    KIND.tickets["9"] = Ticket(connection=THERE.name, key="9", title="Lanes", body="As published")
    now = datetime.now(UTC)
    return Link(
        draft_id=draft.id, item="US-1", connection=THERE.name, ticket="9", base="As published", at=now
    )


def _taken_once(client: TestClient, store: _Held, step: Step, key: str) -> httpx.Response:
    """The answer of a POST that was sent four times: at once with itself, again, and with another content."""
    store.entered.clear()
    store.go_on.clear()
    with ThreadPoolExecutor(1) as pool:
        running_first = pool.submit(step.send, client, key)
        while not store.entered.wait(0.05):
            if running_first.done():
                pytest.fail(f"{step.route} was not kept: {running_first.result().text[:300]}")
        hasty = step.send(client, key)
        store.go_on.set()
        first = running_first.result()
    assert first.is_success, (step.route, first.text[:300])
    assert (hasty.status_code, hasty.json()["code"]) == (409, "in-flight"), step.route
    _is_replayed(step, step.send(client, key), first)
    other = step.send(client, key, other=True)
    assert (other.status_code, other.json()["code"]) == (422, "idempotency-key-reused"), step.route
    elsewhere = step.send(client, key, other=True, **{"X-Voxspec-Workspace": "elsewhere"})
    assert "idempotency-replayed" not in elsewhere.headers
    assert elsewhere.json().get("code") != "idempotency-key-reused", step.route
    return first


def _is_replayed(step: Step, again: httpx.Response, first: httpx.Response) -> None:
    assert again.headers.get("idempotency-replayed") == "true", step.route
    assert (again.status_code, again.content) == (first.status_code, first.content), step.route
    for name in ("location", "content-type"):
        assert again.headers.get(name) == first.headers.get(name), step.route


def test_every_post_is_done_once_per_key_and_told_the_same_after_a_restart(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LANES_PASSWORD", "secret")
    monkeypatch.syspath_prepend(install(tmp_path / "installed"))
    home = tmp_path / "home"
    with laneway(home, tmp_path, served=True) as bench:
        draft = flawed(bench)
        bench.catalog.connections.put(bench.workspace, DESK)
        bench.catalog.connections.put(bench.workspace, THERE)
        bench.catalog.effects.add(bench.workspace, [GIVEN_UP])
        bench.catalog.links.put(bench.workspace, _published(draft))
    answers: list[tuple[Step, str, httpx.Response]] = []
    with running(home) as client, _holding(client, home) as store:
        document = client.get("/openapi.json").json()
        for journey in (_on_drafts(client, draft), _on_the_rest(client)):
            step = next(journey, None)
            while step is not None:
                key = f"key-{len(answers)}"
                answers.append((step, key, _taken_once(client, store, step, key)))
                try:
                    step = journey.send(answers[-1][2].json())
                except StopIteration:
                    step = None
    taken = {
        path for path, operations in document["paths"].items() if "post" in operations and path not in KEYLESS
    }
    assert {step.route for step, _, _ in answers} == taken
    with running(home) as client, _a_day_later(client, home):
        for step, key, first in answers:
            _is_replayed(step, step.send(client, key), first)


def test_a_delete_that_is_sent_again_finds_it_done(tmp_path: Path) -> None:
    """It takes no key: what it asks for is that something isn't there, or is over."""
    home = tmp_path / "home"
    with laneway(home, tmp_path, served=True) as bench:
        draft = flawed(bench)
        mapping = SavedMapping(name="lanes", layout="csv", columns=("text",), fields={"text": "text"})
        bench.catalog.mappings.save(bench.workspace, mapping)
    with running(home) as client:
        section = f"/v1/drafts/{draft.id}/sections/evidence/approval"
        client.post(section, json={"by": "Ida"}).raise_for_status()
        kept = client.post("/v1/evals/sets/ours/cases", json={"draft_id": draft.id}).json()
        made = client.post("/v1/keys", json={"name": "lanes", "role": "viewer"}).json()
        hook = {"name": "chat", "url": "https://127.0.0.1/", "events": ["draft.completed"]}
        client.post("/v1/hooks", json=hook).raise_for_status()
        job = client.post("/v1/drafts", json={"kind": "prd", "brief": "lanes"}).json()
        sent = {
            "/v1/mappings/{name}": ("/v1/mappings/lanes", [204, 404]),
            "/v1/drafts/{draft_id}/sections/{section}/approval": (section, [204, 204]),
            "/v1/evals/sets/{name}/cases/{case_id}": (f"/v1/evals/sets/ours/cases/{kept['id']}", [204, 404]),
            "/v1/keys/{key_id}": (f"/v1/keys/{made['id']}", [204, 404]),
            "/v1/hooks/{name}": ("/v1/hooks/chat", [204, 404]),
            "/v1/jobs/{job_id}": (f"/v1/jobs/{job['id']}", [200, 200]),
        }
        for path, wanted in sent.values():
            assert [client.delete(path).status_code for _ in range(2)] == wanted, path
        document = client.get("/openapi.json").json()["paths"]
    assert set(sent) == {path for path, operations in document.items() if "delete" in operations}
    assert not any("put" in operations or "patch" in operations for operations in document.values())
