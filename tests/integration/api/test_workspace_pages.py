"""What the pages of the workspace do without a script: look at an import, ask for a draft, steer themes, and answer in other forms."""

import csv
import io
import json
from typing import Any

import pytest
from selectolax.lexbor import LexborHTMLParser as HTMLParser
from starlette.testclient import TestClient

from assistant.synthesis.pipeline import synthesize, themes_of
from tests.support.service import feedback_csv, wait_for_job

HTML = {"Accept": "text/html"}
FORMULA = b'text,author,id\n"=HYPERLINK(""http://evil.example"") the export hangs",+ana,@1\n'


@pytest.fixture(scope="module")
def themed(client: TestClient) -> TestClient:
    """The client, with themes in its default workspace."""
    with client.app.state.service.benches.use("default") as bench:
        synthesize(bench)
    return client


def _dropped(client: TestClient, content: bytes, name: str = "calls.csv", workspace: str = "dropped") -> str:
    answer = client.post(
        f"/import?workspace={workspace}", files={"files": (name, content)}, follow_redirects=False
    )
    assert answer.status_code == 303
    return answer.headers["location"]


def _records(client: TestClient, workspace: str) -> int:
    return len(client.get("/v1/records", params={"workspace": workspace, "limit": 200}).json()["items"])


def test_dropped_files_are_looked_at_and_only_then_imported_once(client: TestClient) -> None:
    look = _dropped(client, feedback_csv())
    page = client.get(look, headers=HTML).text
    assert str(client.app.state.service.settings.home) not in page
    tree = HTMLParser(page)
    assert "60 records would come in" in tree.css_first("h1").text()
    assert tree.css_first(".accounts tbody td").text() == "60"
    assert _records(client, "dropped") == 0
    chosen = {"map": "title=id", "source": "calls", "kind": "customer"}
    first, again = (client.post(look, data=chosen, follow_redirects=False) for _ in range(2))
    assert first.headers["location"] == again.headers["location"]
    job = wait_for_job(
        client, first.headers["location"].partition("?")[0].rpartition("/")[2], **_in("dropped")
    )
    assert job["state"] == "done"
    assert job["result"]["files"][0]["mapping"]["title"] == "id"
    assert _records(client, "dropped") == 60
    told = HTMLParser(client.get(first.headers["location"], headers=HTML).text)
    assert told.css_first("#progress .state").text() == "done"
    assert (
        client.get(look, headers=HTML, follow_redirects=False).headers["location"]
        == first.headers["location"]
    )


def _in(workspace: str) -> dict[str, str]:
    return {"X-Voxspec-Workspace": workspace}


def test_files_that_nobody_wants_leave_and_are_told_as_gone(client: TestClient) -> None:
    look = _dropped(client, feedback_csv(), workspace="left")
    path, _, query = look.partition("?")
    assert client.post(f"{path}/forget?{query}", follow_redirects=False).status_code == 303
    gone = client.get(look, headers=HTML)
    assert gone.status_code == 404
    assert "Drop them again" in gone.text
    for key in ("0" * 32, "..%2f..%2fetc", "x"):
        assert client.get(f"/import/{key}", headers=HTML).status_code == 404


def test_a_file_that_can_not_be_read_is_told_and_can_not_be_imported(client: TestClient) -> None:
    page = HTMLParser(client.get(_dropped(client, b"\x00\x01\x02", "odd.bin"), headers=HTML).text)
    assert page.css_first(".problem").text()
    assert "disabled" in page.css_first("button.main").attributes


def test_lists_answer_as_json_csv_and_markdown_with_cells_that_run_nothing(
    client: TestClient, run: dict[str, Any]
) -> None:
    look = _dropped(client, FORMULA, "=cmd.csv", workspace="cells")
    job = client.post(look, follow_redirects=False).headers["location"].partition("?")[0].rpartition("/")[2]
    assert wait_for_job(client, job, **_in("cells"))["state"] == "done"
    table = client.get("/search.csv?workspace=cells")
    assert table.headers["content-type"].startswith("text/csv")
    [row] = csv.DictReader(io.StringIO(table.text))
    assert row["text"].startswith("'=HYPERLINK")
    assert not any(cell.startswith(("=", "+", "-", "@")) for cell in row.values())
    told = client.get("/search.json?workspace=cells").json()
    assert told["records"] == 1
    markdown = client.get("/search.md?workspace=cells").text
    assert "| record\\_id |" in markdown
    assert "http://" not in markdown
    draft = run["draft_id"]
    pages = (
        "/home",
        "/jobs",
        "/settings",
        "/trust",
        "/evals",
        "/docs",
        "/compare",
        "/import",
        "/chat",
        "/themes",
    )
    drafts = ("/drafts/new", f"/drafts/{draft}", f"/drafts/{draft}/versions", f"/drafts/{draft}/edit")
    for address in (*pages, "/themes/edits", *drafts):
        assert client.get(f"{address}.json").status_code == 200, address
        assert client.get(f"{address}.csv").text.count("\n") >= 1, address
        assert client.get(f"{address}.md").text.startswith("# "), address
    assert client.get("/check.json").json()["records"] == 60
    assert client.get(f"/drafts/{draft}.docx").content.startswith(b"PK")
    assert client.get("/jobs.xml").status_code == client.get(f"/drafts/{draft}.xml").status_code == 404
    record = client.get("/v1/records").json()["items"][0]["id"]
    assert client.get(f"/records/{record}.json").json()["id"] == record
    assert client.get(f"/records/{record}.csv").status_code == 404


