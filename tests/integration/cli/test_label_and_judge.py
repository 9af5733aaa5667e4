"""`voxspec eval label`, `agreement` and `judge` as a person uses them."""

import io
import json
import subprocess
from collections.abc import Iterator
from pathlib import Path
from unittest.mock import patch

import pytest

from assistant.settings import Settings
from assistant.wiring import open_workbench
from evals.cases.chains import load_chains, shipped_chains
from tests.support.command_line import VOXSPEC, CommandLine, Ended
from tests.support.model_server import ModelRequest, ModelServer, answers, hangs

pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])

SET = "evidence_chains"


@pytest.fixture
def line(tmp_path: Path) -> CommandLine:
    return CommandLine(tmp_path, tmp_path / "home")


def typed(line: CommandLine, keys: str, *arguments: str, expect: int = 0) -> Ended:
    """Label with these lines on stdin."""
    with patch("sys.stdin", io.StringIO(keys)):
        return line.run("eval", "label", *arguments, expect=expect)


def counts(line: CommandLine) -> dict[str, int]:
    told = json.loads(line.run("eval", "agreement", "--json", expect=0).stdout)
    return {one["question"]: one["items"] for one in told["questions"]}


def test_a_pipe_labels_line_by_line_and_the_next_one_goes_on(line: CommandLine) -> None:
    first = typed(line, "y\nn it says the opposite\ns\nu\nq\ny\n", SET, "--rater", "Ann", "--json")
    assert json.loads(first.stdout) == {"labelled": 3, "skipped": 1, "left": 205, "of": 208}
    again = typed(line, "", SET, "--rater", "Ann")
    assert "0 labelled, 205 of 208 left." in again.stdout.decode()
    shown = [row for row in first.stderr.decode().splitlines() if " of 208 · " in row]
    assert again.stderr.decode().splitlines()[2].partition(" · ")[2] == shown[2].partition(" · ")[2]
    other = typed(line, "y\n", SET, "--rater", "Bob", "--json")
    assert json.loads(other.stdout)["left"] == 207
    assert b"overreach" not in first.stderr


def test_a_line_that_is_no_answer_ends_a_pipe_and_what_came_before_is_kept(line: CommandLine) -> None:
    ended = typed(line, "y\nperhaps\ny\n", SET, "--rater", "Ann", expect=2)
    assert b"Line 2 of the input is no answer" in ended.stderr
    assert sum(counts(line).values()) == 1


def test_each_answer_is_kept_when_the_command_is_killed(line: CommandLine) -> None:
    command = [VOXSPEC, "eval", "label", SET, "--rater", "Ann"]
    pipe = subprocess.PIPE
    with subprocess.Popen(
        command, cwd=line.folder, env=line.environment, stdin=pipe, stdout=pipe, stderr=pipe
    ) as process:
        assert process.stdin is not None
        assert process.stderr is not None
        process.stdin.write(b"y\nn\n")
        process.stdin.flush()
        for row in process.stderr:
            if row.startswith(b"3 of 208"):
                break
        process.kill()
    assert sum(counts(line).values()) == 2


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("label", SET), b"Whose labels are these?"),
        (("label", "nope", "--rater", "A"), b"There is no set of chains 'nope'."),
        (("label", "--rater", "A"), b"Say what to label"),
        (("label", SET, "--findings", "--rater", "A"), b"Say what to label"),
        (("label", "--draft", "dra_x", "--rater", "A"), b"There is no draft 'dra_x'"),
        (("judge",), b"Judge a draft, or calibrate."),
        (("judge", "--calibrate", SET), b"There is no model to calibrate."),
    ],
)
def test_what_cannot_be_done_is_told_with_what_to_do(
    line: CommandLine, arguments: tuple[str, ...], told: bytes
) -> None:
    ended = line.run("eval", *arguments, expect=2)
    assert told in ended.stderr
    assert b"hint: " in ended.stderr


