"""One server under load: idle viewers, writers, an import in the background, and how soon everybody else is answered."""

import asyncio
import json
import os
import shutil
import time
from collections import Counter
from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import httpx

from evals.bench.chats import serving
from evals.bench.drafts import BRIEFS, sample_workspace
from evals.bench.measure import Result, Setting, Target, at_most
from evals.bench.slow_model import SlowModel
from evals.bench.timing import cpu_s, percentile
from evals.bench.workspaces import say

_VIEWERS, _WRITERS = 200, 20
_ROWS = 5_000
_PAGES = (
    "/",
    "/themes",
    "/themes/list",
    "/search?q=export",
    "/drafts/new",
    "/jobs",
    "/v1/jobs",
    "/v1/records",
)
_PAUSE_S = 0.05
_LEAST_S = 20.0


@dataclass
class Seen:
    """What the requests of the measurement met."""

    page_ms: list[float] = field(default_factory=list)
    health_ms: list[float] = field(default_factory=list)
    statuses: Counter[int] = field(default_factory=Counter)
    by_page: dict[str, list[float]] = field(default_factory=dict)
    lost: int = 0
    """Streams of viewers that ended before they were closed."""
    drafts: int = 0
    weights: list[float] = field(default_factory=list)
    """Bytes of a draft's stream over those of its Markdown."""


def measure_load(setting: Setting) -> list[Result]:
    """Viewers with an open stream, drafts with a model of 20 ms a token, and an import, on one server over the Kanbo sample."""
    viewers, writers, rows = (10, 2, 500) if setting.quick else (_VIEWERS, _WRITERS, _ROWS)
    home = sample_workspace(setting, 1)
    with TemporaryDirectory() as folder, SlowModel() as model:
        shutil.copytree(home, folder, dirs_exist_ok=True)
        limits = {"VOXSPEC_MAX_STREAMS": str(viewers + writers + 10)}
        with serving(Path(folder), model, writers, **limits) as (url, pid):
            say(f"load: {viewers} viewers, {writers} drafts, an import of {rows:,} rows")
            load, cpu, began = os.getloadavg()[0], cpu_s(pid), time.perf_counter()
            seen = asyncio.run(_measure(url, viewers, writers, rows))
            wall, busy = time.perf_counter() - began, cpu_s(pid) - cpu
    note = (
        f"{viewers} viewers, {seen.drafts} of {writers} drafts written, {rows:,} rows imported in {wall:.0f} s;"
        f" the server and its worker took {busy:.0f} s of CPU; the machine's load before it was {load:.1f}"
    )
    return _results(seen, note)


async def _measure(url: str, viewers: int, writers: int, rows: int) -> Seen:
    seen, over = Seen(), asyncio.Event()
    limits = httpx.Limits(max_connections=viewers + writers + 20)
    async with (
        httpx.AsyncClient(base_url=url, timeout=600, limits=limits) as client,
        AsyncExitStack() as opened,
    ):
        await _done(client, (await client.post("/v1/themes", json={"tokens": 0})).json()["id"])
        open_now = [await _viewer(client, opened, place) for place in range(viewers)]
        watching = [asyncio.create_task(_watch(one, seen, over)) for one in open_now]
        asking = [asyncio.create_task(_ask(client, page, seen, over)) for page in _PAGES]
        asking.append(asyncio.create_task(_health(client, seen, over)))
        began = time.perf_counter()
        importing = asyncio.create_task(_import(client, rows))
        briefs = [f"{BRIEFS[1 + place % (len(BRIEFS) - 1)]} part {place}" for place in range(writers)]
        done = await asyncio.gather(*(_draft(client, brief) for brief in briefs))
        seen.drafts, seen.weights = len([one for one in done if one]), [one for one in done if one]
        await importing
        await asyncio.sleep(max(0.0, _LEAST_S - (time.perf_counter() - began)))
        over.set()
        await asyncio.gather(*asking)
        for task in watching:
            task.cancel()
        await asyncio.gather(*watching, return_exceptions=True)
    return seen


async def _viewer(client: httpx.AsyncClient, opened: AsyncExitStack, place: int) -> httpx.Response:
    """A thread that somebody has open and says nothing in."""
    thread = (await client.post("/v1/threads", json={"title": f"viewer {place}"})).json()["id"]
    return await opened.enter_async_context(client.stream("GET", f"/v1/threads/{thread}/events"))


