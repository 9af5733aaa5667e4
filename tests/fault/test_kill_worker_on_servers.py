"""kill -9 of a `voxspec worker` in the middle of an import: another one goes on within 30 s, nothing is lost or paid twice."""

import random
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
from sqlalchemy import select

from assistant.domain.ids import text_hash
from assistant.domain.job import Job, JobState
from assistant.jobs.dbos_jobs import DbosJobs
from assistant.stores.catalog import open_catalog
from assistant.stores.chroma_server import open_chroma_server
from assistant.stores.database import open_database
from assistant.stores.sync import disagreement
from assistant.stores.tables import vectors
from tests.support.chroma_server import chroma_server
from tests.support.command_line import CommandLine
from tests.support.model_server import Exchange, ModelServer, says
from tests.support.on_servers import OnServers
from tests.support.waiting import until

pytestmark = [
    pytest.mark.slow(reason="starts three workers and waits until a killed one is missed"),
    pytest.mark.allow_hosts(["127.0.0.1"]),
]

ROWS, BATCH = 120, 10
EMBEDDING_S = 0.1
PROBE = "dimension"
SMALL_BATCHES = f"""
import sys
import ingest.batches
ingest.batches.ROWS_PER_BATCH = {BATCH}
from api.cli.main import run
sys.exit(run())
"""


@dataclass
class Embeddings:
    """A server that gives vectors and counts how often each text was paid for."""

    paid: Counter[str] = field(default_factory=Counter)
    closed_after: int = 1 << 30
    """Texts after which it answers nobody until `open`."""
    open: threading.Event = field(default_factory=threading.Event)

    def __call__(self, exchange: Exchange) -> None:
        texts = [text for text in exchange.request.body["input"] if text != PROBE]
        self.paid.update(texts)
        if sum(self.paid.values()) > self.closed_after:
            self.open.wait(60)
        if texts:
            exchange.hang(EMBEDDING_S)
        says("")(exchange)


class Worker:
    """`voxspec worker` in a process of its own."""

    def __init__(self, shell: OnServers) -> None:
        self._child = subprocess.Popen(
            [sys.executable, "-c", SMALL_BATCHES, "worker"],
            cwd=shell.folder,
            env=shell.environment,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert self._child.stderr is not None
        assert "works on jobs" in self._child.stderr.readline()

    def end(self, with_signal: signal.Signals) -> int:
        """Send a signal; returns the exit code."""
        self._child.send_signal(with_signal)
        self._child.communicate(timeout=60)
        return self._child.returncode


def _write(path: Path, seed: int) -> list[str]:
    chance = random.Random(seed)
    texts = [f"The export {chance.choice(['fails', 'hangs'])} in case {seed}x{row}." for row in range(ROWS)]
    rows = [f"{row},Person {row % 9},{text}\n" for row, text in enumerate(texts)]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("id,author,comment\n" + "".join(rows), encoding="utf-8")
    return texts


def _submit(jobs: DbosJobs, path: Path) -> Job:
    payload = {"paths": [str(path)], "kind": "customer", "source": None, "mapping": {}, "language": None}
    return jobs.submit("default", "ingest", payload)


def _now(jobs: DbosJobs, job: Job) -> Job:
    found = jobs.get("default", job.id)
    assert found is not None
    return found


def _embedded(shell: OnServers) -> set[str]:
    """Hashes of the texts whose vectors were committed."""
    database = open_database(shell.database)
    with database.read() as connection:
        found = set(connection.execute(select(vectors.c.text_hash)).scalars())
    database.close()
    return found


@pytest.fixture
def embeddings(tmp_path: Path) -> Iterator[Embeddings]:
    behaviour = Embeddings()
    with ModelServer(behaviour) as server:
        (tmp_path / "voxspec.toml").write_text(
            f'embedder = "openai:test"\nopenai_base_url = "{server.base_url}"\n', encoding="utf-8"
        )
        yield behaviour


def test_another_worker_goes_on_where_the_killed_one_was(tmp_path: Path, embeddings: Embeddings) -> None:
    shell = OnServers(tmp_path, tmp_path / "home")
    upload = tmp_path / "home" / "uploads" / "default" / f"{7:032x}" / "a" / "notes.csv"
    texts = _write(upload, 1)
    embeddings.closed_after = 4 * BATCH
    jobs = DbosJobs(shell.database)
    first = Worker(shell)
    job = _submit(jobs, upload)
    until(lambda: sum(embeddings.paid.values()) > embeddings.closed_after)
    second = Worker(shell)
    first.end(signal.SIGKILL)
    embeddings.open.set()
    killed, saved, asked = time.monotonic(), _embedded(shell), sum(embeddings.paid.values())
    assert 2 * BATCH <= len(saved) < ROWS
    until(lambda: sum(embeddings.paid.values()) > asked)
    assert time.monotonic() - killed < 30
    until(lambda: _now(jobs, job).state is JobState.done)

    paid = {text_hash(text): times for text, times in embeddings.paid.items()}
    assert set(paid) == {text_hash(text) for text in texts}
    assert {paid[one] for one in saved} == {1}
    report = _now(jobs, job).result["files"][0]
    assert (report["rows"], report["kept"], report["rejected"]) == (ROWS, ROWS, 0)
    assert not upload.exists()
    _is_the_import_of_one_process(shell, tmp_path, texts)
    _is_given_back_at_sigterm(shell, jobs, second, tmp_path)
    jobs.close()


def _is_the_import_of_one_process(shell: OnServers, folder: Path, texts: list[str]) -> None:
    """The same corpus, byte for byte, as one undisturbed command on files; and the index holds it."""
    alone = CommandLine(folder, folder / "alone")
    _write(folder / "notes.csv", 1)
    alone.run("ingest", "notes.csv", expect=0)
    on_files = alone.run("export", expect=0).stdout
    assert shell.run("export", expect=0).stdout == on_files
    assert len(on_files.splitlines()) == len(texts)
    catalog = open_catalog(shell.database)
    index = open_chroma_server(chroma_server().url, catalog, "default")
    assert index.count() == ROWS
    assert index.applied() == catalog.outbox.head("default")
    assert disagreement(catalog, index, "default") == ""
    index.close()
    catalog.close()


def _is_given_back_at_sigterm(shell: OnServers, jobs: DbosJobs, worker: Worker, folder: Path) -> None:
    upload = folder / "home" / "uploads" / "default" / f"{8:032x}" / "a" / "more.csv"
    _write(upload, 2)
    job = _submit(jobs, upload)
    until(lambda: _now(jobs, job).done >= BATCH)
    assert worker.end(signal.SIGTERM) == 0
    given_back = _now(jobs, job)
    assert given_back.state is JobState.queued
    assert upload.exists()
    third = Worker(shell)
    until(lambda: _now(jobs, job).state is JobState.done)
    assert third.end(signal.SIGTERM) == 0
    assert len(shell.run("export", expect=0).stdout.splitlines()) == 2 * ROWS
    assert 0 < _now(jobs, job).result["records"] <= ROWS - given_back.done
