"""The pages of themes, as a browser gets them."""

from collections import defaultdict
from html import unescape
from typing import Any

import pytest
from selectolax.lexbor import LexborHTMLParser as HTMLParser
from starlette.testclient import TestClient

from api.web.counts import counts_of
from assistant.synthesis.outputs.export import export_of
from assistant.synthesis.outputs.tables import assignments_table
from assistant.synthesis.pipeline import synthesize, themes_of
from tests.support.pages import demand_nothing_active
from tests.support.waiting import until

HTML = {"Accept": "text/html"}
HOSTILE = "<script>alert(1)</script> & the board export hangs"


def _sent(client: TestClient, workspace: str, lines: list[str]) -> None:
    """Bring rows in, and wait for them."""
    into = {"X-Voxspec-Workspace": workspace}
    files = {"files": ("odd.csv", "\n".join(lines).encode())}
    address = client.post("/v1/ingest", files=files, headers=into).headers["location"]
    until(lambda: client.get(address, headers=into).json()["state"] == "done")


@pytest.fixture(scope="module")
def themed(client: TestClient) -> TestClient:
    """The client, with themes in its default workspace."""
    with client.app.state.service.benches.use("default") as bench:
        synthesize(bench)
    return client


def test_without_records_or_themes_the_page_says_what_to_type(client: TestClient) -> None:
    empty = HTMLParser(client.get("/themes?workspace=empty", headers=HTML).text)
    assert "voxspec ingest reviews.csv -w empty" in empty.css_first("main").text()
    with client.app.state.service.benches.use("default") as bench:
        has_themes = themes_of(bench) is not None
    if not has_themes:
        plain = HTMLParser(client.get("/themes", headers=HTML).text)
        assert "voxspec themes run" in plain.css_first("main").text()


def test_the_page_lists_areas_with_people_share_and_themes(themed: TestClient) -> None:
    with themed.app.state.service.benches.use("default") as bench:
        themes = themes_of(bench)
    assert themes is not None
    tree = HTMLParser(themed.get("/themes", headers=HTML).text)
    real = [one for one in themes.themes if not one.is_single_voice]
    links = {one.attributes["href"] for one in tree.css(".themes a")}
    assert links == {f"/themes/{one.id}" for one in real if one.level < 3}
    first = tree.css_first(".themes summary").text()
    assert f"{themes.themes[0].people:,} people" in first
    assert f"{100 * themes.themes[0].share:.1f} %" in first
    assert tree.css_first('.bar nav a[href="/themes"]') is not None


def test_a_draft_tells_which_of_its_top_themes_its_claims_cite(
    themed: TestClient, run: dict[str, Any]
) -> None:
    with themed.app.state.service.benches.use("default") as bench:
        draft = bench.catalog.drafts.get("default", run["draft_id"])
        held = dict(zip(bench.columns().record_ids, bench.columns().person, strict=True))
        export = export_of(bench)
        rows = [
            dict(zip((one.name for one in assignments_table(export).columns), row, strict=True))
            for page in assignments_table(export).pages()
            for row in page
        ]
    areas = {one.id for one in export.themes.of_level(1) if not one.is_single_voice}
    counted = {one for held in draft.selections.values() for one in held.record_ids}
    people: dict[str, set[str]] = defaultdict(set)
    for row in rows:
        if row["theme_id"] in areas and row["record_id"] in counted and held[row["record_id"]]:
            people[row["theme_id"]].add(held[row["record_id"]])
    most = max(map(len, people.values()))
    top = {one for one, known in people.items() if 3 * len(known) >= most}
    cited = {
        row["theme_id"]
        for claim in draft.claims.values()
        for quote in (draft.quotes[one] for one in claim.quote_ids)
        for row in rows
        if row["record_id"] == quote.record_id and row["start"] < quote.end and row["end"] > quote.start
    }
    tree = HTMLParser(themed.get(f"/drafts/{draft.id}", headers=HTML).text)
    shown = {
        (one.attributes["href"] or "").rpartition("/")[2] for one in tree.css(".tops li > a:first-child")
    }
    assert shown == top or (len(top) > 5 and shown < top and len(shown) == 5)
    label = next(one for one in tree.css(".checks dt") if one.text() == "top themes covered")
    assert "Covered:" in (label.attributes["title"] or "")
    assert label.parent is not None
    assert label.parent.css_first("dd").text() == f"{len(shown & cited)}/{len(shown)}"


def test_without_themes_the_strip_says_so(client: TestClient) -> None:
    _sent(client, "plain", ["text,author", *(f"The export of board {n} fails,ann{n}" for n in range(8))])
    into = {"X-Voxspec-Workspace": "plain"}
    order = {"kind": "prd", "brief": "exports fail"}
    job = client.post("/v1/drafts", json=order, headers=into).json()["id"]
    until(lambda: client.get(f"/v1/jobs/{job}", headers=into).json()["state"] == "done")
    tree = HTMLParser(client.get(f"/drafts/{job}?workspace=plain", headers=HTML).text)
    assert "no themes yet" in tree.css_first(".checks dl").text()


