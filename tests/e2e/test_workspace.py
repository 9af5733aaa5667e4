"""The web workspace in a real browser: every page is accessible, silent, light and asks nothing of other machines."""

from collections.abc import Iterator

import httpx
import pytest
from playwright.sync_api import Browser

from tests.support.browsing import NEEDS_CHROMIUM, Site, a_browser, overflows, violations
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
    """The site over two imports with themes and a draft."""

    def __init__(self, url: str, browser: Browser, draft: str, record: str) -> None:
        super().__init__(url, browser)
        self.draft = draft
        self.record = record


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    with (
        server(tmp_path_factory.mktemp("home")) as process,
        httpx.Client(base_url=process.url, timeout=60) as client,
        a_browser() as browser,
    ):
        _import(client, "support.csv", feedback_csv())
        _import(client, "odd.csv", HOSTILE.encode(), workspace="odd")
        for workspace in ("default", "odd"):
            headers = {"X-Voxspec-Workspace": workspace}
            done_job(client, client.post("/v1/themes", headers=headers).json()["id"], timeout_s=90, **headers)
        run = client.post("/v1/drafts", json={"kind": "prd", "brief": "slow export of boards"}).json()
        draft = done_job(client, run["id"], timeout_s=90)["result"]["draft_id"]
        record = client.get("/v1/records?limit=1").json()["items"][0]["id"]
        yield Workspace(process.url, browser, draft, record)


def _import(client: httpx.Client, name: str, content: bytes, workspace: str = "default") -> None:
    answer = client.post(f"/v1/ingest?workspace={workspace}&confirm=true", files={"files": (name, content)})
    done_job(client, answer.json()["id"], timeout_s=90, **{"X-Voxspec-Workspace": workspace})


def addresses(site: Workspace) -> list[str]:
    """Every page, with something in it; and those that an empty and an odd workspace show otherwise."""
    theme = httpx.get(f"{site.url}/v1/themes?level=2").json()["items"][0]["id"]
    job = httpx.get(f"{site.url}/v1/jobs").json()["items"][0]["id"]
    pages = [
        *("/", "/import", "/search", "/search?q=slow+export", "/themes", f"/themes/{theme}", "/drafts/new"),
        *(
            "/themes/list?sort=rise",
            "/themes/map",
            "/themes/edits",
            f"/themes/{theme}/edit?action=rename&name=other",
        ),
        "/search?filter=type%3Dproblem&since=2026-01-01",
        *(f"/drafts/{site.draft}", f"/records/{site.record}?quote=0-6", "/compare", "/check", "/evals"),
        *(
            "/trust",
            "/jobs",
            f"/jobs/{job}",
            "/settings",
            "/settings/keys",
            "/settings/audit",
            "/docs",
            "/nothing",
        ),
        f"/compare?before={site.draft}&after={site.draft}",
    ]
    odd = [
        f"{one}?workspace={name}"
        for one in ("/", "/search", "/themes", "/themes/map")
        for name in ("odd", "empty")
    ]
    return pages + odd


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
