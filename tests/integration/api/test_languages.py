"""What the service says where records aren't English, and an embedder that is named with the first import."""

from pathlib import Path

import pytest
from starlette.testclient import TestClient

from evals.planted.corpus import write_corpus
from tests.support.service import running, wait_for_job


@pytest.fixture
def planted(tmp_path: Path) -> bytes:
    return write_corpus(tmp_path / "de.csv", "de").read_bytes()


def post(client: TestClient, content: bytes, *, dry_run: bool = False, **form: str) -> dict[str, object]:
    url = f"/v1/ingest?dry_run={str(dry_run).lower()}"
    answer = client.post(url, files={"files": ("de.csv", content)}, data=form)
    assert answer.status_code in {200, 202}, answer.text
    told: dict[str, object] = answer.json()
    return told if dry_run else wait_for_job(client, str(told["id"]))


def test_the_dry_run_and_the_job_tell_the_languages_and_what_they_call_for(
    tmp_path: Path, planted: bytes
) -> None:
    with running(tmp_path / "home") as client:
        looked = post(client, planted, dry_run=True)
        job = post(client, planted)
    for result in (looked, job["result"]):
        assert isinstance(result, dict)
        assert result["files"][0]["languages"] == {"de": 69}
        assert "voxspec embedder use-multilingual" in result["offer"]


def test_an_embedder_that_is_named_with_the_first_import_is_the_workspaces_from_then_on(
    tmp_path: Path, planted: bytes
) -> None:
    with running(tmp_path / "home") as client:
        job = post(client, planted, embedder="use-multilingual")
        assert job["state"] == "done"
        assert isinstance(job["result"], dict)
        assert job["result"]["offer"] == ""
        assert client.get("/readyz").status_code == 200
        hits = client.get("/v1/search", params={"q": "signing in and passwords"}).json()["hits"]
        assert any(word in hits[0]["quote"]["text"] for word in ("Passwort", "anmelden", "Anmeldung"))
        refused = post(client, planted + b"\n", embedder="minilm")
    assert refused["state"] == "failed"
    assert "holds vectors of use-multilingual-3" in str(refused)


def test_an_embedder_that_is_unknown_is_refused(tmp_path: Path, planted: bytes) -> None:
    with running(tmp_path / "home") as client:
        answer = client.post("/v1/ingest", files={"files": ("de.csv", planted)}, data={"embedder": "bert"})
    assert answer.status_code == 422
