"""Trials of exactly once: couriers that are cut off and killed again and again, and then what a real Roundup holds.

`python -m tests.support.once_trials --trials 500 --seed 1` prints what came of them as JSON. Each trial is a workspace of its own with a
ticket, a comment with evidence, an edit of the comment, and a change of the ticket for a version. A courier is a process; who
finds its line cut tries again, who is killed is followed by another, some work two at a time.
"""

import argparse
import asyncio
import json
import os
import random
import resource
import select
import signal
import sys
import time
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from api.trackers import web
from api.trackers.courier import Pace, deliver_all
from api.trackers.port import Tracker
from api.trackers.roundup import KIND
from assistant.domain.ticket import (
    Action,
    Connection,
    Effect,
    EffectState,
    Relation,
    TicketChange,
    TicketText,
)
from assistant.errors import StoreError, VoxspecError
from assistant.stores.catalog import open_catalog
from assistant.stores.port import Catalog
from tests.support.cutting_proxy import CuttingProxy, Road
from tests.support.ports import end_with_parent, free_port
from tests.support.roundup_tracker import PASSWORD, USER, Roundup, roundup
from tests.support.scratch import use_memory

TIMEOUT_S = 1.0
PACE = Pace(lease=timedelta(seconds=4), pauses=(timedelta(milliseconds=100),) * 60)
_STAGES = 3
_AT_ONCE = 10
_LIMIT_S = 60.0
_AT = datetime(2026, 1, 1, tzinfo=UTC)
_OPEN = (EffectState.waiting, EffectState.sending)


@dataclass
class Trial:
    """What became of one."""

    number: int
    stage: int = 0
    couriers: int = 0
    killed: int = 0
    running: dict[int, float] = field(default_factory=dict)
    """Process → when it is to be killed, by `time.monotonic`."""

    @property
    def over(self) -> bool:
        return self.stage == _STAGES and not self.running


def effects_of(number: int, stage: int) -> list[Effect]:
    """What is to be sent until a stage's end, the change of a version left out."""
    same: dict[str, Any] = {
        "connection": "desk", "subject": "FR-1", "made_at": _AT, "draft_id": "dra_1", "item": "FR-1",
        "relation": Relation.implements,
    }  # fmt: skip
    text = TicketText(title=f"Trial {number}", body=f"Body {number}")
    said = same | {"action": Action.comment, "ticket": f"effect:{number} make"}
    return [
        Effect(key=f"{number} make", action=Action.create, text=text, **same),
        Effect(key=f"{number} say", comment=f"Trial {number}: 12 people", **said),
        *([Effect(key=f"{number} edit", comment=f"Trial {number}: 14 people", **said)] if stage else []),
    ]


async def _add_change(catalog: Catalog, workspace: str, number: int, tracker: Tracker) -> None:
    made = catalog.effects.get(workspace, f"{number} make")
    if made is None or catalog.effects.get(workspace, f"{number} change") is not None:
        return
    seen = await tracker.get(made.result_ticket)
    change = TicketChange(title=f"Trial {number} again", body=f"Body {number} again", version=seen.version)
    told = {"key": f"{number} change", "action": Action.update, "text": None, "change": change}
    changed = made.model_copy(update={**told, "ticket": seen.key, "base": change.body})
    fresh = {"state": EffectState.waiting, "tries": 0, "until": None, "result_ticket": "", "reserved": ""}
    catalog.effects.add(workspace, [changed.model_copy(update=fresh)])


