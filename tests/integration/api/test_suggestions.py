"""A model's wording for what a check has against a draft: a button, a difference, and nothing kept before it is applied."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from selectolax.lexbor import LexborHTMLParser as HTMLParser
from starlette.testclient import TestClient

from tests.support.flawed_draft import flawed, laneway
from tests.support.model_server import ModelRequest, ModelServer, answers
from tests.support.service import running

HTML = {"Accept": "text/html"}
MENDED = "Altogether swimmers left."


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    folder = tmp_path_factory.mktemp("suggested")
    with laneway(folder / "home", folder, served=True) as bench:
        return folder / "home", flawed(bench).id


@pytest.fixture(scope="module")
def server() -> Iterator[ModelServer]:
    said = iter([MENDED, "Altogether 98 swimmers left."])

    def say(_asked: ModelRequest) -> str:
        return json.dumps({"text": next(said)})

    with ModelServer(answers(say)) as model:
        yield model


def _page(client: TestClient, draft: str) -> HTMLParser:
    return HTMLParser(client.get(f"/drafts/{draft}", headers=HTML).text)


def test_a_models_wording_comes_as_a_difference_and_is_kept_once_it_is_applied(
    home: tuple[Path, str], server: ModelServer
) -> None:
    folder, draft = home
    with running(folder, model="openai:test", openai_base_url=server.base_url) as client:
        form, other, *_ = [
            one.attributes["action"] or ""
            for one in _page(client, draft).css("#findings form.fix")
            if "/suggestion" in (one.attributes["action"] or "")
        ]
        sent = {"version": "2"}
        shown = client.post(form, data=sent, headers=HTML)
        assert client.get(f"/v1/drafts/{draft}").json()["version"] == 2
        asked = json.loads(server.requests[0].body["messages"][-1]["content"].split("\n")[1])
        assert asked["passage"] == "Altogether 97 swimmers left last month."
        assert "97" in asked["problem"]
        tree = HTMLParser(shown.text)
        assert "97" in tree.css("table.diff del")[0].text()
        assert "openai:test" in tree.css(".note")[0].text()
        fields = {
            one.attributes["name"] or "": one.attributes["value"] for one in tree.css("form.actions input")
        }

        worse = client.post(other, data=sent, headers=HTML)
        assert HTMLParser(worse.text).css_first("table.diff") is None
        assert "can&#39;t stand" in worse.text

        client.post(f"/drafts/{draft}/edit", data=fields, headers=HTML)
        after = client.get(f"/v1/drafts/{draft}").json()
        assert (after["version"], MENDED in json.dumps(after["sections"])) == (3, True)


def test_without_a_model_there_is_no_button_but_what_to_set(home: tuple[Path, str]) -> None:
    folder, draft = home
    with running(folder) as client:
        assert "/suggestion" not in client.get(f"/drafts/{draft}", headers=HTML).text
        key = client.post("/v1/checks", json={"draft_id": draft}).json()["findings"][0]["key"]
        refused = client.post(
            f"/drafts/{draft}/findings/{key}/suggestion", data={"version": "2"}, headers=HTML
        )
        assert refused.status_code == 422
        assert "VOXSPEC_MODEL" in refused.text
