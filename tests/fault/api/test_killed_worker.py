"""A worker that is killed loses no job: after a restart, or with another worker beside it, the job finishes."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from assistant.domain.job import JobState
from assistant.jobs.dbos_jobs import DbosJobs
from assistant.jobs.port import Progress
from tests.support.waiting import until

ROOT = Path(__file__).parents[3]

HANG = """
import sys, threading
from pathlib import Path
from assistant.jobs.dbos_jobs import DbosJobs

home = Path(sys.argv[1])
jobs = DbosJobs(home)

def hang(workspace, payload, progress):
    progress(1, 2, "half way")
    (home / "running").touch()
    threading.Event().wait()
    return {}

jobs.start({"work": hang})
jobs.submit("acme", "work", {"n": 1}, key="k")
jobs.submit("acme", "ingest", {"n": 2}, key="k")
threading.Event().wait()
"""


def _finish(workspace: str, payload: Mapping[str, Any], progress: Progress) -> Mapping[str, Any]:
    progress(2, 2, "all")
    return {"finished": payload["n"]}


def _killed_while_running(home: Path) -> None:
    child = subprocess.Popen(
        [sys.executable, "-c", HANG, str(home)], cwd=ROOT, env=os.environ | {"PYTHONPATH": "."}
    )
    until(lambda: (home / "running").exists() or child.poll() is not None)
    assert child.poll() is None
    child.send_signal(signal.SIGKILL)
    child.wait()


@pytest.mark.timeout(90)
def test_a_killed_worker_finishes_its_job_after_a_restart(tmp_path: Path) -> None:
    _killed_while_running(tmp_path)
    jobs = DbosJobs(tmp_path)
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


@pytest.mark.timeout(90)
def test_a_worker_beside_the_killed_one_takes_its_job_over(tmp_path: Path) -> None:
    jobs = DbosJobs(tmp_path, look_for_dead_s=0.2)
    child = subprocess.Popen(
        [sys.executable, "-c", HANG, str(tmp_path)], cwd=ROOT, env=os.environ | {"PYTHONPATH": "."}
    )
    until(lambda: (tmp_path / "running").exists() or child.poll() is not None)
    jobs.start({"work": _finish, "ingest": _finish})
    job = jobs.submit("acme", "work", {"n": 1}, key="k")
    assert job.state is JobState.running
    child.send_signal(signal.SIGKILL)
    child.wait()
    killed = time.monotonic()
    until(lambda: (found := jobs.get("acme", job.id)) is not None and found.state is JobState.done)
    assert time.monotonic() - killed < 30
    jobs.close()