def people_say(request: ModelRequest) -> str:
    """Answers as the set's rater did: this judge is as good as they come."""
    rows = json.loads(request.user.split("\n")[1])
    held = load_chains(shipped_chains()[SET])
    said = {label.item: label.verdict for label in held.labels}
    texts = [row["text"] for row in rows]
    for item, one in held.asked().items():
        if texts == [one.subject, *one.lines.values()] and item in said:
            return json.dumps({"lines": [1], "answer": "yes" if said[item] == "right" else "no"})
    return json.dumps({"lines": [], "answer": "unsure"})


@pytest.fixture
def good_judge(line: CommandLine) -> Iterator[tuple[CommandLine, ModelServer]]:
    with ModelServer(answers(people_say)) as server:
        (line.folder / "voxspec.toml").write_text(
            f'model = "openai:test-model"\nopenai_base_url = "{server.base_url}"\n'
        )
        yield line, server


def test_a_judge_that_agrees_may_gate_and_is_not_asked_twice(
    good_judge: tuple[CommandLine, ModelServer],
) -> None:
    line, server = good_judge
    calibrate = ("eval", "judge", "--calibrate", SET, "--json", "--out", "cards")
    first = json.loads(line.run(*calibrate, expect=0).stdout)["cards"]
    assert {card["question"]: (card["kappa"], card["n"]) for card in first} == {
        "follows": (1.0, 96), "story": (1.0, 48), "criteria": (1.0, 48),
    }  # fmt: skip
    assert all(card["kappa_low"] >= 0.6 for card in first)
    assert len(server.requests) == 192
    assert json.loads(line.run(*calibrate, expect=0).stdout)["cards"] == first
    assert len(server.requests) == 192
    assert len(list((line.folder / "cards").glob("*.json"))) == 3


def test_a_server_that_hangs_makes_no_card(line: CommandLine) -> None:
    with ModelServer(hangs()) as server:
        (line.folder / "voxspec.toml").write_text(
            f'model = "openai:x"\nopenai_base_url = "{server.base_url}"\nmodel_timeout_s = 0.3\nmodel_retries = 0\n'
        )
        ended = line.run("eval", "judge", "--calibrate", SET, "--sample", "9", "--out", "cards", expect=3)
    assert b"9 of 9 questions had no reply; no card was made." in ended.stderr
    assert not (line.folder / "cards").exists()


@pytest.fixture
def drafted(line: CommandLine) -> tuple[CommandLine, str]:
    """A workspace with a draft over the records of a shipped set."""
    records = Path("evals/sets/laneway_stories/records.jsonl").absolute()
    line.run("ingest", str(records), expect=0)
    made = line.run("draft", "user_stories", "timetable without a network", "--json")
    return line, str(json.loads(made.stdout)["id"])


def test_a_draft_is_not_judged_without_a_model_and_its_claims_can_be_labelled(
    drafted: tuple[CommandLine, str],
) -> None:
    line, draft_id = drafted
    assert b"not judged: no language model is set." in line.run("eval", "judge", draft_id, expect=3).stdout
    told = json.loads(
        typed(line, "n says more\n" * 99, "--draft", draft_id, "--rater", "Ann", "--json").stdout
    )
    assert told["labelled"] == told["of"] > 0
    line.run("eval", "label", "--findings", "--rater", "Ann", expect=0)


def test_findings_of_a_judge_that_was_never_calibrated_advise(
    drafted: tuple[CommandLine, str],
) -> None:
    line, draft_id = drafted
    with ModelServer(answers(lambda request: '{"lines": [1], "answer": "no"}')) as server:
        (line.folder / "voxspec.toml").write_text(
            f'model = "openai:m"\nopenai_base_url = "{server.base_url}"\n'
        )
        found = json.loads(line.run("eval", "judge", draft_id, "--json", expect=0).stdout)
    assert found["state"] == "judged"
    assert found["counts"]["follows"]["no"] > 0
    assert {one["severity"] for one in found["findings"]} == {"advise"}
    assert all("never calibrated: advice only" in one["evidence"] for one in found["findings"])
    with ModelServer(answers(lambda request: '{"lines": [1], "answer": "no"}')) as server:
        typed(line, "n\n" * 99, "--draft", draft_id, "--rater", "Ann")
        (line.folder / "voxspec.toml").write_text(
            f'model = "openai:m"\nopenai_base_url = "{server.base_url}"\n'
        )
        card = json.loads(line.run("eval", "judge", "--calibrate", "drafts", "--json", expect=0).stdout)
        again = json.loads(line.run("eval", "judge", draft_id, "--json", expect=0).stdout)
    assert {one["question"] for one in card["cards"]} == set(found["counts"])
    assert {one["severity"] for one in again["findings"]} == {"advise"}
    assert all("advice only" in one["evidence"] for one in again["findings"])


