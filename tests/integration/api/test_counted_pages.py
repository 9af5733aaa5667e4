"""Pages of a large workspace: they show what was counted last, and say so, until the job that counts again is done."""

import pytest
from selectolax.lexbor import LexborHTMLParser as HTMLParser
from starlette.testclient import TestClient

from api.web import counts as web_counts
from api.web.counts import counts_of
from assistant.stores.theme_port import CountedStore
from assistant.synthesis.pipeline import synthesize
from tests.support.waiting import until

HTML = {"Accept": "text/html"}
INTO = {"X-Voxspec-Workspace": "vast"}
SAID = ("The board export hangs", "Please add a dark mode", "Sign-in by the company's directory fails")


def _sent(client: TestClient, first: int, count: int) -> str:
    rows = [
        f'{number},p{number},2026-{1 + number % 6:02}-03,"{SAID[number % 3]} for team {number}."'
        for number in range(first, first + count)
    ]
    files = {"files": ("vast.csv", "\n".join(["id,author,said_at,text", *rows]).encode())}
    address = client.post("/v1/ingest", files=files, headers=INTO).headers["location"]
    until(lambda: client.get(address, headers=INTO).json()["state"] == "done")
    return address


def _home(client: TestClient, page: str = "/") -> HTMLParser:
    return HTMLParser(client.get(f"{page}?workspace=vast", headers=HTML).text)


def _is_counted(client: TestClient) -> bool:
    with client.app.state.service.benches.use("vast") as bench:
        counts = counts_of(bench)
        return bool(counts.kept) and counts.is_current


def _is_idle(client: TestClient) -> bool:
    jobs = client.get("/v1/jobs?workspace=vast").json()["items"]
    return all(job["state"] not in ("queued", "running") for job in jobs)


@pytest.fixture
def vast(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> TestClient:
    """The client, with a workspace that is taken for a large one, its themes found and counted."""
    monkeypatch.setattr(web_counts, "AT_ONCE", 10)
    _sent(client, 0, 30)
    with client.app.state.service.benches.use("vast") as bench:
        synthesize(bench)
    until(lambda: (_home(client), _is_counted(client))[1])
    return client


def test_after_an_import_the_last_counts_are_shown_until_new_ones_come_by_themselves(
    vast: TestClient,
) -> None:
    small = {page: vast.get(f"{page}?workspace=vast", headers=HTML).text for page in ("/", "/themes")}
    assert "counting" not in small["/"]
    with vast.app.state.service.benches.use("vast") as bench:
        theme = (counts_of(bench).themes or pytest.fail("no themes")).of_level(2)[0]
    for page in ("/", "/themes", "/themes/list", "/themes/map", f"/themes/{theme.id}"):
        # The page before has brought a job on; only then it is as between an import and the end of the job that counts.
        until(lambda: _is_idle(vast))
        with vast.app.state.service.benches.use("vast") as bench:
            bench.catalog.counted.keep("vast", "of before", _contents(bench.catalog.counted))
        line = _home(vast, page).css_first("#counting")
        assert "Records came in since this was counted" in line.text(), page
        assert line.css_first('a[href^="/jobs/"]') is not None
        assert ("hx-get" in line.attributes) == (page in ("/", "/themes"))
    assert "30 records" in " ".join(_home(vast).css_first(".figures").text().split())
    until(lambda: _is_counted(vast))
    line = HTMLParser(vast.get("/counting?showing=/&workspace=vast").text).css_first("#counting")
    assert line.attributes["hx-get"] == "/?workspace=vast"
    assert line.attributes["hx-target"] == "#main"
    for page, text in small.items():
        assert HTMLParser(text).css_first("main").html == _home(vast, page).css_first("main").html


def test_an_import_has_its_workspace_counted_before_anyone_looks(vast: TestClient) -> None:
    _sent(vast, 30, 6)
    until(lambda: _is_counted(vast))
    assert "36 records" in " ".join(_home(vast).css_first(".figures").text().split())
    assert _home(vast).css_first("#counting") is None


def _contents(store: CountedStore) -> dict[str, bytes]:
    names = ("overview", "trends-1", "trends-2", "trends-3", "map")
    return {name: store.read("vast", name) or b"" for name in names}
