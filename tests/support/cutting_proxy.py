"""A way to a tracker on which lines are cut, requests come late, and couriers are killed; all of it drawn from a seed.

Addresses are `/TRIAL/PROCESS/…`: whose accidents come, and who is killed.
"""

import asyncio
import json
import os
import random
import re
import signal
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

_LENGTH = re.compile(rb"content-length: *(\d+)", re.IGNORECASE)
_SELF = re.compile(rb"(origin|referer|host): *[^\r]*", re.IGNORECASE)


class Accident(StrEnum):
    """What happens to a request."""

    cut_before = "line cut before the request went on"
    cut_after = "line cut after the request went on"
    cut_middle = "line cut in the middle of the answer"
    late = "request arrived after its sender had given it up"
    kill_before = "killed before the request went on"
    kill_after = "killed after the request went on"
    kill_middle = "killed in the middle of the answer"


_KILL = (Accident.kill_before, Accident.kill_after, Accident.kill_middle)
_BEFORE = (Accident.cut_before, Accident.kill_before)
_MIDDLE = (Accident.cut_middle, Accident.kill_middle)


@dataclass(frozen=True)
class Road:
    """Where requests go, and what may happen to them.

    Args:
        upstream: port of the tracker, on this machine.
        accidents: at most, per trial.
        within: requests, between one accident and the next of a trial.
        late_s: shortest and longest time by which a request is late.
    """

    upstream: int
    seed: int
    accidents: int = 4
    within: int = 11
    late_s: tuple[float, float] = (1.1, 3.0)


class CuttingProxy:
    """Serves a road until its process is asked to end; then writes down what happened."""

    def __init__(self, road: Road) -> None:
        self._road = road
        self._coming: dict[str, list[tuple[int, Accident, float]]] = {}
        self._happened: Counter[str] = Counter()
        self._tasks: set[asyncio.Task[None] | None] = set()
        """Streams hold their tasks weakly: one that waits could be collected."""

    async def serve(self, port: int, told: Path) -> None:
        """Until SIGTERM. Args: told: JSON file: how often each accident happened."""
        ending = asyncio.Event()
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, ending.set)
        async with await asyncio.start_server(self._pass, "127.0.0.1", port):
            await ending.wait()
        told.write_text(json.dumps(self._happened), encoding="utf-8")

    def _next(self, trial: str, writes: bool) -> tuple[Accident, float] | None:
        if trial not in self._coming:
            chance = random.Random(f"{self._road.seed} {trial}")
            self._coming[trial] = [
                (
                    chance.randrange(self._road.within),
                    chance.choice(list(Accident)),
                    chance.uniform(*self._road.late_s),
                )
                for _ in range(chance.randint(1, self._road.accidents))
            ]
        coming = self._coming[trial]
        if not coming:
            return None
        left, accident, late_s = coming[0]
        # A read that arrives late does nothing: such an accident waits for a write.
        if left > 0 or (accident is Accident.late and not writes):
            coming[0] = (left - 1, accident, late_s)
            return None
        coming.pop(0)
        self._happened[accident.value] += 1
        return accident, late_s

    async def _pass(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._tasks.add(asyncio.current_task())
        accident: Accident | None = None
        with suppress(ConnectionError, asyncio.IncompleteReadError):
            head = await reader.readuntil(b"\r\n\r\n")
            length = _LENGTH.search(head)
            body = await reader.readexactly(int(length[1])) if length else b""
            method, target, version = head.split(b"\r\n", 1)[0].split(b" ")
            _, trial, process, rest = target.split(b"/", 3)
            happens = self._next(trial.decode(), method != b"GET")
            accident, late_s = happens or (None, 0.0)
            if accident is Accident.late:
                await asyncio.sleep(late_s)
            if accident not in _BEFORE:
                first = b" ".join((method, b"/" + rest, version))
                answer = await self._forward(first + b"\r\n" + head.split(b"\r\n", 1)[1], body)
                if accident in _MIDDLE:
                    writer.write(answer[: len(answer) * 2 // 3])
                    await writer.drain()
                elif accident is None:
                    writer.write(answer)
                    await writer.drain()
            if accident in _KILL:
                with suppress(ProcessLookupError):
                    os.kill(int(process), signal.SIGKILL)
        if accident is None:
            writer.close()
        else:
            writer.transport.abort()

    async def _forward(self, head: bytes, body: bytes) -> bytes:
        own = f"127.0.0.1:{self._road.upstream}".encode()

        def named(found: re.Match[bytes]) -> bytes:
            name = found[1].lower()
            value = {b"host": own, b"origin": b"http://" + own}.get(name, b"http://" + own + b"/")
            return found[1] + b": " + value

        reader, writer = await asyncio.open_connection("127.0.0.1", self._road.upstream)
        writer.write(_SELF.sub(named, head) + body)
        await writer.drain()
        answer = await reader.read(-1)
        writer.close()
        return answer
