"""Themes by several `voxspec worker`s on servers: what a killed or frozen one was at is done by another, and the themes are those of one process."""

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
    pytest.mark.slow(reason="starts workers and waits until a killed or frozen one is missed"),
    pytest.mark.allow_hosts(["127.0.0.1"]),
]

RECORDS, SHARD, BATCH = 48, 8, 4
SMALL_SHARDS = f"""
import sys
import assistant.synthesis.prepare as prepare
from assistant.jobs.dbos_jobs import DbosJobs
prepare.RECORDS_PER_SHARD, prepare.RECORDS_PER_BATCH = {SHARD}, {BATCH}
DbosJobs.__init__.__kwdefaults__["look_for_dead_s"] = float(sys.argv.pop(1))
from api.cli.main import run
sys.exit(run())
"""
LOOKS_OFTEN, LOOKS_AS_EVER = "0.5", "5.0"
"""Seconds between two looks for dead workers; `test_killed_worker.py` waits as long as users do."""
SUBJECTS = ("export", "search", "calendar")


@dataclass
class Embeddings:
    """A server that gives vectors, counts how often each text was paid for, and can keep everybody waiting."""

    paid: Counter[str] = field(default_factory=Counter)
    closed_after: int = 1 << 30
    open: threading.Event = field(default_factory=threading.Event)

    def __call__(self, exchange: Exchange) -> None:
        texts = [text for text in exchange.request.body["input"] if text != "dimension"]
        self.paid.update(map(text_hash, texts))
        if texts and sum(self.paid.values()) > self.closed_after:
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


@pytest.fixture(scope="module")
def wanted(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The themes that one process finds."""
    folder = tmp_path_factory.mktemp("alone")
    _write(folder / "notes.csv")
    with ModelServer(says("")) as server:
        (folder / "voxspec.toml").write_text(
            f'embedder = "openai:test"\nopenai_base_url = "{server.base_url}"\n', encoding="utf-8"
        )
        alone = CommandLine(folder, folder / "alone")
        alone.run("ingest", "notes.csv", expect=0)
        return alone.run("themes", "run", "--json", expect=0).stdout


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


def _workers(shell: OnServers, count: int, looks: str) -> list[subprocess.Popen[str]]:
    children = [
        subprocess.Popen(
            [sys.executable, "-c", SMALL_SHARDS, looks, "worker"],
            cwd=shell.folder,
            env=shell.environment,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(count)
    ]
    for child in children:
        assert child.stderr is not None
        assert "works on jobs" in child.stderr.readline()
    return children


def _end(child: subprocess.Popen[str], with_signal: signal.Signals) -> None:
    child.send_signal(with_signal)
    child.communicate(timeout=60)


def _shards(jobs: DbosJobs) -> list[Job]:
    return [job for job in jobs.newest("default", 100) if job.kind == "themes-shard"]


def test_shards_of_a_killed_worker_are_done_by_another(
    tmp_path: Path, embeddings: Embeddings, wanted: str
) -> None:
    shell = _filled(tmp_path, embeddings)
    jobs = DbosJobs(shell.database)
    workers = _workers(shell, 2, LOOKS_OFTEN)
    run = jobs.submit("default", "themes", {})
    until(lambda: sum(embeddings.paid.values()) > embeddings.closed_after)
    done = {job.id: job.result["statements"] for job in _shards(jobs) if job.state is JobState.done}
    _end(workers.pop(0), signal.SIGKILL)
    killed, asked = time.monotonic(), sum(embeddings.paid.values())
    embeddings.open.set()
    until(lambda: sum(embeddings.paid.values()) > asked)
    assert time.monotonic() - killed < 30
    until(lambda: _of(jobs, run).state is JobState.done)

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


def test_a_frozen_worker_loses_its_jobs_and_its_late_results_change_nothing(
    tmp_path: Path, embeddings: Embeddings, wanted: str
) -> None:
    shell = _filled(tmp_path, embeddings)
    jobs = DbosJobs(shell.database)
    frozen, other = _workers(shell, 2, LOOKS_AS_EVER)
    jobs.submit("default", "themes", {})
    until(lambda: sum(embeddings.paid.values()) > embeddings.closed_after + 2 * BATCH)
    # Both wait for the vectors of a batch; the frozen one finds them when it wakes.
    frozen.send_signal(signal.SIGSTOP)
    stopped, at_it = time.monotonic(), {one.id for one in _open(jobs)}
    embeddings.open.set()
    until(lambda: {one.id for one in _open(jobs)}.isdisjoint(at_it))
    assert time.monotonic() - stopped < 30
    over = jobs.newest("default", 100)
    assert [(job.state, job.error) for job in over] == [(JobState.done, None)] * len(over)
    assert shell.run("themes", "list", "--json", expect=0).stdout == wanted

    _end(other, signal.SIGTERM)
    frozen.send_signal(signal.SIGCONT)
    # One job of a queue at a time: when these are over, what the frozen one had been at is over too.
    later = [jobs.submit("default", "themes-shard", {}), jobs.submit("default", "rebuild-index", {})]
    until(lambda: not _open(jobs))
    assert _of(jobs, later[0]).result == {"statements": 0}
    assert [_of(jobs, job) for job in over] == over
    assert sorted(embeddings.paid.values())[-1] <= 2
    assert len(embeddings.paid) == 2 * RECORDS
    _end(frozen, signal.SIGTERM)
    assert shell.run("themes", "list", "--json", expect=0).stdout == wanted
    jobs.close()


def _filled(folder: Path, embeddings: Embeddings) -> OnServers:
    """Records whose statements nobody cut yet, and a server that gives vectors for a quarter of them before it keeps everybody waiting."""
    _write(folder / "notes.csv")
    shell = OnServers(folder, folder / "home")
    shell.run("ingest", "notes.csv", expect=0)
    embeddings.paid.clear()
    embeddings.closed_after = RECORDS // 2
    return shell


def _open(jobs: DbosJobs) -> list[Job]:
    return [job for job in jobs.newest("default", 100) if job.state in {JobState.queued, JobState.running}]


def _of(jobs: DbosJobs, job: Job) -> Job:
    found = jobs.get("default", job.id)
    assert found is not None
    return found
