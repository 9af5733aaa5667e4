"""The web workspace in a real browser: every page is accessible, silent, light and asks nothing of other machines."""

from collections import deque
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import httpx
import pytest
from fastapi.routing import APIRoute
from playwright.sync_api import Browser

from api.pages.routers import ROUTERS
from api.routes.sign_in import router as sign_in
from tests.support.browsing import NEEDS_CHROMIUM, Site, a_browser, overflows, violations
from tests.support.command_line import CommandLine
from tests.support.loop import Loop
from tests.support.roundup_tracker import PASSWORD, USER, Roundup, roundup
from tests.support.server_process import server
from tests.support.service import done_job, feedback_csv

pytestmark = NEEDS_CHROMIUM
MOST_BYTES = 100 * 1024
HOSTILE = (
    'id,text,author,date,plan\n1,"<img src=//evil.example/x onerror=alert(1)> export of boards hangs",=cmd,2026-03-01,"a"\n'
    '2,"الرسالة العربية: التصدير بطيء جدا ‮ evil",b,2026-03-02,"<script>alert(1)</script>"\n'
    f'3,"{"W" * 400} ボードのエクスポートがとても遅い",c,2026-04-03,\n'
)


class Workspace(Site):
    """The site over two imports with themes, a chat, a run of evaluations, and a draft that is published to a real tracker."""

    def __init__(self, url: str, browser: Browser, made: dict[str, str]) -> None:
        super().__init__(url, browser)
        self.made = made
        """Name of a path's parameter → an id of ours."""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    home = tmp_path_factory.mktemp("home")
    with (
        roundup(tmp_path_factory.mktemp("desk")) as tracker,
        server(_connected(home, tracker), VOXSPEC_TRACKER_POLL_S="1") as process,
        httpx.Client(base_url=process.url, timeout=60) as client,
        tracker.client() as desk,
        a_browser() as browser,
    ):
        _import(client, "support.csv", feedback_csv())
        _import(client, "odd.csv", HOSTILE.encode(), workspace="odd")
        for workspace in ("default", "odd"):
            headers = {"X-Voxspec-Workspace": workspace}
            done_job(client, client.post("/v1/themes", headers=headers).json()["id"], **headers)
        yield Workspace(process.url, browser, _make(client, Loop(client, desk)))


def _connected(home: Path, tracker: Roundup) -> Path:
    secret = home.parent / "password"
    secret.write_text(PASSWORD, encoding="utf-8")
    to = ("--to", "roundup", "--url", tracker.url, "--user", USER, "--token", f"file:{secret}")
    CommandLine(home.parent, home).run("tracker", "add", "desk", *to, expect=0)
    return home


def _make(client: httpx.Client, loop: Loop) -> dict[str, str]:
    """One of everything that has a page of its own."""
    # A ticket comes in and gets its comment, a draft is published as tickets.
    deque(islice(loop.walk(), 3), maxlen=0)
    draft = client.get(f"/v1/drafts/{loop.draft}").json()
    thread = client.post("/v1/threads", json={}).json()["id"]
    client.post(f"/v1/threads/{thread}/turns", json={"text": "What do people say about exports?"})
    run = client.post("/evals", data={"sets": "grove_summary"}, follow_redirects=False).headers["location"]
    job = done_job(client, run.partition("/jobs/")[2].partition("?")[0])
    looked = client.post(
        "/import", files={"files": ("more.csv", feedback_csv())}, follow_redirects=False
    ).headers["location"]
    return {
        "record_id": client.get("/v1/records?limit=1").json()["items"][0]["id"],
        "theme_id": client.get("/v1/themes?level=2").json()["items"][0]["id"],
        "job_id": job["id"],
        "draft_id": loop.draft,
        "fact_id": next(iter(draft["facts"])),
        "thread_id": thread,
        "run_id": job["result"]["run"],
        "key": looked.partition("/import/")[2].partition("?")[0],
        "connection": "desk",
        "ticket": loop.ticket,
        "published": loop.seen["story"],
    }


