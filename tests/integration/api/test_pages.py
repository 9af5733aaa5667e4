"""The web pages, as a browser gets them."""

from html import unescape
from typing import Any

import pytest
from selectolax.lexbor import LexborHTMLParser as HTMLParser
from starlette.testclient import TestClient

from tests.support.pages import demand_nothing_active
from tests.support.service import feedback_rows, write_draft
from tests.support.waiting import until

HTML = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
ADDRESSES = ("/", "/docs", "/search", "/search?q=slow+export", "/nothing")


def _draft_page(client: TestClient, run: dict[str, Any]) -> HTMLParser:
    answer = client.get(f"/drafts/{run['draft_id']}", headers=HTML)
    assert answer.status_code == 200
    return HTMLParser(answer.text)


@pytest.mark.parametrize("address", ADDRESSES)
def test_a_page_has_no_inline_script_and_nothing_from_elsewhere(client: TestClient, address: str) -> None:
    answer = client.get(address, headers=HTML)
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'; script-src 'self';" in policy
    assert "unsafe" not in policy
    demand_nothing_active(answer.text)


def test_the_home_page_leads_to_the_drafts(client: TestClient, run: dict[str, Any]) -> None:
    tree = HTMLParser(client.get("/", headers=HTML).text)
    assert tree.css_first(f'a[href="/drafts/{run["draft_id"]}"]') is not None
    assert str(len(feedback_rows())) in tree.css_first(".facts").text()


def test_a_draft_page_shows_the_verdict_and_the_counts(client: TestClient, run: dict[str, Any]) -> None:
    draft = client.get(f"/v1/drafts/{run['draft_id']}").json()
    strip = _draft_page(client, run).css_first(".checks").text()
    assert draft["report"]["verdict"] in strip
    for count in draft["report"]["counts"].values():
        assert f"{count['ok']}/{count['total']}" in strip


def test_every_citation_of_a_draft_opens_its_passage(client: TestClient, run: dict[str, Any]) -> None:
    draft = client.get(f"/v1/drafts/{run['draft_id']}").json()
    chips = _draft_page(client, run).css(".document a.cite")
    assert chips
    seen = set()
    for chip in chips:
        quote = draft["quotes"][chip.text()]
        seen.add(chip.text())
        record = client.get(unescape(chip.attributes["href"] or ""), headers=HTML)
        mark = HTMLParser(record.text).css_first("mark#quote")
        assert mark.text() == quote["text"]
    assert seen == set(draft["quotes"])


def test_every_number_of_a_draft_opens_its_query_and_its_records(
    client: TestClient, run: dict[str, Any]
) -> None:
    draft = client.get(f"/v1/drafts/{run['draft_id']}").json()
    shown = _draft_page(client, run).css(".document a.fact")
    assert shown
    counted = set()
    for number in {one.attributes["href"]: one for one in shown}.values():
        address = unescape(number.attributes["href"] or "")
        fact = draft["facts"][number.attributes["data-fact"]]
        tree = HTMLParser(client.get(address, headers=HTML).text)
        assert tree.css_first("h1").text() == number.text()
        assert bool(tree.css("ol.hits > li")) == bool(client.get(_as_json(address)).json()["records"])
        if fact["measure"] not in {"constant", "stated"}:
            assert f"counted again just now: {number.text()}" in tree.css_first(".verdict.ready").text()
        if fact["measure"] == "people":
            records = client.get(_as_json(address)).json()["records"]
            people = {client.get(f"/v1/records/{one}").json()["person"] for one in records}
            assert len(people - {None}) == fact["value"]
            counted.add(fact["id"])
    assert counted


def _as_json(address: str) -> str:
    path, mark, query = address.partition("?")
    return f"{path}.json{mark}{query}"


def test_a_share_opens_what_it_is_a_share_of(client: TestClient, run: dict[str, Any]) -> None:
    draft = client.get(f"/v1/drafts/{run['draft_id']}").json()
    share = next(one for one in draft["facts"].values() if one["denominator"])
    path = f"/drafts/{run['draft_id']}/numbers/{share['id']}"
    part, whole = (client.get(f"{path}.json?whole={of}").json()["records"] for of in ("false", "true"))
    assert set(part) < set(whole)
    tree = HTMLParser(client.get(f"{path}?whole=true", headers=HTML).text)
    assert tree.css_first("h2:last-of-type").text() == "The records it is a share of"


def test_a_number_that_a_draft_does_not_have_is_told_so(client: TestClient, run: dict[str, Any]) -> None:
    answer = client.get(f"/drafts/{run['draft_id']}/numbers/F999", headers=HTML)
    assert answer.status_code == 404
    assert "no number 'F999'" in unescape(answer.text)


def test_a_record_page_shows_the_raw_text_whole(client: TestClient) -> None:
    for hit in client.get("/v1/records", params={"limit": 200}).json()["items"]:
        page = client.get(f"/records/{hit['id']}?quote=0-4", headers=HTML).text
        raw = HTMLParser(page).css_first("pre.raw")
        assert raw.attributes["dir"] == "auto"
        assert "<b>markup" not in page
        assert raw.text().removeprefix("\n") == hit["raw"]


