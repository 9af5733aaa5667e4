"""A judge on the command line and over HTTP: `draft`, `check --judge`, `eval run --judge`, `/v1/checks`, `/v1/evals`."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from tests.support.command_line import CommandLine
from tests.support.model_server import ModelRequest, ModelServer, answers, hangs
from tests.support.service import running, wait_for_job

pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])

SET = "laneway_stories"


def at_fault(request: ModelRequest) -> str:
    """No to everything but a contradiction's opposite: each claim, story and criterion is called wrong."""
    return json.dumps({"lines": [1], "answer": "no"})


@pytest.fixture
def line(tmp_path: Path) -> CommandLine:
    shell = CommandLine(tmp_path, tmp_path / "home")
    shell.run("ingest", str(Path("evals/sets/laneway_stories/records.jsonl").absolute()), expect=0)
    return shell


@pytest.fixture
def server() -> Iterator[ModelServer]:
    with ModelServer(answers(at_fault)) as started:
        yield started


def judged_by(line: CommandLine, server: ModelServer, more: str = "", name: str = "any") -> CommandLine:
    """The judge that the settings name; an extractive writer."""
    (line.folder / "voxspec.toml").write_text(
        f'judge = "openai:{name}"\nopenai_base_url = "{server.base_url}"\nmodel_retries = 0\n{more}'
    )
    return line


def draft(line: CommandLine) -> dict[str, Any]:
    ended = line.run("draft", "user_stories", "timetable without a network", "--json")
    return dict(json.loads(ended.stdout))


def test_a_draft_is_judged_when_it_is_written_and_checks_tell_it_in_every_form(
    line: CommandLine, server: ModelServer
) -> None:
    held = draft(judged_by(line, server))
    told = held["report"]["opinion"]
    assert (told["model"], told["errors"], told["unsure"]) == ("openai:any", 0, 0)
    asked = len(server.requests)
    assert asked == told["asked"] > 0
    found = {one["grader"] for one in held["report"]["findings"] if one["grader"].startswith("judge_")}
    assert "judge_follows" in found
    shown = json.loads(line.run("check", held["id"], "--json", expect=0).stdout)
    assert shown["opinion"] == told
    again = line.run("check", held["id"], "--judge", "--json", expect=0).stdout
    assert {one["grader"] for one in json.loads(again)["findings"]} >= found
    assert again == line.run("check", held["id"], "--judge", "--json", expect=0).stdout
    assert len(server.requests) == asked, "answered from the call cache"
    table = line.run("check", held["id"], expect=0).stdout.decode()
    assert "judge: judged: " in table
    assert "advises only" in table
    assert b"judge_follows" in line.run("check", held["id"], "--format", "sarif", expect=0).stdout
    (line.folder / "copy.json").write_text(json.dumps(held))
    copy = json.loads(line.run("check", "copy.json", "--json", expect=0).stdout)
    assert copy["opinion"] == told
    assert line.run("replay", held["id"], expect=0)


def test_a_judge_that_hangs_leaves_the_draft_and_a_note_and_is_no_pass(line: CommandLine) -> None:
    with ModelServer(hangs()) as server:
        held = draft(judged_by(line, server, "model_timeout_s = 0.3\n"))
        assert held["report"]["opinion"]["problems"] == ["model-timeout"]
        ended = line.run("check", held["id"], "--judge", expect=3)
        assert b"judge: inconclusive: 0 of " in ended.stdout
        assert b"verdict: ready" in ended.stdout
        line.run("check", held["id"], expect=0)
        ran = line.run("eval", "run", SET, "--judge", "--out", "run.json", expect=3)
    assert b"inconclusive" in ran.stdout
    assert b"judge-inconclusive" in (line.folder / "run.json").read_bytes()


def test_a_run_asks_the_judge_only_where_it_is_told_to_and_tells_who_it_was(
    line: CommandLine, server: ModelServer
) -> None:
    judged_by(line, server)
    line.run("eval", "run", SET, "--out", "plain.json", expect=0)
    assert server.requests == []
    line.run("eval", "run", SET, "--judge", "--out", "judged.json", expect=0)
    asked = len(server.requests)
    assert asked
    line.run("eval", "run", SET, "--judge", "--workers", "2", "--out", "again.json", expect=0)
    assert len(server.requests) == asked
    plain, told, again = (
        (line.folder / f"{name}.json").read_bytes() for name in ("plain", "judged", "again")
    )
    assert told == again
    assert json.loads(told)["judge"] == "openai:any"
    assert "judge/follows.v1" in json.loads(told)["prompts"]
    assert "judge" not in json.loads(plain)
    compared = line.run("eval", "compare", "plain.json", "judged.json", expect=0).stdout
    assert b"judge: none \xe2\x86\x92 openai:any" in compared


def test_what_cannot_be_judged_is_told_with_what_to_do(line: CommandLine) -> None:
    held = draft(line)
    ended = line.run("check", held["id"], "--judge", expect=3)
    assert b"not judged: no language model is set" in ended.stderr
    (line.folder / "plan.md").write_text("# Plan\n\nText.\n")
    assert b"Markdown file can't be judged" in line.run("check", "plan.md", "--judge", expect=2).stderr
    assert b"There is no judge." in line.run("eval", "run", SET, "--judge", expect=2).stderr
    (line.folder / "voxspec.toml").write_text('judge = "nobody"\n')
    assert b"There is no judge 'nobody'" in line.run("check", held["id"], expect=2).stderr


def test_the_service_judges_on_request_and_shows_what_was_found(
    line: CommandLine, server: ModelServer
) -> None:
    held = draft(judged_by(line, server))
    home = line.home
    assert home is not None
    settings = {"judge": "openai:any", "openai_base_url": server.base_url, "model_retries": 0}
    with running(home, **settings) as client:
        plain = client.post("/v1/checks", json={"draft_id": held["id"]}).json()
        assert plain["opinion"]["model"] == "openai:any"
        first, again = (
            client.post("/v1/checks", json={"draft_id": held["id"], "judge": True}) for _ in range(2)
        )
        assert first.content == again.content
        assert {one["grader"] for one in first.json()["findings"]} >= {"judge_follows"}
        copy = client.post("/v1/checks", json={"draft": held, "judge": True}).json()
        assert copy["opinion"] == plain["opinion"]
        refused = client.post("/v1/checks", json={"markdown": "# Plan", "judge": True})
        assert refused.status_code == 422
        page = client.get(f"/drafts/{held['id']}", headers={"Accept": "text/html"}).text
        assert "Judge: judged: " in page
        assert "find what this claim says in its quotes" in page
        job = client.post("/v1/evals", json={"sets": [SET], "writer": "extractive", "judge": True}).json()
        run = wait_for_job(client, job["id"])["result"]
        shown = client.get(f"/v1/evals/runs/{run['run']}").json()
        assert (run["gate"], shown["judge"]) == ("passed", "openai:any")
        assert "judge_follows" in client.get(f"/v1/evals/runs/{run['run']}?format=html").text


def test_a_service_without_a_judge_says_so(tmp_path: Path) -> None:
    with running(tmp_path / "home") as client:
        answer = client.post("/v1/evals", json={"sets": [SET], "judge": True})
        assert answer.status_code == 422
        assert isinstance(client, TestClient)
        assert "no judge" in answer.text
