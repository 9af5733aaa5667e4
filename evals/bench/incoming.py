"""Tickets that come in by signed webhooks: how soon they are accepted and worked out, what a flood does, and what a kill loses."""

import asyncio
import shutil
import signal
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial
from http import HTTPStatus
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory

import httpx

from evals.bench.incoming_data import CONNECTION, connection, stock
from evals.bench.incoming_server import HOOK, Served, Watch, desk, message, served, watched
from evals.bench.measure import Result, Setting, Target, at_least, at_most
from evals.bench.timing import cpu_s, percentile
from evals.bench.workspaces import open_at, say
from ingest.tickets import source_of

ENRICHED_S = 2.0
ACCEPTED_MS = 50.0
RATE = 50
_LOOK_EVERY_S = 0.05
_GIVE_UP_S = 1800.0
_LIMITS = httpx.Limits(max_connections=256)


@dataclass(frozen=True)
class Size:
    """How much of everything."""

    records: int
    warm: int
    """Tickets before those that are counted: the first one loads the corpus."""
    paced: int
    """At a person's rate, one a second."""
    rate: int
    """Tickets a second in a flood."""
    flood_s: int


FULL = Size(100_000, 3, 60, RATE, 12)
QUICK = Size(600, 1, 3, 10, 2)


@dataclass
class Seen:
    """What the sender of some messages met."""

    answered_ms: list[float] = field(default_factory=list)
    """Of those that were accepted."""
    statuses: Counter[int] = field(default_factory=Counter)
    accepted: set[int] = field(default_factory=set)
    """Numbers of the tickets."""
    enriched_s: list[float] = field(default_factory=list)
    """From the sending until what was worked out could be read."""
    taken_s: float = 0.0
    """Until the last one was accepted."""
    whole_s: float = 0.0
    """Until the last one was enriched."""
    cpu: float = 0.0
    """Seconds of the server and its worker."""


class Sender:
    """Sends tickets that are all different, each under a number of its own."""

    def __init__(self, to: Served, watch: Watch, tickets: Sequence[tuple[str, str]]) -> None:
        self._to = to
        self._watch = watch
        self._tickets = tickets
        self._numbers = count(1)

    async def send(self, many: int, rate: float, killed_at_s: float = 0.0) -> Seen:
        """Send so many, so many a second, whether or not those before are answered, and wait until they are enriched.

        Args:
            killed_at_s: when the server is killed and started again; 0: never.
        """
        seen, began, cpu = Seen(), time.perf_counter(), 0.0 if killed_at_s else cpu_s(self._to.pid)
        async with httpx.AsyncClient(base_url=self._to.url, timeout=60, limits=_LIMITS) as client:
            async with asyncio.TaskGroup() as tasks:
                if killed_at_s:
                    tasks.create_task(asyncio.to_thread(self._kill, began + killed_at_s))
                for place in range(many):
                    await asyncio.sleep(max(0.0, began + place / rate - time.perf_counter()))
                    # Those of a flood are looked for afterwards: questions for each would be a flood of their own.
                    tasks.create_task(self._one(client, seen, next(self._numbers), watched=rate <= 1))
            seen.taken_s = time.perf_counter() - began
            for number in sorted(seen.accepted):
                await self._enriched(number)
        seen.whole_s = time.perf_counter() - began
        seen.cpu = 0.0 if killed_at_s else cpu_s(self._to.pid) - cpu
        return seen

    async def _one(self, client: httpx.AsyncClient, seen: Seen, number: int, *, watched: bool) -> None:
        content, headers = message(number, *self._tickets[number % len(self._tickets)])
        began = time.perf_counter()
        while number not in seen.accepted:
            sent = time.perf_counter()
            try:
                answer = await client.post(HOOK, content=content, headers=headers)
            except httpx.TransportError:
                # Whoever heard nothing sends it again; the tracker's id of the message is the same.
                await asyncio.sleep(4 * _LOOK_EVERY_S)
                continue
            seen.statuses[answer.status_code] += 1
            if answer.status_code in (HTTPStatus.ACCEPTED, HTTPStatus.OK):
                seen.answered_ms.append(1000 * (time.perf_counter() - sent))
                seen.accepted.add(number)
            else:
                await asyncio.sleep(float(answer.headers.get("retry-after", 1)))
        if watched:
            await self._enriched(number)
            seen.enriched_s.append(time.perf_counter() - began)

    async def _enriched(self, number: int) -> None:
        began = time.perf_counter()
        while not self._watch.has(number):
            if time.perf_counter() - began > _GIVE_UP_S:
                raise RuntimeError(f"Ticket {number} was accepted and isn't there.")
            await asyncio.sleep(_LOOK_EVERY_S)

    def _kill(self, at: float) -> None:
        time.sleep(max(0.0, at - time.perf_counter()))
        self._to.end(signal.SIGKILL)
        self._to.start()


