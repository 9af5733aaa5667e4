"""Decisions over HTTP: a finding is overruled, a draft is approved; from programs and from the page of the draft."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from selectolax.lexbor import LexborHTMLParser as HTMLParser
from starlette.testclient import TestClient

from assistant.domain.draft import Draft
from tests.support.flawed_draft import flawed, laneway
from tests.support.service import running

HTML = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
WHY = "Sales counted them by hand."


@pytest.fixture
def draft(tmp_path: Path) -> Draft:
    with laneway(tmp_path / "home", tmp_path, served=True) as bench:
        return flawed(bench)


@pytest.fixture
def client(tmp_path: Path, draft: Draft) -> Iterator[TestClient]:
    with running(tmp_path / "home") as started:
        yield started


def _standing(client: TestClient, draft: Draft) -> list[dict[str, Any]]:
    told: dict[str, Any] = client.get(f"/v1/drafts/{draft.id}/approval").json()
    assert told["may_publish"] is not bool(told["findings"])
    return list(told["findings"])


def test_approval_is_refused_with_what_stands_until_each_is_overruled(
    client: TestClient, draft: Draft
) -> None:
    refused = client.post(f"/v1/drafts/{draft.id}/approval")
    assert refused.status_code == 409
    assert refused.headers["content-type"] == "application/problem+json"
    assert refused.json()["code"] == "not-approved"
    keys = [one["key"] for one in refused.json()["findings"]]
    assert keys
    for key in keys:
        answer = client.post(
            f"/v1/drafts/{draft.id}/findings/{key}/overrule", json={"reason": WHY, "by": "Ida"}
        )
        assert answer.status_code == 200, answer.text
        assert answer.json()["overruled"]["reason"] == WHY
    assert _standing(client, draft) == []
    approved = client.post(f"/v1/drafts/{draft.id}/approval", json={"by": "Ida"})
    assert approved.json()["status"] == "approved"
    assert client.get(f"/v1/drafts/{draft.id}").json()["status"] == "approved"
    assert client.get("/v1/drafts").json()["items"][0]["status"] == "approved"
    checked = client.post("/v1/checks", json={"draft_id": draft.id}).json()
    assert {one["key"] for one in checked["findings"] if one.get("overruled")} == set(keys)


def test_an_overruling_needs_a_reason_and_a_finding(client: TestClient, draft: Draft) -> None:
    (one, *_) = _standing(client, draft)
    address = f"/v1/drafts/{draft.id}/findings/{one['key']}/overrule"
    assert client.post(address, json={}).status_code == 422
    assert client.post(address.replace(one["key"], "f" * 12), json={"reason": WHY}).status_code == 404
    assert client.post(address.replace(one["key"], "no-key"), json={"reason": WHY}).status_code == 422
    assert client.post(address.replace(draft.id, "dra_none"), json={"reason": WHY}).status_code == 404


def test_the_page_overrules_and_approves_with_plain_forms(client: TestClient, draft: Draft) -> None:
    page = HTMLParser(client.get(f"/drafts/{draft.id}", headers=HTML).text)
    assert page.css_first("form.approve button").attributes.keys() >= {"disabled"}
    forms = page.css("li.block details.decide form[action$=overrule]")
    assert len(forms) == len(_standing(client, draft))
    for form in forms:
        held = {"version": "2", "reason": "<b>counted</b>", "by": "Ida"}
        answer = client.post(str(form.attributes["action"]), data=held, headers=HTML, follow_redirects=False)
        assert (answer.status_code, answer.headers["location"]) == (
            303,
            f"/drafts/{draft.id}?version=2#findings",
        )
    text = client.get(f"/drafts/{draft.id}", headers=HTML).text
    assert "&lt;b&gt;counted&lt;/b&gt;" in text
    form = HTMLParser(text).css_first("form.approve")
    client.post(str(form.attributes["action"]), data={"version": "2"}, headers=HTML)
    page = HTMLParser(client.get(f"/drafts/{draft.id}", headers=HTML).text)
    assert page.css_first("form.approve") is None
    assert "approved" in page.css_first(".checks").text()


def test_forms_of_other_sites_are_refused(client: TestClient, draft: Draft) -> None:
    (one, *_) = _standing(client, draft)
    for headers in ({"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}):
        for path in (f"findings/{one['key']}/overrule", "approval"):
            answer = client.post(
                f"/drafts/{draft.id}/{path}", data={"version": "2", "reason": WHY}, headers=headers
            )
            assert answer.status_code == 403
    assert len(_standing(client, draft)) > 0


def test_the_page_tells_what_is_missing(client: TestClient, draft: Draft) -> None:
    refused = client.post(f"/drafts/{draft.id}/approval", data={"version": "2"}, headers=HTML)
    assert refused.status_code == 409
    assert "stand" in HTMLParser(refused.text).css_first("main").text()
    (one, *_) = _standing(client, draft)
    empty = client.post(
        f"/drafts/{draft.id}/findings/{one['key']}/overrule", data={"version": "2"}, headers=HTML
    )
    assert empty.status_code == 422
    assert "with a reason" in HTMLParser(empty.text).css_first("main").text()


def test_decisions_are_taken_back_by_programs_and_from_the_page(client: TestClient, draft: Draft) -> None:
    found = _standing(client, draft)
    for one in found:
        client.post(f"/v1/drafts/{draft.id}/findings/{one['key']}/overrule", json={"reason": WHY})
    client.post(f"/v1/drafts/{draft.id}/approval")
    assert client.post(f"/v1/drafts/{draft.id}/approval/withdrawal", json={}).status_code == 422
    back = client.post(f"/v1/drafts/{draft.id}/approval/withdrawal", json={"reason": "Too early."})
    assert back.json()["status"] != "approved"
    assert client.get("/v1/drafts").json()["items"][0]["status"] != "approved"
    again = client.post(f"/v1/drafts/{draft.id}/approval/withdrawal", json={"reason": "Too late."})
    assert again.status_code == 404
    address = f"/v1/drafts/{draft.id}/findings/{found[0]['key']}/overrule/withdrawal"
    told = client.post(address, json={"reason": "Nobody counted.", "by": "Bo"}).json()
    assert (told["may_publish"], [one["key"] for one in told["findings"]]) == (False, [found[0]["key"]])
    client.post(address.removesuffix("/withdrawal"), json={"reason": WHY})
    client.post(f"/v1/drafts/{draft.id}/approval")
    page = HTMLParser(client.get(f"/drafts/{draft.id}", headers=HTML).text)
    forms = [page.css_first("details.withdraw form"), *page.css("li.overruled form[action$=withdrawal]")]
    assert len(forms) == 1 + len(found)
    for form in forms:
        held = {"version": "2", "reason": "<i>no</i>", "by": "Bo"}
        answer = client.post(str(form.attributes["action"]), data=held, headers=HTML, follow_redirects=False)
        assert answer.status_code == 303
    assert len(_standing(client, draft)) == len(found)
