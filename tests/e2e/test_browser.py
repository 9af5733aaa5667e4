"""The main job in a real browser: every citation of a draft opens its passage, highlighted, and nothing leaves the machine."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser

from tests.support.browsing import CONTRAST, NEEDS_CHROMIUM, Site, a_browser, overflows, violations
from tests.support.server_process import server
from tests.support.service import feedback_csv
from tests.support.waiting import until

pytestmark = NEEDS_CHROMIUM


class WithDraft(Site):
    """The site with one draft."""

    def __init__(self, url: str, browser: Browser, draft: dict[str, Any]) -> None:
        super().__init__(url, browser)
        self.draft = draft


def _write_draft(url: str) -> dict[str, Any]:
    with httpx.Client(base_url=url, timeout=60) as client:
        answer = client.post("/v1/ingest", files={"files": ("support.csv", feedback_csv())})
        until(lambda: client.get(answer.headers["location"]).json()["state"] == "done")
        run = client.post("/v1/drafts", json={"kind": "prd", "brief": "slow export of boards"}).json()
        until(lambda: client.get(run["job"]).json()["state"] == "done")
        draft: dict[str, Any] = client.get(f"/v1/drafts/{run['id']}").json()
        return draft


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WithDraft]:
    with server(tmp_path_factory.mktemp("home")) as process, a_browser() as browser:
        yield WithDraft(process.url, browser, _write_draft(process.url))


def test_every_citation_opens_its_passage_highlighted(site: WithDraft) -> None:
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


def test_a_number_shows_how_it_was_counted_and_opens_its_records(site: WithDraft) -> None:
    page = site.open(f"/drafts/{site.draft['id']}")
    number = page.locator(".document a.fact").first
    number.hover()
    fact = site.draft["facts"][number.get_attribute("data-fact")]
    card = page.locator("evidence-popover .card")
    card.wait_for()
    assert f"{fact['id']}: open its records" in card.inner_text()
    text = number.inner_text()
    number.click()
    page.locator("ol.hits > li").first.wait_for()
    assert page.locator("h1").inner_text() == text
    assert violations(page) == []
    assert overflows(page) == []
    assert (site.complaints, site.foreign) == ([], [])


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_pages_fit_their_window_in_both_colour_schemes(
    site: WithDraft, width: int, scheme: str, tmp_path: Path
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


def test_a_wide_table_scrolls_inside_its_box_on_a_phone(site: WithDraft) -> None:
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


def test_text_and_background_keep_their_contrast(site: WithDraft) -> None:
    """WCAG AA: at least 4.5 to 1 for running text, in both schemes."""
    for scheme in ("light", "dark"):
        page = site.open(f"/drafts/{site.draft['id']}", color_scheme=scheme)
        for selector in ("body", ".document", ".document a.cite", ".meta", ".verdict"):
            ratio = page.locator(selector).first.evaluate(CONTRAST)
            assert ratio >= 4.5, (scheme, selector, ratio)
        page.context.close()


def test_a_search_from_the_page_finds_a_passage(site: WithDraft) -> None:
    page = site.open("/")
    page.fill("input[name=q]", "export is slow")
    page.press("input[name=q]", "Enter")
    page.locator(".hits blockquote a").first.click()
    assert page.locator("mark#quote").inner_text()
    assert (site.complaints, site.foreign) == ([], [])
