"""Answers to chat clients: when the first sign of them comes, what they weigh, and fifty of them at once."""

import asyncio
import json
import os
import re
import shutil
import signal
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import httpx

from evals.bench.drafts import BRIEFS, sample_workspace
from evals.bench.measure import Result, Setting, Target, at_least, at_most
from evals.bench.slow_model import TOKEN_S, SlowModel
from evals.bench.timing import percentile
from evals.bench.workspaces import say

_STREAMS = 50
_TOO_MANY = 10
_WARMING = 8
_ALONE = 15
_MODEL = "voxspec-prd"


@dataclass
class Read:
    """One answer as a client saw it. Times of `time.perf_counter`."""

    brief: str
    status: int = 0
    retry_after: str = ""
    opened_at: float = 0.0
    """The first chunk."""
    worded_at: float = 0.0
    """The first sign of what the model writes."""
    text_at: float = 0.0
    """The first text, which is checked."""
    ended_at: float = 0.0
    weight: int = 0
    text: list[str] = field(default_factory=list)
    tokens: int = 0
    ended: bool = False


def measure_chats(setting: Setting) -> list[Result]:
    """Streams of the OpenAI-compatible surface over the Kanbo sample, with a model of 20 ms a token."""
    streams, alone = (8, 3) if setting.quick else (_STREAMS, _ALONE)
    home = sample_workspace(setting, 1)
    with TemporaryDirectory() as folder, SlowModel() as model:
        shutil.copytree(home, folder, dirs_exist_ok=True)
        with serving(Path(folder), model, streams) as (url, _):
            say(f"chats: {alone} answers, one after the other")
            singles = [asyncio.run(_read_all(url, [f"{brief}."]))[0] for brief in _briefs(alone)]
            say(f"chats: {streams} at once, and {_TOO_MANY} more")
            began = time.perf_counter()
            crowd = asyncio.run(_read_all(url, _briefs(streams + _TOO_MANY)))
            again = asyncio.run(_whole(url, [one for one in crowd if one.ended][:5]))
    return [
        *_of_singles(singles, model),
        *_of_crowd(crowd, model, streams, began, again),
        _of_two_workers(home, streams),
    ]


def _of_two_workers(home: Path, streams: int) -> Result:
    """As many at once, drafted by two processes."""
    with TemporaryDirectory() as folder, SlowModel() as model:
        shutil.copytree(home, folder, dirs_exist_ok=True)
        with serving(Path(folder), model, streams, VOXSPEC_WORKERS="2") as (url, _):
            say(f"chats: {streams} at once, with two workers")
            # Both have loaded what they need.
            asyncio.run(_read_all(url, [f"{brief}." for brief in _briefs(_WARMING)]))
            began = time.perf_counter()
            crowd = asyncio.run(_read_all(url, _briefs(streams)))
    return _wall("the same with VOXSPEC_WORKERS=2", crowd, model, began)


def _wall(what: str, reads: Sequence[Read], model: SlowModel, began: float) -> Result:
    served = [read for read in reads if read.status == 200]
    ideal = max(model.told[read.brief].tokens * TOKEN_S for read in served)
    wall = max(read.ended_at for read in served) - began
    sent = sum(read.tokens for read in served)
    note = f"{len(served)} streams, {sent:,} tokens at 20 ms, the longest {ideal:.1f} s; took {wall:.1f} s"
    return _row(what, wall / ideal, "x", at_most(2), note)


def _briefs(count: int) -> list[str]:
    """Briefs that differ, so that each is a draft of its own, with model calls of its own."""
    told = [brief for brief in BRIEFS if brief]
    return [f"{told[place % len(told)]}{' again' * (place // len(told))}" for place in range(count)]


@contextmanager
def serving(home: Path, model: SlowModel, streams: int, **settings: str) -> Iterator[tuple[str, int]]:
    """A server with that model, in a process of its own: its address and its process id."""
    told = {
        "VOXSPEC_MODEL": "openai:slow",
        "VOXSPEC_MAX_ANSWERS": str(streams),
        "OPENAI_BASE_URL": model.base_url,
    }
    with started(home, **told, **settings) as server:
        yield server