def _import(client: httpx.Client, name: str, content: bytes, workspace: str = "default") -> None:
    answer = client.post(f"/v1/ingest?workspace={workspace}&confirm=true", files={"files": (name, content)})
    done_job(client, answer.json()["id"], **{"X-Voxspec-Workspace": workspace})


PARTS = {
    "/static/{name:path}",
    "/favicon.ico",
    "/counting",
    "/jobs/{job_id}/progress",
    "/themes/map/points",
    "/themes/report",
}
"""Routes of the pages' routers that are no pages: files, and parts that a page asks for."""


def routes_of_pages() -> list[str]:
    """The path of every page, as its router has it; without those that give a page in another form."""
    routes = [one for router in (*ROUTERS, sign_in) for one in router.routes if isinstance(one, APIRoute)]
    paths = [one.path for one in routes if "GET" in (one.methods or ()) and "{form}" not in one.path]
    return [one for one in paths if one not in PARTS and not one.startswith("/login/")]


def addresses(site: Workspace) -> list[str]:
    """Every page, with something in it; and those that an empty and an odd workspace show otherwise."""
    made = site.made
    pages = [
        path.replace("/tickets/{connection}/{key}", "/tickets/desk/{ticket}").format(**made)
        for path in routes_of_pages()
    ]
    draft, theme = made["draft_id"], made["theme_id"]
    more = [
        *(
            "/search?q=slow+export",
            "/search?filter=type%3Dproblem&since=2026-01-01",
            "/search?q=x&since=2031-01-01",
        ),
        *("/themes/list?sort=rise", f"/themes/{theme}/edit?action=rename&name=other"),
        *(f"/drafts/{draft}/edit?target=US-1.want", f"/drafts/{draft}/tickets?to=desk"),
        f"/records/{made['record_id']}?quote=0-6",
        f"/compare?before={draft}&after={draft}",
        f"/tickets/desk/{made['published']}",
        "/nothing",
    ]
    otherwise = (
        "/",
        "/search",
        "/themes",
        "/themes/map",
        "/tickets",
        "/chat",
        "/drafts/new",
        "/jobs",
        "/compare",
    )
    odd = [f"{one}?workspace={name}" for one in otherwise for name in ("odd", "empty")]
    return pages + more + odd


def test_every_address_of_the_list_is_a_page(site: Workspace) -> None:
    """A new page is in the list by itself; where its path names something of which there is none, `_make` has to make one."""
    with httpx.Client(base_url=site.url, headers={"accept": "text/html"}, timeout=60) as client:
        told = {one: client.get(one).status_code for one in addresses(site)}
    assert {one: code for one, code in told.items() if code != 200} == {"/nothing": 404}
    assert len(routes_of_pages()) > 30


def test_every_page_is_accessible_silent_light_and_at_home(site: Workspace) -> None:
    told: list[tuple[str, tuple[str, str]]] = []
    heavy: list[tuple[str, int]] = []
    wide: list[tuple[str, tuple[int, int]]] = []
    for address in addresses(site):
        page = site.open(address, viewport={"width": 1280, "height": 860})
        told += [(address, one) for one in violations(page)]
        if not 0 < site.bytes <= MOST_BYTES:
            heavy.append((address, site.bytes))
        wide += [(address, one) for one in overflows(page)]
        page.context.close()
    assert told == []
    assert (heavy, wide) == ([], [])
    # A browser notes that a page is told with 404; there is one such page.
    assert [one for one in site.complaints if "404" not in one] == []
    assert len(site.complaints) == 1
    assert site.foreign == []