async def _watch(stream: httpx.Response, seen: Seen, over: asyncio.Event) -> None:
    seen.statuses[stream.status_code] += 1
    async for _ in stream.aiter_raw():
        pass
    seen.lost += not over.is_set()


async def _ask(client: httpx.AsyncClient, page: str, seen: Seen, over: asyncio.Event) -> None:
    while not over.is_set():
        took = await _timed(client, page, seen)
        seen.page_ms.append(took)
        seen.by_page.setdefault(page, []).append(took)
        await asyncio.sleep(_PAUSE_S * 4)


async def _health(client: httpx.AsyncClient, seen: Seen, over: asyncio.Event) -> None:
    while not over.is_set():
        seen.health_ms.append(await _timed(client, "/healthz", seen))
        await asyncio.sleep(_PAUSE_S)


async def _timed(client: httpx.AsyncClient, path: str, seen: Seen) -> float:
    began = time.perf_counter()
    seen.statuses[(await client.get(path)).status_code] += 1
    return 1000 * (time.perf_counter() - began)


async def _import(client: httpx.AsyncClient, rows: int) -> None:
    lines = b"".join(_row(number) for number in range(rows))
    # To a workspace of its own: the pages that are measured go on showing the same.
    headers = {"Content-Type": "application/x-ndjson", "X-Voxspec-Workspace": "imported"}
    job = (await client.post("/v1/records", content=lines, headers=headers)).json()
    await _done(client, job["id"], workspace="imported")


async def _done(client: httpx.AsyncClient, job: str, **where: str) -> None:
    while (await client.get(f"/v1/jobs/{job}", params=where)).json()["state"] in {"queued", "running"}:
        await asyncio.sleep(1)


def _row(number: int) -> bytes:
    text = f"The export of board {number} hangs at {number % 97} per cent, and nobody in team {number % 31} knows why."
    return json.dumps({"text": text, "author": f"person {number % 999}"}).encode() + b"\n"


async def _draft(client: httpx.AsyncClient, brief: str) -> float:
    """Returns: bytes of its stream over those of its Markdown; 0 where it wasn't written."""
    run: dict[str, Any] = (await client.post("/v1/drafts", json={"kind": "prd", "brief": brief})).json()
    async with client.stream("GET", run["events"]) as stream:
        body = await stream.aread()
    if b"event: draft.completed" not in body:
        return 0.0
    told = json.loads(body.decode().rpartition("data: ")[2].partition("\n")[0])
    written = (await client.get(f"/v1/drafts/{told['draft_id']}.md")).content
    # A file holds the records behind its numbers, too, which no stream sends.
    return len(body) / len(written.partition(b"\n## Records behind the numbers")[0])


def _results(seen: Seen, note: str) -> list[Result]:
    slowest = max(seen.by_page, key=lambda page: percentile(seen.by_page[page], 0.95))
    failed = sum(count for status, count in seen.statuses.items() if status >= 500)
    return [
        _row_of("pages and lists, p95", percentile(seen.page_ms, 0.95), "ms", at_most(150), note),
        _row_of("the same, p50", percentile(seen.page_ms, 0.5), "ms", note=f"{len(seen.page_ms):,} requests"),
        _row_of("the slowest page, p95", percentile(seen.by_page[slowest], 0.95), "ms", note=slowest),
        _row_of(
            "health, p99",
            percentile(seen.health_ms, 0.99),
            "ms",
            at_most(50),
            f"{len(seen.health_ms):,} requests",
        ),
        _row_of("answers of 5xx", failed, "", at_most(0), _told(seen.statuses.items())),
        _row_of("streams of viewers that ended by themselves", seen.lost, "", at_most(0)),
        _row_of(
            "bytes sent per byte of a streamed draft",
            percentile(seen.weights or [0.0], 0.5),
            "x",
            at_most(20),
        ),
    ]


def _told(statuses: Sequence[tuple[int, int]] | Any) -> str:
    return ", ".join(f"{count:,} of {status}" for status, count in sorted(statuses))


def _row_of(what: str, value: float, unit: str, target: Target | None = None, note: str = "") -> Result:
    return Result(bench="load", what=what, value=value, unit=unit, target=target, note=note)
