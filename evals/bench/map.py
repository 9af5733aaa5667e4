"""The map of 300,000 statements in Chromium: how soon a loop can be drawn on it, and what that costs.

The points are made up: 250 discs as the product lays them out, points in them as it spreads them. Nothing here finds themes.
"""

import os
import shutil
import statistics
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from playwright.sync_api import Browser, Page, sync_playwright

from assistant.synthesis.counting import MAP, OVERVIEW, overview_of, stamp_of_now
from assistant.synthesis.outputs.kept_map import Disc, KeptMap, packed_points
from assistant.synthesis.outputs.points import HEIGHT, LONE, WIDTH, Points
from assistant.synthesis.outputs.positions import laid_out, scaled
from evals.bench.chats import started
from evals.bench.drafts import BRIEFS, sample_workspace
from evals.bench.measure import Result, Setting, Target, at_least, at_most
from evals.bench.workspaces import open_at, say

_POINTS, _DISCS, _RUNS = 300_000, 250, 9
_ALONE = 0.15
"""Share of statements that are single voices."""
_TARGET_MS = 1000.0


@dataclass(frozen=True)
class Seen:
    """One opening of the page, in milliseconds."""

    ready: float
    """From the request until the map takes a loop, by the page's own clock."""
    page_cpu: float
    """Of the browser's process that shows the page."""
    server_cpu: float
    loop: float
    """From the end of a loop around everything until its themes are ticked and told."""


def measure_map(setting: Setting) -> list[Result]:
    """A page of 300,000 points, opened nine times in a browser that has seen nothing of it."""
    points, discs, runs = (20_000, 50, 2) if setting.quick else (_POINTS, _DISCS, _RUNS)
    chromium = shutil.which("chromium")
    if chromium is None:
        raise RuntimeError("There is no chromium in the path; Debian has it as a package.")
    with TemporaryDirectory() as folder:
        home = Path(folder)
        shutil.copytree(sample_workspace(setting, 1), home, dirs_exist_ok=True)
        weight = _fill(home, points, discs)
        with started(home) as (url, pid), _browser(chromium) as browser:
            say(f"map: {points:,} points, {runs + 1} openings")
            # The first is the server's own start, which isn't measured.
            seen = [_open(browser, url, pid, discs) for _ in range(runs + 1)][1:]
            ticked = _keyboard(browser, url)
    return _rows(seen, f"{points:,} points in {discs} themes, {weight / 1e6:.2f} MB sent", ticked, discs)


def _fill(home: Path, points: int, discs: int) -> int:
    """Keep a made-up map as what was counted last. Returns: bytes of its points as they are sent."""
    rng = np.random.default_rng(8)
    sizes = np.maximum(20.0, 1 / np.arange(1, discs + 1) ** 0.6)
    sizes = np.floor(sizes / sizes.sum() * points * (1 - _ALONE)).astype(int)
    named = [one for one in BRIEFS if one]
    names = [f"{named[place % len(named)]} {place + 1}" for place in range(discs)]
    circles = laid_out(scaled(rng.normal(size=(discs, 16))), sizes.tolist(), names, WIDTH, HEIGHT, 15.0)
    disc = np.repeat(np.arange(discs), sizes)
    around = rng.integers(discs, size=points - len(disc))
    place = np.concatenate([disc, around])
    radius = np.array([one.r for one in circles])[place]
    reach = radius * np.concatenate([np.sqrt(rng.random(len(disc))), rng.uniform(1.1, 1.7, len(around))])
    turn = rng.uniform(0, 2 * np.pi, points)
    x = np.array([one.x for one in circles])[place] + reach * np.cos(turn)
    y = np.array([one.y for one in circles])[place] + reach * np.sin(turn)
    order = rng.permutation(points)
    told = np.concatenate([disc, np.full(len(around), LONE)]).astype(np.uint16)
    drawn = Points(
        discs=(),
        x=np.clip(x / WIDTH * 65_535, 0, 65_535).astype(np.uint16)[order],
        y=np.clip(y / HEIGHT * 65_535, 0, 65_535).astype(np.uint16)[order],
        disc=told[order],
    )
    rows = tuple(
        Disc(
            id=f"thm_{number:016x}",
            name=names[number],
            area=f"area {number % 25}",
            people=int(sizes[number]),
            records=int(sizes[number]),
            statements=int(sizes[number]),
            x=one.x,
            y=one.y,
            r=one.r,
            label=one.label,
            label_x=one.label_x,
            label_y=one.label_y,
            hue=number * 137 % 360,
        )
        for number, one in enumerate(circles)
    )
    held = KeptMap(rows, points, packed_points(drawn))
    with open_at(home) as bench:
        overview = overview_of(bench.columns(), None, []).model_copy(update={"has_themes": True, "areas": 25})
        contents = {MAP: held.content(), OVERVIEW: overview.model_dump_json().encode()}
        bench.catalog.counted.keep(bench.workspace, stamp_of_now(bench), contents)
    return len(held.packed)


