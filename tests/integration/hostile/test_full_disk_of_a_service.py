"""A service whose disk is full: every request that would write is told so, reading goes on, and with room again all is as before."""

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.service import done_job, ingest_feedback, running


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of its own."""
    folder = tmp_path / "disk"
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=64m", "tmpfs", str(folder)]
    if shutil.which("mount") is None or subprocess.run(command, capture_output=True, check=False).returncode:
        pytest.skip("a small file system can't be mounted here")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


def _filled(disk: Path) -> Path:
    ballast = disk / "ballast"
    room = shutil.disk_usage(disk).free
    with ballast.open("wb") as file:
        file.write(b"\0" * room)
    return ballast


def test_a_full_disk_is_told_and_nothing_is_half_done(disk: Path) -> None:
    with running(disk / "home") as client:
        ingest_feedback(client)
        ballast = _filled(disk)
        order = {"kind": "prd", "brief": "slow export of boards"}
        once = {"Idempotency-Key": "one-draft"}
        for path, body in (
            ("/v1/drafts", order),
            ("/v1/themes", {}),
            ("/v1/threads", {"text": "PRD for exports"}),
            ("/v1/tickets", {"key": "A-1", "title": "Export is empty", "body": "The file is empty."}),
        ):
            refused = client.post(path, json=body, headers=once)
            assert (refused.status_code, refused.json()["code"]) == (507, "disk-full"), (path, refused.text)
            assert "No space left" in refused.json()["detail"]
        assert client.get("/").status_code == 200
        assert client.get("/v1/drafts").json()["items"] == []
        ballast.unlink()
        accepted = client.post("/v1/drafts", json=order, headers=once)
        assert accepted.status_code == 202, accepted.text
        written = done_job(client, accepted.json()["id"])
        assert written["result"]["verdict"] == "ready"
        assert [one["kind"] for one in client.get("/v1/jobs").json()["items"]].count("draft") == 1
