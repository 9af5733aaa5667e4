"""The main job in a real browser: every citation of a draft opens its passage, highlighted, and nothing leaves the machine."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.support.server_process import server
from tests.support.service import feedback_csv
from tests.support.system import chromium, why_not
from tests.support.waiting import until

pytestmark = [
    pytest.mark.skipif(
        chromium() is None,
        reason=why_not("chromium") or "chromium is absent; python tests/support/system.py installs it",
    ),
    pytest.mark.timeout(240),
]
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--no-first-run",
    "--disable-component-update",
    "--disable-sync",
]


class Site:
    """The running service with its draft, and what the browser complained of or asked for."""

    def __init__(self, url: str, draft: dict[str, Any], browser: Browser) -> None:
        self.url = url
        self.draft = draft
        self._browser = browser
        self.complaints: list[str] = []
        self.foreign: list[str] = []

    def open(self, address: str, **context: Any) -> Page:
        """A page at an address of the site, watched."""
        opened: BrowserContext = self._browser.new_context(**context)
        page = opened.new_page()
        page.on("console", lambda message: self._note(message.type, message.text))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("request", lambda request: self._asked(request.url))
        page.goto(self.url + address)
        return page

    def _note(self, kind: str, text: str) -> None:
        if kind in {"error", "warning"}:
            self.complaints.append(text)

    def _asked(self, url: str) -> None:
        if not url.startswith(self.url):
            self.foreign.append(url)


def _write_draft(url: str) -> dict[str, Any]:
    with httpx.Client(base_url=url, timeout=60) as client:
        answer = client.post("/v1/ingest", files={"files": ("support.csv", feedback_csv())})
        until(lambda: client.get(answer.headers["location"]).json()["state"] == "done", timeout_s=90)
        run = client.post("/v1/drafts", json={"kind": "prd", "brief": "slow export of boards"}).json()
        until(lambda: client.get(run["job"]).json()["state"] == "done", timeout_s=90)
        draft: dict[str, Any] = client.get(f"/v1/drafts/{run['id']}").json()
        return draft


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with server(tmp_path_factory.mktemp("home")) as process, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        yield Site(process.url, _write_draft(process.url), browser)
        browser.close()


def test_every_citation_opens_its_passage_highlighted(site: Site) -> None:
    page = site.open("/")
    page.click(f"a[href='/drafts/{site.draft['id']}']")
    chips = page.locator(".document a.cite")
    names = chips.all_inner_texts()
    assert names
    assert set(names) == set(site.draft["quotes"])
    for place, name in enumerate(names):
        chips.nth(place).click()
        mark = page.locator("mark#quote")
        assert mark.evaluate("node => node.textContent") == site.draft["quotes"][name]["text"]
        assert mark.evaluate(
            "node => { const box = node.getBoundingClientRect(); return box.top >= 0 && box.top < innerHeight }"
        )
        page.go_back()
    assert (site.complaints, site.foreign) == ([], [])


def test_numbers_lead_to_how_they_were_counted(site: Site) -> None:
    page = site.open(f"/drafts/{site.draft['id']}")
    facts = page.locator(".document a.fact")
    assert facts.count() > 0
    targets = {facts.nth(place).get_attribute("href") for place in range(facts.count())}
    for target in targets:
        assert page.locator(str(target)).count() == 1, target


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_pages_fit_their_window_in_both_colour_schemes(
    site: Site, width: int, scheme: str, tmp_path: Path
) -> None:
    quote = next(iter(site.draft["quotes"].values()))
    record = f"/records/{quote['record_id']}?quote={quote['start']}-{quote['end']}"
    addresses = {
        "home": "/",
        "draft": f"/drafts/{site.draft['id']}",
        "record": record,
        "search": "/search?q=export",
        "docs": "/docs",
    }
    for name, address in addresses.items():
        page = site.open(address, viewport={"width": width, "height": 844}, color_scheme=scheme)
        overflow = page.evaluate(
            "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        )
        assert overflow <= 0, (name, overflow)
        page.screenshot(path=tmp_path / f"{name}-{width}-{scheme}.png", full_page=True)
        page.context.close()
    assert (site.complaints, site.foreign) == ([], [])


def test_a_wide_table_scrolls_inside_its_box_on_a_phone(site: Site) -> None:
    page = site.open(f"/drafts/{site.draft['id']}", viewport={"width": 390, "height": 844})
    boxes = page.evaluate(
        "[...document.querySelectorAll('.wide')].map(box => [box.getBoundingClientRect().right,"
        " getComputedStyle(box).overflowX, getComputedStyle(box).backgroundAttachment,"
        " box.querySelector('table').offsetWidth <= box.scrollWidth])"
    )
    assert boxes
    for right, overflow, attachment, reached in boxes:
        assert right <= 390
        assert overflow == "auto"
        # The shadow at an edge stays while the cover over it moves with the table.
        assert attachment == "local, local, scroll, scroll"
        assert reached


def test_text_and_background_keep_their_contrast(site: Site) -> None:
    """WCAG AA: at least 4.5 to 1 for running text, in both schemes."""
    for scheme in ("light", "dark"):
        page = site.open(f"/drafts/{site.draft['id']}", color_scheme=scheme)
        for selector in ("body", ".document", ".document a.cite", ".meta", ".verdict"):
            ratio = page.locator(selector).first.evaluate(_CONTRAST)
            assert ratio >= 4.5, (scheme, selector, ratio)
        page.context.close()


def test_a_search_from_the_page_finds_a_passage(site: Site) -> None:
    page = site.open("/")
    page.fill("input[name=q]", "export is slow")
    page.press("input[name=q]", "Enter")
    page.locator(".hits blockquote a").first.click()
    assert page.locator("mark#quote").inner_text()
    assert (site.complaints, site.foreign) == ([], [])


_CONTRAST = """node => {
  const canvas = document.createElement('canvas').getContext('2d', {willReadFrequently: true});
  const rgb = colour => {
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = colour;
    canvas.fillRect(0, 0, 1, 1);
    return [...canvas.getImageData(0, 0, 1, 1).data];
  };
  let ground = node;
  while (ground && rgb(getComputedStyle(ground).backgroundColor)[3] === 0) ground = ground.parentElement;
  const light = colour => {
    const [r, g, b] = rgb(colour).map(v => v / 255).map(v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const [a, b] = [light(getComputedStyle(node).color), light(getComputedStyle(ground).backgroundColor)].sort();
  return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
}"""
