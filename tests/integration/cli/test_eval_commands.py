"""`voxspec eval run` and `compare` as a person uses them, and each way in which they can go wrong."""

import json
import shutil
import signal
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from api.cli.exits import ExitCode
from evals.cases.case import shipped_sets
from evals.runs.outcome import Gate, load_run
from tests.support.command_line import CommandLine
from tests.support.sarif import demand_sarif

SET = shipped_sets()["laneway_stories"]


@pytest.fixture(scope="module")
def line(tmp_path_factory: pytest.TempPathFactory) -> CommandLine:
    return CommandLine(tmp_path_factory.mktemp("evals"), tmp_path_factory.mktemp("home"))


@pytest.fixture(scope="module")
def ran(line: CommandLine) -> Path:
    """A run of one set, in all formats."""
    line.run(
        *("eval", "run", "laneway_stories", "--out", "run.json", "--out", "run.xml", "--out", "run.sarif"),
        *("--out", "run.html"),
        expect=ExitCode.ok,
    )
    return line.folder


def _copied(to: Path, **changes: tuple[str, str]) -> Path:
    """The set in another folder; of each file named, one text in place of another."""
    shutil.copytree(SET, to)
    for name, (was, now) in changes.items():
        path = next(to.glob(f"{name}.*"))
        text = path.read_text("utf-8")
        assert was in text
        path.write_text(text.replace(was, now, 1), "utf-8")
    return to


def _refrozen(folder: Path) -> Path:
    """Says in `set.yaml` that the evidence is what it is now."""
    was, now = (sha256((of / "records.jsonl").read_bytes()).hexdigest() for of in (SET, folder))
    spec = folder / "set.yaml"
    spec.write_text(spec.read_text("utf-8").replace(was, now), "utf-8")
    return folder


def test_a_run_is_told_as_a_table_and_written_in_four_formats(line: CommandLine, ran: Path) -> None:
    assert load_run((ran / "run.json").read_text("utf-8"), "run.json").gate is Gate.passed
    assert (ran / "run.html").read_text("utf-8").startswith("<!doctype html>")
    assert (ran / "run.xml").read_bytes().startswith(b"<?xml")
    demand_sarif(json.loads((ran / "run.sarif").read_bytes()))


def test_json_on_stdout_is_the_file_and_the_table_is_not_there(line: CommandLine, ran: Path) -> None:
    printed = line.run("eval", "run", "laneway_stories", "--json", expect=ExitCode.ok)
    assert printed.stdout == (ran / "run.json").read_bytes()


def test_a_case_that_is_missed_is_told_and_fails_the_gate(line: CommandLine, tmp_path: Path) -> None:
    folder = _copied(tmp_path / "strict", cases=('"themes": [', '"themes": ["helicopter", '))
    ended = line.run("eval", "run", str(folder), expect=ExitCode.failed)
    assert b"It should speak of helicopter." in ended.stdout
    assert ended.stdout.endswith(b"gate: failed\n")


def test_a_case_that_got_worse_fails_the_run_though_its_gate_passes(
    line: CommandLine, ran: Path, tmp_path: Path
) -> None:
    """Against an earlier run: the set's own threshold asks for nothing, yet a case that passed doesn't pass now."""
    before: dict[str, Any] = json.loads((ran / "run.json").read_text("utf-8"))
    folder = _copied(tmp_path / "lenient", set=("cases_passed: 1.0", "cases_passed: 0.0"))
    now = line.run("eval", "run", str(folder), "--out", str(tmp_path / "now.json"), expect=ExitCode.ok)
    assert now.returncode == 0
    after = json.loads((tmp_path / "now.json").read_text("utf-8"))
    after["sets"][0]["results"][0] |= {"outcome": "failed", "misses": ["It should cite L1."]}
    (tmp_path / "worse.json").write_text(json.dumps(after), "utf-8")
    compared = line.run("eval", "compare", str(ran / "run.json"), str(tmp_path / "worse.json"), expect=1)
    assert b"worse" in compared.stdout
    assert b"It should cite L1." in compared.stdout
    line.run("eval", "compare", str(tmp_path / "worse.json"), str(ran / "run.json"), expect=0)
    assert before["sets"][0]["results"][0]["outcome"] == "passed"
    better = line.run("eval", "run", str(folder), "--against", str(tmp_path / "worse.json"), expect=0)
    assert b"1 better" in better.stdout


def test_runs_of_other_evidence_are_not_compared(line: CommandLine, ran: Path, tmp_path: Path) -> None:
    folder = _refrozen(_copied(tmp_path / "changed", records=('"text": "', '"text": "By the way: ')))
    line.run("eval", "run", str(folder), "--out", str(tmp_path / "other.json"))
    ended = line.run("eval", "compare", str(ran / "run.json"), str(tmp_path / "other.json"), expect=2)
    assert ended.stderr.startswith(b"The runs of 'laneway_stories' rest on different evidence")


def test_a_set_can_not_be_run_in_words_that_nobody_understands(line: CommandLine, tmp_path: Path) -> None:
    """Each wrong call is one sentence and a hint, and exit code 2."""
    wrong = {
        "no_set": ([], "Which sets?"),
        "both": (["laneway_stories", "--all"], "not both"),
        "missing": (["nosuch"], "There is no evaluation set 'nosuch'"),
        "no_yaml": ([str(tmp_path)], "There is no evaluation set in"),
        "twice": (["laneway_stories", str(SET)], "Two of the sets are called 'laneway_stories'"),
        "ending": (["laneway_stories", "--out", "x.doc"], "names no format"),
        "folder": (["laneway_stories", "--out", "no/such/x.json"], "a folder that doesn't exist"),
        "formats": (["laneway_stories", "--format", "html", "--out", "a.x", "--out", "b.x"], "one --out"),
        "against": (["laneway_stories", "--against", "no.json"], "There is no file 'no.json'"),
        "writer": (["laneway_stories", "--writer", "bogus"], "There is no model 'bogus'"),
        "key": (["laneway_stories", "--writer", "openai:any"], "OpenAI needs a key"),
        "yaml": ([str(_copied(tmp_path / "a", set=("kind:", "kind: [")))], "can't be read as YAML"),
        "field": ([str(_copied(tmp_path / "b", set=("kind:", "kinds:")))], "set.yaml: 'kind'"),
        "case": ([str(_copied(tmp_path / "c", cases=('"ask"', '"question"')))], "cases.jsonl, line 1"),
        "evidence": ([str(_copied(tmp_path / "d", records=("a", "b")))], "isn't the evidence"),
        "grader": ([str(_copied(tmp_path / "e", set=("graders: {}", "graders: {shouting: block}")))], "There is no grader called 'shouting'"),
    }  # fmt: skip
    for name, (arguments, said) in wrong.items():
        ended = line.run("eval", "run", *arguments, expect=ExitCode.usage)
        lines = [told for told in ended.stderr.decode().splitlines() if not told.startswith("…")]
        assert said in lines[0], name
        assert lines[1].startswith("hint: "), name
        assert (len(lines), ended.stdout) == (2, b""), name


def test_an_interrupted_run_leaves_no_file_and_says_so(line: CommandLine) -> None:
    out = line.folder / "never.json"
    started = line.start("eval", "run", "--all", "--out", str(out))
    assert started.stderr is not None
    assert started.stderr.readline().startswith("…".encode())
    started.send_signal(signal.SIGINT)
    _, told = started.communicate(timeout=60)
    assert started.returncode == ExitCode.interrupted
    assert told.decode().splitlines()[-2:] == ["Interrupted.", "hint: No file was written."]
    assert list(line.folder.glob("*never*")) == []
