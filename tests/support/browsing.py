"""Headless Chromium over a running service: what it complains of, what it asks for, and what axe-core says of a page."""

import gzip
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.resources import files
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tests.support.system import chromium, why_not

NEEDS_CHROMIUM = [
    pytest.mark.skipif(
        chromium() is None,
        reason=why_not("chromium") or "chromium is absent; python tests/support/system.py installs it",
    ),
]
"""Marks of a module that drives a browser."""
_FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--no-first-run",
    "--disable-component-update",
    "--disable-sync",
)
_AXE = "axe.run(document, {resultTypes: ['violations']})"
_AXE_CONTRAST = "axe.run(document, {runOnly: ['color-contrast'], resultTypes: ['violations']})"
_OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
CONTRAST = """node => {
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
"""JavaScript of an element: the contrast of its text to what is behind it (WCAG 2.2), 1 to 21."""
_PATIENCE_MS = 240_000
"""For what hangs, as in `waiting.py`."""
_WIDTHS = (640, 390)
"""Pixels: 200 % zoom of a laptop, and a telephone."""


@contextmanager
def a_browser() -> Iterator[Browser]:
    """Chromium without a window."""
    expect.set_options(timeout=_PATIENCE_MS)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=_FLAGS)
        yield browser
        browser.close()


def a_context(browser: Browser, **told: Any) -> BrowserContext:
    """A patient one, without what other tabs keep."""
    context = browser.new_context(**told)
    context.set_default_timeout(_PATIENCE_MS)
    return context


class Site:
    """A running service in a browser, with what the browser complained of, asked others for, and loaded."""

    def __init__(self, url: str, browser: Browser) -> None:
        self.url = url
        self._browser = browser
        self.complaints: list[str] = []
        self.foreign: list[str] = []
        """Addresses off the service."""
        self.bytes = 0
        """Of scripts, styles and SVG of the last opened page, gzipped."""

    def open(self, address: str, **context: Any) -> Page:
        """A page of its own context, watched from its first request on."""
        # Colours that fade in would be measured half way.
        page = a_context(self._browser, reduced_motion="reduce", **context).new_page()
        page.on("console", lambda message: self._note(message.type, message.text))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("request", lambda request: self._asked(request.url))
        page.on("requestfinished", lambda request: self._weigh(request.response()))
        self.bytes = 0
        page.goto(self.url + address)
        return page

    def _note(self, kind: str, text: str) -> None:
        if kind in {"error", "warning"}:
            self.complaints.append(text)

    def _asked(self, url: str) -> None:
        if not url.startswith(self.url):
            self.foreign.append(url)

    def _weigh(self, response: Any) -> None:
        kind = response.headers.get("content-type", "")
        if any(one in kind for one in ("javascript", "css", "svg")):
            self.bytes += len(gzip.compress(response.body()))


def violations(page: Page) -> list[tuple[str, str]]:
    """What axe-core has against a page, in light and, for contrast alone, in dark: rule and element."""
    axe = (files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8")
    # Through the debugger's protocol: the page's own policy lets no script in.
    page.evaluate(axe)
    found = page.evaluate(_AXE)["violations"]
    page.emulate_media(color_scheme="dark")
    found += page.evaluate(_AXE_CONTRAST)["violations"]
    return [(one["id"], node["html"][:200]) for one in found for node in one["nodes"]]


def overflows(page: Page) -> list[tuple[int, int]]:
    """Widths of the window at which the page is wider than it, and by how many pixels."""
    found = []
    for width in _WIDTHS:
        page.set_viewport_size({"width": width, "height": 844})
        if (over := page.evaluate(_OVERFLOW)) > 0:
            found.append((width, over))
    return found
