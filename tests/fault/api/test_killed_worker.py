"""A worker that is killed loses no job: after a restart, or with another worker beside it, the job finishes."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.engine import URL

from assistant.domain.job import JobState
from assistant.errors import StoreError
from assistant.jobs.dbos_jobs import DbosJobs
from assistant.jobs.port import Progress
from assistant.postgres import lock_key, open_engine
from tests.support.postgres import postgres_server
from tests.support.waiting import until

ROOT = Path(__file__).parents[3]

HANG = """
import sys, threading
from pathlib import Path
from sqlalchemy.engine import make_url
from assistant.jobs.dbos_jobs import DbosJobs

home, place = Path(sys.argv[1]), sys.argv[2]
jobs = DbosJobs(make_url(place) if "://" in place else Path(place))

def hang(workspace, payload, progress):
    progress(1, 2, "half way")
    (home / "running").touch()
    threading.Event().wait()
    return {}

jobs.start({"work": hang, "ingest": lambda workspace, payload, progress: threading.Event().wait()})
jobs.submit("acme", "work", {"n": 1}, key="k")
jobs.submit("acme", "ingest", {"n": 2}, key="k")
threading.Event().wait()
"""


def _finish(workspace: str, payload: Mapping[str, Any], progress: Progress) -> Mapping[str, Any]:
    progress(2, 2, "all")
    return {"finished": payload["n"]}


@pytest.fixture(params=["sqlite", "postgres"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Path | URL:
    return tmp_path if request.param == "sqlite" else postgres_server().new_jobs()


def _hanging(home: Path, place: Path | URL) -> "subprocess.Popen[bytes]":
    told = str(place) if isinstance(place, Path) else place.render_as_string(hide_password=False)
    child = subprocess.Popen(
        [sys.executable, "-c", HANG, str(home), told], cwd=ROOT, env=os.environ | {"PYTHONPATH": "."}
    )
    until(lambda: (home / "running").exists() or child.poll() is not None)
    assert child.poll() is None
    return child


def _kill(child: "subprocess.Popen[bytes]") -> float:
    child.send_signal(signal.SIGKILL)
    child.wait()
    return time.monotonic()


def test_a_killed_worker_finishes_its_job_after_a_restart(tmp_path: Path, place: Path | URL) -> None:
    _kill(_hanging(tmp_path, place))
    jobs = DbosJobs(place)
    job = jobs.submit("acme", "work", {"n": 1}, key="k")
    assert job.state is JobState.running
    restarted = time.monotonic()
    jobs.start({"work": _finish, "ingest": _finish})
    until(lambda: {found.state for found in jobs.newest("acme", 9)} == {JobState.done})
    assert time.monotonic() - restarted < 30
    done = jobs.get("acme", job.id)
    jobs.close()
    assert done is not None
    assert done.result == {"finished": 1}
    assert (done.done, done.total) == (2, 2)


def test_a_worker_beside_the_killed_one_takes_its_job_over(tmp_path: Path, place: Path | URL) -> None:
    child = _hanging(tmp_path, place)
    jobs = DbosJobs(place)
    jobs.start({"work": _finish, "ingest": _finish})
    job = jobs.submit("acme", "work", {"n": 1}, key="k")
    assert job.state is JobState.running
    killed = _kill(child)
    until(lambda: (found := jobs.get("acme", job.id)) is not None and found.state is JobState.done)
    assert time.monotonic() - killed < 30
    jobs.close()


def test_a_worker_that_lives_keeps_its_job_while_others_look_for_dead_ones(
    tmp_path: Path, place: Path | URL
) -> None:
    child = _hanging(tmp_path, place)
    jobs = DbosJobs(place, look_for_dead_s=0.05)
    ran = threading.Event()

    def steal(workspace: str, payload: Mapping[str, Any], progress: Progress) -> Mapping[str, Any]:
        ran.set()
        return {}

    jobs.start({"work": steal, "ingest": steal})
    assert not ran.wait(2)
    _kill(child)
    assert ran.wait(20)
    jobs.close()


def test_a_database_of_jobs_that_is_away_for_a_while_loses_no_result() -> None:
    server = postgres_server()
    jobs = DbosJobs(server.new_jobs(), look_for_dead_s=0.2)
    working, go_on = threading.Event(), threading.Event()

    def work(workspace: str, payload: Mapping[str, Any], progress: Progress) -> Mapping[str, Any]:
        working.set()
        go_on.wait(60)
        progress(1, 1, "all")
        return {"finished": True}

    jobs.start({"work": work})
    job = jobs.submit("acme", "work", {})
    assert working.wait(20)
    server.stop()
    with pytest.raises(StoreError):
        jobs.get("acme", job.id)
    go_on.set()
    server.start()
    until(lambda: (found := jobs.get("acme", job.id)) is not None and found.state is JobState.done)
    found = jobs.get("acme", job.id)
    assert found is not None
    assert found.result == {"finished": True}
    assert not jobs.lost.is_set()
    assert jobs.submit("acme", "work", {}, key="next").state is JobState.queued
    until(lambda: {one.state for one in jobs.newest("acme", 9)} == {JobState.done})
    jobs.close()


def test_a_worker_whose_place_was_taken_gives_back_its_job_and_says_so() -> None:
    server = postgres_server()
    url = server.new_jobs()
    jobs = DbosJobs(url, look_for_dead_s=0.2)
    working = threading.Event()

    def work(workspace: str, payload: Mapping[str, Any], progress: Progress) -> Mapping[str, Any]:
        while True:
            progress(0, None, "going on")
            working.set()

    jobs.start({"work": work})
    jobs.submit("acme", "work", {})
    assert working.wait(20)
    thief = open_engine(url)
    with thief.connect() as other:
        key = lock_key("worker", "worker-0")
        # Asked for before it is free, so that it is the thief's in the moment in which the session ends.
        cut = threading.Timer(0.3, server.run, [_END_HOLDER])
        cut.start()
        other.execute(text("SELECT pg_advisory_lock(:key)"), {"key": key})
        assert jobs.lost.wait(20)
        cut.join()
    thief.dispose()
    jobs.close()


_END_HOLDER = (
    "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND granted"
    f" AND ((classid::bigint << 32) | objid::bigint) = {lock_key('worker', 'worker-0')}"
)