async def _deliver(home: Path, number: int, stage: int, proxy: int) -> None:
    catalog = open_catalog(home / "catalog.sqlite3")
    workspace = f"trial{number}"
    url = f"http://127.0.0.1:{proxy}/{number}/{os.getpid()}/"
    there = Connection(name="desk", tracker="roundup", url=url, user=USER)
    catalog.effects.add(workspace, effects_of(number, stage))
    deadline = time.monotonic() + _LIMIT_S
    async with KIND.open(there, PASSWORD) as tracker:
        while time.monotonic() < deadline:
            try:
                await deliver_all(catalog, workspace, "desk", tracker, PACE)
            except StoreError:
                # As the service's rounds do: the catalog is busy with the others.
                continue
            if left := catalog.effects.page(workspace, states=_OPEN):
                # One subject: the oldest of them holds the others back.
                due = left[-1].until or left[-1].not_before or datetime.now(UTC)
                await asyncio.sleep(max(0.02, (due - datetime.now(UTC)).total_seconds()))
            elif stage < _STAGES - 1 or catalog.effects.get(workspace, f"{number} change") is not None:
                return
            else:
                try:
                    await _add_change(catalog, workspace, number, tracker)
                except VoxspecError:
                    await asyncio.sleep(0.05)


class Trials:
    """All of them, some at a time. One thread: it forks."""

    def __init__(self, home: Path, tracker: Roundup, seed: int) -> None:
        self._home = home
        self._upstream = int(tracker.url.rsplit(":", 1)[1].rstrip("/"))
        self._seed = seed
        self._chance = random.Random(seed)
        self._proxy = free_port()
        self._told = home / "accidents.json"

    def run(self, count: int) -> tuple[list[Trial], dict[str, int]]:
        """Returns: the trials, and how often each accident happened."""
        open_catalog(self._home / "catalog.sqlite3").close()
        asyncio.run(self._warm())
        proxy = self._fork(lambda: self._serve_proxy())
        trials = [Trial(number) for number in range(count)]
        waiting = list(reversed(trials))
        under_way: list[Trial] = []
        while waiting or under_way:
            while waiting and len(under_way) < _AT_ONCE:
                under_way.append(waiting.pop())
            for one in under_way:
                if not one.running:
                    self._begin(one)
            self._look(under_way)
            under_way = [one for one in under_way if not one.over]
        # Requests that are late still have to arrive.
        select.select([], [], [], Road(0, 0).late_s[1] + 1)
        os.kill(proxy, signal.SIGTERM)
        os.waitpid(proxy, 0)
        return trials, json.loads(self._told.read_text(encoding="utf-8"))

    async def _warm(self) -> None:
        """Load what a courier needs, once for all that are forked."""
        url = f"http://127.0.0.1:{self._upstream}/"
        async with KIND.open(
            Connection(name="desk", tracker="roundup", url=url, user=USER), PASSWORD
        ) as tracker:
            await tracker.find("nothing")

    def _serve_proxy(self) -> None:
        asyncio.run(CuttingProxy(Road(self._upstream, self._seed)).serve(self._proxy, self._told))

    def _begin(self, trial: Trial) -> None:
        at_once = 2 if self._chance.random() < 0.15 else 1
        for _ in range(at_once):
            pid = self._fork(
                lambda: asyncio.run(_deliver(self._home, trial.number, trial.stage, self._proxy))
            )
            soon = self._chance.random() < (0.35 if trial.couriers < 6 else 0.0)
            kill_s = self._chance.uniform(0.0, 0.5) if soon else 2 * _LIMIT_S
            trial.running[pid] = time.monotonic() + kill_s
            trial.couriers += 1

    def _look(self, begun: list[Trial]) -> None:
        """Wait a moment, kill whose time has come, and note who has ended."""
        select.select([], [], [], 0.02)
        for one in begun:
            for pid, kill_at in list(one.running.items()):
                if time.monotonic() > kill_at:
                    os.kill(pid, signal.SIGKILL)
                ended, status = os.waitpid(pid, os.WNOHANG)
                if not ended:
                    continue
                del one.running[pid]
                if os.WIFSIGNALED(status):
                    one.killed += 1
                elif os.WEXITSTATUS(status):
                    raise RuntimeError(f"A courier of trial {one.number} broke; its traceback is above.")
                elif not one.running:
                    one.stage = min(one.stage + 1, _STAGES)

    def _fork(self, work: Any) -> int:
        pid = os.fork()
        if pid:
            return pid
        code = 1
        try:
            end_with_parent(signal.SIGKILL)()
            web.TIMEOUT_S = TIMEOUT_S
            work()
            code = 0
        finally:
            if code:
                sys.excepthook(*sys.exc_info())
            os._exit(code)