def test_every_quote_of_a_theme_opens_its_passage(themed: TestClient) -> None:
    with themed.app.state.service.benches.use("default") as bench:
        themes = themes_of(bench)
    assert themes is not None
    theme = themes.of_level(2)[0]
    tree = HTMLParser(themed.get(f"/themes/{theme.id}", headers=HTML).text)
    links = tree.css(".hits blockquote a")
    assert len(links) == len(theme.quotes) > 0
    for link in links:
        record = HTMLParser(themed.get(unescape(link.attributes["href"] or ""), headers=HTML).text)
        assert record.css_first("mark#quote").text() == link.text()
    assert tree.css_first(f'.trail a[href="/themes/{theme.parent}"]') is not None


def test_all_theme_pages_can_be_opened_and_need_nothing_from_elsewhere(themed: TestClient) -> None:
    with themed.app.state.service.benches.use("default") as bench:
        themes = themes_of(bench)
    assert themes is not None
    for address in ["/themes", *(f"/themes/{one.id}" for one in themes.themes[:25])]:
        answer = themed.get(address, headers=HTML)
        assert answer.status_code == 200
        demand_nothing_active(answer.text)


def test_a_theme_that_is_not_there_is_told_with_a_hint(themed: TestClient) -> None:
    answer = themed.get("/themes/thm_nope", headers=HTML)
    assert answer.status_code == 404
    assert "There is no theme" in HTMLParser(answer.text).css_first("h1").text()


def test_the_report_is_a_file_that_carries_its_own_policy(themed: TestClient) -> None:
    answer = themed.get("/themes/report")
    assert answer.status_code == 200
    assert answer.headers["content-disposition"] == 'attachment; filename="themes-default.html"'
    assert "script-src 'sha256-" in answer.headers["content-security-policy"]
    policy = HTMLParser(answer.text).css_first("meta[http-equiv]").attributes["content"]
    assert policy == answer.headers["content-security-policy"]
    assert themed.get("/themes/report?workspace=empty", headers=HTML).status_code == 422


def test_hostile_words_stay_words_and_what_waits_is_told(client: TestClient) -> None:
    rows = [f'{number},p{number},"{HOSTILE}"' for number in range(4)]

    _sent(client, "themed", ["id,author,text", *rows])
    with client.app.state.service.benches.use("themed") as bench:
        found = synthesize(bench)
    page = client.get(f"/themes/{found.of_level(2)[0].id}?workspace=themed", headers=HTML).text
    demand_nothing_active(page)
    assert "alert(1)" in page
    _sent(client, "themed", ["id,author,text", '9,p9,"Quantum boards would be a dream for all of us."'])
    waiting = HTMLParser(client.get("/themes?workspace=themed", headers=HTML).text).css_first(".waiting")
    assert waiting.text().startswith("1 record came in since the last run and is in no theme yet")


def test_a_theme_shows_its_records_by_period_as_they_are_counted(client: TestClient) -> None:
    """A chart without a script: each column, and the table beneath it, tell the counts of the trends."""
    rows = [
        f'{month}-{number},p{number},2026-{month:02}-1{number},"The board export hangs {word}."'
        for month, count in ((1, 1), (2, 2), (3, 5))
        for number, word in zip(
            range(count), ("again", "daily", "for me", "since May", "at noon"), strict=False
        )
    ]
    _sent(client, "dated", ["id,author,said_at,text", *rows])
    with client.app.state.service.benches.use("dated") as bench:
        theme = synthesize(bench).of_level(1)[0]
        trend = counts_of(bench).table(1).trend(theme.id) or pytest.fail("no themes")
    page = HTMLParser(client.get(f"/themes/{theme.id}?workspace=dated", headers=HTML).text)
    shown = [int(one.css("td")[1].text()) for one in page.css(".wide tbody tr")]
    assert shown == [one.records for one in trend.points]
    assert sum(shown) == 8
    heights = [float(one.css("rect")[1].attributes["height"] or 0) for one in page.css(".trend g")]
    assert len(heights) == len(shown)
    assert [height > 0 for height in heights] == [count > 0 for count in shown]
    assert heights.index(max(heights)) == shown.index(max(shown))
    listed = HTMLParser(client.get("/themes?workspace=dated", headers=HTML).text)
    assert listed.css_first("summary .spark path").attributes["d"]
    assert page.css("[style]") == listed.css("[style]") == []


def test_without_dates_there_is_no_chart(client: TestClient) -> None:
    _sent(client, "undated", ["id,author,text", *(f'{n},p{n},"The export hangs {n}."' for n in range(4))])
    with client.app.state.service.benches.use("undated") as bench:
        theme = synthesize(bench).of_level(2)[0]
    page = client.get(f"/themes/{theme.id}?workspace=undated", headers=HTML)
    assert page.status_code == 200
    assert HTMLParser(page.text).css(".trend") == []
    listed = HTMLParser(client.get("/themes?workspace=undated", headers=HTML).text)
    assert listed.css(".themes summary")
    assert not any(one.attributes["d"] for one in listed.css(".spark path"))
