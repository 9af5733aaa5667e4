"""A draft that is written while a person reloads, opens a second tab, loses the network, and while its server is killed."""

from collections.abc import Iterator
from pathlib import Path
from signal import SIGKILL
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.support.browsing import NEEDS_CHROMIUM, Site, a_browser
from tests.support.model_server import ModelServer
from tests.support.patient_model import Replies
from tests.support.server_process import ServerProcess
from tests.support.service import done_job, events_of, feedback_csv
from tests.support.waiting import until

pytestmark = NEEDS_CHROMIUM
LOST = "Connection lost. Trying again …"
PASSAGES = "nodes => nodes.map(node => [node.dataset.target, node.textContent])"


class Line:
    """A server with a patient model, and a browser; the server can be killed and started again on its port."""

    def __init__(self, home: Path, browser: Browser, model: Replies, model_url: str) -> None:
        self.model = model
        self._home = home
        self._settings = {"VOXSPEC_MODEL": "openai:test", "VOXSPEC_OPENAI_BASE_URL": model_url}
        self._process = ServerProcess(home, **self._settings)
        self.site = Site(self._process.url, browser)

    def stop(self) -> None:
        """kill -9."""
        self._process.stop(SIGKILL)

    def start(self) -> None:
        """Again, on the same port."""
        port = self.site.url.rpartition(":")[2]
        self._process = ServerProcess(self._home, VOXSPEC_PORT=port, **self._settings)


@pytest.fixture(scope="module")
def line(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Line]:
    model = Replies(0.02, most=4)
    with ModelServer(model) as at, a_browser() as browser:
        made = Line(tmp_path_factory.mktemp("home"), browser, model, at.base_url)
        with httpx.Client(base_url=made.site.url, timeout=60) as client:
            job = client.post("/v1/ingest", files={"files": ("f.csv", feedback_csv())}).json()["id"]
            done_job(client, job)
        yield made
        made.stop()


def begun(line: Line, brief: str) -> Page:
    """A page on which a draft is half written, because its model keeps it waiting."""
    line.model.hold(4)
    page = line.site.open("/chat", viewport={"width": 1280, "height": 900})
    page.fill("#text", f"Write a PRD about {brief}")
    page.get_by_role("button", name="Start").click()
    until(lambda: line.model.is_held)
    expect(page.locator(".so-far")).to_contain_text("until the new wording is checked")
    expect(page.locator("[data-live] [data-target]").first).to_be_visible()
    return page


def stored(page: Page) -> list[list[str]]:
    """The passages as the stored log tells them up to now: a step that began again replaces what it said, and what a model
    replies isn't shown before it is checked."""
    url, _, thread = page.url.partition("#")[0].partition("/chat/")
    last = httpx.get(f"{url}/v1/threads/{thread}").json()["last_event"]
    told: list[dict[str, Any]] = []
    with httpx.stream("GET", f"{url}/v1/threads/{thread}/events", timeout=30) as stream:
        body = ""
        for piece in stream.iter_text():
            body += piece
            told = events_of(body.rpartition("\n\n")[0])
            if told and told[-1]["seq"] >= last:
                break
    passages: dict[str, str] = {}
    fresh: set[str] = set()
    is_wording = False
    for one in told:
        if one["type"] == "step.started":
            fresh, is_wording = set(), one["step"] == "word"
        elif one["type"] == "draft.text.delta" and "target" in one and not is_wording:
            before = passages.get(one["target"], "") if one["target"] in fresh else ""
            passages[one["target"]] = before + one["text"]
            fresh.add(one["target"])
    return sorted([name, text] for name, text in passages.items())


def shows_what_is_stored(page: Page) -> None:
    wanted = stored(page)
    assert wanted
    shown = page.locator("[data-live] [data-target]")
    until(lambda: bool(sorted(shown.evaluate_all(PASSAGES)) == wanted))


def test_a_reload_a_second_tab_and_a_lost_network_go_on_with_the_same_draft(line: Line) -> None:
    page = begun(line, "slow exports of boards")
    shows_what_is_stored(page)
    page.reload()
    shows_what_is_stored(page)
    second = page.context.new_page()
    second.goto(page.url)
    shows_what_is_stored(second)

    page.context.set_offline(True)
    expect(page.locator(".step")).to_have_text(LOST)
    page.fill("#say-text", "and shorter")
    page.press("#say-text", "Enter")
    expect(page.locator(".refused")).to_contain_text("can't be reached")
    expect(page.locator("#say-text")).to_have_value("and shorter")
    page.context.set_offline(False)
    expect(page.locator(".step")).not_to_have_text(LOST)
    shows_what_is_stored(page)
    line.model.go_on()
    for one in (page, second):
        one.wait_for_url("**/drafts/dra_*")
    assert page.url == second.url
    _is_whole(page)
    page.context.close()
    assert max(line.model.asked.values()) == 1
    assert [one for one in line.site.complaints if "ERR_INTERNET_DISCONNECTED" not in one] == []
    assert line.site.foreign == []


def test_a_killed_server_that_comes_back_goes_on_without_a_persons_doing(line: Line) -> None:
    page = begun(line, "offline mode")
    shows_what_is_stored(page)
    line.stop()
    expect(page.locator(".step")).to_have_text(LOST)
    line.start()
    expect(page.locator(".step")).not_to_have_text(LOST)
    shows_what_is_stored(page)
    line.model.go_on()
    page.wait_for_url("**/drafts/dra_*")
    _is_whole(page)
    page.context.close()
    again = [times for times in line.model.asked.values() if times > 1]
    assert len(again) <= 1, "only what the kill cut off is asked once more"
    assert max(line.model.asked.values()) <= 2
    assert line.site.foreign == []


def _is_whole(page: Page) -> None:
    """The page shows every claim of the draft that its sections name, once, and the chat has one answer."""
    url, _, draft = page.url.partition("?")[0].partition("/drafts/")
    held = httpx.get(f"{url}/v1/drafts/{draft}").json()
    named = [
        name for one in held["sections"] for block in one["blocks"] for name in block.get("claim_ids", ())
    ]
    shown = page.locator("#document [data-claim]").evaluate_all("nodes => nodes.map(n => n.dataset.claim)")
    assert set(named) <= set(shown)
    assert held["version"] == 1
    assert page.locator(".lines li.voxspec").count() == 1
