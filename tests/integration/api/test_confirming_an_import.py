"""Over HTTP as on the command line: what isn't certain needs a word from the caller."""

from starlette.testclient import TestClient

from tests.support.service import wait_for_job

ODD = b"a,b\n" + b"".join(
    b"%d,The %s fails since the last update of the app\n" % (number, what)
    for number, what in enumerate((b"export", b"invoice", b"calendar"))
)


def test_an_uncertain_file_is_a_problem_with_the_same_hint(client: TestClient) -> None:
    before = client.get("/v1/jobs").json()["items"]
    answer = client.post("/v1/ingest", files={"files": ("odd.csv", ODD)})
    assert answer.status_code == 422
    problem = answer.json()
    assert problem["code"] == "not-confirmed"
    assert "It isn't certain what the columns of odd.csv hold: csv, text=b" in problem["detail"]
    assert "confirm=true" in problem["hint"]
    assert "text=COLUMN" in problem["hint"]
    assert client.get("/v1/jobs").json()["items"] == before


def test_a_confirmed_or_mapped_file_is_imported(client: TestClient) -> None:
    key = {"Idempotency-Key": "odd-1"}
    assert client.post("/v1/ingest", files={"files": ("odd.csv", ODD)}, headers=key).status_code == 422
    answer = client.post("/v1/ingest?confirm=true", files={"files": ("odd.csv", ODD)}, headers=key)
    assert answer.status_code == 202, answer.text
    assert wait_for_job(client, answer.json()["id"])["result"]["files"][0]["kept"] == 3
    mapped = client.post("/v1/ingest", files={"files": ("odd.csv", ODD)}, data={"map": "text=b"})
    assert mapped.status_code == 202


def test_a_dry_run_shows_how_sure_it_is_without_asking(client: TestClient) -> None:
    answer = client.post("/v1/ingest?dry_run=true", files={"files": ("odd.csv", ODD)})
    assert answer.status_code == 200
    assert answer.json()["files"][0]["confidence"] < 0.8
