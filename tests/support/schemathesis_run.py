"""Requests that schemathesis makes from the OpenAPI document, against a real service with a small workspace.

`python -m tests.support.schemathesis_run --examples 200` is the long run; the tests run a short one.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import httpx

from tests.support.server_process import server
from tests.support.service import done_job, feedback_csv

CHECKS = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_headers_conformance",
    "response_schema_conformance",
)
LEFT_OUT = {
    "get_events": "a stream: schemathesis holds each event against the type of the whole; tests/integration/api",
    "get_thread_events": "the same, without end",
}
"""Operations that aren't tried, and why."""
SELDOM = {
    "post_evals": "minutes of work in the background a request: evaluation sets",
    "post_erasure": "a second or more a request, and all of the service waits",
    "post_completion": "waits for a whole draft, or streams it",
}
"""Operations that are tried a few times in the longest run, too, and why."""
_FEW = 2
_PATIENCE_S = 240
"""For one answer on a machine with much else to do."""
_LIKELY = 0.7
"""How often a parameter is the id of something that is there."""
Ids = dict[str, list[str | int]]


def run(home: Path, *, examples: int, phases: str) -> subprocess.CompletedProcess[str]:
    """One run over a service that is started for it.

    Args: examples: for each operation; phases: as schemathesis calls them. Returns: what was said, and the exit code.
    """
    with server(home) as started:
        with httpx.Client(base_url=started.url, timeout=_PATIENCE_S) as client:
            _configure(home / "schemathesis.toml", _filled(client))
        command = [
            *(str(Path(sys.executable).with_name("schemathesis")), "--config-file", "schemathesis.toml"),
            *("run", f"{started.url}/openapi.json", "--seed", "1", "--generation-deterministic"),
            *("--max-examples", str(examples), "--phases", phases, "--checks", ",".join(CHECKS)),
            *("--continue-on-failure", "--no-color", "--request-timeout", str(_PATIENCE_S)),
            *("--suppress-health-check", "all", "--warnings", "off", "--no-shrink"),
        ]
        for name in LEFT_OUT:
            command += ["--exclude-operation-id", name]
        root = str(Path(__file__).parents[2])
        hooks = {"SCHEMATHESIS_HOOKS": "tests.support.schemathesis_hooks", "PYTHONPATH": root}
        return subprocess.run(
            command, capture_output=True, text=True, check=False, cwd=home, env=os.environ | hooks
        )


def _filled(client: httpx.Client) -> Ids:
    """A workspace with one of each thing, and the ids of them by the names of parameters."""
    files = {"files": ("feedback.csv", feedback_csv())}
    sent = client.post("/v1/ingest", files=files, data={"source": "support"}).json()
    done_job(client, sent["id"], timeout_s=_PATIENCE_S)
    order = {"kind": "user_stories", "brief": "slow export"}
    run_id = client.post("/v1/drafts", json=order).json()["id"]
    draft = done_job(client, run_id, timeout_s=_PATIENCE_S)["result"]["draft_id"]
    comment = client.post(f"/v1/drafts/{draft}/comments", json={"target": "C1", "text": "Why?"}).json()["id"]
    findings = client.post("/v1/checks", json={"draft_id": draft}).json()["findings"]
    thread = client.post("/v1/threads", json={"title": "Exports"}).json()["id"]
    turn = client.post(f"/v1/threads/{thread}/turns", json={"text": "what about exports?"}).json()["id"]
    done_job(client, client.post("/v1/themes", json={}).json()["id"], timeout_s=_PATIENCE_S)
    theme = client.get("/v1/themes").json()["items"][0]["id"]
    rename = {"action": "rename", "theme": theme, "name": "Exports", "dry_run": False}
    client.post("/v1/themes/edits", json=rename).raise_for_status()
    client.post("/v1/evals/sets/ours/cases", json={"draft_id": draft}).raise_for_status()
    return {
        "draft_id": [draft],
        "version": [1],
        "comment_id": [comment],
        "key": [one["key"] for one in findings] or ["0" * 12],
        "section": [one["id"] for one in client.get(f"/v1/drafts/{draft}/sections").json()["items"]],
        "thread_id": [thread],
        "turn": [turn],
        "theme_id": [theme],
        "number": [1],
        "connection": ["desk"],
        "name": ["ours"],
        "record_id": [client.get("/v1/records").json()["items"][0]["id"]],
        "job_id": [run_id],
        "model": ["voxspec-chat", "voxspec-prd"],
    }


def _configure(path: Path, ids: Ids) -> None:
    lines = [f"[dictionaries.{name}]\nvalues = {json.dumps(values)}" for name, values in ids.items()]
    lines += ["[parameters]"]
    places = {"version": ("query", "body")}
    for name in ids:
        for place in places.get(name, ("path",)):
            lines.append(f'"{place}.{name}" = {{ dictionary = "{name}", probability = {_LIKELY} }}')
    for name in SELDOM:
        lines += ["[[operations]]", f'include-operation-id = "{name}"', f"generation.max-examples = {_FEW}"]
        lines += [
            "phases.coverage.enabled = false",
            "phases.examples.enabled = false",
        ]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def main() -> int:
    """The long run, told when it is over."""
    given = argparse.ArgumentParser(description=__doc__)
    given.add_argument("--examples", type=int, default=200)
    given.add_argument("--phases", default="examples,coverage,fuzzing")
    asked = given.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        ended = run(Path(folder), examples=asked.examples, phases=asked.phases)
    sys.stdout.write(ended.stdout + ended.stderr)
    return ended.returncode


if __name__ == "__main__":
    sys.exit(main())
