"""What every adapter of the Jobs seam does, run on the real dbos."""

import threading
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.engine import URL

from assistant.domain.job import Job, JobState
from assistant.errors import Conflict, ModelUnavailable, StoreError
from assistant.jobs.dbos_jobs import DbosJobs
from assistant.jobs.port import Jobs, Progress
from tests.support.postgres import postgres_server
from tests.support.waiting import until

OVER = {JobState.done, JobState.failed, JobState.cancelled}


def _echo(workspace: str, payload: Mapping[str, Any], progress: Progress) -> Mapping[str, Any]:
    progress(1, 2, "half")
    progress(2, 2, "all")
    return {"workspace": workspace, **payload}


def _down(workspace: str, payload: Mapping[str, Any], progress: Progress) -> Mapping[str, Any]:
    raise ModelUnavailable("The model is down.", hint="Start it.")


def _broken(workspace: str, payload: Mapping[str, Any], progress: Progress) -> Mapping[str, Any]:
    raise KeyError(payload["secret"])


@pytest.fixture(params=["sqlite", "postgres"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Path | URL:
    return tmp_path if request.param == "sqlite" else postgres_server().new_jobs()


@pytest.fixture
def jobs(place: Path | URL) -> Iterator[Jobs]:
    opened = DbosJobs(place)
    yield opened
    opened.close()


def _finished(jobs: Jobs, job: Job) -> Job:
    until(lambda: (now := jobs.get(job.workspace, job.id)) is not None and now.state in OVER)
    found = jobs.get(job.workspace, job.id)
    assert found is not None
    return found


def test_a_job_runs_and_its_result_can_be_read(jobs: Jobs) -> None:
    job = jobs.submit("acme", "echo", {"n": 7})
    assert job.state is JobState.queued
    jobs.start({"echo": _echo})
    found = _finished(jobs, job)
    assert found.state is JobState.done
    assert found.result == {"workspace": "acme", "n": 7}
    assert (found.done, found.total, found.message) == (2, 2, "all")
    assert found.created_at is not None


def test_a_job_that_never_knew_its_total_ends_with_it_and_is_at_nothing_any_more(jobs: Jobs) -> None:
    def write(workspace: str, payload: Mapping[str, Any], progress: Progress) -> Mapping[str, Any]:
        for step in range(4):
            progress(step, None, "writing")
        return {}

    jobs.start({"write": write})
    found = _finished(jobs, jobs.submit("acme", "write", {}))
    assert (found.state, found.done, found.total, found.message) == (JobState.done, 3, 3, "")


def test_the_same_key_gives_the_same_job_and_runs_once(jobs: Jobs) -> None:
    ran = []

    def count(workspace: str, payload: Mapping[str, Any], progress: Progress) -> Mapping[str, Any]:
        ran.append(payload["n"])
        return {}

    jobs.start({"count": count})
    first = jobs.submit("acme", "count", {"n": 1}, key="k")
    second = jobs.submit("acme", "count", {"n": 2}, key="k")
    other = jobs.submit("acme", "count", {"n": 3})
    assert first.id == second.id != other.id
    _finished(jobs, first)
    _finished(jobs, other)
    assert jobs.submit("acme", "count", {"n": 1}, key="k").state is JobState.done
    assert sorted(ran) == [1, 3]


def test_a_job_is_invisible_in_another_workspace(jobs: Jobs) -> None:
    job = jobs.submit("acme", "echo", {}, key="k")
    assert jobs.get("other", job.id) is None
    assert jobs.cancel("other", job.id) is None
    assert jobs.newest("other", 10) == []
    assert jobs.submit("other", "echo", {}, key="k").id != job.id
    found = jobs.get("acme", job.id)
    assert found is not None
    assert found.state is JobState.queued


def test_the_newest_job_comes_first(jobs: Jobs) -> None:
    made = [jobs.submit("acme", "echo", {"n": n}).id for n in range(5)]
    newest = list(reversed(made))
    assert [job.id for job in jobs.newest("acme", 3)] == newest[:3]
    assert [job.id for job in jobs.newest("acme", 9, newest[2])] == newest[3:]
    assert jobs.newest("acme", 9, "job_nobody") == []
    assert jobs.newest("other", 9, newest[2]) == []


def test_a_failed_job_says_what_to_do(jobs: Jobs) -> None:
    jobs.start({"down": _down})
    found = _finished(jobs, jobs.submit("acme", "down", {}))
    assert found.state is JobState.failed
    assert found.error == {
        "code": "model-unavailable",
        "message": "The model is down.",
        "hint": "Start it.",
        "retryable": True,
    }


def test_a_store_that_was_away_for_a_moment_costs_no_job(jobs: Jobs) -> None:
    tries = []

    def away_at_first(workspace: str, payload: Mapping[str, Any], progress: Progress) -> Mapping[str, Any]:
        tries.append(1)
        if len(tries) < 2:
            raise StoreError("The server restarts.", hint="Wait.")
        return {"tries": len(tries)}

    jobs.start({"work": away_at_first})
    assert _finished(jobs, jobs.submit("acme", "work", {})).result == {"tries": 2}


def test_an_unforeseen_error_fails_the_job_without_telling_what_it_held(
    jobs: Jobs, capsys: pytest.CaptureFixture[str]
) -> None:
    jobs.start({"broken": _broken, "echo": _echo})
    found = _finished(jobs, jobs.submit("acme", "broken", {"secret": "my card is 4111"}))
    assert found.error is not None
    assert found.error["code"] == "internal"
    assert "4111" not in str(found.error) + "".join(capsys.readouterr())
    assert _finished(jobs, jobs.submit("acme", "echo", {})).state is JobState.done


def test_a_kind_that_nobody_handles_fails(jobs: Jobs) -> None:
    jobs.start({})
    found = _finished(jobs, jobs.submit("acme", "nothing", {}))
    assert found.state is JobState.failed


def test_a_waiting_job_is_cancelled_at_once_and_never_runs(jobs: Jobs) -> None:
    ran = threading.Event()

    def mark(workspace: str, payload: Mapping[str, Any], progress: Progress) -> Mapping[str, Any]:
        ran.set()
        return {}

    job = jobs.submit("acme", "mark", {})
    cancelled = jobs.cancel("acme", job.id)
    assert cancelled is not None
    assert cancelled.state is JobState.cancelled
    later = jobs.submit("acme", "echo", {})
    jobs.start({"mark": mark, "echo": _echo})
    _finished(jobs, later)
    assert not ran.is_set()


def test_a_running_job_stops_at_its_next_progress_call(jobs: Jobs) -> None:
    started = threading.Event()

    def loop(workspace: str, payload: Mapping[str, Any], progress: Progress) -> Mapping[str, Any]:
        for done in range(10_000_000):
            progress(done, None, "going on")
            started.set()
        return {}

    jobs.start({"loop": loop})
    job = jobs.submit("acme", "loop", {})
    assert started.wait(20)
    jobs.cancel("acme", job.id)
    assert _finished(jobs, job).state is JobState.cancelled


def test_cancelling_what_is_over_changes_nothing(jobs: Jobs) -> None:
    jobs.start({"echo": _echo})
    done = _finished(jobs, jobs.submit("acme", "echo", {}))
    assert jobs.cancel("acme", done.id) == done


def test_closing_gives_back_what_runs_and_the_next_worker_finishes_it(place: Path | URL) -> None:
    started = threading.Event()

    def loop(workspace: str, payload: Mapping[str, Any], progress: Progress) -> Mapping[str, Any]:
        while True:
            progress(1, None, "going on")
            started.set()

    first = DbosJobs(place)
    first.start({"loop": loop})
    job = first.submit("acme", "loop", {"n": 1})
    assert started.wait(20)
    first.close()
    second = DbosJobs(place)
    waiting = second.get("acme", job.id)
    assert waiting is not None
    assert waiting.state is JobState.queued
    second.start({"loop": _echo})
    assert _finished(second, job).result == {"workspace": "acme", "n": 1}
    second.close()
    second.close()


def test_a_worker_that_takes_nothing_long_leaves_imports_and_themes_to_another_one(place: Path | URL) -> None:
    nimble = DbosJobs(place)
    waits = nimble.submit("acme", "ingest", {"n": 1})
    nimble.start({"ingest": _echo, "draft": _echo}, takes_long=False)
    _finished(nimble, nimble.submit("acme", "draft", {"n": 2}))
    # Longer than between two looks into the queue of imports.
    threading.Event().wait(2.5)
    left = nimble.get("acme", waits.id)
    assert left is not None
    assert left.state is JobState.queued
    nimble.close()
    able = DbosJobs(place)
    able.start({"ingest": _echo})
    assert _finished(able, waits).state is JobState.done
    able.close()


def test_a_second_worker_in_one_process_is_refused(jobs: Jobs, tmp_path: Path) -> None:
    jobs.start({})
    second = DbosJobs(tmp_path / "b")
    with pytest.raises(Conflict):
        second.start({})
    second.close()


def test_jobs_are_counted_by_kind_and_state_of_one_workspace_or_all(place: Path | URL) -> None:
    jobs = DbosJobs(place, look_for_dead_s=0.2)
    try:
        empty = jobs.tally(None)
        assert (dict(empty.states), empty.oldest_queued_at) == ({}, None)
        first = jobs.submit("one", "echo", {})
        jobs.submit("one", "echo", {})
        jobs.cancel("one", jobs.submit("two", "echo", {}).id)
        gone = jobs.submit("two", "other", {})
        jobs.cancel("two", gone.id)
        assert dict(jobs.tally("one").states) == {("echo", "queued"): 2}
        assert jobs.tally("one").oldest_queued_at == first.created_at
        assert dict(jobs.tally(None).states) == {("echo", "queued"): 3, ("other", "cancelled"): 1}
    finally:
        jobs.close()