def test_what_opens_over_a_draft_is_accessible_too(site: Workspace) -> None:
    page = site.open(f"/drafts/{site.made['draft_id']}", viewport={"width": 1280, "height": 860})
    page.keyboard.press("?")
    assert page.locator("dialog#keys").is_visible()
    told = violations(page)
    page.keyboard.press("Escape")
    page.keyboard.press("j")
    page.keyboard.press("e")
    page.locator("evidence-popover .card").first.wait_for()
    told += violations(page)
    page.keyboard.press("Escape")
    page.keyboard.press("m")
    page.keyboard.press("Enter")
    page.locator("#sheet #edit-text").wait_for()
    told += violations(page)
    assert told == []


def test_keys_lead_through_pages_and_lists(site: Workspace) -> None:
    page = site.open("/")
    page.keyboard.press("?")
    dialog = page.locator("dialog#keys")
    assert dialog.is_visible()
    assert "Import" in dialog.inner_text()
    page.keyboard.press("Escape")
    assert not dialog.is_visible()
    page.keyboard.press("/")
    page.keyboard.type("slow export g t")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search?q=slow+export+g+t*")
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("k")
    first = page.locator("[data-list] > li").first
    assert first.evaluate("row => row.contains(document.activeElement)")
    page.keyboard.press("Enter")
    page.wait_for_url("**/records/*")
    page.keyboard.press("g")
    page.keyboard.press("t")
    page.wait_for_url("**/themes")


def test_a_dropped_file_is_looked_at_and_imported_and_tells_its_progress(site: Workspace) -> None:
    page = site.open("/import?workspace=dropped")
    page.set_input_files("#files", {"name": "calls.csv", "mimeType": "text/csv", "buffer": feedback_csv()})
    assert "calls.csv" in page.locator("upload-drop .told").inner_text()
    page.get_by_role("button", name="Look at them").click()
    page.wait_for_url("**/import/*")
    assert "would come in" in page.locator("h1").inner_text()
    page.locator("select[name=map]").nth(5).select_option("rating=rating")
    page.get_by_role("button", name="Look again").click()
    page.wait_for_url("**map=rating*")
    page.get_by_role("button", name="Import").click()
    page.wait_for_url("**/jobs/*")
    page.locator("#progress .state:is(.done, .failed, .cancelled)").wait_for()
    assert "60 records" in page.locator("#progress").inner_text()
    page.get_by_role("link", name="Open the records").click()
    page.wait_for_url("**/search?workspace=dropped")
    assert [one for one in site.complaints if "404" not in one] == []


def test_a_loop_on_the_map_chooses_themes_that_the_table_sends_to_a_draft(site: Workspace) -> None:
    page = site.open("/themes/map", viewport={"width": 1280, "height": 1400})
    page.locator("feedback-map[data-ready]").wait_for()
    box = page.locator("feedback-map canvas").bounding_box()
    assert box is not None
    corners = [(0.01, 0.01), (0.99, 0.01), (0.99, 0.99), (0.01, 0.99), (0.01, 0.5), (0.01, 0.01)]
    for place, (x, y) in enumerate(corners):
        page.mouse.move(box["x"] + x * box["width"], box["y"] + y * box["height"], steps=3)
        if place == 0:
            page.mouse.down()
    page.mouse.up()
    boxes = page.locator("input[name=theme]")
    assert page.locator("input[name=theme]:checked").count() == boxes.count() > 0
    page.get_by_role("button", name="Choose none").click()
    first = page.locator("tbody tr").first
    first.locator("input").focus()
    page.keyboard.press("Space")
    assert "1 theme chosen" in page.locator("[data-told]").inner_text()
    page.get_by_role("button", name="Draft from the chosen").click()
    page.wait_for_url("**/drafts/new?theme=*")
    assert page.locator("#brief").input_value()


def test_facets_narrow_a_search_in_place(site: Workspace) -> None:
    page = site.open("/search?q=export")
    page.locator(".facets input[value='type=problem']").check()
    page.wait_for_url("**filter=type%3Dproblem*")
    assert page.locator(".facets input[value='type=problem']").is_checked()
    assert page.locator(".found .tag").inner_text().startswith("type=problem")
    assert page.locator(".hits li").count() > 0
    assert [one for one in site.complaints if "404" not in one] == []