def test_no_secret_stands_on_the_page_of_settings(client: TestClient) -> None:
    told = json.dumps(client.get("/settings.json").json())
    assert "not set" in told
    assert "SecretStr" not in told


def test_facets_count_what_the_other_filters_leave(client: TestClient) -> None:
    def counts(address: str) -> dict[str, str]:
        tree = HTMLParser(client.get(address, headers=HTML).text)
        return {
            one.css_first("input").attributes["value"] or "": one.css_first(".count").text()
            for one in tree.css(".facets .choice")
        }

    everything = counts("/search")
    assert sum(int(count) for name, count in everything.items() if name.startswith("language=")) == 60
    english = counts("/search?filter=language%3Den")
    assert english["language=he"] == everything["language=he"]
    narrowed = sum(int(count) for name, count in english.items() if name.startswith("type="))
    assert narrowed == int(everything["language=en"]) < 60
    odd = client.get("/search?filter=nonsense%3D1", headers=HTML)
    assert odd.status_code == 422


def test_records_are_listed_in_pages_newest_first(client: TestClient) -> None:
    pages = [HTMLParser(client.get(f"/search?page={n}", headers=HTML).text) for n in (1, 2, 3)]
    links = [[one.attributes["href"] for one in page.css(".hits blockquote a")] for page in pages]
    assert [len(one) for one in links] == [25, 25, 10]
    assert len({link for one in links for link in one}) == 60
    days = [one.text() for page in pages for one in page.css(".hits time")]
    assert days == sorted(days, reverse=True)


def test_a_draft_is_asked_for_on_a_page_and_compared_with_another(client: TestClient) -> None:
    drafts = []
    for brief in ("slow export", "offline mode"):
        asked = client.post("/drafts", data={"kind": "prd", "brief": brief}, follow_redirects=False)
        job = wait_for_job(client, asked.headers["location"].rpartition("/")[2])
        drafts.append(job["result"]["draft_id"])
    tree = HTMLParser(client.get(f"/compare?before={drafts[0]}&after={drafts[1]}@1", headers=HTML).text)
    assert tree.css_first(".differs") is not None
    assert "offline" in " ".join(one.text() for one in tree.css(".diff ins"))
    same = HTMLParser(client.get(f"/compare?before={drafts[0]}&after={drafts[0]}", headers=HTML).text)
    assert "The texts are the same." in same.css_first("main").text()
    assert client.get(f"/compare?before={drafts[0]}@x&after={drafts[0]}", headers=HTML).status_code == 422
    home = client.get("/home.json").json()["drafts"]
    assert {one["waits_for"] for one in home} <= {"approval", "fixes"}


def test_an_edit_of_a_theme_is_looked_at_made_and_undone(themed: TestClient) -> None:
    def names() -> set[str]:
        with themed.app.state.service.benches.use("default") as bench:
            held = themes_of(bench)
        assert held is not None
        return {one.name for one in held.themes}

    theme = themed.get("/v1/themes?level=2").json()["items"][0]["id"]
    look = themed.get(f"/themes/{theme}/edit?action=rename&name=Slow+exports", headers=HTML)
    assert HTMLParser(look.text).css_first(".preview") is not None
    assert "Slow exports" not in names()
    made = themed.post(
        f"/themes/{theme}/edit", data={"action": "rename", "name": "Slow exports"}, follow_redirects=False
    )
    assert made.headers["location"] == "/themes/edits"
    assert "Slow exports" in names()
    refused = HTMLParser(
        themed.get(f"/themes/{theme}/edit?action=rename&name=Slow+exports", headers=HTML).text
    )
    assert "already" in refused.css_first(".problem").text()
    assert "Undo" in themed.get("/themes/edits", headers=HTML).text
    themed.post("/themes/edits/1/undo", follow_redirects=False)
    assert "Slow exports" not in names()


def test_themes_sort_and_the_map_holds_a_point_for_each_statement(themed: TestClient) -> None:
    rows = list(csv.DictReader(io.StringIO(themed.get("/themes/list.csv?sort=records").text)))
    records = [int(row["records"]) for row in rows]
    assert records == sorted(records, reverse=True)
    names = [row["name"].casefold() for row in themed.get("/themes/list.json?sort=name").json()["items"]]
    assert names == sorted(names)
    told = themed.get("/themes/map.json").json()
    content = themed.get("/themes/map/points").content
    count = int.from_bytes(content[8:16], "little")
    assert content.startswith(b"VXMAP1")
    assert len(content) == 16 + 6 * count
    assert count == told["points"] > 0
    assert {row["id"] for row in told["items"]} == {row["id"] for row in rows}
    assert themed.get("/themes/map/points", headers={"Accept-Encoding": "identity"}).content == content