def test_a_wrong_passage_or_record_is_told_on_a_page(client: TestClient) -> None:
    some = client.get("/v1/records", params={"limit": 1}).json()["items"][0]["id"]
    for address, status in (
        (f"/records/{some}?quote=5-999999", 422),
        ("/records/rec_0", 404),
        ("/drafts/x", 404),
    ):
        answer = client.get(address, headers=HTML)
        assert answer.status_code == status
        assert answer.headers["content-type"].startswith("text/html")
        assert HTMLParser(answer.text).css_first("h1").text()


def test_search_shows_quotes_that_lead_to_their_record(client: TestClient) -> None:
    tree = HTMLParser(client.get("/search?q=slow+export", headers=HTML).text)
    links = tree.css(".hits blockquote a")
    assert links
    for link in links:
        page = client.get(unescape(link.attributes["href"] or ""), headers=HTML)
        assert HTMLParser(page.text).css_first("mark").text() == link.text()


def test_a_question_of_markup_stays_text(client: TestClient) -> None:
    page = client.get("/search", params={"q": '"><script>alert(1)</script>'}, headers=HTML).text
    assert "<script>" not in page


def test_links_stay_in_their_workspace(client: TestClient) -> None:
    tree = HTMLParser(client.get("/?workspace=other", headers=HTML).text)
    assert tree.css_first(".brand").attributes["href"] == "/?workspace=other"
    assert tree.css_first("input[name=workspace]").attributes["value"] == "other"


def test_the_page_of_the_api_lists_every_address(client: TestClient) -> None:
    page = HTMLParser(client.get("/docs", headers=HTML).text).css_first("table").text()
    for path, operations in client.get("/openapi.json").json()["paths"].items():
        assert path in page
        assert all(one["summary"] in page for one in operations.values())
    assert "/v1/drafts/{draft_id}/events" in page


@pytest.mark.parametrize(
    "accept", ["text/html", "application/xml;q=0.8, text/html;q=0.9", "*/*, application/xhtml+xml"]
)
@pytest.mark.parametrize("address", ["/drafts/dra_nope", "/records/rec_nope"])
def test_what_is_not_there_is_told_on_a_page_with_a_hint_for_readers(
    client: TestClient, address: str, accept: str
) -> None:
    answer = client.get(f"{address}?workspace=other", headers={"Accept": accept})
    assert answer.status_code == 404
    tree = HTMLParser(answer.text)
    assert "There is no" in tree.css_first("h1").text()
    assert "GET /v1" not in tree.body.text()
    assert tree.css_first("main a").attributes["href"] == "/?workspace=other"


def test_a_program_gets_a_problem_from_the_address_of_a_page(client: TestClient) -> None:
    answer = client.get("/drafts/dra_nope", headers={"Accept": "application/json"})
    assert answer.headers["content-type"] == "application/problem+json"


def test_the_home_page_shows_commands_that_work_on_its_own_data(client: TestClient) -> None:
    home = client.app.state.service.settings.home
    steps = HTMLParser(client.get("/?workspace=other", headers=HTML).text).css_first(".steps").text()
    assert f'voxspec draft prd "offline mode for field teams" -w other --home {home}' in steps
    assert f"voxspec ingest reviews.csv -w other --home {home}" in steps
    plain = HTMLParser(client.get("/", headers=HTML).text).css_first(".steps").text()
    assert f'teams" --home {home}' in plain


def test_counts_of_nothing_are_left_out_of_the_check_strip(client: TestClient) -> None:
    insight = write_draft(client, kind="insight_summary", brief="")
    strip = _draft_page(client, insight).css_first(".checks").text()
    assert "quotes verified" in strip
    assert "0/0" not in strip


def test_static_files_are_ours_only(client: TestClient) -> None:
    assert client.get("/static/voxspec.css").headers["content-type"] == "text/css; charset=utf-8"
    assert client.get("/favicon.ico").headers["content-type"] == "image/svg+xml"
    assert client.get("/static/base.html").status_code == 404


def test_a_record_page_shows_type_and_sentiment_and_when_its_source_dropped_it(client: TestClient) -> None:
    def bring_in(*texts: str) -> None:
        rows = "".join(f'{number},"{text}"\n' for number, text in enumerate(texts))
        sent = client.post(
            "/v1/ingest?sync=true&confirm=true",
            files={"files": ("gone.csv", f"id,text\n{rows}".encode())},
            headers={"X-Voxspec-Workspace": "gone"},
        )
        job = f"/v1/jobs/{sent.json()['id']}?workspace=gone"
        until(lambda: client.get(job).json()["state"] == "done")

    bring_in("The timer stops every night and I lose my count.", "The bell crashes the app all the time.")
    found = client.get("/v1/records?workspace=gone").json()["items"]
    [bell] = [one["id"] for one in found if "bell" in one["raw"]]
    page = client.get(f"/records/{bell}?workspace=gone", headers=HTML).text
    meta = HTMLParser(page).css("p.meta")[1].text()
    assert "problem" in meta
    assert "negative" in meta
    assert "no longer holds" not in page
    bring_in("The timer stops every night and I lose my count.")
    assert (
        "Its source no longer holds this record"
        in client.get(f"/records/{bell}?workspace=gone", headers=HTML).text
    )