@contextmanager
def started(home: Path, **settings: str) -> Iterator[tuple[str, int]]:
    """A server in a process of its own: its address and its process id. Args: settings: variables of its environment."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("VOXSPEC_")} | {
        "VOXSPEC_HOME": str(home),
        "VOXSPEC_PORT": "0",
        **settings,
    }
    command = [sys.executable, "-m", "api.cli.main", "serve", "--port", "0"]
    with subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True) as child:
        assert child.stderr is not None
        said = []
        for line in child.stderr:
            said.append(line)
            if found := re.search(r"http://\S+(?=/)", line):
                break
        else:
            raise RuntimeError("".join(said))
        try:
            yield found[0], child.pid
        finally:
            child.send_signal(signal.SIGTERM)
            child.communicate(timeout=30)


async def _read_all(url: str, briefs: Sequence[str]) -> list[Read]:
    limits = httpx.Limits(max_connections=len(briefs))
    async with httpx.AsyncClient(base_url=url, timeout=600, limits=limits) as client:
        return list(await asyncio.gather(*(_read(client, brief) for brief in briefs)))


async def _read(client: httpx.AsyncClient, brief: str) -> Read:
    read = Read(brief)
    body = _body(brief) | {"stream": True, "stream_options": {"include_usage": True}}
    async with client.stream("POST", "/v1/chat/completions", json=body) as answer:
        read.status, read.retry_after = answer.status_code, answer.headers.get("Retry-After", "")
        rest = b""
        async for piece in answer.aiter_raw():
            now = time.perf_counter()
            read.weight += len(piece)
            *events, rest = (rest + piece).split(b"\n\n")
            for event in events:
                _take(read, event, now)
    read.ended_at = time.perf_counter()
    return read


def _take(read: Read, event: bytes, now: float) -> None:
    if not event.startswith(b"data: "):
        return
    if event == b"data: [DONE]":
        read.ended = True
        return
    chunk = json.loads(event[6:])
    read.opened_at = read.opened_at or now
    if chunk.get("usage"):
        read.tokens = chunk["usage"]["completion_tokens"]
    for choice in chunk.get("choices", ()):
        if choice["delta"].get("reasoning_content", "").startswith("Wording C"):
            read.worded_at = read.worded_at or now
        if text := choice["delta"].get("content"):
            read.text_at = read.text_at or now
            read.text.append(text)


async def _whole(url: str, reads: Sequence[Read]) -> list[bool]:
    """Whether an answer that isn't streamed says the same as the stream did."""
    async with httpx.AsyncClient(base_url=url, timeout=600) as client:
        same = []
        for read in reads:
            answer = await client.post("/v1/chat/completions", json=_body(read.brief))
            same.append(answer.json()["choices"][0]["message"]["content"] == "".join(read.text))
        return same


def _body(brief: str) -> dict[str, Any]:
    return {"model": _MODEL, "messages": [{"role": "user", "content": brief}]}


def _of_singles(reads: Sequence[Read], model: SlowModel) -> list[Result]:
    worded = [read for read in reads if read.worded_at]
    first = [1000 * (read.worded_at - model.told[read.brief].first_at) for read in worded]
    checked = [1000 * (read.text_at - model.told[read.brief].last_at) for read in worded]
    weight = [read.weight / len("".join(read.text).encode()) for read in reads]
    told = f"{len(worded)} answers, one at a time"
    return [
        _row(
            "from the model's first token to the first sign of it, p50",
            statistics.median(first),
            "ms",
            at_most(10),
            told,
        ),
        _row("the same, p95", percentile(first, 0.95), "ms"),
        _row(
            "from the model's last token to the first text, which is checked, p50",
            statistics.median(checked),
            "ms",
            note="before it, no word of the model is sent",
        ),
        _row("bytes sent per byte of draft", statistics.median(weight), "x", at_most(20)),
    ]


def _of_crowd(
    reads: Sequence[Read], model: SlowModel, streams: int, began: float, same: Sequence[bool]
) -> list[Result]:
    served = [read for read in reads if read.status == 200]
    refused = [read for read in reads if read.status == 429 and read.retry_after]
    lost = sum(abs(model.told[read.brief].tokens - read.tokens) for read in served)
    whole = sum(read.ended and bool(read.text) for read in served)
    return [
        _wall("wall time over that of the model alone", reads, model, began),
        _row(
            "tokens lost",
            lost,
            "",
            at_most(0),
            f"{whole} of {streams} streams whole, {sum(same)} of {len(same)} as not streamed",
        ),
        _row("of them ended whole", 100 * whole / streams, "%", at_least(100)),
        _row(
            "requests over the limit that heard 429 with Retry-After",
            100 * len(refused) / _TOO_MANY,
            "%",
            at_least(100),
            f"{len(refused)} of {_TOO_MANY}",
        ),
    ]


def _row(what: str, value: float, unit: str, target: Target | None = None, note: str = "") -> Result:
    return Result(bench="chats", what=what, value=value, unit=unit, target=target, note=note)
