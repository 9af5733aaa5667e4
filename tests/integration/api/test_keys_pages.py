"""Owners make and revoke keys on a page, and read what was done; others don't see either."""

import json
from collections.abc import Iterator

import pytest
from selectolax.lexbor import LexborHTMLParser as HTMLParser
from starlette.testclient import TestClient

from tests.support.service import running

HTML = {"Accept": "text/html"}
OWNER = "owner-of-the-service"


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    with running(tmp_path_factory.mktemp("home"), api_key=OWNER) as started:
        yield started


def bearer(secret: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {secret}", **HTML}


def test_a_key_is_made_shown_once_opens_what_its_role_may_and_is_revoked(client: TestClient) -> None:
    order = {"name": "dashboard", "role": "viewer", "days": "30"}
    made = client.post("/settings/keys", data=order, headers=bearer(OWNER))
    secret = HTMLParser(made.text).css(".secret")[0].text()
    assert secret not in client.get("/settings/keys", headers=bearer(OWNER)).text
    assert client.get("/", headers=bearer(secret)).status_code == 200
    for address in ("/settings/keys", "/settings/keys.json", "/settings/audit", "/settings/audit.csv"):
        assert client.get(address, headers=bearer(secret)).status_code == 403, address
    assert client.post("/settings/keys", data=order, headers=bearer(secret)).status_code == 403

    [held] = client.get("/settings/keys.json", headers=bearer(OWNER)).json()["items"]
    assert (held["name"], held["role"], held["revoked_at"]) == ("dashboard", "viewer", None)
    client.post(f"/settings/keys/{held['id']}/revocation", headers=bearer(OWNER))
    assert client.get("/home.json", headers=bearer(secret)).status_code == 401


def test_the_log_tells_who_made_it_and_that_it_is_whole_and_holds_no_secret(client: TestClient) -> None:
    told = client.get("/settings/audit.json", headers=bearer(OWNER)).json()
    assert told["state"]["whole"]
    assert "POST /settings/keys" in {one["action"] for one in told["items"]}
    assert OWNER not in json.dumps(told)
    assert (
        "whole" in HTMLParser(client.get("/settings/audit", headers=bearer(OWNER)).text).css("main")[0].text()
    )