@contextmanager
def _browser(chromium: str) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        flags = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]
        browser = playwright.chromium.launch(executable_path=chromium, args=flags)
        yield browser
        browser.close()


def _open(browser: Browser, url: str, pid: int, discs: int) -> Seen:
    context = browser.new_context(viewport={"width": 1280, "height": 860})
    page = context.new_page()
    told = context.new_cdp_session(page)
    told.send("Performance.enable", {"timeDomain": "threadTicks"})
    before = _cpu_ms(pid)
    page.goto(f"{url}/themes/map")
    page.locator("feedback-map[data-ready]").wait_for()
    server_cpu = _cpu_ms(pid) - before
    ready = float(page.locator("feedback-map").get_attribute("data-ready") or "nan")
    metrics = {one["name"]: one["value"] for one in told.send("Performance.getMetrics")["metrics"]}
    loop = _loop(page)
    chosen = page.locator("input[name=theme]:checked").count()
    if chosen != discs:
        raise RuntimeError(f"A loop around everything chose {chosen} of {discs} themes.")
    context.close()
    return Seen(ready, 1000 * metrics["ProcessTime"], server_cpu, loop)


_TIMED_UP = """async () => {
  const canvas = document.querySelector('feedback-map canvas');
  const box = canvas.getBoundingClientRect();
  const at = (kind, x, y) => canvas.dispatchEvent(new PointerEvent(kind, {pointerId: 1, clientX: box.left + x * box.width,
    clientY: box.top + y * box.height}));
  canvas.setPointerCapture = () => {};
  at('pointerdown', 0, 0);
  for (const [x, y] of [[0.5, 0], [1, 0], [1, 0.5], [1, 1], [0.5, 1], [0, 1], [0, 0.5]]) at('pointermove', x, y);
  const began = performance.now();
  at('pointerup', 0, 0);
  return performance.now() - began;
}"""


def _loop(page: Page) -> float:
    return float(page.evaluate(_TIMED_UP))


def _keyboard(browser: Browser, url: str) -> int:
    """Themes that keys alone tick: the first by Tab and Space, each further one by Tab."""
    page = browser.new_page(viewport={"width": 1280, "height": 860})
    page.goto(f"{url}/themes/map")
    page.locator("feedback-map[data-ready]").wait_for()
    boxes = page.locator("input[name=theme]").count()
    for _ in range(3 * boxes + 60):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement?.matches('input[name=theme]:not(:checked)') ?? false"):
            page.keyboard.press("Space")
    ticked = page.locator("input[name=theme]:checked").count()
    page.close()
    return ticked


def _cpu_ms(pid: int) -> float:
    told = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return 1000 * (int(told[11]) + int(told[12])) / os.sysconf("SC_CLK_TCK")


def _rows(seen: list[Seen], note: str, ticked: int, discs: int) -> list[Result]:
    ready = sorted(one.ready for one in seen)
    spread = f"{ready[0]:.0f} to {ready[-1]:.0f} ms in {len(ready)} openings"

    def row(what: str, value: float, unit: str, target: Target | None = None, told: str = "") -> Result:
        return Result(bench="map", what=what, value=value, unit=unit, target=target, note=told)

    return [
        row(
            "from the request to a map that takes a loop",
            statistics.median(ready),
            "ms",
            at_most(_TARGET_MS),
            f"{note}; {spread}",
        ),
        row("CPU of the browser's process for it", statistics.median(one.page_cpu for one in seen), "ms"),
        row("CPU of the server for it", statistics.median(one.server_cpu for one in seen), "ms"),
        row(
            "from the end of a loop around all points to its themes",
            statistics.median(one.loop for one in seen),
            "ms",
        ),
        row("themes of the map that keys alone reach in its table", 100 * ticked / discs, "%", at_least(100)),
    ]
