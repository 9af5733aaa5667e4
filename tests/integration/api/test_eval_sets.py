"""Sets of a workspace over HTTP, and the page of a draft that keeps it as a case with one form."""

from typing import Any

from selectolax.lexbor import LexborHTMLParser as HTMLParser
from starlette.testclient import TestClient

HTML = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}


def test_a_draft_becomes_a_case_by_one_call(client: TestClient, run: dict[str, Any]) -> None:
    order = {"draft_id": run["draft_id"], "must_cite": ["Q1"], "about": "It cites."}
    answer = client.post("/v1/evals/sets/own/cases", json=order)
    assert answer.status_code == 201, answer.text
    case = answer.json()["case"]
    draft = client.get(f"/v1/drafts/{run['draft_id']}").json()
    assert case["expect"]["must_cite"] == [draft["quotes"]["Q1"]["record_id"]]
    held = client.get("/v1/evals/sets/own").json()
    assert [one["case"]["id"] for one in held["cases"]] == [case["id"]]
    listed = {one["name"]: one for one in client.get("/v1/evals/sets").json()["items"]}
    assert listed["own"] == {"name": "own", "of": "workspace", "kind": "prd", "cases": 1}
    assert "laneway_stories" in listed
    assert client.delete(f"/v1/evals/sets/own/cases/{case['id']}").status_code == 204
    assert client.get("/v1/evals/sets/own").status_code == 404


def test_what_can_not_be_kept_is_told(client: TestClient, run: dict[str, Any]) -> None:
    order = {"draft_id": run["draft_id"]}
    for name, more, status in (
        ("No%20Name", {}, 422),
        ("own", {"must_cite": ["Q999"]}, 404),
        ("own", {"bad": True}, 422),
        ("own", {"draft_id": "dra_none"}, 404),
        ("own", {"finding": "ffffffffffff"}, 404),
        ("own", {"unknown": 1}, 422),
    ):
        assert client.post(f"/v1/evals/sets/{name}/cases", json=order | more).status_code == status


def test_the_page_keeps_a_draft_with_one_form(client: TestClient, run: dict[str, Any]) -> None:
    address = f"/drafts/{run['draft_id']}"
    form = HTMLParser(client.get(address, headers=HTML).text).css_first("#cases form")
    held = {one.attributes["name"]: one.attributes.get("value") or "" for one in form.css("input")}
    answer = client.post(
        str(form.attributes["action"]), data=held | {"answer": "good"}, headers=HTML, follow_redirects=False
    )
    assert answer.status_code == 303, answer.text
    kept = (
        HTMLParser(client.get(answer.headers["location"], headers=HTML).text).css_first("#cases .note").text()
    )
    assert f"prd/{run['draft_id']}.v1" in kept
    refused = client.post(
        str(form.attributes["action"]), data=held, headers=HTML | {"Origin": "https://e.example"}
    )
    assert refused.status_code == 403
    bad = client.post(str(form.attributes["action"]), data=held | {"answer": "bad"}, headers=HTML)
    assert "a good one does" in HTMLParser(bad.text).css_first("main").text()
