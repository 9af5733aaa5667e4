"""Keys with roles, sessions, and the log, over HTTP."""

from collections.abc import Iterator

import pytest
from sqlalchemy import create_engine, text
from starlette.testclient import TestClient

from assistant.domain.access import Role
from tests.support.service import running, wait_for_job

ROOT = "a-key-of-some-length-0123456789"
HTML = {"Accept": "text/html"}


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    with running(tmp_path_factory.mktemp("home"), api_key=ROOT) as started:
        yield started


def _as(secret: str, **more: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {secret}"} | more


def _key(client: TestClient, name: str, role: Role, workspace: str = "default") -> tuple[str, str]:
    headers = _as(ROOT, **{"X-Voxspec-Workspace": workspace})
    made = client.post("/v1/keys", json={"name": name, "role": role}, headers=headers)
    assert made.status_code == 201, made.text
    return made.json()["secret"], made.json()["id"]


def test_each_role_does_its_work_and_is_told_what_it_may_not(client: TestClient) -> None:
    secrets = {role: _key(client, f"r-{role}", role)[0] for role in Role}
    row = {"records": [{"text": "The export is blank.", "external_id": "1"}]}
    for role, secret in secrets.items():
        assert client.get("/v1/me", headers=_as(secret)).json() == {
            "name": f"r-{role}", "role": role, "workspace": "default",
        }  # fmt: skip
        sent = client.post("/v1/drafts", json={"kind": "prd", "brief": role}, headers=_as(secret))
        assert sent.status_code == (403 if role is Role.viewer else 202), sent.text
        if sent.status_code == 202:
            wait_for_job(client, sent.json()["id"], **_as(secret))
        listed = client.get("/v1/keys", headers=_as(secret))
        assert listed.status_code == (200 if role is Role.owner else 403)
    refused = client.post("/v1/drafts", json=row, headers=_as(secrets[Role.viewer])).json()
    assert refused["code"] == "role-forbids"
    assert "viewer" in refused["detail"]
    assert "--role editor" in refused["hint"]


def test_no_answer_but_the_first_holds_a_secret(client: TestClient) -> None:
    secret, key_id = _key(client, "once", Role.editor)
    listed = client.get("/v1/keys", headers=_as(ROOT)).text
    assert key_id in listed
    assert secret not in listed
    assert "sha256" not in listed
    assert secret not in client.get("/v1/audit?limit=1000", headers=_as(ROOT)).text


def test_a_key_sees_its_own_workspace_alone_also_by_a_repeated_request(client: TestClient) -> None:
    here, _ = _key(client, "here", Role.editor, "one")
    there, _ = _key(client, "there", Role.editor, "two")
    once = {"Idempotency-Key": "same"}
    order = {"kind": "prd", "brief": "x"}
    first = client.post("/v1/drafts", json=order, headers=_as(here, **once))
    second = client.post("/v1/drafts", json=order, headers=_as(there, **once))
    assert first.status_code == second.status_code == 202
    assert first.json()["id"] != second.json()["id"]
    assert "idempotency-replayed" not in second.headers
    for address in (
        "/v1/drafts?workspace=two",
        "/v1/audit?workspace=two",
        "/?workspace=two",
        "/v1/jobs?workspace=two",
    ):
        assert client.get(address, headers=_as(here)).status_code == 403, address
    job = first.json()["id"]
    wait_for_job(client, job, **_as(here))
    wait_for_job(client, second.json()["id"], **_as(there))
    assert client.get(f"/v1/jobs/{job}", headers=_as(there)).status_code == 404


def test_a_revoked_key_and_its_session_open_nothing(client: TestClient) -> None:
    secret, key_id = _key(client, "brief", Role.editor)
    browser = TestClient(client.app, base_url="http://127.0.0.1:8756")
    assert browser.post("/login", data={"key": secret}, follow_redirects=False).status_code == 303
    assert browser.get("/v1/me").json()["name"] == "brief"
    assert client.delete(f"/v1/keys/{key_id}", headers=_as(ROOT)).status_code == 204
    assert client.delete(f"/v1/keys/{key_id}", headers=_as(ROOT)).status_code == 404
    assert client.get("/v1/me", headers=_as(secret)).status_code == 401
    assert browser.get("/v1/me").status_code == 401


def test_a_browser_signs_in_and_comes_back_to_where_it_was(client: TestClient) -> None:
    browser = TestClient(client.app, base_url="http://127.0.0.1:8756", headers=HTML)
    away = browser.get("/themes?q=a%20b", follow_redirects=False)
    assert (away.status_code, away.headers["location"]) == (303, "/login?next=%2Fthemes%3Fq%3Da%2520b")
    form = browser.get(away.headers["location"])
    assert "Sign in" in form.text
    wrong = browser.post("/login", data={"key": "vxs_wrong", "next": "/themes"})
    assert wrong.status_code == 401
    assert "not known here" in wrong.text
    back = browser.post("/login", data={"key": ROOT, "next": "/themes?q=a%20b"}, follow_redirects=False)
    assert back.headers["location"] == "/themes?q=a%20b"
    cookie = back.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    assert ROOT not in cookie
    assert browser.get("/themes").status_code == 200
    settings = browser.get("/settings").text
    assert "Signed in as" in settings
    assert 'action="/logout"' in settings
    browser.post("/logout")
    assert browser.get("/themes", follow_redirects=False).status_code == 303


def test_another_sites_form_can_do_nothing_with_a_session(client: TestClient) -> None:
    browser = TestClient(client.app, base_url="http://127.0.0.1:8756")
    browser.post("/login", data={"key": ROOT})
    for headers in ({"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}):
        assert (
            browser.post("/v1/keys", json={"name": "x", "role": "owner"}, headers=headers).status_code == 403
        )
        assert browser.post("/logout", headers=headers).status_code == 403
    assert browser.get("/v1/me").status_code == 200


def test_the_log_tells_who_did_what_and_that_it_is_whole(client: TestClient) -> None:
    secret, _ = _key(client, "scribe", Role.viewer, "logged")
    client.get("/v1/drafts", headers=_as(secret))
    assert client.post("/v1/search", json={"question": "export"}, headers=_as(secret)).status_code == 200
    client.post("/v1/drafts", json={"kind": "prd", "brief": "secret words"}, headers=_as(secret))
    page = client.get("/v1/audit?workspace=logged", headers=_as(ROOT))
    told = [(e["by"], e["role"], e["action"], e["status"]) for e in page.json()["items"]]
    assert told == [("root", "owner", "POST /v1/keys", 201), ("scribe", "viewer", "POST /v1/drafts", 403)]
    assert "secret words" not in page.text
    first = client.get("/v1/audit?workspace=logged&limit=1", headers=_as(ROOT)).json()
    assert (len(first["items"]), first["next"]) == (1, 1)
    assert client.get("/v1/audit?workspace=logged&after=2", headers=_as(ROOT)).json()["items"] == []
    state = client.get("/v1/audit/verify?workspace=logged", headers=_as(ROOT)).json()
    assert state == {"entries": 2, "whole": True, "broken_at": None}


def test_what_is_decided_carries_the_name_of_the_key_unless_another_is_given(client: TestClient) -> None:
    secret, _ = _key(client, "Lena", Role.editor, "named")
    me = _as(secret)
    draft = client.post("/v1/drafts", json={"kind": "prd", "brief": "exports"}, headers=me).json()["id"]
    known = wait_for_job(client, draft, **me)["result"]["draft_id"]
    path = f"/v1/drafts/{known}"
    first = {"version": 1, "edits": [{"type": "replace", "target": "draft.title", "text": "Exports"}]}
    assert client.post(f"{path}/edits", json=first, headers=me).status_code == 200
    second = {"version": 2, "edits": [{"type": "replace", "target": "draft.title", "text": "Exports again"}]}
    assert client.post(f"{path}/edits", json=second | {"by": "Omar"}, headers=me).status_code == 200
    items = client.get(f"{path}/versions", headers=me).json()["items"]
    assert [one["note"]["by"] for one in items if one["note"]] == ["Omar", "Lena"]
    remark = {"target": "draft.title", "text": "Which exports?"}
    assert client.post(f"{path}/comments", json=remark, headers=me).json()["by"] == "Lena"
    said = client.post("/v1/threads", json={"draft_id": known}, headers=me).json()["id"]
    turn = client.post(f"/v1/threads/{said}/turns", json={"text": "undo"}, headers=me).json()
    client.get(turn["events"], headers=me)
    newest = client.get(f"{path}/versions", headers=me).json()["items"][0]["note"]
    assert (newest["cause"], newest["by"]) == ("undo", "Lena")


def test_what_can_not_be_logged_is_not_acknowledged(client: TestClient) -> None:
    place = client.app.state.service.settings.home / "catalog.sqlite3"  # type: ignore[attr-defined]
    engine = create_engine(f"sqlite:///{place}")

    def rename(old: str, new: str) -> None:
        with engine.begin() as connection:
            connection.execute(text(f"ALTER TABLE {old} RENAME TO {new}"))

    rename("audit_log", "away")
    try:
        refused = client.post("/v1/keys", json={"name": "unheard", "role": "viewer"}, headers=_as(ROOT))
    finally:
        rename("away", "audit_log")
        engine.dispose()
    assert refused.status_code >= 500
    assert refused.headers["content-type"] == "application/problem+json"
    assert refused.json()["code"] != "internal"
    assert "secret" not in refused.json()
    assert client.get("/v1/me", headers=_as(ROOT)).status_code == 200
