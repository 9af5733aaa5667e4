"""The server's own worker: it ends with its server, is started again when it dies, and its jobs go on."""

import os
import signal
from pathlib import Path
from typing import Any

import httpx

from tests.support.server_process import ServerProcess, server
from tests.support.service import done_job, events_of, feedback_csv
from tests.support.waiting import until


def _children(pid: int) -> list[int]:
    told = [task.read_text(encoding="ascii") for task in Path(f"/proc/{pid}/task").glob("*/children")]
    return [int(child) for one in told for child in one.split()]


def _worker(process: ServerProcess) -> int | None:
    """The process that was spawned with our target; Python's own resource tracker is another one."""
    for child in _children(process.pid):
        try:
            if b"spawn_main" in Path(f"/proc/{child}/cmdline").read_bytes():
                return child
        except FileNotFoundError:
            continue
    return None


def _lives(pid: int) -> bool:
    try:
        return ") Z " not in Path(f"/proc/{pid}/stat").read_text(encoding="utf-8")
    except FileNotFoundError:
        return False


def _ingest(client: httpx.Client) -> None:
    done_job(
        client, client.post("/v1/ingest", files={"files": ("feedback.csv", feedback_csv())}).json()["id"]
    )


def test_a_killed_worker_is_replaced_and_its_jobs_are_done_once(tmp_path: Path) -> None:
    with server(tmp_path) as process, httpx.Client(base_url=process.url, timeout=60) as client:
        _ingest(client)
        first = _worker(process)
        assert first is not None
        run: dict[str, Any] = client.post("/v1/drafts", json={"kind": "prd", "brief": "slow export"}).json()
        until(lambda: client.get(f"/v1/jobs/{run['id']}").json()["state"] != "queued")
        os.kill(first, signal.SIGKILL)
        done_job(client, run["id"])
        assert _worker(process) not in (None, first)
        events = events_of(client.get(run["events"]).text)
        assert [event["seq"] for event in events] == list(range(1, len(events) + 1))
        assert [event["type"] for event in events].count("draft.completed") == 1
        # An erasure wants the files for itself; afterwards somebody works again.
        erased = client.post("/v1/erasures", json={"author": "person 7"})
        assert (erased.status_code, erased.json()["state"]) == (200, "done")
        other = client.post("/v1/drafts", json={"kind": "user_stories", "brief": "slow export"}).json()
        done_job(client, other["id"])
        last = _worker(process)
        assert last is not None
        process.stop(signal.SIGKILL)
        until(lambda: not _lives(last))
    assert "Traceback" not in "".join(process.said)
