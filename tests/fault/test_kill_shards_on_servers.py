"""Themes by several `voxspec worker`s on servers: shards of a killed one are done by another, and the themes are those of one process."""

import csv
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from assistant.domain.ids import text_hash
from assistant.domain.job import Job, JobState
from assistant.jobs.dbos_jobs import DbosJobs
from tests.support.command_line import CommandLine
from tests.support.model_server import Exchange, ModelServer, says
from tests.support.on_servers import OnServers
from tests.support.waiting import until

pytestmark = [
    pytest.mark.slow(reason="starts two workers and waits until a killed one is missed"),
    pytest.mark.allow_hosts(["127.0.0.1"]),
]

RECORDS, SHARD, BATCH = 48, 8, 4
SMALL_SHARDS = f"""
import sys
import assistant.synthesis.prepare as prepare
prepare.RECORDS_PER_SHARD, prepare.RECORDS_PER_BATCH = {SHARD}, {BATCH}
from api.cli.main import run
sys.exit(run())
"""
SUBJECTS = ("export", "search", "calendar")


@dataclass
class Embeddings:
    """A server that gives vectors, counts how often each text was paid for, and can keep everybody waiting."""

    paid: Counter[str] = field(default_factory=Counter)
    closed_after: int = 1 << 30
    open: threading.Event = field(default_factory=threading.Event)

    def __call__(self, exchange: Exchange) -> None:
        self.paid.update(text_hash(text) for text in exchange.request.body["input"] if text != "dimension")
        if sum(self.paid.values()) > self.closed_after:
            self.open.wait(60)
        says("")(exchange)


@pytest.fixture
def embeddings(tmp_path: Path) -> Iterator[Embeddings]:
    behaviour = Embeddings()
    with ModelServer(behaviour) as server:
        (tmp_path / "voxspec.toml").write_text(
            f'embedder = "openai:test"\nopenai_base_url = "{server.base_url}"\n', encoding="utf-8"
        )
        yield behaviour


def _write(path: Path) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["id", "author", "text"])
        for number in range(RECORDS):
            subject = SUBJECTS[number % 3]
            rows.writerow(
                [
                    number,
                    f"p{number}",
                    f"The {subject} of team {number} fails again. We lose an hour in week {number} each time.",
                ]
            )


def _worker(shell: OnServers) -> subprocess.Popen[str]:
    child = subprocess.Popen(
        [sys.executable, "-c", SMALL_SHARDS, "worker"],
        cwd=shell.folder,
        env=shell.environment,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert child.stderr is not None
    assert "works on jobs" in child.stderr.readline()
    return child


def _end(child: subprocess.Popen[str], with_signal: signal.Signals) -> None:
    child.send_signal(with_signal)
    child.communicate(timeout=60)


def _shards(jobs: DbosJobs) -> list[Job]:
    return [job for job in jobs.newest("default", 100) if job.kind == "themes-shard"]


@pytest.mark.timeout(240)
def test_shards_of_a_killed_worker_are_done_by_another(tmp_path: Path, embeddings: Embeddings) -> None:
    _write(tmp_path / "notes.csv")
    alone = CommandLine(tmp_path, tmp_path / "alone")
    alone.run("ingest", "notes.csv", expect=0)
    wanted = alone.run("themes", "run", "--json", expect=0).stdout
    shell = OnServers(tmp_path, tmp_path / "home")
    shell.run("ingest", "notes.csv", expect=0)
    embeddings.paid.clear()
    embeddings.closed_after = RECORDS // 2

    jobs = DbosJobs(shell.database)
    workers = [_worker(shell), _worker(shell)]
    run = jobs.submit("default", "themes", {})
    until(lambda: sum(embeddings.paid.values()) > embeddings.closed_after)
    done = {job.id: job.result["statements"] for job in _shards(jobs) if job.state is JobState.done}
    _end(workers.pop(0), signal.SIGKILL)
    killed, asked = time.monotonic(), sum(embeddings.paid.values())
    embeddings.open.set()
    until(lambda: sum(embeddings.paid.values()) > asked)
    assert time.monotonic() - killed < 30
    until(lambda: _of(jobs, run).state is JobState.done, timeout_s=90)

    shards = _shards(jobs)
    assert len(shards) == RECORDS // SHARD
    assert {job.state for job in shards} == {JobState.done}
    assert {job.id: job.result["statements"] for job in shards if job.id in done} == done
    # What the killed worker had asked for and not saved is asked again; everything else was paid once.
    twice = sum(times - 1 for times in embeddings.paid.values())
    assert twice <= 2 * 2 * BATCH
    assert len(embeddings.paid) == 2 * RECORDS
    assert shell.run("themes", "list", "--json", expect=0).stdout == wanted
    _end(workers.pop(), signal.SIGTERM)
    jobs.close()


def _of(jobs: DbosJobs, job: Job) -> Job:
    found = jobs.get("default", job.id)
    assert found is not None
    return found