def measure_incoming(setting: Setting) -> list[Result]:
    """Bug reports and questions that the workspace doesn't hold, by GitHub's webhook, to `voxspec serve` in its default settings."""
    size = QUICK if setting.quick else FULL
    flood = size.rate * size.flood_s
    held = stock(setting, size.records, size.warm + size.paced + 2 * flood)
    with TemporaryDirectory() as folder, desk() as tracker:
        home = Path(folder)
        shutil.copytree(held.home, home, dirs_exist_ok=True)
        with open_at(home) as bench:
            bench.catalog.connections.put(bench.workspace, connection(tracker))
        with served(home) as to, watched(home) as watch:
            sender = Sender(to, watch, held.coming)
            say("incoming: the first tickets")
            first = asyncio.run(sender.send(size.warm, 1))
            say(f"incoming: {size.paced} tickets, one a second")
            paced = asyncio.run(sender.send(size.paced, 1))
            say(f"incoming: {flood} tickets, {size.rate} a second")
            flooded = asyncio.run(sender.send(flood, size.rate))
            say(f"incoming: {flood} more, and the server is killed in between")
            killed = asyncio.run(sender.send(flood, size.rate, size.flood_s / 2))
        lost, twice = _counted(home, {*first.accepted, *paced.accepted, *flooded.accepted, *killed.accepted})
    return [
        *_at_rest(size, first, paced),
        *_in_a_flood(size, flooded),
        *_after_a_kill(size, killed, lost, twice),
    ]


def _counted(home: Path, accepted: set[int]) -> tuple[int, int]:
    """Accepted tickets that are no record or weren't judged, and those that are more than one."""
    with open_at(home) as bench:
        rows = bench.columns()
        ids = [
            one
            for one, source in zip(rows.record_ids, rows.source, strict=True)
            if source == source_of(CONNECTION)
        ]
        records = Counter(one.external_id for one in bench.catalog.records.get(bench.workspace, ids).values())
        judged = partial(bench.catalog.tickets.judged, bench.workspace, CONNECTION)
        lost = [one for one in accepted if not records[str(one)] or judged(str(one)) is None]
        waiting = [one for one in bench.catalog.deliveries.unfinished() if one[0] == bench.workspace]
    return len(lost) + len(waiting), sum(records[str(one)] > 1 for one in accepted)


def _at_rest(size: Size, first: Seen, paced: Seen) -> list[Result]:
    answered = f"p50 {percentile(paced.answered_ms, 0.5):.0f} ms"
    enriched = f"p50 {percentile(paced.enriched_s, 0.5):.2f} s; {size.records:,} records, {size.paced} tickets, one a second"
    return [
        _row(
            "a message is accepted, p95",
            percentile(paced.answered_ms, 0.95),
            "ms",
            at_most(ACCEPTED_MS),
            answered,
        ),
        _row(
            "from the message to the enriched ticket, p95",
            percentile(paced.enriched_s, 0.95),
            "s",
            at_most(ENRICHED_S),
            enriched,
        ),
        _row("the same for the first one, which loads the corpus", first.enriched_s[0], "s"),
        _row("CPU per ticket, the server's and its worker's", paced.cpu / size.paced, "s"),
    ]


def _in_a_flood(size: Size, seen: Seen) -> list[Result]:
    rate = len(seen.accepted) / seen.taken_s
    note = f"{len(seen.accepted)} messages in {seen.taken_s:.1f} s; {_told(seen.statuses)}"
    return [
        _row("tickets accepted a second in a flood", rate, "/s", at_least(0.95 * size.rate), note),
        _row(
            "a message of the flood is accepted, p95",
            percentile(seen.answered_ms, 0.95),
            "ms",
            at_most(ACCEPTED_MS),
            f"p50 {percentile(seen.answered_ms, 0.5):.0f} ms",
        ),
        _row(
            "tickets enriched a second in a flood",
            len(seen.accepted) / seen.whole_s,
            "/s",
            note=f"{seen.cpu / len(seen.accepted):.2f} s of CPU each; all after {seen.whole_s:.0f} s",
        ),
    ]


def _after_a_kill(size: Size, seen: Seen, lost: int, twice: int) -> list[Result]:
    note = (
        f"{len(seen.accepted)} messages, {size.rate} a second, kill -9 in the middle; {_told(seen.statuses)}"
    )
    return [
        _row("accepted tickets that a kill -9 lost", lost, "", at_most(0), note),
        _row("accepted tickets that became two records", twice, "", at_most(0)),
    ]


def _told(statuses: Counter[int]) -> str:
    return ", ".join(f"{number} answers of {status}" for status, number in sorted(statuses.items()))


def _row(what: str, value: float, unit: str, target: Target | None = None, note: str = "") -> Result:
    return Result(bench="incoming", what=what, value=value, unit=unit, target=target, note=note)
