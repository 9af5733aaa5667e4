"""From files to an approved and exported PRD in a real browser: by mouse, and again by keyboard alone."""

import json
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Page, expect

from tests.support.browsing import NEEDS_CHROMIUM, Site, a_browser, overflows, violations
from tests.support.server_process import server
from tests.support.service import done_job, feedback_csv

pytestmark = NEEDS_CHROMIUM
WANT = "[data-target='US-1.want']"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with server(tmp_path_factory.mktemp("home")) as process, a_browser() as browser:
        yield Site(process.url, browser)


def _find_themes(site: Site) -> None:
    with httpx.Client(base_url=site.url, timeout=60) as client:
        done_job(client, client.post("/v1/themes").json()["id"])


def _landed(page: Page) -> str:
    page.wait_for_url("**/drafts/dra_*")
    expect(page.locator("#checks .verdict").first).to_have_text("ready")
    return page.url.partition("/drafts/")[2].partition("?")[0]


def _complaints(site: Site) -> list[str]:
    told = list(site.complaints)
    site.complaints.clear()
    return told


def _comment_and_approve_a_section(page: Page) -> None:
    page.locator(WANT).dblclick()
    page.get_by_role("toolbar").get_by_role("button", name="Comment").click()
    page.locator("#comment-text").fill("Who checks this?")
    page.get_by_role("button", name="Comment", exact=True).last.click()
    expect(page.locator("#s-stories .remarks")).to_contain_text("Who checks this?")
    page.locator("#approve-stories").click()
    expect(page.locator("#s-stories")).to_contain_text("Section approved by")


def test_a_newcomer_gets_from_files_to_an_approved_prd_by_mouse(site: Site, tmp_path: Path) -> None:
    page = site.open("/import", viewport={"width": 1400, "height": 900})
    page.set_input_files("#files", {"name": "calls.csv", "mimeType": "text/csv", "buffer": feedback_csv()})
    page.get_by_role("button", name="Look at them").click()
    page.get_by_role("button", name="Import").click()
    page.locator("#progress .state.done").wait_for()
    _find_themes(site)
    page.get_by_role("link", name="Themes", exact=True).click()
    page.get_by_role("link", name="The whole area with its quotes").first.click()
    page.get_by_role("link", name="Draft from this theme").click()
    page.get_by_role("link", name="Say it in a chat").click()
    page.fill("#text", "PRD")
    page.get_by_role("button", name="Start").click()

    asked = page.locator("form.choices > button").first
    expect(asked).to_contain_text("recommended")
    asked.click()
    draft = _landed(page)

    cite = page.locator("#document a.cite").first
    cite.hover()
    shown = page.locator("evidence-popover")
    quote = shown.locator("blockquote").inner_text()
    cite.click()
    assert page.locator("mark#quote").evaluate("node => node.textContent") == quote
    page.go_back()

    before = httpx.get(f"{site.url}/v1/drafts/{draft}").json()
    page.locator(WANT).dblclick()
    page.get_by_role("toolbar").get_by_role("button", name="Type over").click()
    words = page.locator("#edit-text")
    words.fill(f"{words.input_value()}\u200b now")
    page.get_by_role("button", name="See the change").click()
    page.locator("#sheet table.diff ins").first.wait_for()
    assert httpx.get(f"{site.url}/v1/drafts/{draft}").json() == before
    page.get_by_role("button", name="Apply").click()
    expect(page.locator("#checks .verdict").first).to_have_text("needs 1 fix")
    page.locator(".beside").get_by_role("button", name="Fix it").click()
    expect(page.locator("#checks .verdict").first).to_have_text("ready")
    after = httpx.get(f"{site.url}/v1/drafts/{draft}").json()
    assert after["version"] == 3
    assert after["claims"] == before["claims"]
    assert page.locator(WANT).get_attribute("data-locked") == ""

    _comment_and_approve_a_section(page)
    page.get_by_role("link", name="version 3").click()
    page.get_by_role("link", name="what changed").last.click()
    page.locator("table.diff ins").first.wait_for()
    page.go_back()
    page.go_back()
    page.get_by_role("button", name="Approve version 3").click()
    expect(page.locator("#checks")).to_contain_text("approved")
    page.get_by_text("Export", exact=True).click()
    with page.expect_download() as download:
        page.locator(".menu a[href*='.json']").click()
    file = tmp_path / "draft.json"
    download.value.save_as(file)
    assert json.loads(file.read_text(encoding="utf-8"))["status"] == "approved"
    page.context.close()
    assert (_complaints(site), site.foreign) == ([], [])


