"""kill -9 of `voxspec erase` at random moments: asked again, it goes on, and nothing half erased is called done."""

import json
import os
import select
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import pytest

from tests.support.command_line import CommandLine
from tests.support.erased_person import AUTHOR, CONTROL, PLANTED, places_of, planted_csv, planted_rows
from tests.support.kill import Aim, Process, committed

pytestmark = [
    pytest.mark.slow(reason="starts and kills a process at half a dozen moments"),
    pytest.mark.timeout(900),
]

KILLS = 6
ERASE = ("erase", "--author", AUTHOR, "--yes")


@dataclass(frozen=True)
class Filled:
    """A workspace with drafts, a waiting import, and how long an erasure takes that nobody disturbs."""

    folder: Path
    seconds: float

    def process(self, home: Path) -> Process:
        return Process(CommandLine(self.folder, home), ERASE)


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Filled:
    folder = tmp_path_factory.mktemp("killed-erase")
    home = folder / "filled"
    shell = CommandLine(folder, home)
    (folder / "notes.csv").write_bytes(planted_csv(planted_rows()))
    shell.run("ingest", "notes.csv", expect=0)
    for kind in ("prd", "user_stories"):
        shell.run("draft", kind, "export broken, lost the whole afternoon (zorblatt)", expect=0)
    upload = home / "uploads" / "default" / ("0" * 32) / "0"
    upload.mkdir(parents=True)
    shutil.copy(folder / "notes.csv", upload / "notes.csv")
    answered = sqlite3.connect(home / "answers.sqlite3")
    with closing(answered), answered:
        answered.execute(
            "CREATE TABLE answers (key VARCHAR PRIMARY KEY, fingerprint VARCHAR, status INTEGER, headers JSON, body BLOB, stored_at FLOAT)"
        )
        body = json.dumps({"hits": [planted_rows()[0]["text"]]}).encode()
        answered.execute("INSERT INTO answers VALUES ('k', 'f', 200, '{}', ?, 4e9)", (body,))
    seconds = 0.0
    for name in ("warm", "calm"):
        copy = shutil.copytree(home, folder / name)
        seconds, _ = Filled(folder, 0).process(copy).run()
        assert places_of(copy, PLANTED) == set()
    return Filled(folder, seconds)


BUSY = """
import ctypes, os
from assistant.stores.renewing import end_with_parent
end_with_parent()
print(os.getpid(), flush=True)
ctypes.PyDLL(None).sleep(60)
"""
PARENT = """
import subprocess, sys, time
with subprocess.Popen([sys.executable, "-c", sys.argv[1]], stdin=subprocess.PIPE):
    time.sleep(60)
"""


def test_what_builds_the_index_ends_with_its_parent_though_it_holds_the_interpreter() -> None:
    with subprocess.Popen([sys.executable, "-c", PARENT, BUSY], stdout=subprocess.PIPE) as parent:
        assert parent.stdout is not None
        child = os.pidfd_open(int(parent.stdout.readline()))
        parent.kill()
        parent.wait()
        try:
            assert select.select([child], [], [], 20)[0]
        finally:
            os.close(child)


def test_an_erasure_that_was_killed_is_finished_by_asking_again(
    filled: Filled, record_property: Callable[[str, object], None]
) -> None:
    homes = (filled.folder / f"home{number}" for number in count())

    def begin() -> Process:
        return filled.process(shutil.copytree(filled.folder / "filled", next(homes)))

    found: list[str] = []
    for process in Aim(filled.seconds).kills(KILLS, begin, seed=7):
        home = process.shell.home
        assert home is not None
        states = [json.loads(str(row[0]))["state"] for row in committed(home, "SELECT receipt FROM erasures")]
        left = places_of(home, PLANTED)
        assert "done" not in states or not left, "an erasure was called done with words left"
        found.append(f"{states}, {len(left)} left")
        told = json.loads(process.shell.run(*ERASE, "--json", expect=0).stdout)
        assert told["state"] == "done"
        assert told["counts"]["records"] == told["counts"]["revisions"] == 8
        assert told["counts"]["drafts"] == 2
        assert places_of(home, PLANTED) == set()
        assert places_of(home, [CONTROL])
        receipts = json.loads(process.shell.run("erase", "--receipts", "--json", expect=0).stdout)["receipts"]
        assert [one["state"] for one in receipts] == ["done"], "one receipt, whatever happened on the way"
        assert process.shell.run("search", "export", expect=0).stdout
    record_property("kills of an erasure", found)
    assert any("pending" in one for one in found), found
