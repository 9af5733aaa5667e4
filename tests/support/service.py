"""A running service for tests: in this process through its ASGI app, and the feedback that it is given."""

import csv
import io
import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
from starlette.testclient import TestClient

from api.app import create_app
from assistant.settings import Settings
from tests.support.waiting import until

BASE_URL = "http://127.0.0.1:8756"

_COMPLAINTS = (
    "Exporting a large board to CSV takes forever, and then it fails without any message.",
    "The export of our board hangs at 90 % and we lose the whole afternoon.",
    "I can't export the board: the download stops half way and the file is broken.",
    "Export to CSV is so slow that we gave up and copy the cards by hand.",
)
_ELSE = (
    "Dark mode is a joy, thank you for adding it.",
    "Please let me mute notifications for a single board.",
    "On the train I have no network and the app shows an empty board. I need offline mode.",
    "I lost my edits because the app was offline and did not save them.",
    "שלום, הייצוא איטי מאוד ואני מחכה שעה שלמה.",
    "ボードのエクスポートがとても遅いです。",
    "Line one of a note\r\nand line two with <b>markup</b> & an emoji 😀 about the slow export.",
)


def feedback_rows() -> list[dict[str, str]]:
    """Sixty pieces of feedback of thirty people: a complaint that many share, and other things."""
    rows = []
    for number in range(60):
        texts = _COMPLAINTS if number % 2 else _ELSE
        text = texts[(number // 2) % len(texts)]
        if texts is _COMPLAINTS and number > 8:
            text = f"{text} This happened {number} times to our team."
        rows.append(
            {
                "id": f"T-{number}",
                "text": text,
                "author": f"person {number % 30}",
                "rating": str(1 + number % 5),
                "date": f"2026-0{1 + number % 6}-1{number % 9}",
            }
        )
    return rows


def feedback_csv() -> bytes:
    """The rows as a CSV file."""
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, ["id", "text", "author", "rating", "date"])
    writer.writeheader()
    writer.writerows(feedback_rows())
    return out.getvalue().encode()


@contextmanager
def running(home: Path, **flags: Any) -> Iterator[TestClient]:
    """The service over a home folder, started and at the end closed."""
    app = create_app(Settings.load(home=home, **flags))
    with TestClient(app, base_url=BASE_URL, raise_server_exceptions=True) as client:
        yield client


def wait_for_job(
    client: TestClient | httpx.Client, job_id: str, *, timeout_s: float = 240, **headers: str
) -> dict[str, Any]:
    """The job once it is over."""
    job: dict[str, Any] = {}

    def over() -> bool:
        job.update(client.get(f"/v1/jobs/{job_id}", headers=headers).json())
        return job["state"] in {"done", "failed", "cancelled"}

    until(over, timeout_s=timeout_s)
    return job


def done_job(
    client: TestClient | httpx.Client, job_id: str, *, timeout_s: float = 240, **headers: str
) -> dict[str, Any]:
    """The job once it is done; any other end fails the test."""
    job = wait_for_job(client, job_id, timeout_s=timeout_s, **headers)
    assert job["state"] == "done", job
    return job


def ingest_feedback(client: TestClient, **headers: str) -> dict[str, Any]:
    """Import the sample feedback; returns the finished job."""
    answer = client.post(
        "/v1/ingest",
        files={"files": ("feedback.csv", feedback_csv())},
        data={"source": "support"},
        headers=headers,
    )
    assert answer.status_code == 202, answer.text
    return done_job(client, answer.json()["id"], **headers)


def write_draft(
    client: TestClient, kind: str = "prd", brief: str = "slow export", **more: Any
) -> dict[str, Any]:
    """Ask for a draft and wait for it; returns the run as POST answered it, with its `draft_id`."""
    answer = client.post("/v1/drafts", json={"kind": kind, "brief": brief, **more})
    assert answer.status_code == 202, answer.text
    run: dict[str, Any] = answer.json()
    return run | {"draft_id": done_job(client, run["id"])["result"]["draft_id"]}


def events_of(body: str) -> list[dict[str, Any]]:
    """The events of a whole stream, each with its `type` and `id`."""
    events = []
    for frame in body.split("\n\n"):
        fields = dict(
            line.split(": ", 1) for line in frame.split("\n") if ": " in line and not line.startswith(":")
        )
        if "data" in fields:
            events.append({"type": fields["event"], "id": fields.get("id", ""), **json.loads(fields["data"])})
    return events