def _press(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def test_the_same_goes_by_keyboard_alone(site: Site) -> None:
    page = site.open("/chat", viewport={"width": 1400, "height": 900})
    expect(page.locator("#text")).to_be_focused()
    page.keyboard.type("Write something about slow export of boards")
    _press(page, "Enter")
    page.locator("form.choices > button").first.wait_for()
    _tab_to(page, "button[value=prd]")
    _press(page, "Enter")
    draft = _landed(page)

    page.locator("body").press("j")
    _press(page, "e")
    card = page.locator("evidence-popover a").first
    expect(card).to_be_focused()
    _press(page, "Escape")
    expect(page.locator("#document [data-claim]").first).to_be_focused()
    _press(page, "e", "Enter")
    page.locator("mark#quote").wait_for()
    # A browser without a window has no keys of its own for this.
    page.go_back()
    page.locator("#document").wait_for()

    page.locator("body").press("j")
    claim = page.locator("#document [data-claim]").first.get_attribute("data-claim")
    _press(page, "m", "Enter")
    expect(page.locator("#edit-text")).to_be_focused()
    _press(page, "End")
    page.keyboard.insert_text("\u200b indeed")
    _press(page, "Tab", "Enter")
    page.locator("#sheet table.diff ins").first.wait_for()
    _press(page, "Enter")
    expect(page.locator("#checks .verdict").first).to_have_text("needs 1 fix")
    _tab_to(page, ".beside button")
    _press(page, "Enter")
    expect(page.locator("#checks .verdict").first).to_have_text("ready")

    _press(page, "Control+z")
    expect(page.locator("#paper")).to_have_attribute("data-version", "4")
    expect(page.locator("#checks .verdict").first).to_have_text("needs 1 fix")
    _press(page, "Control+Shift+z")
    expect(page.locator("#paper")).to_have_attribute("data-version", "5")
    expect(page.locator("#checks .verdict").first).to_have_text("ready")
    held = httpx.get(f"{site.url}/v1/drafts/{draft}").json()
    assert "\u200b" not in held["claims"][claim]["text"]

    _tab_to(page, "form.approve button")
    _press(page, "Enter")
    expect(page.locator("#checks")).to_contain_text("approved")
    _press(page, "n")
    expect(page.locator(".menu summary")).to_be_focused()
    _press(page, "Enter")
    _tab_to(page, ".menu a[href*='.md']")
    with page.expect_download() as download:
        _press(page, "Enter")
    assert download.value.suggested_filename == "PRD-slow-export-of-boards-v5.md"
    assert Path(download.value.path()).read_text(encoding="utf-8").startswith("# PRD")
    page.context.close()
    assert (_complaints(site), site.foreign) == ([], [])


def _tab_to(page: Page, selector: str, most: int = 400) -> None:
    goal = page.locator(selector).first
    goal.wait_for()
    for _ in range(most):
        if goal.evaluate("node => node === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"no Tab leads to {selector}")


def test_the_pages_of_drafts_and_chats_are_accessible_and_fit_every_window(site: Site) -> None:
    drafts = httpx.get(f"{site.url}/v1/drafts").json()["items"]
    draft = drafts[0]["id"]
    thread = httpx.get(f"{site.url}/v1/threads").json()["items"][0]["id"]
    told: list[tuple[str, tuple[str, str]]] = []
    wide: list[tuple[str, tuple[int, int]]] = []
    for address in (
        *(f"/drafts/{draft}", f"/drafts/{draft}?version=2", f"/drafts/{draft}/edit", "/chat"),
        *(f"/drafts/{draft}/edit?target=US-1.want", f"/drafts/{draft}/versions", f"/chat/{thread}"),
    ):
        page = site.open(address, viewport={"width": 1280, "height": 860})
        told += [(address, one) for one in violations(page)]
        wide += [(address, one) for one in overflows(page)]
        page.context.close()
    assert (told, wide) == ([], [])
    assert (_complaints(site), site.foreign) == ([], [])
