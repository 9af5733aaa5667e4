"""Evaluation sets over HTTP: a job runs them, the run is read in each format, two runs are compared."""

import json
from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient

from evals.cases.case import shipped_sets
from evals.runs.report import MEDIA_TYPES
from tests.support.service import running, wait_for_job

ORDER = {"sets": ["laneway_stories"], "writer": "extractive"}


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    with running(tmp_path_factory.mktemp("home")) as started:
        yield started


@pytest.fixture(scope="module")
def run_id(client: TestClient) -> str:
    answer = client.post("/v1/evals", json=ORDER)
    assert answer.status_code == 202, answer.text
    assert answer.headers["location"] == f"/v1/jobs/{answer.json()['id']}"
    job = wait_for_job(client, answer.json()["id"])
    assert job["state"] == "done", job
    assert job["result"]["gate"] == "passed"
    assert job["result"]["cases"] == {"passed": 4, "failed": 0, "abstained": 0, "error": 0}
    return str(job["result"]["run"])


def test_the_sets_are_listed_with_their_size(client: TestClient) -> None:
    listed = client.get("/v1/evals").json()
    assert [one["name"] for one in listed["items"]] == list(shipped_sets())
    assert all(one["cases"] and one["records"] for one in listed["items"])


def test_a_run_is_read_in_each_format(client: TestClient, run_id: str) -> None:
    for form, media_type in MEDIA_TYPES.items():
        answer = client.get(f"/v1/evals/runs/{run_id}", params={"format": form})
        assert answer.status_code == 200
        assert answer.headers["content-type"] == media_type
    held = client.get(f"/v1/evals/runs/{run_id}").json()
    assert held["gate"] == "passed"
    assert [one["name"] for one in held["sets"]] == ["laneway_stories"]


def test_the_page_may_do_nothing_but_show_itself(client: TestClient, run_id: str) -> None:
    answer = client.get(f"/v1/evals/runs/{run_id}", params={"format": "html"})
    assert answer.headers["content-security-policy"].startswith("default-src 'none'; style-src 'sha256-")


def test_the_same_key_runs_the_sets_once(client: TestClient) -> None:
    first, again = (
        client.post("/v1/evals", json=ORDER, headers={"Idempotency-Key": "one"}) for _ in range(2)
    )
    assert first.json()["id"] == again.json()["id"]
    assert again.headers["idempotency-replayed"] == "true"
    assert wait_for_job(client, first.json()["id"])["state"] == "done"


def test_the_same_sets_give_the_same_run(client: TestClient, run_id: str) -> None:
    again = wait_for_job(client, client.post("/v1/evals", json=ORDER).json()["id"])
    assert again["result"]["run"] == run_id
    compared = client.get("/v1/evals/comparison", params={"before": run_id, "after": run_id}).json()
    assert (compared["cases"], compared["changed"]) == (4, [])


@pytest.mark.parametrize(
    ("method", "path", "body", "status", "said"),
    [
        ("POST", "/v1/evals", {"sets": ["nosuch"]}, 404, "There is no evaluation set 'nosuch'"),
        ("POST", "/v1/evals", {"writer": "openai:dear"}, 422, "writer"),
        ("POST", "/v1/evals", {"set": []}, 422, "set"),
        ("GET", "/v1/evals/runs/run_0000000000000000", None, 404, "There is no run"),
        ("GET", "/v1/evals/runs/..%2f..%2fcatalog", None, 404, "catalog"),
        ("GET", "/v1/evals/comparison?before=a&after=b", None, 404, "There is no run 'a'"),
    ],
)
def test_what_can_not_be_done_is_a_problem(
    client: TestClient, method: str, path: str, body: object, status: int, said: str
) -> None:
    answer = client.request(method, path, json=body)
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert said in json.dumps(answer.json())


def test_a_run_belongs_to_its_workspace(client: TestClient, run_id: str) -> None:
    answer = client.get(f"/v1/evals/runs/{run_id}", headers={"X-Voxspec-Workspace": "other"})
    assert answer.status_code == 404
