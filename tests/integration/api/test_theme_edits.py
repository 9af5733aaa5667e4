"""Themes are corrected and seen over time over HTTP."""

from collections.abc import Iterator
from typing import Any

import pytest
from starlette.testclient import TestClient

from tests.support.service import ingest_feedback, running, wait_for_job


@pytest.fixture
def themed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    with running(tmp_path_factory.mktemp("edited")) as client:
        ingest_feedback(client)
        assert wait_for_job(client, client.post("/v1/themes", json={}).json()["id"])["state"] == "done"
        yield client


def first(client: TestClient) -> dict[str, Any]:
    theme: dict[str, Any] = client.get("/v1/themes", params={"level": 2}).json()["items"][0]
    return theme


def test_an_edit_is_looked_at_made_and_undone(themed: TestClient) -> None:
    theme = first(themed)
    order = {"action": "rename", "theme": theme["id"], "name": "What everybody says"}
    looked = themed.post("/v1/themes/edits", json=order).json()
    assert looked["applied"] is False
    assert first(themed)["name"] == theme["name"]
    assert themed.get("/v1/themes/edits").json()["items"] == []
    assert themed.post("/v1/themes/edits", json=order | {"dry_run": False}).json()["applied"] is True
    assert themed.get(f"/v1/themes/{theme['id']}").json()["name"] == "What everybody says"
    (logged,) = themed.get("/v1/themes/edits").json()["items"]
    assert (logged["number"], logged["by"], logged["undone"]) == (1, "api", False)
    assert themed.post("/v1/themes/edits/1/undo", json={"dry_run": False}).status_code == 200
    assert themed.get(f"/v1/themes/{theme['id']}").json()["name"] == theme["name"]
    again = themed.post("/v1/themes/edits/1/redo", json={}).json()
    assert again["applied"] is False


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("/v1/themes/edits", {"action": "rename", "theme": "no such theme", "name": "x"}, 404),
        ("/v1/themes/edits", {"action": "explode", "theme": "x"}, 422),
        ("/v1/themes/edits", {"action": "rename", "theme": "x", "colour": "red"}, 422),
        ("/v1/themes/edits/7/undo", {}, 404),
    ],
)
def test_what_can_not_be_done_is_a_problem_with_a_hint(
    themed: TestClient, path: str, body: dict[str, Any], status: int
) -> None:
    answer = themed.post(path, json=body)
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["hint"]


def test_trends_have_periods_that_count_every_dated_record(themed: TestClient) -> None:
    told = themed.get("/v1/themes/trends", params={"by": "month", "release": "1.0=2026-02-01"}).json()
    assert told["grain"] == "month"
    assert len(told["periods"]) >= 1
    assert {theme["id"] for theme in told["themes"]} <= {
        theme["id"] for theme in themed.get("/v1/themes").json()["items"]
    }
    refused = themed.get("/v1/themes/trends", params={"release": "yesterday"})
    assert refused.status_code == 422
    assert "NAME=DATE" in refused.json()["hint"]


def test_trends_before_the_first_run_are_a_problem(tmp_path_factory: pytest.TempPathFactory) -> None:
    with running(tmp_path_factory.mktemp("no-themes")) as client:
        ingest_feedback(client)
        answer = client.get("/v1/themes/trends")
        assert answer.status_code == 422
        assert "POST /v1/themes" in answer.json()["hint"]