def test_a_second_raters_file_comes_in_and_alpha_is_told(line: CommandLine, tmp_path: Path) -> None:
    typed(line, "y\nn\ny\nn\ny\ny\nn\ny\n", SET, "--rater", "Ann")
    line.run("eval", "label", "--export", "ann.jsonl", expect=0)
    mine = [json.loads(row) for row in (tmp_path / "ann.jsonl").read_text().splitlines()]
    assert len(mine) == 8
    theirs = [one | {"rater": "Bob"} for one in mine]
    theirs[0]["verdict"] = "wrong" if mine[0]["verdict"] == "right" else "right"
    (tmp_path / "bob.jsonl").write_text("\n".join(map(json.dumps, theirs)))
    told = json.loads(line.run("eval", "label", "--import", "bob.jsonl", "--json", expect=0).stdout)
    assert told == {"read": 8, "kept": 8}
    again = json.loads(line.run("eval", "label", "--import", "bob.jsonl", "--json", expect=0).stdout)
    assert again["kept"] == 0
    found = json.loads(line.run("eval", "agreement", "--json", expect=0).stdout)["questions"]
    assert {tuple(one["raters"]) for one in found} == {("Ann", "Bob")}
    assert sum(one["shared"] for one in found) == 8
    assert any(one["alpha"] is not None and one["alpha"] < 1 for one in found)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ('{"question": "draft", "item": "dra_x@1#draft", "verdict": "right", "rater": "B", "at": "2026-01-01T00:00:00Z"}', b"no question to raters"),
        ('{"question": "withdrawn", "item": "x", "verdict": "right", "rater": "B", "at": "2026-01-01T00:00:00Z"}', b"no question to raters"),
        ('{"question": "judge:follows"}', b"line 1"),
        ("not json", b"line 1"),
        ("\xff", b"isn't UTF-8"),
        (None, b"There is no file"),
    ],
)  # fmt: skip
def test_a_file_that_decides_or_cannot_be_read_is_refused(
    line: CommandLine, tmp_path: Path, content: str | None, told: bytes
) -> None:
    if content is not None:
        (tmp_path / "b.jsonl").write_bytes(content.encode("latin-1"))
    ended = line.run("eval", "label", "--import", "b.jsonl", expect=2)
    assert told in ended.stderr
    assert b"hint: " in ended.stderr


def test_two_drafts_are_shown_in_both_orders_and_imported_opinions_overrule_nothing(
    drafted: tuple[CommandLine, str],
) -> None:
    line, draft_id = drafted
    other = json.loads(line.run("draft", "user_stories", "book a lane", "--json").stdout)["id"]
    done = typed(line, "y\nn\n", "--draft", draft_id, "--prefer", other, "--rater", "Ann", "--json")
    assert json.loads(done.stdout) == {"labelled": 2, "skipped": 0, "left": 0, "of": 2}
    assert done.stderr.count("── 2 ──".encode()) == 2
    assert counts(line) == {"judge:better": 1}
    refused = line.run("eval", "label", "--draft", other, "--prefer", other, "--rater", "Ann", expect=2)
    assert b"Of which two drafts?" in refused.stderr
    typed(line, "n wrong here\n" * 9, "--findings", "--draft", draft_id, "--rater", "Ann")
    line.run("eval", "label", "--export", "all.jsonl", expect=0)
    line.run("eval", "label", "--import", "all.jsonl", "--rater", "Bob", expect=0)
    with open_workbench(Settings.load(home=line.home, workspace="default")) as bench:
        held = [one for one in bench.catalog.labels.labels("default", "finding:") if one.rater == "Bob"]
    assert all(one.reason == "" for one in held)
