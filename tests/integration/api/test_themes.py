"""Themes over HTTP: a durable job finds them, a list pages through them, each one is quoted and masked."""

from collections.abc import Iterator
from typing import Any

import pytest
from starlette.testclient import TestClient

from tests.support.service import ingest_feedback, running, wait_for_job


@pytest.fixture(scope="module")
def themed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    with running(tmp_path_factory.mktemp("themes")) as client:
        ingest_feedback(client)
        assert found(client)["state"] == "done"
        yield client


def found(client: TestClient, **order: Any) -> dict[str, Any]:
    answer = client.post("/v1/themes", json=order)
    assert answer.status_code == 202, answer.text
    assert answer.headers["location"] == f"/v1/jobs/{answer.json()['id']}"
    return wait_for_job(client, answer.json()["id"])


def every(client: TestClient, limit: int, **query: Any) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = []
    cursor = None
    while True:
        page = client.get(
            "/v1/themes", params={"limit": limit, **query} | ({"cursor": cursor} if cursor else {})
        ).json()
        items += page["items"]
        cursor = page["next"]
        if cursor is None:
            return items


def test_a_job_finds_themes_and_says_what_it_did(themed: TestClient) -> None:
    job = found(themed)
    listed = themed.get("/v1/themes").json()
    assert job["result"]["run"] == listed["run"]["id"]
    assert job["result"]["statements"] == listed["statements"] > 0
    assert job["result"]["names"]["calls"] == 0
    assert listed["people"] == 30
    assert listed["waiting"] == 0


def test_pages_of_any_size_give_the_same_list(themed: TestClient) -> None:
    whole = every(themed, 200, level=2, single_voices=True)
    assert whole == every(themed, 1, level=2, single_voices=True)
    assert sum(theme["statements"] for theme in whole) == themed.get("/v1/themes").json()["statements"]
    assert [theme["people"] for theme in whole] == sorted((theme["people"] for theme in whole), reverse=True)


def test_a_theme_has_its_quotes_and_its_parts(themed: TestClient) -> None:
    area = every(themed, 200)[0]
    told = themed.get(f"/v1/themes/{area['id']}").json()
    assert told["quotes"] == area["quotes"] != []
    assert told["of_people"] == 30
    inside = every(themed, 200, parent=area["id"])
    assert {part["id"] for part in told["parts"]} == {one["id"] for one in inside}
    quote = told["quotes"][0]["quote"]
    raw = themed.get(f"/v1/records/{quote['record_id']}").json()["raw"]
    assert raw[quote["start"] : quote["end"]] == quote["text"]


def test_a_plan_is_told_without_a_run(themed: TestClient) -> None:
    told = themed.get("/v1/themes/plan").json()
    assert (told["new_records"], told["calls"]) == (0, 0)
    assert told["records"] == themed.get("/v1/themes").json()["records"] or told["records"] > 0


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        ("/v1/themes/thm_none", 404, "not-found"),
        ("/v1/themes?cursor=thm_none", 422, "usage"),
        ("/v1/themes?level=4", 422, "invalid-request"),
        ("/v1/themes?levle=1", 422, "usage"),
    ],
)
def test_what_is_wrong_is_a_problem_with_a_hint(
    themed: TestClient, path: str, status: int, code: str
) -> None:
    answer = themed.get(path)
    assert answer.headers["content-type"].startswith("application/problem+json")
    assert (answer.status_code, answer.json()["code"]) == (status, code), answer.text
    assert answer.json()["hint"]


def test_the_same_key_starts_one_run(themed: TestClient) -> None:
    key = {"Idempotency-Key": "themes-1"}
    first = themed.post("/v1/themes", json={"afresh": True}, headers=key)
    again = themed.post("/v1/themes", json={"afresh": True}, headers=key)
    assert first.json() == again.json()
    assert again.headers["idempotency-replayed"] == "true"
    assert themed.post("/v1/themes", json={}, headers=key).status_code == 422
    assert wait_for_job(themed, first.json()["id"])["state"] == "done"
