"""Themes of a service of its own: with nothing to find, and with a model that names them."""

import json
from pathlib import Path

import pytest

from tests.integration.api.test_themes import found
from tests.support.model_server import ModelRequest, ModelServer, answers
from tests.support.service import running, wait_for_job


def test_an_empty_workspace_has_no_themes_and_a_run_says_what_to_do(tmp_path: Path) -> None:
    with running(tmp_path) as client:
        assert client.get("/v1/themes").json()["run"] is None
        assert client.get("/v1/themes/thm_x").status_code == 404
        job = found(client)
        assert (job["state"], job["error"]["code"]) == ("failed", "usage")
        assert "ingest" in job["error"]["hint"]


@pytest.mark.allow_hosts(["127.0.0.1"])
def test_a_model_names_themes_and_personal_data_stays_masked_everywhere(tmp_path: Path) -> None:
    rows = "text,author\n" + "".join(
        f"The export of large boards fails and I told jo{n}@corp.example about it.,a{n}\n" for n in range(8)
    )
    with (
        ModelServer(answers(_named)) as server,
        running(tmp_path, model="openai:test", openai_base_url=server.base_url) as client,
    ):
        answer = client.post(
            "/v1/ingest", files={"files": ("mails.csv", rows.encode())}, data={"map": "author=author"}
        )
        assert wait_for_job(client, answer.json()["id"])["state"] == "done"
        job = found(client)
        assert job["result"]["names"]["named"] >= 1, job
        area = client.get("/v1/themes").json()["items"][0]
        assert (area["name"], area["named_by"]) == ("export of large boards", "model")
        assert "corp.example" not in client.get("/v1/themes").text
        assert server.requests
        assert not any("corp.example" in str(one.body) for one in server.requests)
        asked = len(server.requests)
        found(client)
        assert len(server.requests) == asked, "names are made once"


def _named(request: ModelRequest) -> str:
    shown = json.loads(request.user.split("\n")[1])
    return json.dumps(
        {"name": "export of large boards", "summary": "", "cites": [one["id"] for one in shown]}
    )