@dataclass(frozen=True)
class Held:
    """What the tracker and the catalog hold of one trial."""

    number: int
    tickets: int
    comments: int
    as_meant: bool
    """Title, body and comment are those that were said last."""
    linked: bool
    done: bool
    told: str = ""
    """What is wrong."""

    @property
    def good(self) -> bool:
        return (self.tickets, self.comments) == (1, 1) and self.as_meant and self.linked and self.done


def look(home: Path, tracker: Roundup, count: int) -> tuple[list[Held], int]:
    """What is there of each trial, and how many messages belong to no ticket."""
    with tracker.client() as client:

        def listed(kind: str, fields: str) -> list[dict[str, Any]]:
            answer = client.get(kind, params={"@fields": fields, "@verbose": "3"})
            found: list[dict[str, Any]] = answer.json()["data"]["collection"]
            return found

        messages = {one["id"]: one["content"] for one in listed("msg", "content")}
        issues = listed("issue", "title,messages")
    catalog = open_catalog(home / "catalog.sqlite3")
    held = []
    attached: set[str] = set()
    for number in range(count):
        own = [one for one in issues if one["title"].split()[:2] == ["Trial", str(number)]]
        ids = [[str(each["id"]) for each in one["messages"]] for one in own]
        attached.update(*ids)
        texts = [[messages[each] for each in sorted(one, key=int)] for one in ids]
        links = catalog.links.links(f"trial{number}")
        effects = catalog.effects.page(f"trial{number}")
        said = f"Trial {number}: 14 people"
        meant = [one["title"] for one in own] == [f"Trial {number} again"] and texts == [
            [f"Body {number} again", said]
        ]
        kept = [(one.ticket, one.comment_id, one.comment) for one in links]
        good = [(one["id"], at[1], said) for one, at in zip(own, ids, strict=True) if len(at) == 2]
        done = len(effects) == 4 and all(one.state is EffectState.done for one in effects)
        wrong = [f"{one.key}: {one.state.value}: {one.error}" for one in effects if one.state != "done"]
        one = Held(
            number, len(own), sum(len(each) - 1 for each in texts), meant, kept == good, done,
            "" if done and meant and kept == good else f"{wrong} {own} {texts} {kept}",
        )  # fmt: skip
        held.append(one)
    catalog.close()
    return held, len(messages.keys() - attached)


def main() -> int:
    """Run them. Returns: 0 where all went as they must."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--trials", type=int, default=500)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    use_memory()
    with TemporaryDirectory() as folder, roundup(Path(folder)) as tracker:
        began = time.monotonic()
        trials, accidents = Trials(Path(folder), tracker, asked.seed).run(asked.trials)
        held, loose = look(Path(folder), tracker, asked.trials)
        wall_s = time.monotonic() - began
        with Path(f"/proc/{tracker.pid}/stat").open(encoding="utf-8") as stat:
            ticks = sum(map(int, stat.read().rsplit(")", 1)[1].split()[11:13]))
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu_s = used.ru_utime + used.ru_stime
    print(  # noqa: T201
        json.dumps(
            {
                "trials": asked.trials,
                "good": sum(one.good for one in held),
                "one_ticket": sum(one.tickets == 1 for one in held),
                "one_comment": sum(one.comments == 1 for one in held),
                "loose_messages": loose,
                "couriers": sum(one.couriers for one in trials),
                "killed": sum(one.killed for one in trials),
                "accidents": accidents,
                "cpu_s": round(cpu_s, 1),
                "tracker_cpu_s": ticks / os.sysconf("SC_CLK_TCK"),
                "wall_s": round(wall_s, 1),
                "wrong": [asdict(one) for one in held if not one.good],
            },
            indent=1,
        )
    )
    return 0 if all(one.good for one in held) else 1


if __name__ == "__main__":
    sys.exit(main())
